#include "pipeline/process.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "color/icc.h"
#include "metadata/digest.h"
#include "pipeline/export.h"
#include "pipeline/stage_options.h"

namespace hdrp {
namespace {

[[nodiscard]] InputSummary Summary(std::string_view role, const InputFile& file) {
  return {role, file.name, file.bytes.size(), Sha256Hex(file.bytes)};
}

[[nodiscard]] std::vector<InputSummary> SummariesOf(const Request& request) {
  std::vector<InputSummary> inputs = {Summary("base", request.base)};
  if (request.reference) inputs.push_back(Summary("reference", *request.reference));
  if (request.mask) inputs.push_back(Summary("mask", *request.mask));
  return inputs;
}

[[nodiscard]] const InputFile* Given(const std::optional<InputFile>& file) {
  return file ? &*file : nullptr;
}

void Append(std::vector<std::string>& to, std::vector<std::string>& more) {
  std::ranges::move(more, std::back_inserter(to));
  more.clear();
}

void DescribeEdit(const EditJpeg& edit, Report& report) {
  report.width = edit.width();
  report.height = edit.height();
  report.orientation = static_cast<int>(edit.orientation());
  if (const Expected<Bytes> icc = JoinIcc(edit.parsed.primary); !icc) {
    report.warnings.push_back("the base's ICC profile is broken: " + icc.error().message);
  } else if (!icc->empty()) {
    report.icc = IccDescription(*icc);
  }
  if (edit.parsed.exif.orientation_invalid) {
    report.warnings.emplace_back("the base's EXIF orientation is not 1 to 8; taken as 1");
  }
}

void DescribeMap(ObtainedMap& obtained, Report& report) {
  report.mode = obtained.predicted ? "predict" : "reference";
  report.source = obtained.map.source;
  report.predicted = std::move(obtained.predicted);
  report.derived = obtained.derived;
  report.agreement = obtained.framing.agreement;
  report.alignment = obtained.framing.alignment;
  report.edited = obtained.filled;
  Append(report.warnings, obtained.framing.warnings);
  Append(report.warnings, obtained.map.warnings);
}

void DescribeFile(Exported& exported, MapInProgress& map, Report& report) {
  report.map_width = map.width;
  report.map_height = map.height;
  report.map_components = map.components;
  report.map_copied = exported.map_copied;
  report.map_steps = std::move(map.steps);
  report.metadata = map.metadata;
  report.verification = std::move(exported.verification);
  Append(report.warnings, map.warnings);
  Append(report.warnings, exported.warnings);
}

void Free(Bytes& bytes) { Bytes().swap(bytes); }

}  // namespace

Expected<Result> Process(Request request) {
  const Options& options = request.options;
  if (options.output.format != FileFormat::kJpeg && options.output.exporter != Exporter::kNative) {
    return Fail(ErrorCode::kBadArgument, "--exporter", "libultrahdr writes JPEG only, not {}",
                WordOf(options.output.format));
  }
  const Resources resources{request.limits, request.parallelism};
  StageClock clock(request.progress, resources.stop());
  Result result;
  Report& report = result.report;
  report.exporter = options.output.exporter == Exporter::kNative ? "native" : "libultrahdr";
  report.format = options.output.format;
  report.inputs = SummariesOf(request);

  HDRP_ASSIGN_OR_RETURN(PreparedEdit prepared,
                        PrepareEdit(request.base, EditOptionsOf(options), resources));
  HDRP_ASSIGN_OR_RETURN(const EditJpeg edit, ReadPreparedEdit(prepared, resources.limits));
  HDRP_ASSIGN_OR_RETURN(ModeChoice choice, ChooseMode(prepared, edit, Given(request.reference),
                                                      ModeOptionsOf(options, resources)));
  const bool original_is_used_up = prepared.made.has_value();
  if (original_is_used_up && !choice.reference_is_edit) Free(request.base.bytes);
  report.base_steps = std::move(prepared.steps);
  Append(report.warnings, prepared.warnings);
  Append(report.warnings, choice.warnings);
  DescribeEdit(edit, report);
  HDRP_RETURN_IF_ERROR(clock.Finish(Stage::kRead));

  ObtainOptions obtaining = ObtainOptionsOf(options);
  obtaining.reference = Given(request.reference);
  obtaining.mask = Given(request.mask);
  HDRP_ASSIGN_OR_RETURN(ObtainedMap obtained, ObtainMap(choice, edit, obtaining, resources));
  if (choice.derive) Free(request.reference->bytes);
  if (original_is_used_up && obtained.map.stored.empty()) Free(request.base.bytes);
  DescribeMap(obtained, report);
  result.pictures = std::move(obtained.pictures);
  HDRP_RETURN_IF_ERROR(clock.Finish(Stage::kObtain));

  const MapOrigin origin = obtained.origin;
  const std::string original = request.reference ? request.reference->name : request.base.name;
  HDRP_ASSIGN_OR_RETURN(MapInProgress map,
                        WithHeadroom(std::move(obtained.map), edit,
                                     HeadroomOptionsOf(options, origin, original), resources));
  HDRP_RETURN_IF_ERROR(clock.Finish(Stage::kGuard));

  const ExportJob job{.edit = edit,
                      .codes = prepared.codes,
                      .map = map,
                      .origin = origin,
                      .options = options.output,
                      .apple_transfer = options.apple_transfer,
                      .headroom_from_content = HeadroomIsContents(options, origin),
                      .resources = resources,
                      .clock = clock};
  HDRP_ASSIGN_OR_RETURN(Exported exported, options.output.format == FileFormat::kJpeg
                                               ? ExportJpegR(job)
                                               : ExportPicture(job));
  HDRP_ASSIGN_OR_RETURN(result.preview, ExportPreview(job));
  HDRP_RETURN_IF_ERROR(clock.Finish(Stage::kVerify));

  result.ultra_hdr = std::move(exported.file);
  DescribeFile(exported, map, report);
  result.timings = std::move(clock).Take();
  return result;
}

}  // namespace hdrp
