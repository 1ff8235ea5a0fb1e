#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "base/formatted.h"
#include "cli/commands.h"
#include "cli/delivery.h"
#include "evaluate/evaluate.h"
#include "evaluate/pairs.h"
#include "evaluate/report.h"
#include "pipeline/json.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

/// The files meant: folders stand for the regular files in them, by name.
[[nodiscard]] Expected<std::vector<fs::path>> FilesOf(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      if (it->is_regular_file(error)) inside.push_back(it->path());
    }
    if (error) {
      return Fail(ErrorCode::kBadArgument, path, "cannot read the folder: {}", error.message());
    }
    std::ranges::sort(inside);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

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
    if (Expected<void> made = MakeFolder(path); !made) return std::unexpected(made.error());
    return PairFolder(path);
  }

  [[nodiscard]] Expected<void> Add(const Scene& scene, const fs::path& file) {
    PairRecord record{
        Formatted("{:04}_{}", records_.size(), file.stem().string()),
        scene.name,
        scene.sha256,
        scene.group,
        scene.coded.width(),
        scene.coded.height(),
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
    Expected<PendingFile> pending = PendingFile::Write(path_ / name, content);
    if (!pending) return std::unexpected(std::move(pending.error()));
    return pending->Commit(false);
  }

  fs::path path_;
  std::vector<PairRecord> records_;
};

[[nodiscard]] Expected<Evaluation> Evaluate(const EvaluateArguments& arguments,
                                            const CommonOptions& common, StopCondition stop) {
  Evaluation evaluation;
  Expected<std::vector<Predictor>> predictors = PredictorsOf(arguments.predictors);
  if (!predictors) return std::unexpected(std::move(predictors.error()));
  evaluation.predictors = *std::move(predictors);
  const Expected<ModelChoice> model = ModelOf(arguments.predict);
  if (!model) return std::unexpected(model.error());
  const Expected<std::vector<fs::path>> files = FilesOf(arguments.paths);
  if (!files) return std::unexpected(files.error());
  std::optional<PairFolder> pairs;
  if (!arguments.pairs.empty()) {
    Expected<PairFolder> folder = PairFolder::Make(arguments.pairs);
    if (!folder) return std::unexpected(std::move(folder.error()));
    pairs = *std::move(folder);
  }

  double share = 0;
  for (const fs::path& path : *files) {
    if (common.verbosity() != Verbosity::kQuiet) DrawProgress(path.filename().string(), share);
    share += 1.0 / static_cast<double>(files->size());
    Request request;
    request.options = arguments.options;
    request.options.predict.model = *model;
    request.limits = common.limits();
    request.parallelism = {common.threads, stop};
    Expected<InputFile> input = ReadInput(path.string(), request.limits);
    if (!input) return std::unexpected(std::move(input.error()));
    request.base = *std::move(input);
    Expected<Scene> scene = ReadScene(request);
    Expected<void> done;
    if (!scene) {
      done = std::unexpected(scene.error());
    } else {
      scene->source = fs::absolute(path).parent_path().filename().string();
      if (pairs) done = pairs->Add(*scene, path);
      if (done) done = JudgeScene(*scene, request, evaluation);
    }
    if (done) continue;
    if (!IsOfOneFile(done.error().code)) return std::unexpected(std::move(done.error()));
    evaluation.skipped.push_back({request.base.name, std::move(done.error())});
  }
  ClearProgress();
  if (evaluation.files.empty()) {
    Error error{ErrorCode::kNoGainMap,
                "none of the files holds a gain map to judge predictors by",
                "evaluate",
                {}};
    for (const SkippedFile& file : evaluation.skipped) {
      error.details.push_back(Formatted("{}: {}", file.name, file.error.message));
    }
    return std::unexpected(std::move(error));
  }
  if (pairs) {
    if (Expected<void> done = pairs->Finish(); !done) return std::unexpected(done.error());
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
