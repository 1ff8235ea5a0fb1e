#include "align/compared.h"

#include <algorithm>
#include <cmath>

#include "align/warp_gain.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

[[nodiscard]] Plane<float> Floats(PlaneView<const std::uint8_t> codes) {
  Plane<float> result(codes.width, codes.height);
  for (int y = 0; y < codes.height; ++y) std::ranges::copy(codes.RowSpan(y), result.Row(y));
  return result;
}

[[nodiscard]] Plane<std::uint8_t> Codes(const Plane<float>& values) {
  Plane<std::uint8_t> result(values.width(), values.height());
  for (int y = 0; y < values.height(); ++y) {
    std::ranges::transform(values.view().RowSpan(y), result.Row(y), [](float value) {
      return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
    });
  }
  return result;
}

}  // namespace

ComparedLumas CompareAt(PlaneView<const std::uint8_t> edit, PlaneView<const std::uint8_t> reference,
                        const Homography& to_reference) {
  const Placement placement{{edit.width, edit.height, Orientation::kTopLeft},
                            {reference.width, reference.height, Orientation::kTopLeft},
                            to_reference};
  const MapSize finest = WarpedMapSize(placement, reference.width);
  const double scale =
      std::min({1.0, static_cast<double>(ComparedLumas::kLongSide) / std::max(edit.width, edit.height),
                static_cast<double>(finest.width) / edit.width});
  const auto side = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  const MapSize size{side(edit.width), side(edit.height)};
  const Plane<float> of_edit = Floats(edit);
  const Plane<float> of_reference = Floats(reference);
  ComparedLumas result{Codes(Resized(of_edit.view(), size.width, size.height)),
                       Codes(Warped(of_reference.view(), placement, size)),
                       OutsideReference(to_reference, size)};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (result.outside.Row(y)[x] != 0) result.reference.Row(y)[x] = result.edit.Row(y)[x];
    }
  }
  return result;
}

}  // namespace hdrp
