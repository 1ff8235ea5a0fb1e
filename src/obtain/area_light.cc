#include "obtain/area_light.h"

#include <algorithm>
#include <utility>

namespace hdrp {

AreaLight::AreaLight(LightRows light, RasterSize to)
    : light_(std::move(light)),
      to_(to),
      row_(light_.raster.width, 1, 3),
      sums_(3 * static_cast<std::size_t>(to.width)) {}

/// Across, a pixel of the light is to_.width units wide and an output pixel the light's width.
void AreaLight::AddAcross(std::span<const float> row, std::int64_t share) {
  const std::int64_t width = light_.raster.width;
  std::int64_t at = 0;
  for (std::size_t x = 0; x < static_cast<std::size_t>(to_.width); ++x) {
    const std::int64_t end = at + width;
    while (at < end) {
      const std::int64_t column = at / to_.width;
      const std::int64_t covered = std::min(end, (column + 1) * to_.width) - at;
      const auto weight = static_cast<double>(covered * share);
      for (std::size_t c = 0; c < 3; ++c) {
        sums_[3 * x + c] +=
            weight * static_cast<double>(row[3 * static_cast<std::size_t>(column) + c]);
      }
      at += covered;
    }
  }
}

Expected<void> AreaLight::Row(std::span<float> rgb) {
  const std::int64_t height = light_.raster.height;
  std::ranges::fill(sums_, 0.0);
  const std::int64_t end = at_ + height;
  while (at_ < end) {
    const std::int64_t source = at_ / to_.height;
    if (source == rows_read_) {
      HDRP_RETURN_IF_ERROR(light_.read(row_.view()));
      ++rows_read_;
    }
    const std::int64_t covered = std::min(end, (source + 1) * to_.height) - at_;
    AddAcross(std::as_const(row_).view().RowSpan(0), covered);
    at_ += covered;
  }
  const double area = static_cast<double>(height) * light_.raster.width;
  std::ranges::transform(sums_, rgb.begin(),
                         [area](double sum) { return static_cast<float>(sum / area); });
  return {};
}

}  // namespace hdrp
