#include "gainmap/guided_filter.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// Sums over windows of 2 radius + 1 samples along a row, `step` apart; windows end at the borders.
void SlidingSums(const double* from, double* to, int count, std::ptrdiff_t step, int radius) {
  double sum = 0;
  for (int i = 0; i < std::min(radius, count); ++i) sum += from[i * step];
  for (int i = 0; i < count; ++i) {
    if (i + radius < count) sum += from[(i + radius) * step];
    if (i - radius > 0) sum -= from[(i - radius - 1) * step];
    to[i * step] = sum;
  }
}

/// Means over square windows, in double precision: sums of squares cancel badly in single.
class Box {
 public:
  Box(int width, int height, int radius) : width_(width), height_(height), radius_(radius) {}

  [[nodiscard]] std::vector<double> Mean(const std::vector<double>& samples) const {
    std::vector<double> rows(samples.size());
    std::vector<double> result(samples.size());
    for (int y = 0; y < height_; ++y) {
      const std::ptrdiff_t at = std::ptrdiff_t{y} * width_;
      SlidingSums(samples.data() + at, rows.data() + at, width_, 1, radius_);
    }
    for (int x = 0; x < width_; ++x) {
      SlidingSums(rows.data() + x, result.data() + x, height_, width_, radius_);
    }
    for (int y = 0; y < height_; ++y) {
      const int tall = Extent(y, height_);
      for (int x = 0; x < width_; ++x) {
        result[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x)] /= static_cast<double>(tall) * Extent(x, width_);
      }
    }
    return result;
  }

 private:
  /// How many samples of the window around `i` lie inside.
  [[nodiscard]] int Extent(int i, int count) const {
    return std::min(i + radius_, count - 1) - std::max(i - radius_, 0) + 1;
  }

  int width_, height_, radius_;
};

/// a * b, sample by sample.
[[nodiscard]] std::vector<double> Products(PlaneView<const float> a, PlaneView<const float> b) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(a.width) * static_cast<std::size_t>(a.height));
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      result.push_back(static_cast<double>(a.Row(y)[x]) * static_cast<double>(b.Row(y)[x]));
    }
  }
  return result;
}

[[nodiscard]] std::vector<double> Samples(PlaneView<const float> plane) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
  for (int y = 0; y < plane.height; ++y) {
    for (const float sample : plane.RowSpan(y)) result.push_back(static_cast<double>(sample));
  }
  return result;
}

[[nodiscard]] Plane<float> AsPlane(const std::vector<double>& samples, int width, int height) {
  Plane<float> plane(width, height);
  auto at = samples.begin();
  for (int y = 0; y < height; ++y) {
    for (float& sample : plane.view().RowSpan(y)) sample = static_cast<float>(*at++);
  }
  return plane;
}

}  // namespace

GuideLines FitGuideLines(PlaneView<const float> values, PlaneView<const float> guide,
                         const GuidedFilterOptions& options) {
  assert(values.width == guide.width && values.height == guide.height);
  assert(values.channels == 1 && guide.channels == 1);
  const Box box(values.width, values.height, options.radius);
  const std::vector<double> mean_guide = box.Mean(Samples(guide));
  const std::vector<double> mean_value = box.Mean(Samples(values));
  std::vector<double> slope = box.Mean(Products(guide, values));
  std::vector<double> offset = box.Mean(Products(guide, guide));
  for (std::size_t i = 0; i < slope.size(); ++i) {
    const double covariance = slope[i] - mean_guide[i] * mean_value[i];
    const double variance = std::max(0.0, offset[i] - mean_guide[i] * mean_guide[i]);
    slope[i] = covariance / (variance + options.epsilon);
    offset[i] = mean_value[i] - slope[i] * mean_guide[i];
  }
  return {AsPlane(box.Mean(slope), values.width, values.height),
          AsPlane(box.Mean(offset), values.width, values.height)};
}

Plane<float> AlongGuide(const GuideLines& lines, PlaneView<const float> guide) {
  const bool same = lines.slope.width() == guide.width && lines.slope.height() == guide.height;
  const Plane<float> slope = same ? lines.slope.Clone()
                                  : Resized(lines.slope.view(), guide.width, guide.height);
  Plane<float> result = same ? lines.offset.Clone()
                             : Resized(lines.offset.view(), guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    const float* along = guide.Row(y);
    const float* steep = slope.Row(y);
    float* sample = result.Row(y);
    for (int x = 0; x < guide.width; ++x) sample[x] += steep[x] * along[x];
  }
  return result;
}

}  // namespace hdrp
