#include "align/box.h"

#include <algorithm>
#include <vector>

namespace hdrp {
namespace {

/// Of the window around each row; `into` combines a row of the plane with the row that is being
/// made.
template <typename T, typename Into>
[[nodiscard]] Plane<T> AlongColumns(const Plane<T>& plane, int reach, Into into) {
  Plane<T> result(plane.width(), plane.height());
  for (int y = 0; y < plane.height(); ++y) {
    const int first = std::max(0, y - reach), last = std::min(plane.height() - 1, y + reach);
    std::ranges::copy(plane.view().RowSpan(first), result.Row(y));
    for (int v = first + 1; v <= last; ++v) {
      const T* from = plane.Row(v);
      T* to = result.Row(y);
      for (int x = 0; x < plane.width(); ++x) to[x] = into(to[x], from[x]);
    }
  }
  return result;
}

template <typename Of>
[[nodiscard]] Plane<std::uint8_t> Extreme(const Plane<std::uint8_t>& plane, int reach, Of of) {
  Plane<std::uint8_t> result = AlongColumns(plane, reach, of);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(plane.width()));
  const int width = plane.width();
  for (int y = 0; y < plane.height(); ++y) {
    std::uint8_t* to = result.Row(y);
    std::copy(to, to + width, row.begin());
    for (int k = 1; k <= std::min(reach, width - 1); ++k) {
      for (int x = k; x < width; ++x) to[x] = of(to[x], row[static_cast<std::size_t>(x - k)]);
      for (int x = 0; x < width - k; ++x) to[x] = of(to[x], row[static_cast<std::size_t>(x + k)]);
    }
  }
  return result;
}

}  // namespace

Plane<float> BoxMean(const Plane<float>& plane, int reach) {
  const int width = plane.width(), height = plane.height();
  Plane<float> result(width, height);
  // Sums of columns slide down, their sum slides along; doubles keep what is taken away exact
  // enough.
  std::vector<double> columns(static_cast<std::size_t>(width), 0.0);
  const auto add = [&](int y, double sign) {
    if (y < 0 || y >= height) return;
    const float* row = plane.Row(y);
    for (int x = 0; x < width; ++x) {
      columns[static_cast<std::size_t>(x)] += sign * static_cast<double>(row[x]);
    }
  };
  for (int y = 0; y < reach; ++y) add(y, 1);
  for (int y = 0; y < height; ++y) {
    add(y + reach, 1);
    add(y - reach - 1, -1);
    const int rows = std::min(height - 1, y + reach) - std::max(0, y - reach) + 1;
    double sum = 0;
    for (int x = 0; x < std::min(reach, width); ++x) sum += columns[static_cast<std::size_t>(x)];
    for (int x = 0; x < width; ++x) {
      if (x + reach < width) sum += columns[static_cast<std::size_t>(x + reach)];
      if (x - reach - 1 >= 0) sum -= columns[static_cast<std::size_t>(x - reach - 1)];
      const int across = std::min(width - 1, x + reach) - std::max(0, x - reach) + 1;
      result.Row(y)[x] = static_cast<float>(sum / (static_cast<double>(rows) * across));
    }
  }
  return result;
}

Plane<std::uint8_t> BoxMin(const Plane<std::uint8_t>& plane, int reach) {
  return Extreme(plane, reach, [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
}

Plane<std::uint8_t> BoxMax(const Plane<std::uint8_t>& plane, int reach) {
  return Extreme(plane, reach, [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

}  // namespace hdrp
