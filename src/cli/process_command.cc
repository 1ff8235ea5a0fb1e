#include <cstdio>
#include <filesystem>

#include "base/formatted.h"
#include "cli/commands.h"
#include "cli/delivery.h"
#include "pipeline/json.h"
#include "pipeline/process.h"
#include "pipeline/render.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

struct Targets {
  fs::path ultra_hdr, preview, meta;
  std::optional<fs::path> hdr;
  FileFormat format = FileFormat::kJpeg;
  std::string debug_prefix = {};  ///< of the explaining pictures' paths; empty: none are wanted

  [[nodiscard]] fs::path ForPicture(std::string_view name) const {
    return debug_prefix + std::string(name) + ".png";
  }
};

[[nodiscard]] Expected<Targets> PlanTargets(const ProcessArguments& arguments, bool replace) {
  HDRP_ASSIGN_OR_RETURN(const OutputPlace place,
                        PlaceOutputs(arguments.image, arguments.out, arguments.format));
  const auto beside = [&](std::string_view suffix) {
    return place.folder / (place.stem + std::string(suffix));
  };
  Targets targets{place.main.value_or(beside(Formatted("_gainmap{}", ExtensionOf(place.format)))),
                  beside("_sdr_preview.jpg"), beside("_meta.json"), std::nullopt, place.format};
  std::vector<fs::path> all = {targets.ultra_hdr, targets.preview, targets.meta};
  if (arguments.hdr) {
    targets.hdr = beside(Formatted("_hdr{}", ExtensionOf(*arguments.hdr)));
    all.push_back(*targets.hdr);
  }
  if (!arguments.debug_folder.empty()) {
    targets.debug_prefix = (fs::path(arguments.debug_folder) / (place.stem + "_")).string();
    for (const std::string_view name : kExplainingPictures) all.push_back(targets.ForPicture(name));
  }
  std::vector<fs::path> inputs = {arguments.image};
  for (const std::string& input : {arguments.reference, arguments.mask}) {
    if (!input.empty()) inputs.emplace_back(input);
  }
  HDRP_RETURN_IF_ERROR(CheckTargets(all, inputs, replace));
  return targets;
}

[[nodiscard]] Expected<Request> ReadRequest(const ProcessArguments& arguments,
                                            const CommonOptions& common, StopCondition stop) {
  Request request;
  request.options = arguments.options;
  if (!arguments.debug_folder.empty()) request.options.explain = Explained::kEverything;
  HDRP_ASSIGN_OR_RETURN(request.options.predict.model, ModelOf(arguments.predict));
  request.limits = common.limits();
  request.parallelism = {common.threads, std::move(stop)};
  if (common.verbosity() != Verbosity::kQuiet) request.progress = DrawProgress;
  HDRP_ASSIGN_OR_RETURN(request.base, Within("--img", ReadInput(arguments.image, request.limits)));
  if (!arguments.reference.empty()) {
    HDRP_ASSIGN_OR_RETURN(request.reference,
                          Within("--ref", ReadInput(arguments.reference, request.limits)));
  }
  if (!arguments.mask.empty()) {
    HDRP_ASSIGN_OR_RETURN(request.mask,
                          Within("--mask", ReadInput(arguments.mask, request.limits)));
  }
  return request;
}

/// Renders what the delivered file decodes to, under a temporary name.
[[nodiscard]] Expected<PendingFile> RenderQa(const fs::path& path, const Result& result,
                                             const RenderOptions& options) {
  HDRP_ASSIGN_OR_RETURN(PendingFile pending, PendingFile::Write(path, {}));
  const InputFile ultra_hdr{"Ultra HDR file", result.ultra_hdr};
  HDRP_RETURN_IF_ERROR(
      Within(path.string(), RenderHdr(ultra_hdr, options, pending.temporary_path())));
  return pending;
}

