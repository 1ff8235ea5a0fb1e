#include "derive/renditions.h"

#include <cmath>

#include "gainmap/derive.h"

namespace hdrp {
namespace {

/// The factor on the HDR's linear light that the user asked for; 1 where nothing was asked.
[[nodiscard]] double AskedScale(const DeriveOptions& options) {
  return kSdrWhiteNits / options.hdr_white_nits.value_or(kSdrWhiteNits) *
         std::exp2(options.hdr_exposure_stops.value_or(0));
}

}  // namespace

Expected<Renditions> RenditionsOf(const EditJpeg& edit, const HdrOriginal& original,
                                  const DeriveOptions& options, const Resources& resources) {
  Expected<BaseColor> color = BaseColorOf(edit.parsed);
  if (!color && color.error().code == ErrorCode::kUnsupported) {
    color.error().message += "; --convert-icc converts the picture to one";
  }
  HDRP_RETURN_IF_ERROR(Within(edit.name(), color));
  return Renditions{edit, *std::move(color), original, options, resources};
}

Expected<HdrLight> OpenOriginal(const Renditions& renditions, double anchor_stops) {
  const DeriveOptions& options = renditions.options;
  return OpenHdrLight(renditions.original,
                      {.target = renditions.color.primaries,
                       .scale = AskedScale(options) * std::exp2(anchor_stops)},
                      {.limits = renditions.resources.limits,
                       .stop = renditions.resources.stop(),
                       .flatten = options.flatten,
                       .exr_layer = options.exr_layer});
}

}  // namespace hdrp
