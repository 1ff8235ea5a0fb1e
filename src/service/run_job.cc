#include "service/run_job.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/extract.h"
#include "pipeline/fields.h"
#include "pipeline/find_model.h"
#include "pipeline/inspect.h"
#include "pipeline/json.h"
#include "pipeline/process.h"
#include "service/unnamed_file.h"

namespace hdrp {
namespace {

/// In the order of Process(), which tells of each stage when it ends.
constexpr auto kStages = std::to_array<std::string_view>(
    {"read", "obtain", "guard", "encode", "package", "verify", "store"});

[[nodiscard]] std::string_view StageAfter(std::string_view stage) {
  const auto found = std::ranges::find(kStages, stage);
  return found == kStages.end() || found + 1 == kStages.end() ? kStages.back() : *(found + 1);
}

[[nodiscard]] Limits LimitsOf(const Job& job) {
  Limits limits;
  limits.max_pixels = job.limits.max_pixels;
  limits.max_side = job.limits.max_side;
  return limits;
}

[[nodiscard]] Expected<InputFile> Read(const FormFile& file) {
  Expected<Bytes> bytes = ReadAt(file.content.get(), 0, file.bytes, file.name);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  return InputFile{file.name, *std::move(bytes)};
}

[[nodiscard]] Expected<Request> RequestOf(const Job& job) {
  Request request;
  request.limits = LimitsOf(job);
  request.parallelism = {job.limits.threads, {{}, job.deadline}};
  Expected<ModelChoice> model = FindModel({.folder = DefaultModelFolder()});
  if (!model) return std::unexpected(std::move(model.error()));
  request.options.predict.model = *std::move(model);
  for (const FormText& field : job.fields) {
    if (Expected<void> ok = SetField(JobField(field.name), field.text, request.options); !ok) {
      return std::unexpected(std::move(ok.error()));
    }
  }
  for (const FormFile& file : job.files) {
    Expected<InputFile> input = Read(file);
    if (!input) return std::unexpected(std::move(input.error()));
    if (file.name == "img") request.base = *std::move(input);
    if (file.name == "ref") request.reference = *std::move(input);
    if (file.name == "mask") request.mask = *std::move(input);
  }
  return request;
}

/// Appends to the output.
class Output {
 public:
  explicit Output(const Job& job) : file_(job.output.get()) {}
  [[nodiscard]] Expected<void> Add(std::string_view name, ByteView content) {
    if (Expected<void> ok = WriteAt(file_, end_, content, "store"); !ok) return ok;
    parts_.push_back({std::string(name), end_, content.size()});
    end_ += content.size();
    return {};
  }
  [[nodiscard]] std::vector<JobPart> parts() && { return std::move(parts_); }

 private:
  int file_;
  std::uint64_t end_ = 0;
  std::vector<JobPart> parts_;
};

[[nodiscard]] Expected<JobWork> RunProcess(const Job& job,
                                           const std::function<void(std::string_view)>& entered) {
  Expected<Request> request = RequestOf(job);
  if (!request) return std::unexpected(std::move(request.error()));
  if (job.yield == JobYield::kEverything) request->options.explain = Explained::kFraming;
  request->progress = [&entered](std::string_view stage, double) { entered(StageAfter(stage)); };
  const Limits limits = request->limits;
  const AppleTransfer apple_transfer = request->options.apple_transfer;
  Expected<Result> result = Process(*std::move(request));
  if (!result) return std::unexpected(std::move(result.error()));
  Output output(job);
  const InputFile delivered{"hdr", std::move(result->ultra_hdr)};
  Expected<void> ok = output.Add("hdr", delivered.bytes);
  if (ok && job.yield == JobYield::kEverything) {
    // What the page draws: the map's samples, taken out of the very file that is delivered.
    const Expected<Bytes> map = ExtractMapPng(delivered, limits, apple_transfer);
    if (!map) return std::unexpected(map.error());
    ok = output.Add("preview", result->preview);
    if (ok) ok = output.Add("gainmap", *map);
    if (ok) ok = output.Add("meta", AsBytes(MetaJson(result->report)));
    for (const ExplainingPicture& picture : result->pictures) {
      if (ok) ok = output.Add(picture.name, picture.png);
    }
  }
  if (!ok) return std::unexpected(std::move(ok.error()));
  JobWork work{std::move(output).parts(), {}};
  for (const StageTime& time : result->timings) {
    work.times.push_back({std::string(time.stage), time.milliseconds});
  }
  return work;
}

[[nodiscard]] Expected<JobWork> RunInspect(const Job& job) {
  const Expected<InputFile> file = Read(job.files.front());
  if (!file) return std::unexpected(file.error());
  const Expected<Inspection> inspection = Inspect(*file, LimitsOf(job), {{}, job.deadline});
  if (!inspection) return std::unexpected(inspection.error());
  Output output(job);
  const Expected<void> ok = output.Add("inspection", AsBytes(InspectJson(*inspection)));
  if (!ok) return std::unexpected(ok.error());
  return JobWork{std::move(output).parts(), {}};
}

}  // namespace

Expected<JobWork> RunJob(const Job& job, const std::function<void(std::string_view)>& entered) {
  entered(kStages.front());
  return job.kind == JobKind::kProcess ? RunProcess(job, entered) : RunInspect(job);
}

}  // namespace hdrp
