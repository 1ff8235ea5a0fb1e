// The gate before delivery: re-reads a written file and lists every check with its id. The same
// list judges anybody's file in `inspect`, where it only reports. Ids and sentences:
// docs/formats.md, section "Verification".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/gain_map_jpeg.h"
#include "gainmap/metadata.h"

namespace hdrp {

enum class CheckResult : std::uint8_t { kPassed, kFailed, kWarning, kNotRun };

struct Check {
  std::string_view
      id;  ///< "S1".."S10", "M1".."M7", "P1".."P6", "U1" (libultrahdr probe), "U2" (decode)
  CheckResult result = CheckResult::kPassed;
  std::string sentence;  ///< empty when passed
};

struct Verification {
  std::vector<Check> checks;
  /// Why libultrahdr was not asked ("base is 9000 pixels wide; libultrahdr stops at 8192"): then
  /// only our own reader verified.
  std::vector<std::string> not_verified_by_libultrahdr;

  [[nodiscard]] bool passed() const;
  [[nodiscard]] std::vector<std::string> failures() const;  ///< "S2: ..." sentences
  [[nodiscard]] std::vector<std::string> warnings() const;
};

/// Where the map's samples come from. A predicted map's range is its content's, which P2 wants
/// used; a derived one is coded more coarsely than its peaks, and P2 wants only that it is a map.
enum class MapOrigin : std::uint8_t { kCopied, kPredicted, kDerived };

/// What the pipeline knows about the file it made (not used for a stranger's file).
struct ExpectedFile {
  ByteView base_file;                ///< the edit as handed in
  const JpegStream* base = nullptr;  ///< its primary stream
  Orientation orientation = Orientation::kTopLeft;
  GainMapMetadata metadata;  ///< M5: the numbers meant for this map
  MapOrigin map_origin = MapOrigin::kCopied;
  bool headroom_from_content = false;  ///< M6 applies: not copied, not set by --boost
  /// Of a derived map: a row of the base's codes as linear RGB. M6 then compares the headroom with
  /// the peak of the rendition that the file gives; without it, with the map's highest gains.
  std::function<void(std::span<const std::uint8_t>, std::span<float>)> linear_of_base = {};
  bool iso_only_container = false;  ///< the libultrahdr exporter: no XMP, no GContainer expected
};

enum class VerifyLevel : std::uint8_t { kStructure, kPixels, kFull };

struct VerifyOptions {
  VerifyLevel level = VerifyLevel::kPixels;  ///< kFull also decodes with libultrahdr and compares
  Limits limits = {};
  StopCondition stop = {};
};

/// Checks of our own output. From kPixels on the map is decoded; the base only where its scans are
/// not byte-identical to the base handed in, or at kFull. Fails only where the run is asked to
/// stop: a file that cannot be read at all is a failed S1.
[[nodiscard]] Expected<Verification> VerifyJpegR(ByteView file, const ExpectedFile& expected,
                                                 const VerifyOptions& options);

/// The same checks, as far as they make sense, for a stranger's file. `parsed` is the file's parse.
[[nodiscard]] Expected<Verification> CheckForeignJpeg(ByteView file, const GainMapJpeg& parsed,
                                                      const VerifyOptions& options);

/// The SDR preview: its scans are the base's, dimensions and orientation too, nothing announces a
/// map.
[[nodiscard]] Expected<Verification> VerifyPreview(ByteView preview, const ExpectedFile& expected,
                                                   const VerifyOptions& options);

}  // namespace hdrp
