#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "base/file.h"
#include "base/formatted.h"
#include "cli/commands.h"
#include "pipeline/find_model.h"
#include "pipeline/json.h"

namespace hdrp {
namespace {

void SayGuards(const std::vector<GuardEffect>& guards, Verbosity verbosity) {
  for (const GuardEffect& effect : guards) {
    if (effect.max_change_stops == 0) continue;
    Say(verbosity, Verbosity::kVerbose,
        Formatted("guard {}: gain changed by {:.3f} stop on average, {:.2f} at most",
                  NameOf(effect.guard), effect.mean_change_stops, effect.max_change_stops));
  }
}

}  // namespace

Limits CommonOptions::limits() const {
  Limits limits;
  limits.max_pixels = static_cast<std::uint64_t>(max_megapixels * 1e6);
  limits.max_held_bytes = static_cast<std::uint32_t>(max_megabytes * 1e6);
  return limits;
}

StopCondition CommonOptions::StopAt(const std::stop_token& token) const {
  StopCondition stop{token, std::nullopt};
  if (timeout_seconds > 0) {
    stop.deadline = std::chrono::steady_clock::now() +
                    std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                        std::chrono::duration<double>(timeout_seconds));
  }
  return stop;
}

int Refuse(const Error& error, const CommonOptions& common) {
  ClearProgress();
  SayError(error);
  if (common.json) std::fputs(ErrorJson(error).c_str(), stdout);
  return KindOf(error.code).exit_status;
}

void SayReport(const Result& result, Verbosity verbosity) {
  const Report& report = result.report;
  for (const std::string& warning : report.warnings) {
    Say(verbosity, Verbosity::kNormal, "warning: " + warning);
  }
  for (const std::string& warning : report.verification.warnings()) {
    Say(verbosity, Verbosity::kNormal, "warning: " + warning);
  }
  if (report.format == FileFormat::kJpeg) {  // of HEIC and AVIF libultrahdr never has an opinion
    for (const std::string& why : report.verification.not_verified_by_libultrahdr) {
      Say(verbosity, Verbosity::kNormal, "verified by our own reader only: " + why);
    }
  }
  for (const std::string& step : report.base_steps) {
    Say(verbosity, Verbosity::kVerbose, "edit: " + step);
  }
  for (const std::string& step : report.map_steps) {
    Say(verbosity, Verbosity::kVerbose, "gain map: " + step);
  }
  if (report.predicted) SayGuards(report.predicted->guards, verbosity);
  for (const StageTime& time : result.timings) {
    Say(verbosity, Verbosity::kVerbose,
        Formatted("{:<8} {:8.1f} ms", time.stage, time.milliseconds));
  }
}

Expected<ModelChoice> ModelOf(const PredictArguments& arguments) {
  return FindModel({.model = arguments.model,
                    .folder = arguments.model_folder.empty()
                                  ? DefaultModelFolder()
                                  : std::filesystem::path(arguments.model_folder),
                    .preset = arguments.gmnet_preset,
                    .max_edge = arguments.max_edge});
}

Expected<InputFile> ReadInput(const std::string& path, const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(Bytes bytes, ReadFile(path, limits));
  return InputFile{std::filesystem::path(path).filename().string(), std::move(bytes)};
}

}  // namespace hdrp
