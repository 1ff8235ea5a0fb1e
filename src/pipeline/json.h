// The project's JSON documents, as text with two-space indent and a final newline. Schemas:
// docs/formats.md, "JSON". Numbers are written so that they read back as the same double.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/inspect.h"
#include "pipeline/report.h"

namespace hdrp {

/// <stem>_meta.json.
[[nodiscard]] std::string MetaJson(const Report& report);

/// stdout of `inspect --json`.
[[nodiscard]] std::string InspectJson(const Inspection& inspection);

/// Its member "readers": {"chrome": {"hdr": true, "why": "..."}, ...}.
[[nodiscard]] std::string ReadersJson(const std::vector<ReaderVerdict>& readers);

/// The numbers file of `extract`.
[[nodiscard]] std::string ExtractedMetadataJson(std::string_view source,
                                                const GainMapMetadata& metadata);

/// stdout of `--json` after success: {"files": {role: path}, "report": ..., "timings_ms": ...}.
struct DeliveredFile {
  std::string_view
      role;  ///< ultra_hdr, sdr_preview, meta, hdr, gain_map, gain_map_apple, gain_map_png, base
  std::string path;
};
[[nodiscard]] std::string ResultJson(const std::vector<DeliveredFile>& files, const Report& report,
                                     const std::vector<StageTime>& timings);
[[nodiscard]] std::string FilesJson(const std::vector<DeliveredFile>& files);

/// stdout of `--json` after failure: {"error": {"id", "message", "where", "details"}}.
[[nodiscard]] std::string ErrorJson(const Error& error);

}  // namespace hdrp
