#include "derive/edit_and_original.h"

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

Expected<EditAndOriginal> EditAndOriginalOf(const EditJpeg& edit, const HdrOriginal& original,
                                            const DeriveOptions& options,
                                            const Resources& resources) {
  Expected<BaseColor> color = BaseColorOf(edit.parsed);
  if (!color && color.error().code == ErrorCode::kUnsupported) {
    color.error().message += "; --convert-icc converts the picture to one";
  }
  HDRP_RETURN_IF_ERROR(Within(edit.name(), color));
  return EditAndOriginal{edit, *std::move(color), original, options, resources};
}

Expected<HdrLight> OpenOriginal(const EditAndOriginal& pair, double anchor_stops) {
  const DeriveOptions& options = pair.options;
  return OpenHdrLight(
      pair.original,
      {.target = pair.color.primaries, .scale = AskedScale(options) * std::exp2(anchor_stops)},
      {.limits = pair.resources.limits,
       .stop = pair.resources.stop(),
       .flatten = options.flatten,
       .exr_layer = options.exr_layer});
}

}  // namespace hdrp
