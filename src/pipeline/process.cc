#include "pipeline/process.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "color/icc.h"
#include "metadata/digest.h"
#include "pipeline/export.h"
#include "pipeline/find_edited.h"

namespace hdrp {
namespace {

[[nodiscard]] InputSummary Summary(std::string_view role, const InputFile& file) {
  return {role, file.name, file.bytes.size(), Sha256Hex(file.bytes)};
}

void DescribeInputs(const Request& request, Report& report) {
  report.inputs.push_back(Summary("base", request.base));
  if (request.reference) report.inputs.push_back(Summary("reference", *request.reference));
  if (request.mask) report.inputs.push_back(Summary("mask", *request.mask));
}

void DescribeBase(const ReadJpeg& base, Report& report) {
  report.width = base.width();
  report.height = base.height();
  report.orientation = static_cast<int>(base.orientation());
  if (const Expected<Bytes> icc = JoinIcc(base.parsed.primary); !icc) {
    report.warnings.push_back("the base's ICC profile is broken: " + icc.error().message);
  } else if (!icc->empty()) {
    report.icc = IccDescription(*icc);
  }
  if (base.parsed.exif.orientation_invalid) {
    report.warnings.push_back("the base's EXIF orientation is not 1 to 8; taken as 1");
  }
}

/// An edit's own map means the edit as it is: there is nothing else to keep.
[[nodiscard]] bool KeepsHdr(const ModeChoice& choice, const Options& options) {
  return choice.reference && !choice.reference_is_edit && options.keep == Keep::kHdr;
}

/// Of a gain-map file. Where the gain is to be explained, `before` becomes what the file has.
[[nodiscard]] Expected<PlacedMap> MapFromGainMapFile(ModeChoice& choice, const ReadJpeg& base,
                                                     const Request& request, Report& report,
                                                     Plane<float>* before) {
  GainMapFile& reference = *choice.reference;
  const Raster raster = reference.raster();
  Expected<MapInProgress> map = MapFromReference(reference, request, report);
  if (!map) return std::unexpected(std::move(map.error()));
  for (const std::string& problem : reference.problems()) {
    report.warnings.push_back(reference.file->name + ": " + problem);
  }
  Framing framing;
  if (!choice.reference_is_edit) {
    Expected<Framing> found =
        FrameReference(base, reference, std::max(map->width, map->height), request, report);
    if (!found) return std::unexpected(std::move(found.error()));
    framing = *std::move(found);
  }
  if (!KeepsHdr(choice, request.options)) {
    map = MoveGains(*std::move(map), reference, base, request, report);
    if (!map) return std::unexpected(std::move(map.error()));
  }
  if (before != nullptr) {
    Expected<Plane<float>> gain = SmallGain(*map, raster.orientation, request.limits);
    if (!gain) return std::unexpected(std::move(gain.error()));
    *before = *std::move(gain);
  }
  Expected<Plane<std::uint8_t>> edited =
      FindEditedAndLights(framing, *map, raster.orientation, request.limits);
  if (!edited) return std::unexpected(std::move(edited.error()));
  if (KeepsHdr(choice, request.options)) {
    map = MapKeepingHdr(base, reference, framing, *edited, request, report);
  } else {
    map = framing.alignment
              ? WarpToBase(*std::move(map), *framing.alignment, raster, base, request.limits)
              : FitToBase(*std::move(map), raster.orientation, base, request.limits);
  }
  if (!map) return std::unexpected(std::move(map.error()));
  return PlacedMap{*std::move(map), std::move(framing), *std::move(edited)};
}

[[nodiscard]] Expected<void> AddPictures(Expected<std::vector<ExplainingPicture>> more,
                                         std::vector<ExplainingPicture>& pictures) {
  if (!more) return std::unexpected(std::move(more.error()));
  std::ranges::move(*more, std::back_inserter(pictures));
  return {};
}

/// With what is not of the reference filled.
[[nodiscard]] Expected<MapInProgress> MapFromReferences(ModeChoice& choice, const ReadJpeg& base,
                                                        const Request& request, Result& result) {
  const Explained explain =
      choice.reference_is_edit ? Explained::kNothing : request.options.explain;
  Plane<float> before;
  Expected<PlacedMap> placed =
      choice.derive ? MapFromHdr(base, request, result.report)
                    : MapFromGainMapFile(choice, base, request, result.report,
                                         explain == Explained::kEverything ? &before : nullptr);
  if (!placed) return std::unexpected(std::move(placed.error()));
  if (choice.derive && explain == Explained::kEverything) {
    Expected<Plane<float>> gain = SmallGain(placed->map, base.orientation(), request.limits);
    if (!gain) return std::unexpected(std::move(gain.error()));
    before = *std::move(gain);
  }
  Expected<MapInProgress> map = FillEdited(std::move(placed->map), placed->framing, placed->edited,
                                           request.options.fill, base, request, result.report);
  if (!map || explain == Explained::kNothing) return map;
  Expected<void> ok = AddPictures(ExplainFraming(placed->framing, placed->edited), result.pictures);
  if (ok && explain == Explained::kEverything) {
    const Expected<Plane<float>> after = SmallGain(*map, base.orientation(), request.limits);
    ok = after ? AddPictures(ExplainGain(before, *after), result.pictures)
               : std::unexpected(after.error());
  }
  if (!ok) return std::unexpected(std::move(ok.error()));
  return map;
}

/// Obtain and align: the map in the base's raster, from whichever source the mode says.
[[nodiscard]] Expected<MapInProgress> ObtainMap(ModeChoice& choice, const ReadJpeg& base,
                                                const Request& request, Result& result) {
  Report& report = result.report;
  if (choice.reference || choice.derive) {
    report.mode = "reference";
    return MapFromReferences(choice, base, request, result);
  }
  report.mode = "predict";
  Expected<MapInProgress> map = MapFromPredictor(base, request, report);
  if (!map) return map;
  // What the predictor gave cannot be what takes its place.
  return FillEdited(*std::move(map), {}, {}, Fill::kNeutral, base, request, report);
}

[[nodiscard]] MapOrigin OriginOf(const ModeChoice& choice, const Options& options) {
  if (choice.derive || KeepsHdr(choice, options)) return MapOrigin::kDerived;
  return choice.reference ? MapOrigin::kCopied : MapOrigin::kPredicted;
}

void Free(Bytes& bytes) { Bytes().swap(bytes); }

/// `releasable`: the same request, where inputs may be freed on the way, or null.
[[nodiscard]] Expected<Result> Run(const Request& request, Request* releasable) {
  Result result;
  Report& report = result.report;
  const Options& options = request.options;
  if (options.format != OutputFormat::kJpeg && options.exporter != Exporter::kNative) {
    return Fail(ErrorCode::kBadArgument, "--exporter", "libultrahdr writes JPEG only, not {}",
                NameOf(options.format));
  }
  report.exporter = options.exporter == Exporter::kNative ? "native" : "libultrahdr";
  report.format = options.format;
  StageClock clock(result.timings, request);

  DescribeInputs(request, report);
  Expected<PreparedBase> prepared = PrepareBase(request, report);
  if (!prepared) return std::unexpected(prepared.error());
  Expected<ReadJpeg> base = ReadPreparedBase(*prepared, request, report);
  if (!base) return std::unexpected(std::move(base.error()));
  Expected<ModeChoice> choice = ChooseMode(request, *base, report.warnings);
  if (!choice) return std::unexpected(std::move(choice.error()));
  const bool edit_is_used_up = releasable != nullptr && prepared->made.has_value();
  if (edit_is_used_up && !choice->reference_is_edit) Free(releasable->base.bytes);
  DescribeBase(*base, report);
  if (Expected<void> go_on = clock.Finish("read"); !go_on) return std::unexpected(go_on.error());

  Expected<MapInProgress> map = ObtainMap(*choice, *base, request, result);
  if (!map) return std::unexpected(std::move(map.error()));
  if (releasable != nullptr && choice->derive) Free(releasable->reference->bytes);
  if (edit_is_used_up) Free(releasable->base.bytes);
  if (Expected<void> go_on = clock.Finish("obtain"); !go_on) return std::unexpected(go_on.error());

  map = GuardMap(*std::move(map), *base, OriginOf(*choice, options), request);
  if (!map) return std::unexpected(std::move(map.error()));
  if (Expected<void> go_on = clock.Finish("guard"); !go_on) return std::unexpected(go_on.error());

  const ExportJob job{*base, *prepared, *map, OriginOf(*choice, options), request, report, clock};
  Expected<Bytes> file =
      options.format == OutputFormat::kJpeg ? ExportJpegR(job) : ExportPicture(job);
  if (!file) return std::unexpected(std::move(file.error()));
  Expected<Bytes> preview = ExportPreview(job);
  if (!preview) return std::unexpected(std::move(preview.error()));
  if (Expected<void> go_on = clock.Finish("verify"); !go_on) return std::unexpected(go_on.error());

  report.map_width = map->width;
  report.map_height = map->height;
  report.map_components = map->components;
  report.map_steps = std::move(map->steps);
  report.metadata = map->metadata;
  result.ultra_hdr = *std::move(file);
  result.preview = *std::move(preview);
  return result;
}

}  // namespace

std::string_view NameOf(OutputFormat format) {
  switch (format) {
    case OutputFormat::kJpeg:
      return "jpeg";
    case OutputFormat::kHeic:
      return "heic";
    case OutputFormat::kAvif:
      return "avif";
  }
  std::unreachable();
}

Expected<Result> Process(const Request& request) { return Run(request, nullptr); }
Expected<Result> ProcessOnce(Request& request) { return Run(request, &request); }

}  // namespace hdrp
