// The vocabulary of the checks: what they look at, what they find, and the lists they form.
// Every check is one function that is right about files of ours and of strangers: what breaks
// readers fails in both, what only our own rules ask for is a warning in a stranger's file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/formatted.h"
#include "verify/verify.h"

namespace hdrp {

/// What the pixel checks need to know of the decoded gain map.
struct MapStatistics {
  int channels = 1;
  std::array<std::array<std::uint64_t, 256>, 3> histogram{};  ///< of the codes, per channel
  std::uint64_t pixels = 0;
  std::uint64_t coloured_pixels = 0;           ///< channels further apart than JPEG's own noise
  std::optional<double> rendition_peak_stops;  ///< DeliveredPeakStops, where it was asked for
};

struct Subject {
  ByteView file;
  const GainMapJpeg& parsed;
  const ExpectedFile* expected = nullptr;  ///< nullptr: a stranger's file
  const VerifyOptions& options;
  const MapStatistics* statistics = nullptr;  ///< nullptr: the map was not decoded

  [[nodiscard]] const GainMapStream& map() const { return *parsed.map; }
  /// A container without XMP was asked for (the libultrahdr exporter).
  [[nodiscard]] bool iso_only() const {
    return expected != nullptr && expected->iso_only_container;
  }
};

/// The sentences as one, with "; " between them.
[[nodiscard]] std::string Joined(const std::vector<std::string>& sentences);

/// The verdict of one check in the making.
class Findings {
 public:
  explicit Findings(const Subject& subject) : ours_(subject.expected != nullptr) {}

  /// Breaks readers, or contradicts itself.
  template <typename... Args>
  void Fail(FormatFor<Args...> format, const Args&... args) {
    failures_.push_back(Formatted(format, args...));
  }
  template <typename... Args>
  void Warn(FormatFor<Args...> format, const Args&... args) {
    warnings_.push_back(Formatted(format, args...));
  }
  /// Breaks a rule of ours that readers can do without.
  template <typename... Args>
  void Deviates(FormatFor<Args...> format, const Args&... args) {
    (ours_ ? failures_ : warnings_).push_back(Formatted(format, args...));
  }
  /// The check has nothing to look at; the sentence says why.
  static Check NotRun(std::string_view sentence) {
    return {{}, CheckResult::kNotRun, std::string(sentence)};
  }
  [[nodiscard]] Check Verdict() &&;

 private:
  bool ours_;
  std::vector<std::string> failures_;
  std::vector<std::string> warnings_;
};

/// Where a check has something to look at.
enum class Scope : std::uint8_t {
  kAnyFile,      ///< also a preview
  kGainMapFile,  ///< a file that should hold a gain map, even where none was found
  kMap,          ///< a gain map that was found
};

/// A check's id and function (which leaves the id open).
struct NamedCheck {
  std::string_view id;
  Scope scope;
  Check (*run)(const Subject&);
};

[[nodiscard]] std::span<const NamedCheck> ContainerChecks();  ///< S1, S2, S4, S5
[[nodiscard]] std::span<const NamedCheck> StreamChecks();     ///< S3, S6..S10
[[nodiscard]] std::span<const NamedCheck> MetadataChecks();   ///< M1..M5, M7
[[nodiscard]] std::span<const NamedCheck> SampleChecks();     ///< M6, P2..P6; need the statistics
[[nodiscard]] std::span<const NamedCheck> PreviewChecks();    ///< S1, S9 of a file without map

/// P1, which decodes what the level and the file ask for; fills `statistics` where the map decodes.
/// Fails only where the run is asked to stop.
[[nodiscard]] Expected<Check> StreamsDecode(const Subject& subject,
                                            std::optional<MapStatistics>& statistics);

/// Peak over SDR white of the file's rendition, both streams decoded. Precondition: there is a map,
/// and subject.expected->linear_of_base.
[[nodiscard]] Expected<double> DeliveredPeakStops(const Subject& subject);

/// Why libultrahdr cannot judge this (good) file; empty where it can, or where there is no map.
[[nodiscard]] std::vector<std::string> LibultrahdrExceptions(const GainMapJpeg& file);
/// U1: the probe's numbers. U2: the decoder's pixels. Both need a map without exceptions.
[[nodiscard]] Check ProbeAgrees(const Subject& subject);
[[nodiscard]] Expected<Check> RenditionsAgree(const Subject& subject);

/// True where APP14 says that three components are RGB (transform 0, and no JFIF to override it).
[[nodiscard]] bool IsRgbCoded(const JpegStream& stream);

/// True where both code the same picture byte for byte (tables, frame and scans up to EOI).
[[nodiscard]] bool SamePicture(const JpegStream& a, const JpegStream& b);

/// Difference allowed between two ways to write the same number.
struct Tolerance {
  double relative = 0;
  double absolute = 0;
};
/// Name and both values of every number that differs by more ("gamma 1 against 0.8").
[[nodiscard]] std::vector<std::string> Differences(const GainMapMetadata& a,
                                                   const GainMapMetadata& b,
                                                   const Tolerance& tolerance);

}  // namespace hdrp
