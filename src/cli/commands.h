// The command line's verbs. Each takes its parsed options and returns the process's exit status.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "pipeline/render.h"
#include "pipeline/report.h"

namespace hdrp {

/// Options every verb has.
struct CommonOptions {
  double max_megapixels = 256;  ///< a phone of 200 MP, with room
  double max_megabytes = static_cast<double>(Limits{}.max_held_bytes) / 1e6;
  double timeout_seconds = 0;  ///< 0 = none
  int threads = 0;             ///< 0 = one per core
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool force = false;

  [[nodiscard]] Verbosity verbosity() const {
    return quiet ? Verbosity::kQuiet : (verbose ? Verbosity::kVerbose : Verbosity::kNormal);
  }
  [[nodiscard]] Limits limits() const;
  [[nodiscard]] StopCondition StopAt(const std::stop_token& token) const;
};

/// Which learned model, as it was asked for.
struct PredictArguments {
  std::string model, model_folder;
  std::optional<std::string> gmnet_preset;
  int max_edge = kDefaultModelEdge;
};

struct ProcessArguments {
  PredictArguments predict;
  std::string image, reference, mask, out;
  std::string debug_folder;  ///< for the explaining pictures; empty: none
  std::optional<FileFormat> format;
  std::optional<FileFormat> hdr;
  Options options;
};
struct ConvertArguments {
  std::string file, out;
  std::optional<FileFormat> format;
  Options options;
};
struct InspectArguments {
  std::string file;
};
struct EvaluateArguments {
  PredictArguments predict;  ///< with `options`, what the predictor "chosen" means
  Options options;
  std::vector<std::string> paths, predictors;
  std::string manifest;  ///< where the files come from; empty: their folders
  std::string use;       ///< of the manifest's rows; empty: all
  std::string pairs;     ///< folder for the training tool's files; empty: none
};
struct ExtractArguments {
  std::string file, out;
  std::optional<FileFormat> hdr;
  Options options;
};

[[nodiscard]] int RunProcess(const ProcessArguments& arguments, const CommonOptions& common,
                             const std::stop_token& stop);
[[nodiscard]] int RunConvert(const ConvertArguments& arguments, const CommonOptions& common,
                             const std::stop_token& stop);
[[nodiscard]] int RunInspect(const InspectArguments& arguments, const CommonOptions& common,
                             const std::stop_token& stop);
[[nodiscard]] int RunEvaluate(const EvaluateArguments& arguments, const CommonOptions& common,
                              const std::stop_token& stop);
[[nodiscard]] int RunExtract(const ExtractArguments& arguments, const CommonOptions& common,
                             const std::stop_token& stop);

/// Warnings of a run, what the verification left open, and with --verbose what was done and how
/// long it took.
void SayReport(const Result& result, Verbosity verbosity);

/// Says the error on stderr (and, with --json, on stdout) and returns its exit status.
[[nodiscard]] int Refuse(const Error& error, const CommonOptions& common);

/// The model that is meant; without a folder, of those in the default one. FindModel's errors.
[[nodiscard]] Expected<ModelChoice> ModelOf(const PredictArguments& arguments);

/// The file at `path` under its base name: reports never hold folders.
[[nodiscard]] Expected<InputFile> ReadInput(const std::string& path, const Limits& limits);

}  // namespace hdrp
