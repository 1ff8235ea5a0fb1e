// HEIC and AVIF: the base's pixels are coded anew, and so are the map's.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/formatted.h"
#include "color/h273.h"
#include "decode/jpeg_pixels.h"
#include "metadata/legacy_map.h"
#include "package/picture_file.h"
#include "package/picture_metadata.h"
#include "pipeline/export.h"
#include "pipeline/gain_primaries.h"
#include "pipeline/one_gain.h"
#include "verify/verify_picture.h"

namespace hdrp {
namespace {

/// A reader of Apple's headroom alone that is off by less will not be noticed.
constexpr double kLegacyWarningStops = 0.1;

/// Which tell where the gains live: those that were kept, else the base's.
[[nodiscard]] int AlternatePrimaries(const MapInProgress& map, const Chromaticities& base) {
  return PrimariesCode(map.gain_primaries.value_or(base)).value_or(h273::kPrimariesBt2020);
}

/// The pixels of a base that came as JPEG; none where those before the JPEG are there.
[[nodiscard]] Expected<Plane<std::uint8_t>> DecodedBase(const ExportJob& job) {
  if (!job.prepared.codes.empty()) return Plane<std::uint8_t>();
  Expected<DecodedJpeg> decoded = DecodeJpeg(job.base.parsed.primary.In(job.base.file->bytes),
                                             {.output = JpegOutput::kAsStored,
                                              .limits = job.request.limits,
                                              .stop = job.request.parallelism.stop});
  if (!decoded) return Within(job.base.file->name, std::move(decoded.error()));
  return std::move(decoded->pixels);
}

/// One channel where the map is grey or the container holds no more.
void ReduceChannels(const ExportJob& job, const BaseColor& color) {
  MapInProgress& map = job.map;
  if (map.codes->codes.channels() == 1) return;
  if (map.metadata.IsSingleChannel() && IsNeutral(map.codes->codes.view())) {
    map.codes = SingleChannel(*map.codes);
    map.steps.emplace_back("reduced to one channel: its colour is neutral");
  } else if (job.request.options.format == OutputFormat::kHeic) {
    map.codes->metadata = map.metadata;
    OneGain one = ReducedToOneGain(*map.codes, color.luminance);
    job.report.warnings.push_back(
        Formatted("the gain map is coloured and HEIC holds one channel: gains changed by up to "
                  "{:.2f} stop in "
                  "99 % of it (AVIF keeps the colours)",
                  one.p99_difference_stops));
    map.metadata = one.map.metadata;
    map.codes = std::move(one.map);
    map.steps.emplace_back("reduced to one channel by luminance");
  }
}

/// The codes and what the container says of them, for the readings that are wanted.
[[nodiscard]] PictureGainMap ForReadings(const ExportJob& job) {
  const Options& options = job.request.options;
  MapInProgress& map = job.map;
  map.codes->metadata = map.metadata;
  PictureGainMap result{.map = &*map.codes};
  if (options.format != OutputFormat::kHeic || options.heic_form == HeicForm::kIso) return result;

  const double headroom_linear = std::exp2(map.metadata.alternate_hdr_headroom);
  result.apple_headroom_linear = headroom_linear;
  if (options.heic_form == HeicForm::kApple) {
    const double clipped =
        std::max(-map.metadata.gain_map_min[0],
                 map.metadata.gain_map_max[0] - map.metadata.alternate_hdr_headroom);
    if (clipped > kLegacyWarningStops) {
      job.report.warnings.push_back(Formatted(
          "Apple's curve holds gains from 0 to {:.2f} stops; the map's own, {:.2f} to {:.2f}, were "
          "clipped",
          map.metadata.alternate_hdr_headroom, map.metadata.gain_map_min[0],
          map.metadata.gain_map_max[0]));
    }
    const auto table = LegacyCodesFrom(map.metadata, options.apple_transfer);
    for (int y = 0; y < map.codes->codes.height(); ++y) {
      for (std::uint8_t& code : map.codes->codes.view().RowSpan(y)) code = table[code];
    }
    map.metadata = map.codes->metadata = MetadataFromApple(headroom_linear);
    map.steps.emplace_back("converted to Apple's curve");
    result.iso = false;
    return result;
  }
  if (!options.keep_map) {
    if (auto both = CodedForBothReadings(*map.codes, options.apple_transfer)) {
      map.codes = *std::move(both);
      map.metadata = map.codes->metadata;
      map.steps.push_back(Formatted("coded with gamma {:.4f}, so that Apple's curve reads it too",
                                    map.metadata.gamma[0]));
      result.map = &*map.codes;
    }
  }
  if (const double error = LegacyReadingError(*map.codes, headroom_linear, options.apple_transfer);
      error > kLegacyWarningStops) {
    job.report.warnings.push_back(
        Formatted("a reader that knows Apple's headroom alone shows gains up to {:.2f} stop wrong; "
                  "readers of "
                  "ISO 21496-1 show them exactly",
                  error));
  }
  return result;
}

[[nodiscard]] PictureFileOptions WriteOptions(const Request& request) {
  const Options& options = request.options;
  return {.base_quality = options.base_quality.value_or(0),
          .map_quality = options.map_quality.value_or(0),
          .lossless_map = options.keep_map && !options.map_quality,
          .subsample_chroma = options.subsample_chroma.value_or(true),
          .threads = request.parallelism.threads,
          .stop = request.parallelism.stop};
}

}  // namespace

Expected<Bytes> ExportPicture(const ExportJob& job) {
  const Request& request = job.request;
  Report& report = job.report;
  const bool heic = request.options.format == OutputFormat::kHeic;
  if (auto ok = EnsureCodes(job.map, request.limits); !ok) return std::unexpected(ok.error());
  const BaseColor color = BaseColorOf(job.base).value_or(BaseColor{.primaries = kRec2020Primaries});
  ReduceChannels(job, color);
  const PictureGainMap map = ForReadings(job);
  job.map.components = map.map->codes.channels();
  const Expected<Plane<std::uint8_t>> decoded = DecodedBase(job);
  if (!decoded) return std::unexpected(decoded.error());
  const PlaneView<const std::uint8_t> pixels =
      decoded->empty() ? job.prepared.codes.view() : decoded->view();
  PictureMetadata kept = PictureMetadataOf(job.base.parsed.primary, request.options.exif);
  report.warnings.insert(report.warnings.end(), kept.warnings.begin(), kept.warnings.end());
  if (auto go_on = job.clock.Finish("encode"); !go_on) return std::unexpected(go_on.error());

  const PictureBase base{.codes = pixels,
                         .orientation = job.base.orientation(),
                         .icc = kept.icc,
                         .exif_tiff = kept.exif_tiff,
                         .xmp = AsBytes(kept.xmp),
                         .alternate_primaries = AlternatePrimaries(job.map, color.primaries)};
  const PictureFileOptions options = WriteOptions(request);
  Expected<Bytes> file =
      WritePictureFile(heic ? PictureFormat::kHeic : PictureFormat::kAvif, base, map, options);
  if (!file) return Within("package", std::move(file.error()));
  job.map.steps.push_back(Formatted("coded as {}{}", heic ? "HEVC" : "AV1",
                                    options.lossless_map ? " without loss" : ""));
  if (auto go_on = job.clock.Finish("package"); !go_on) return std::unexpected(go_on.error());

  const ExpectedPicture expected{.format = heic ? FileFormat::kHeif : FileFormat::kAvif,
                                 .base = pixels,
                                 .orientation = job.base.orientation(),
                                 .map = map.map,
                                 .iso = map.iso,
                                 .apple_headroom_linear = map.apple_headroom_linear};
  Expected<Verification> verification = VerifyPictureFile(
      *file, expected, {request.options.verify, request.limits, request.parallelism.stop});
  if (!verification) return Within("verify", std::move(verification.error()));
  if (auto ok = Demand(*verification, Formatted("{} file", NameOf(request.options.format))); !ok) {
    return std::unexpected(ok.error());
  }
  report.verification = *std::move(verification);
  return file;
}

}  // namespace hdrp
