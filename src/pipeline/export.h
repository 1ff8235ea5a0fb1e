// The last stages, encode, package and verify, for each kind of container.
#pragma once

#include <string_view>

#include "pipeline/stage_clock.h"
#include "pipeline/stages.h"

namespace hdrp {

/// What is to be delivered, and where to report.
struct ExportJob {
  const ReadJpeg& base;
  const PreparedBase& prepared;
  MapInProgress& map;
  MapOrigin map_origin;
  const Request& request;
  Report& report;
  StageClock& clock;
};

/// The verified file; the report's verification and what it says of the map. Any failed check is
/// export_failed with one detail per check.
[[nodiscard]] Expected<Bytes> ExportJpegR(const ExportJob& job);
[[nodiscard]] Expected<Bytes> ExportPicture(const ExportJob& job);  ///< HEIC or AVIF

/// The SDR preview, verified: the base without any trace of a gain map.
[[nodiscard]] Expected<Bytes> ExportPreview(const ExportJob& job);

/// The gate: success where every check passed.
[[nodiscard]] Expected<void> Demand(const Verification& verification, std::string_view what);

}  // namespace hdrp
