#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/formatted.h"
#include "cli/commands.h"
#include "cli/delivery.h"
#include "cli/judged_files.h"
#include "evaluate/evaluate.h"
#include "evaluate/pairs.h"
#include "evaluate/report.h"
#include "pipeline/json.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

/// Whether an error says something of this one file, and the others can be judged all the same.
[[nodiscard]] bool IsOfOneFile(ErrorCode code) {
  return code == ErrorCode::kUnsupported || code == ErrorCode::kBadInput ||
         code == ErrorCode::kNoGainMap || code == ErrorCode::kTooLarge;
}

[[nodiscard]] Expected<std::vector<Predictor>> PredictorsOf(const std::vector<std::string>& names) {
  std::vector<Predictor> predictors;
  for (const std::string& name : names) {
    const auto found =
        std::ranges::find(kPredictors, name, [](Predictor predictor) { return NameOf(predictor); });
    if (found == kPredictors.end()) {
      std::string known;
      for (const Predictor predictor : kPredictors) {
        known += Formatted("{}{}", known.empty() ? "" : ", ", NameOf(predictor));
      }
      return Fail(ErrorCode::kBadArgument, "--predictors", "expected some of {}, found {}", known,
                  name);
    }
    if (!std::ranges::contains(predictors, *found)) predictors.push_back(*found);
  }
  if (predictors.empty()) predictors.assign(kPredictors.begin(), kPredictors.end());
  return predictors;
}

/// The folder of pairs: new, or empty.
class PairFolder {
 public:
  [[nodiscard]] static Expected<PairFolder> Make(const std::string& path) {
    std::error_code error;
    if (fs::exists(path, error) && !fs::is_empty(path, error)) {
      return Fail(ErrorCode::kBadArgument, "--write-pairs",
                  "expected a new or empty folder, found files in {}", path);
    }
    HDRP_RETURN_IF_ERROR(MakeFolder(path));
    return PairFolder(path);
  }

  [[nodiscard]] Expected<void> Add(const Scene& scene, const fs::path& file) {
    PairRecord record{Formatted("{:04}_{}", records_.size(), file.stem().string()),
                      scene.name,
                      scene.sha256,
                      scene.group,
                      scene.coded.width(),
                      scene.coded.height(),
                      scene.source,
                      SceneKeyOf(scene.source, scene.date_time_original)};
    Expected<void> done = Write(record.name + ".base.npy", NpyOf(scene.coded.view()));
    if (done) done = Write(record.name + ".target.npy", NpyOf(scene.target_stops.view()));
    records_.push_back(std::move(record));
    return done;
  }

  [[nodiscard]] Expected<void> Finish() const {
    return Write("pairs.json", AsBytes(PairsJson(records_)));
  }

 private:
  explicit PairFolder(fs::path path) : path_(std::move(path)) {}

  [[nodiscard]] Expected<void> Write(const std::string& name, ByteView content) const {
    HDRP_ASSIGN_OR_RETURN(PendingFile pending, PendingFile::Write(path_ / name, content));
    return pending.Commit(false);
  }

  fs::path path_;
  std::vector<PairRecord> records_;
};

/// The folder of `--write-pairs`, or none where it was not asked for.
[[nodiscard]] Expected<std::optional<PairFolder>> PairsOf(const EvaluateArguments& arguments) {
  if (arguments.pairs.empty()) return std::nullopt;
  HDRP_ASSIGN_OR_RETURN(PairFolder folder, PairFolder::Make(arguments.pairs));
  return folder;
}

/// Judges one file, or notes why it cannot be judged.
[[nodiscard]] Expected<void> JudgeFile(const JudgedPath& file, Request request,
                                       std::optional<PairFolder>& pairs, Evaluation& evaluation) {
  HDRP_ASSIGN_OR_RETURN(request.base, ReadInput(file.path.string(), request.limits));
  Expected<Scene> scene = ReadScene(request);
  Expected<void> done;
  if (!scene) {
    done = std::unexpected(std::move(scene.error()));
  } else {
    scene->source = file.source;
    if (pairs) done = pairs->Add(*scene, file.path);
    if (done) done = JudgeScene(*scene, request, evaluation);
  }
  if (done || !IsOfOneFile(done.error().code)) return done;
  evaluation.skipped.push_back({request.base.name, std::move(done.error())});
  return {};
}

[[nodiscard]] Error NothingJudged(const std::vector<SkippedFile>& skipped) {
  Error error{ErrorCode::kNoGainMap,
              "none of the files holds a gain map to judge predictors by",
              "evaluate",
              {}};
  for (const SkippedFile& file : skipped) {
    error.details.push_back(Formatted("{}: {}", file.name, file.error.message));
  }
  return error;
}

[[nodiscard]] Expected<Evaluation> Evaluate(const EvaluateArguments& arguments,
                                            const CommonOptions& common, StopCondition stop) {
  Evaluation evaluation;
  HDRP_ASSIGN_OR_RETURN(evaluation.predictors, PredictorsOf(arguments.predictors));
  HDRP_ASSIGN_OR_RETURN(const ModelChoice model, ModelOf(arguments.predict));
  HDRP_ASSIGN_OR_RETURN(JudgedPaths paths, JudgedPathsOf(arguments));
  evaluation.skipped = std::move(paths.unlisted);
  HDRP_ASSIGN_OR_RETURN(std::optional<PairFolder> pairs, PairsOf(arguments));

  double share = 0;
  for (const JudgedPath& file : paths.files) {
    if (common.verbosity() != Verbosity::kQuiet) {
      DrawProgress(file.path.filename().string(), share);
    }
    share += 1.0 / static_cast<double>(paths.files.size());
    Request request;
    request.options = arguments.options;
    request.options.predict.model = model;
    request.limits = common.limits();
    request.parallelism = {common.threads, stop};
    HDRP_RETURN_IF_ERROR(JudgeFile(file, std::move(request), pairs, evaluation));
  }
  ClearProgress();
  if (evaluation.files.empty()) return std::unexpected(NothingJudged(evaluation.skipped));
  if (pairs) {
    HDRP_RETURN_IF_ERROR(pairs->Finish());
  }
  return evaluation;
}

}  // namespace

int RunEvaluate(const EvaluateArguments& arguments, const CommonOptions& common,
                const std::stop_token& stop) {
  const Expected<Evaluation> evaluation = Evaluate(arguments, common, common.StopAt(stop));
  if (!evaluation) return Refuse(evaluation.error(), common);
  for (const SkippedFile& file : evaluation->skipped) {
    Say(common.verbosity(), Verbosity::kNormal,
        Formatted("skipped {}: {}", file.name, file.error.message));
  }
  const std::string text =
      common.json ? EvaluationJson(*evaluation) : EvaluationTables(*evaluation);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace hdrp
