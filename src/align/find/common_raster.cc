#include "align/find/common_raster.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace hdrp {
namespace {

/// The samples that make one, and how much each counts.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

/// Along one axis: `count` samples, `step` long each, from `begin`, of `samples` in all.
[[nodiscard]] std::vector<Taps> TapsFor(double begin, double step, int samples, int count) {
  std::vector<Taps> result(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Taps& taps = result[static_cast<std::size_t>(i)];
    // A window no narrower than a sample's: where it is enlarged, that is linear interpolation.
    const double middle = begin + (i + 0.5) * step, reach = std::max(step, 1.0) / 2;
    const double from = std::clamp(middle - reach, 0.0, samples - 1.0);
    const double to = std::clamp(middle + reach, from + 1e-6, static_cast<double>(samples));
    taps.first = static_cast<int>(from);
    for (int k = taps.first; k < to && k < samples; ++k) {
      const double inside = std::min(to, k + 1.0) - std::max(from, static_cast<double>(k));
      taps.weights.push_back(static_cast<float>(inside / (to - from)));
    }
  }
  return result;
}

}  // namespace

Plane<std::uint8_t> OnRasterOf(const LumaView& target, const LumaView& luma) {
  const auto& [codes, extent] = luma;
  const RasterSize size{target.codes.width, target.codes.height};
  const double step_x = extent.width / target.extent.width,
               step_y = extent.height / target.extent.height;
  const std::vector<Taps> across =
      TapsFor(extent.left - target.extent.left * step_x, step_x, codes.width, size.width);
  const std::vector<Taps> down =
      TapsFor(extent.top - target.extent.top * step_y, step_y, codes.height, size.height);
  Plane<std::uint8_t> result(size.width, size.height);
  std::vector<float> row(static_cast<std::size_t>(codes.width));
  for (int y = 0; y < size.height; ++y) {
    const Taps& rows = down[static_cast<std::size_t>(y)];
    std::ranges::fill(row, 0.0F);
    for (std::size_t k = 0; k < rows.weights.size(); ++k) {
      const std::uint8_t* from = codes.Row(rows.first + static_cast<int>(k));
      for (std::size_t x = 0; x < row.size(); ++x) row[x] += rows.weights[k] * from[x];
    }
    std::uint8_t* to = result.Row(y);
    for (int x = 0; x < size.width; ++x) {
      const Taps& columns = across[static_cast<std::size_t>(x)];
      float sum = 0.5F;
      for (std::size_t k = 0; k < columns.weights.size(); ++k) {
        sum += columns.weights[k] * row[static_cast<std::size_t>(columns.first) + k];
      }
      to[x] = static_cast<std::uint8_t>(sum);
    }
  }
  return result;
}

CommonRaster::CommonRaster(const LumaView& edit, const LumaView& reference)
    : edit_(edit), reference_(reference) {
  if (edit.codes.width == reference.codes.width && edit.codes.height == reference.codes.height &&
      edit.extent == reference.extent) {
    return;
  }
  if (edit.extent.width <= reference.extent.width) {
    made_ = OnRasterOf(edit, reference);
    reference_ = LumaView(std::as_const(made_).view(), edit.extent);
  } else {
    made_ = OnRasterOf(reference, edit);
    edit_ = LumaView(std::as_const(made_).view(), reference.extent);
  }
}

}  // namespace hdrp
