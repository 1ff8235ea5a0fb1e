#include "pipeline/process.h"

#include <chrono>
#include <utility>

#include "color/icc.h"
#include "metadata/digest.h"
#include "package/jpeg_r_libultrahdr.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Ends each stage: its time, the progress report, and the error of a run that is asked to stop.
class StageClock {
 public:
  StageClock(std::vector<StageTime>& times, const Request& request)
      : times_(times), request_(request) {}

  [[nodiscard]] Expected<void> Finish(std::string_view stage) {
    const auto now = std::chrono::steady_clock::now();
    times_.push_back({stage, std::chrono::duration<double, std::milli>(now - begin_).count()});
    begin_ = now;
    if (request_.progress) {
      request_.progress(stage, static_cast<double>(times_.size()) / kStages);
    }
    return request_.parallelism.stop.Check(stage);
  }

 private:
  static constexpr double kStages = 6;
  std::vector<StageTime>& times_;
  const Request& request_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

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

/// Obtain and align: the map in the base's raster, from whichever source the mode says.
[[nodiscard]] Expected<MapInProgress> ObtainMap(const ModeChoice& choice, const ReadJpeg& base,
                                                const Request& request, Report& report) {
  if (choice.derive) {
    report.mode = "reference";
    return MapFromHdr(base, request, report);
  }
  const ReadJpeg* reference =
      choice.separate_reference ? &*choice.separate_reference
                                : (choice.base_is_reference ? &base : nullptr);
  if (reference == nullptr) {
    report.mode = "predict";
    report.predictor = "bright";
    return MapFromPredictor(base, request);
  }
  report.mode = "reference";
  Expected<MapInProgress> map = MapFromReference(*reference, request);
  if (!map) return map;
  report.source = NameOf(reference->parsed.map->source);
  for (const std::string& problem : reference->parsed.problems) {
    report.warnings.push_back(reference->file->name + ": " + problem);
  }
  if (reference != &base) {
    Expected<double> agreement = CheckSamePicture(base, *reference, request, report.warnings);
    if (!agreement) return std::unexpected(std::move(agreement.error()));
    report.agreement = *agreement;
  }
  return FitToBase(*std::move(map), *reference, base, request.limits);
}

[[nodiscard]] Expected<PackagedJpeg> Package(const BaseJpeg& base, ByteView map_jpeg,
                                             const GainMapMetadata& metadata,
                                             const Options& options) {
  switch (options.exporter) {
    case Exporter::kNative:
      return WriteJpegR(base, map_jpeg, metadata, options.exif);
    case Exporter::kLibultrahdr:
      return WriteJpegRWithLibultrahdr(base, map_jpeg, metadata, options.exif);
  }
  std::unreachable();
}

/// The gate: any failed check is export_failed with all of them as details.
[[nodiscard]] Expected<void> Demand(const Verification& verification, std::string_view what) {
  if (verification.passed()) return {};
  Error error{ErrorCode::kExportFailed, {}, std::string(what), verification.failures()};
  error.message = "the written file failed verification: " + error.details.front();
  return std::unexpected(std::move(error));
}

void Free(Bytes& bytes) { Bytes().swap(bytes); }

/// `releasable`: the same request, where inputs may be freed on the way, or null.
[[nodiscard]] Expected<Result> Run(const Request& request, Request* releasable) {
  Result result;
  Report& report = result.report;
  const Options& options = request.options;
  report.exporter = options.exporter == Exporter::kNative ? "native" : "libultrahdr";
  StageClock clock(result.timings, request);

  DescribeInputs(request, report);
  const Expected<PreparedBase> prepared = PrepareBase(request, report);
  if (!prepared) return std::unexpected(prepared.error());
  if (releasable != nullptr && prepared->made) Free(releasable->base.bytes);
  Expected<ReadJpeg> base = ReadInputJpeg(prepared->file(), request.limits);
  if (!base) return std::unexpected(std::move(base.error()));
  Expected<ModeChoice> choice = ChooseMode(request, *base, report.warnings);
  if (!choice) return std::unexpected(std::move(choice.error()));
  DescribeBase(*base, report);
  if (Expected<void> go_on = clock.Finish("read"); !go_on) return std::unexpected(go_on.error());

  Expected<MapInProgress> map = ObtainMap(*choice, *base, request, report);
  if (!map) return std::unexpected(std::move(map.error()));
  if (releasable != nullptr && choice->derive) Free(releasable->reference->bytes);
  if (Expected<void> go_on = clock.Finish("obtain"); !go_on) return std::unexpected(go_on.error());

  map = GuardMap(*std::move(map), *base, request);
  if (!map) return std::unexpected(std::move(map.error()));
  if (Expected<void> go_on = clock.Finish("guard"); !go_on) return std::unexpected(go_on.error());

  const Expected<Bytes> encoded = EncodeMap(*map, options);
  if (!encoded) return Within("gain map", encoded.error());
  if (Expected<void> go_on = clock.Finish("encode"); !go_on) return std::unexpected(go_on.error());

  const bool copied = encoded->empty();
  const BaseJpeg base_jpeg{base->file->bytes, &base->parsed.primary};
  Expected<PackagedJpeg> packaged =
      Package(base_jpeg, copied ? map->stored : ByteView(*encoded), map->metadata, options);
  if (!packaged) return Within("package", std::move(packaged.error()));
  Expected<PackagedJpeg> preview = WritePlainJpeg(base_jpeg, options.exif);
  if (!preview) return Within("preview", std::move(preview.error()));
  report.warnings.insert(report.warnings.end(), packaged->warnings.begin(),
                         packaged->warnings.end());
  if (Expected<void> go_on = clock.Finish("package"); !go_on) return std::unexpected(go_on.error());

  const ExpectedFile expected{
      .base_file = base->file->bytes,
      .base = &base->parsed.primary,
      .orientation = base->orientation(),
      .metadata = map->metadata,
      .map_origin = report.mode == "predict" ? MapOrigin::kPredicted
                    : choice->derive        ? MapOrigin::kDerived
                                            : MapOrigin::kCopied,
      .headroom_from_content = report.mode == "predict" && !options.boost_stops,
      .iso_only_container = options.exporter == Exporter::kLibultrahdr,
  };
  const VerifyOptions verify{options.verify, request.limits, request.parallelism.stop};
  Expected<Verification> verification = VerifyJpegR(packaged->bytes, expected, verify);
  if (!verification) return Within("verify", std::move(verification.error()));
  if (Expected<void> ok = Demand(*verification, "Ultra HDR file"); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  const Expected<Verification> preview_verification =
      VerifyPreview(preview->bytes, expected, verify);
  if (!preview_verification) return Within("verify preview", preview_verification.error());
  if (Expected<void> ok = Demand(*preview_verification, "SDR preview"); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  if (Expected<void> go_on = clock.Finish("verify"); !go_on) return std::unexpected(go_on.error());

  report.map_width = map->width;
  report.map_height = map->height;
  report.map_components = map->components;
  report.map_copied = copied;
  report.map_steps = std::move(map->steps);
  report.metadata = map->metadata;
  report.verification = *std::move(verification);
  result.ultra_hdr = std::move(packaged->bytes);
  result.preview = std::move(preview->bytes);
  return result;
}

}  // namespace

Expected<Result> Process(const Request& request) { return Run(request, nullptr); }
Expected<Result> ProcessOnce(Request& request) { return Run(request, &request); }

}  // namespace hdrp