/// The Ultra HDR file is committed last: where it is, everything is.
[[nodiscard]] Expected<std::vector<DeliveredFile>> Deliver(const Targets& targets,
                                                           const Result& result,
                                                           const RenderOptions& rendering,
                                                           const ProcessArguments& arguments,
                                                           bool replace) {
  HDRP_RETURN_IF_ERROR(MakeFolder(targets.meta.parent_path()));
  if (!arguments.debug_folder.empty()) {
    HDRP_RETURN_IF_ERROR(MakeFolder(arguments.debug_folder));
  }
  std::vector<PendingFile> pending;
  std::vector<DeliveredFile> delivered;
  const auto add = [&](std::string_view role, Expected<PendingFile> file) -> Expected<void> {
    HDRP_ASSIGN_OR_RETURN(PendingFile written, std::move(file));
    delivered.push_back({role, written.final_path().string()});
    pending.push_back(std::move(written));
    return {};
  };
  HDRP_RETURN_IF_ERROR(add("meta", WriteVerified(targets.meta, AsBytes(MetaJson(result.report)))));
  HDRP_RETURN_IF_ERROR(add("sdr_preview", WriteVerified(targets.preview, result.preview)));
  if (targets.hdr) {
    HDRP_RETURN_IF_ERROR(add("hdr", RenderQa(*targets.hdr, result, rendering)));
  }
  for (const ExplainingPicture& picture : result.pictures) {
    HDRP_RETURN_IF_ERROR(
        add(picture.name, WriteVerified(targets.ForPicture(picture.name), picture.png)));
  }
  HDRP_RETURN_IF_ERROR(add("ultra_hdr", WriteVerified(targets.ultra_hdr, result.ultra_hdr)));
  HDRP_RETURN_IF_ERROR(rendering.stop.Check("write"));
  HDRP_RETURN_IF_ERROR(CommitAll(pending, replace));
  return delivered;
}

void Summarise(const Targets& targets, const Result& result, Verbosity verbosity) {
  const Report& report = result.report;
  SayReport(result, verbosity);
  Say(verbosity, Verbosity::kNormal,
      Formatted("{}: {}, {:.2f} stops of headroom, gain map {} x {} {}; verified",
                targets.ultra_hdr.string(), InfoOf(targets.format).product,
                report.metadata.alternate_hdr_headroom, report.map_width, report.map_height,
                report.mode == "predict" ? "predicted by " + report.predicted->predictor
                : report.map_copied      ? "copied from the reference"
                : report.derived         ? "derived from the reference"
                                         : "from the reference"));
  if (report.alignment) {
    Say(verbosity, Verbosity::kNormal,
        Formatted("found in the original: {:.0f} % of the edit lies in it, agreement {:.2f}",
                  100 * report.alignment->overlap, report.alignment->agreement));
  }
  if (report.edited) {
    Say(verbosity, Verbosity::kNormal,
        Formatted("{:.1f} % of the edit has no gain of the original: {}",
                  100 * report.edited->share,
                  report.edited->fill == Fill::kPredict ? "predicted" : "neutral"));
  }
  if (report.derived) {
    Say(verbosity, Verbosity::kNormal,
        Formatted("99 % of the HDR picture is within {:.2f} stop of the reference",
                  report.derived->fidelity.p99_stops));
  }
}

}  // namespace

int RunProcess(const ProcessArguments& arguments, const CommonOptions& common,
               const std::stop_token& stop) {
  const StopCondition stop_condition = common.StopAt(stop);
  const Expected<Targets> targets = PlanTargets(arguments, common.force);
  if (!targets) return Refuse(targets.error(), common);
  Expected<Request> request = ReadRequest(arguments, common, stop_condition);
  if (!request) return Refuse(request.error(), common);
  request->options.output.format = targets->format;
  const RenderOptions rendering{arguments.hdr.value_or(FileFormat::kTiff),
                                request->options.apple_transfer, request->limits, stop_condition};
  const Expected<Result> result = Process(*std::move(request));
  if (!result) return Refuse(result.error(), common);
  const Expected<std::vector<DeliveredFile>> delivered =
      Deliver(*targets, *result, rendering, arguments, common.force);
  if (!delivered) return Refuse(delivered.error(), common);

  Summarise(*targets, *result, common.verbosity());
  if (common.json) {
    std::fputs(ResultJson(*delivered, result->report, result->timings).c_str(), stdout);
  }
  return 0;
}

}  // namespace hdrp
