#include "align/warp/warp_gain.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hdrp {

RasterSize WarpedMapSize(const Placement& placement, int map_width) {
  const Raster& edit = placement.edit;
  const double height =
      static_cast<double>(map_width) * placement.reference.height / placement.reference.width;
  const StepLengths whole =
      StepsAtMiddle(placement, {64, 64}, {static_cast<double>(map_width), height});
  // What a step of 1/64 of the edit spans in samples of the reference's map.
  const double wanted = 64 * std::max(whole.along_x, whole.along_y * edit.width / edit.height);
  const int width = std::clamp(static_cast<int>(std::lround(wanted)), 1, edit.width);
  return {width, std::clamp(static_cast<int>(
                                std::lround(static_cast<double>(width) * edit.height / edit.width)),
                            1, edit.height)};
}

Plane<float> Warped(PlaneView<const float> samples, const Placement& placement, RasterSize size,
                    const std::optional<Extent>& extent) {
  const int channels = samples.channels;
  const StepLengths steps = StepsAtMiddle(
      placement, size, {static_cast<double>(samples.width), static_cast<double>(samples.height)});
  const double reduce = std::max(1.0, std::min(steps.along_x, steps.along_y));
  const auto reduced_side = [reduce](int side) {
    return std::max(1, static_cast<int>(std::lround(side / reduce)));
  };
  Plane<float> reduced;
  const RasterSize full{samples.width, samples.height};
  if (reduce > 1) {
    reduced = Resized(samples, reduced_side(samples.width), reduced_side(samples.height));
    samples = reduced.view();
  }
  const Extent whole = WholeOf(samples.width, samples.height);
  Extent within = extent.value_or(whole);
  if (extent && reduce > 1) {
    const double x = static_cast<double>(samples.width) / full.width,
                 y = static_cast<double>(samples.height) / full.height;
    within = {within.left * x, within.top * y, within.width * x, within.height * y};
  }
  Plane<float> result(size.width, size.height, channels);
  for (int y = 0; y < size.height; ++y) {
    float* out = result.Row(y);
    for (int x = 0; x < size.width; ++x) {
      const Point p = InReference(placement, {(x + 0.5) / size.width, (y + 0.5) / size.height});
      const PlaceTap across =
          PlaceTapAt((within.left + p.x * within.width) / samples.width, samples.width);
      const PlaceTap down =
          PlaceTapAt((within.top + p.y * within.height) / samples.height, samples.height);
      const float* upper = samples.Row(down.first);
      const float* lower = samples.Row(down.second);
      for (int c = 0; c < channels; ++c) {
        const auto mix = [&](const float* row) {
          const float a = row[across.first * channels + c];
          return a + across.share * (row[across.second * channels + c] - a);
        };
        const float top = mix(upper);
        out[x * channels + c] = top + down.share * (mix(lower) - top);
      }
    }
  }
  return result;
}

Plane<std::uint8_t> OutsideReference(const FramingMap& to_reference, RasterSize size) {
  Plane<std::uint8_t> result(size.width, size.height);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Point p = Apply(to_reference, {(x + 0.5) / size.width, (y + 0.5) / size.height});
      result.Row(y)[x] = p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1 ? 0 : 255;
    }
  }
  return result;
}

}  // namespace hdrp
