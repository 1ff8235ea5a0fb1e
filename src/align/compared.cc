#include "align/compared.h"

#include <algorithm>

#include "align/tone/luma_codes.h"
#include "align/warp/warp_gain.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// The whole picture in a raster of that size.
[[nodiscard]] Plane<float> Whole(const LumaView& luma, RasterSize size) {
  const Plane<float> codes = Floats(luma.codes);
  if (luma.extent == WholeOf(codes.width(), codes.height())) {
    return Resized(codes.view(), size.width, size.height);
  }
  const Raster raster{codes.width(), codes.height(), Orientation::kTopLeft};
  return Warped(codes.view(), {raster, raster, {}}, size, luma.extent);
}

}  // namespace

LumaPair CompareAt(const LumaView& edit, const LumaView& reference,
                   const FramingMap& to_reference) {
  const bool alike = edit.codes.width == reference.codes.width &&
                     edit.codes.height == reference.codes.height && edit.extent == reference.extent;
  if (alike && edit.extent != WholeOf(edit.codes.width, edit.codes.height) &&
      to_reference == FramingMap{}) {
    return CompareAt(edit.codes, reference.codes, to_reference);  // pixel lies on pixel
  }
  const auto& [width, height] = std::pair{edit.codes.width, edit.codes.height};
  const Placement placement{{width, height, Orientation::kTopLeft},
                            {reference.codes.width, reference.codes.height, Orientation::kTopLeft},
                            to_reference};
  const RasterSize finest = WarpedMapSize(placement, reference.codes.width);
  const double scale =
      std::min({1.0, static_cast<double>(LumaPair::kLongSide) / std::max(width, height),
                static_cast<double>(finest.width) / width});
  const RasterSize size = Scaled({width, height}, scale);
  const Plane<float> of_reference = Floats(reference.codes);
  LumaPair result{Codes(Whole(edit, size).view()),
                  Codes(Warped(of_reference.view(), placement, size, reference.extent).view()),
                  OutsideReference(to_reference, size)};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (result.outside.Row(y)[x] != 0) result.reference.Row(y)[x] = result.edit.Row(y)[x];
    }
  }
  return result;
}

void TakeOutside(LumaPair& compared, PlaneView<const std::uint8_t> mask) {
  Plane<std::uint8_t>& outside = compared.outside;
  for (int y = 0; y < outside.height(); ++y) {
    for (int x = 0; x < outside.width(); ++x) {
      const auto u = static_cast<int>(std::int64_t{x} * mask.width / outside.width());
      const auto v = static_cast<int>(std::int64_t{y} * mask.height / outside.height());
      if (mask.At(u, v) == 0) continue;
      outside.Row(y)[x] = 255;
      compared.reference.Row(y)[x] = compared.edit.Row(y)[x];
    }
  }
}

}  // namespace hdrp
