#include "pipeline/stage_options.h"

#include "pipeline/export.h"

namespace hdrp {

bool HeadroomIsContents(const Options& options, MapOrigin origin) {
  if (origin == MapOrigin::kCopied) return false;
  return !options.boost_stops || (origin == MapOrigin::kDerived && options.strength != 1);
}

EditOptions EditOptionsOf(const Options& options) {
  EditOptions result = options.edit;
  if (options.output.format == FileFormat::kJpeg) {
    result.quality = options.output.base_quality.value_or(kDefaultJpegQuality);
    result.subsample_chroma = options.output.subsample_chroma;
  } else {
    // This JPEG is the SDR preview, and the wishes are not for it.
    result.subsample_chroma = false;
    result.keep_codes = true;
  }
  return result;
}

ModeOptions ModeOptionsOf(const Options& options, const Resources& resources) {
  return {.mode = options.mode,
          .keep_map = options.output.keep_map,
          .guards_chosen = options.predict.guards.chosen(),
          .picture = {.limits = resources.limits,
                      .stop = resources.stop(),
                      .flatten = options.edit.flatten,
                      .exr_layer = options.derive.exr_layer}};
}

ObtainOptions ObtainOptionsOf(const Options& options) {
  const OutputOptions& output = options.output;
  ObtainOptions result{.framing = options.framing,
                       .derive = options.derive,
                       .predict = options.predict,
                       .keep = options.keep,
                       .fill = options.fill,
                       .explain = options.explain,
                       .apple_transfer = options.apple_transfer,
                       .asked_headroom = options.boost_stops.has_value(),
                       .keeps_primaries = output.keep_map && output.format == FileFormat::kAvif};
  result.derive.map_quality = output.map_quality;
  result.derive.flatten = options.edit.flatten;
  return result;
}

HeadroomOptions HeadroomOptionsOf(const Options& options, MapOrigin origin,
                                  std::string_view original) {
  return {.boost_stops = options.boost_stops,
          .strength = options.strength,
          .from_peak = origin == MapOrigin::kDerived,
          .peak = {.original = original,
                   .as_jpeg = options.output.format == FileFormat::kJpeg,
                   .map_jpeg = MapJpegOptionsOf(options.output)}};
}

}  // namespace hdrp
