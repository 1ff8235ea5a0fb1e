// The last stages, encode, package and verify, for each kind of container.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rows.h"
#include "edit/edit_jpeg.h"
#include "obtain/map_in_progress.h"
#include "pipeline/request.h"
#include "pipeline/stage_clock.h"
#include "verify/verify.h"

namespace hdrp {

/// What is to be delivered. What exporting changes of the map is said by the map itself.
struct ExportJob {
  const EditJpeg& edit;
  const Plane<std::uint8_t>& codes;  ///< the edit's pixels before any JPEG, or empty
  MapInProgress& map;
  MapOrigin origin;
  const OutputOptions& options;
  AppleTransfer apple_transfer;
  bool headroom_from_content;  ///< see ExpectedFile
  const Resources& resources;
  StageClock& clock;
};

struct Exported {
  Bytes file;
  Verification verification;
  bool map_copied = false;  ///< the reference's map stream is in the file unchanged
  std::vector<std::string> warnings;
};

/// The verified file. Any failed check is export_failed with one detail per check.
[[nodiscard]] Expected<Exported> ExportJpegR(const ExportJob& job);
[[nodiscard]] Expected<Exported> ExportPicture(const ExportJob& job);  ///< HEIC or AVIF

/// The SDR preview, verified: the edit without any trace of a gain map.
[[nodiscard]] Expected<Bytes> ExportPreview(const ExportJob& job);

/// The gate: success where every check passed.
[[nodiscard]] Expected<void> Demand(const Verification& verification, std::string_view what);

/// How the map is coded as JPEG.
[[nodiscard]] inline MapJpegOptions MapJpegOptionsOf(const OutputOptions& options) {
  return {.quality = options.map_quality, .least_loss = options.keep_map};
}

}  // namespace hdrp
