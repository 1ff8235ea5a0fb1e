#include "pipeline/stage_options.h"

namespace hdrp {
namespace {

/// --boost sets it; a derived map's is measured again after --strength.
[[nodiscard]] bool HeadroomIsContents(const Options& options, MapOrigin origin) {
  if (origin == MapOrigin::kCopied) return false;
  return !options.boost_stops || (origin == MapOrigin::kDerived && options.strength != 1);
}

}  // namespace

EditOptions EditOptionsOf(const Options& options) {
  EditOptions result{
      .flatten = options.flatten, .keep_icc = options.keep_icc, .convert_icc = options.convert_icc};
  if (options.format == FileFormat::kJpeg) {
    result.quality = options.base_quality.value_or(kDefaultJpegQuality);
    result.subsample_chroma = options.subsample_chroma;
  } else {
    // This JPEG is the SDR preview, and the wishes are not for it.
    result.subsample_chroma = false;
    result.keep_codes = true;
  }
  return result;
}

ModeOptions ModeOptionsOf(const Options& options, const Resources& resources) {
  return {.mode = options.mode,
          .keep_map = options.keep_map,
          .guards_chosen = options.predict.guards.chosen(),
          .picture = {.limits = resources.limits,
                      .stop = resources.stop(),
                      .flatten = options.flatten,
                      .exr_layer = options.exr_layer}};
}

ObtainOptions ObtainOptionsOf(const Options& options) {
  return {.framing = {options.align, options.force_reference},
          .derive = {.hdr_white_nits = options.hdr_white_nits,
                     .hdr_exposure_stops = options.hdr_exposure_stops,
                     .anchor = options.anchor,
                     .map_scale = options.gain_map_scale,
                     .map_quality = options.map_quality,
                     .map_channels = options.gain_map_channels,
                     .flatten = options.flatten,
                     .exr_layer = options.exr_layer},
          .predict = options.predict,
          .keep = options.keep,
          .fill = options.fill,
          .explain = options.explain,
          .apple_transfer = options.apple_transfer,
          .asked_headroom = options.boost_stops.has_value(),
          .keeps_primaries = options.keep_map && options.format == FileFormat::kAvif};
}

ExportOptions ExportOptionsOf(const Options& options, MapOrigin origin) {
  return {.format = options.format,
          .exporter = options.exporter,
          .heic_form = options.heic_form,
          .exif = options.exif,
          .apple_transfer = options.apple_transfer,
          .keep_map = options.keep_map,
          .map_quality = options.map_quality,
          .base_quality = options.base_quality,
          .subsample_chroma = options.subsample_chroma,
          .verify = options.verify,
          .origin = origin,
          .headroom_from_content = HeadroomIsContents(options, origin)};
}

HeadroomOptions HeadroomOptionsOf(const Options& options, MapOrigin origin,
                                  std::string_view original) {
  return {.boost_stops = options.boost_stops,
          .strength = options.strength,
          .from_peak = origin == MapOrigin::kDerived,
          .peak = {.original = original,
                   .as_jpeg = options.format == FileFormat::kJpeg,
                   .map_jpeg = MapJpegOptionsOf(ExportOptionsOf(options, origin))}};
}

}  // namespace hdrp
