// HEIC and AVIF: the base's pixels are coded anew, and so are the map's.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/formatted.h"
#include "color/h273.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/one_gain.h"
#include "metadata/legacy_map.h"
#include "obtain/gain_primaries.h"
#include "package/picture_file.h"
#include "package/picture_metadata.h"
#include "pipeline/export.h"
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
  if (!job.codes.empty()) return Plane<std::uint8_t>();
  HDRP_ASSIGN_OR_RETURN(
      DecodedJpeg decoded,
      Within(job.edit.name(), DecodeJpeg(job.edit.parsed.primary.In(job.edit.file->bytes),
                                         {.output = JpegOutput::kAsStored,
                                          .limits = job.resources.limits,
                                          .stop = job.resources.stop()})));
  return std::move(decoded.pixels);
}

/// One channel where the map is grey or the container holds no more.
void ReduceChannels(const ExportJob& job, const BaseColor& color) {
  MapInProgress& map = job.map;
  if (map.codes->codes.channels() == 1) return;
  if (map.metadata.IsSingleChannel() && IsNeutral(map.codes->codes.view())) {
    map.codes = SingleChannel(*map.codes);
    map.steps.emplace_back("reduced to one channel: its colour is neutral");
  } else if (InfoOf(job.options.format).map_channels == 1) {
    map.codes->metadata = map.metadata;
    OneGain one = ReducedToOneGain(*map.codes, color.luminance);
    job.map.warnings.push_back(
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
  const OutputOptions& options = job.options;
  MapInProgress& map = job.map;
  map.codes->metadata = map.metadata;
  PictureGainMap result{.map = &*map.codes};
  if (options.format != FileFormat::kHeif || options.heic_form == HeicForm::kIso) return result;

  const double headroom_linear = std::exp2(map.metadata.alternate_hdr_headroom);
  result.apple_headroom_linear = headroom_linear;
  if (options.heic_form == HeicForm::kApple) {
    const double clipped =
        std::max(-map.metadata.gain_map_min[0],
                 map.metadata.gain_map_max[0] - map.metadata.alternate_hdr_headroom);
    if (clipped > kLegacyWarningStops) {
      job.map.warnings.push_back(Formatted(
          "Apple's curve holds gains from 0 to {:.2f} stops; the map's own, {:.2f} to {:.2f}, were "
          "clipped",
          map.metadata.alternate_hdr_headroom, map.metadata.gain_map_min[0],
          map.metadata.gain_map_max[0]));
    }
    const auto table = LegacyCodesFrom(map.metadata, job.apple_transfer);
    for (int y = 0; y < map.codes->codes.height(); ++y) {
      for (std::uint8_t& code : map.codes->codes.view().RowSpan(y)) code = table[code];
    }
    map.metadata = map.codes->metadata = MetadataFromApple(headroom_linear);
    map.steps.emplace_back("converted to Apple's curve");
    result.iso = false;
    return result;
  }
  if (!options.keep_map) {
    if (auto both = CodedForBothReadings(*map.codes, job.apple_transfer)) {
      map.codes = *std::move(both);
      map.metadata = map.codes->metadata;
      map.steps.push_back(Formatted("coded with gamma {:.4f}, so that Apple's curve reads it too",
                                    map.metadata.gamma[0]));
      result.map = &*map.codes;
    }
  }
  if (const double error = LegacyReadingError(*map.codes, headroom_linear, job.apple_transfer);
      error > kLegacyWarningStops) {
    job.map.warnings.push_back(
        Formatted("a reader that knows Apple's headroom alone shows gains up to {:.2f} stop wrong; "
                  "readers of "
                  "ISO 21496-1 show them exactly",
                  error));
  }
  return result;
}

[[nodiscard]] PictureFileOptions WriteOptions(const ExportJob& job) {
  const OutputOptions& options = job.options;
  return {.base_quality = options.base_quality.value_or(0),
          .map_quality = options.map_quality.value_or(0),
          .lossless_map = options.keep_map && !options.map_quality,
          .subsample_chroma = options.subsample_chroma.value_or(true),
          .threads = job.resources.parallelism.threads,
          .stop = job.resources.stop()};
}

}  // namespace

Expected<Exported> ExportPicture(const ExportJob& job) {
  const FormatInfo& format = InfoOf(job.options.format);
  HDRP_RETURN_IF_ERROR(EnsureCodes(job.map, job.resources.limits));
  const BaseColor color =
      BaseColorOf(job.edit.parsed).value_or(BaseColor{.primaries = kRec2020Primaries});
  ReduceChannels(job, color);
  const PictureGainMap map = ForReadings(job);
  job.map.components = map.map->codes.channels();
  HDRP_ASSIGN_OR_RETURN(const Plane<std::uint8_t> decoded, DecodedBase(job));
  const PlaneView<const std::uint8_t> pixels = decoded.empty() ? job.codes.view() : decoded.view();
  PictureMetadata kept = PictureMetadataOf(job.edit.parsed.primary, job.options.exif);
  Exported result;
  result.warnings = std::move(kept.warnings);
  HDRP_RETURN_IF_ERROR(job.clock.Finish(Stage::kEncode));

  const PictureBase base{.codes = pixels,
                         .orientation = job.edit.orientation(),
                         .icc = kept.icc,
                         .exif_tiff = kept.exif_tiff,
                         .xmp = AsBytes(kept.xmp),
                         .alternate_primaries = AlternatePrimaries(job.map, color.primaries)};
  const PictureFileOptions options = WriteOptions(job);
  HDRP_ASSIGN_OR_RETURN(result.file,
                        Within("package", WritePictureFile(format.format, base, map, options)));
  job.map.steps.push_back(
      Formatted("coded as {}{}", format.codec, options.lossless_map ? " without loss" : ""));
  HDRP_RETURN_IF_ERROR(job.clock.Finish(Stage::kPackage));

  const ExpectedPicture expected{.format = format.format,
                                 .base = pixels,
                                 .orientation = job.edit.orientation(),
                                 .map = map.map,
                                 .iso = map.iso,
                                 .apple_headroom_linear = map.apple_headroom_linear};
  HDRP_ASSIGN_OR_RETURN(
      result.verification,
      Within("verify",
             VerifyPictureFile(result.file, expected,
                               {job.options.verify, job.resources.limits, job.resources.stop()})));
  HDRP_RETURN_IF_ERROR(Demand(result.verification, Formatted("{} file", format.word)));
  return result;
}

}  // namespace hdrp
