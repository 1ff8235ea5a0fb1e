#include "service/worker/run_job.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/extract.h"
#include "pipeline/fields.h"
#include "pipeline/find_model.h"
#include "pipeline/inspect.h"
#include "pipeline/json.h"
#include "pipeline/process.h"
#include "pipeline/stage_clock.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

[[nodiscard]] double CpuSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Process() tells of each stage when it ends; after its last one the results are stored.
[[nodiscard]] std::string_view StageAfter(std::string_view stage) {
  const auto found = std::ranges::find(kStageNames, stage);
  return found == kStageNames.end() || found + 1 == kStageNames.end() ? "store" : *(found + 1);
}

[[nodiscard]] Limits LimitsOf(const Job& job) {
  Limits limits;
  limits.max_pixels = job.limits.max_pixels;
  limits.max_side = job.limits.max_side;
  return limits;
}

[[nodiscard]] Expected<InputFile> Read(const FormFile& file) {
  HDRP_ASSIGN_OR_RETURN(Bytes bytes,
                        ReadAt(file.content.get(), file.offset, file.bytes, file.name));
  return InputFile{file.name, std::move(bytes)};
}

[[nodiscard]] Expected<Request> RequestOf(const Job& job) {
  Request request;
  request.limits = LimitsOf(job);
  request.parallelism = {job.limits.threads, {{}, job.deadline}};
  HDRP_ASSIGN_OR_RETURN(request.options.predict.model, FindModel({.folder = DefaultModelFolder()}));
  for (const FormText& field : job.fields) {
    HDRP_RETURN_IF_ERROR(SetField(JobField(field.name), field.text, request.options));
  }
  for (const FormFile& file : job.files) {
    HDRP_ASSIGN_OR_RETURN(InputFile input, Read(file));
    if (file.name == "img") request.base = std::move(input);
    if (file.name == "ref") request.reference = std::move(input);
    if (file.name == "mask") request.mask = std::move(input);
  }
  return request;
}

/// Appends to the output.
class Output {
 public:
  explicit Output(const Job& job) : file_(job.output.get()) {}
  [[nodiscard]] Expected<void> Add(std::string_view name, ByteView content) {
    HDRP_RETURN_IF_ERROR(WriteAt(file_, end_, content, "store"));
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

[[nodiscard]] Expected<JobWork> RunProcess(const Job& job, const StageReport& entered) {
  HDRP_ASSIGN_OR_RETURN(Request request, RequestOf(job));
  if (job.outputs == JobOutputs::kEverything) request.options.explain = Explained::kFraming;
  request.progress = [&entered](std::string_view stage, double share) {
    entered(StageAfter(stage), share);
  };
  const Limits limits = request.limits;
  const AppleTransfer apple_transfer = request.options.apple_transfer;
  HDRP_ASSIGN_OR_RETURN(Result result, Process(std::move(request)));
  Output output(job);
  const InputFile delivered{"hdr", std::move(result.ultra_hdr)};
  HDRP_RETURN_IF_ERROR(output.Add("hdr", delivered.bytes));
  if (job.outputs == JobOutputs::kEverything) {
    // What the page draws: the map's samples, taken out of the very file that is delivered.
    HDRP_ASSIGN_OR_RETURN(const Bytes map, ExtractMapPng(delivered, limits, apple_transfer));
    HDRP_RETURN_IF_ERROR(output.Add("preview", result.preview));
    HDRP_RETURN_IF_ERROR(output.Add("gainmap", map));
    HDRP_RETURN_IF_ERROR(output.Add("meta", AsBytes(MetaJson(result.report))));
    HDRP_ASSIGN_OR_RETURN(const auto readers, ReadersOf(delivered, limits));
    HDRP_RETURN_IF_ERROR(output.Add("readers", AsBytes(ReadersJson(readers))));
    for (const ExplainingPicture& picture : result.pictures) {
      HDRP_RETURN_IF_ERROR(output.Add(picture.name, picture.png));
    }
  }
  JobWork work{.parts = std::move(output).parts()};
  for (const StageTime& time : result.timings) {
    work.times.push_back({std::string(time.stage), time.milliseconds});
  }
  return work;
}

[[nodiscard]] Expected<JobWork> RunInspect(const Job& job) {
  HDRP_ASSIGN_OR_RETURN(const InputFile file, Read(job.files.front()));
  HDRP_ASSIGN_OR_RETURN(const Inspection inspection,
                        Inspect(file, LimitsOf(job), {{}, job.deadline}));
  Output output(job);
  HDRP_RETURN_IF_ERROR(output.Add("inspection", AsBytes(InspectJson(inspection))));
  return JobWork{.parts = std::move(output).parts()};
}

}  // namespace

Expected<JobWork> RunJob(const Job& job, const StageReport& entered) {
  const double before = CpuSeconds();
  entered(kStageNames.front(), 0);
  HDRP_ASSIGN_OR_RETURN(JobWork work,
                        job.kind == JobKind::kProcess ? RunProcess(job, entered) : RunInspect(job));
  work.cpu_seconds = CpuSeconds() - before;
  return work;
}

}  // namespace hdrp
