// The same picture and gain map in another container.
#include <cstdio>
#include <filesystem>

#include "base/formatted.h"
#include "cli/commands.h"
#include "cli/delivery.h"
#include "pipeline/json.h"
#include "pipeline/process.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

struct Target {
  fs::path path;
  FileFormat format = FileFormat::kJpeg;
};

[[nodiscard]] Expected<Target> PlanTarget(const ConvertArguments& arguments, bool replace) {
  HDRP_ASSIGN_OR_RETURN(const OutputPlace place,
                        PlaceOutputs(arguments.file, arguments.out, arguments.format));
  Target target{
      place.main.value_or(place.folder / (place.stem + std::string(ExtensionOf(place.format)))),
      place.format};
  HDRP_RETURN_IF_ERROR(CheckTargets({target.path}, {arguments.file}, replace));
  return target;
}

[[nodiscard]] Expected<std::vector<DeliveredFile>> Deliver(const Target& target,
                                                           const Result& result, bool replace) {
  HDRP_RETURN_IF_ERROR(MakeFolder(target.path.parent_path()));
  HDRP_ASSIGN_OR_RETURN(PendingFile pending, WriteVerified(target.path, result.ultra_hdr));
  std::vector<PendingFile> files;
  files.push_back(std::move(pending));
  HDRP_RETURN_IF_ERROR(CommitAll(files, replace));
  return std::vector<DeliveredFile>{{"ultra_hdr", target.path.string()}};
}

}  // namespace

int RunConvert(const ConvertArguments& arguments, const CommonOptions& common,
               const std::stop_token& stop) {
  if (!arguments.format && arguments.out.empty()) {
    return Refuse({ErrorCode::kBadArgument,
                   "expected --format, or --out with a file's name",
                   "command line",
                   {}},
                  common);
  }
  const Expected<Target> target = PlanTarget(arguments, common.force);
  if (!target) return Refuse(target.error(), common);
  Expected<InputFile> file = ReadInput(arguments.file, common.limits());
  if (!file) return Refuse(file.error(), common);

  Request request;
  request.base = *std::move(file);
  request.options = arguments.options;
  request.options.mode = Mode::kReference;
  request.options.output.format = target->format;
  request.options.output.keep_map = true;
  request.limits = common.limits();
  request.parallelism = {common.threads, common.StopAt(stop)};
  if (common.verbosity() != Verbosity::kQuiet) request.progress = DrawProgress;
  const Expected<Result> result = Process(std::move(request));
  if (!result) return Refuse(result.error(), common);
  const auto delivered = Deliver(*target, *result, common.force);
  if (!delivered) return Refuse(delivered.error(), common);

  SayReport(*result, common.verbosity());
  Say(common.verbosity(), Verbosity::kNormal,
      Formatted("{}: {:.2f} stops of headroom, gain map {} x {}; verified", target->path.string(),
                result->report.metadata.alternate_hdr_headroom, result->report.map_width,
                result->report.map_height));
  if (common.json) {
    std::fputs(ResultJson(*delivered, result->report, result->timings).c_str(), stdout);
  }
  return 0;
}

}  // namespace hdrp
