#include "align/box.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hdrp {
namespace {

/// Of the rows from `reach` above to `reach` below each. A window grows by doubling: of as many
/// rows as the largest power of two that it holds, twice, overlapping, since an extreme may count
/// what it has seen. `nothing`: what no extreme is.
template <typename Of>
[[nodiscard]] Plane<std::uint8_t> AlongColumns(const Plane<std::uint8_t>& plane, int reach,
                                               std::uint8_t nothing, Of of) {
  const int width = plane.width(), window = 2 * reach + 1;
  Plane<std::uint8_t> grown(width, plane.height() + 2 * reach);
  for (int y = 0; y < grown.height(); ++y) {
    const int from = y - reach;
    if (from < 0 || from >= plane.height()) {
      std::ranges::fill(grown.view().RowSpan(y), nothing);
    } else {
      std::ranges::copy(plane.view().RowSpan(from), grown.Row(y));
    }
  }
  int held = 1;
  for (; 2 * held <= window; held *= 2) {
    for (int y = 0; y + held < grown.height(); ++y) {
      std::uint8_t* to = grown.Row(y);
      const std::uint8_t* from = grown.Row(y + held);
      for (int x = 0; x < width; ++x) to[x] = of(to[x], from[x]);
    }
  }
  Plane<std::uint8_t> result(width, plane.height());
  for (int y = 0; y < plane.height(); ++y) {
    const std::uint8_t *first = grown.Row(y), *last = grown.Row(y + window - held);
    std::uint8_t* to = result.Row(y);
    for (int x = 0; x < width; ++x) to[x] = of(first[x], last[x]);
  }
  return result;
}

/// The same along each row, in place.
template <typename Of>
void AlongRows(Plane<std::uint8_t>& plane, int reach, std::uint8_t nothing, Of of) {
  const auto width = static_cast<std::size_t>(plane.width());
  const auto margin = static_cast<std::size_t>(reach), window = 2 * margin + 1;
  std::vector<std::uint8_t> grown(width + 2 * margin);
  for (int y = 0; y < plane.height(); ++y) {
    std::ranges::fill(grown, nothing);
    std::ranges::copy(plane.view().RowSpan(y), grown.begin() + reach);
    std::size_t held = 1;
    for (; 2 * held <= window; held *= 2) {
      for (std::size_t x = 0; x + held < grown.size(); ++x)
        grown[x] = of(grown[x], grown[x + held]);
    }
    std::uint8_t* to = plane.Row(y);
    for (std::size_t x = 0; x < width; ++x) to[x] = of(grown[x], grown[x + window - held]);
  }
}

template <typename Of>
[[nodiscard]] Plane<std::uint8_t> Extreme(const Plane<std::uint8_t>& plane, int reach,
                                          std::uint8_t nothing, Of of) {
  Plane<std::uint8_t> result = AlongColumns(plane, reach, nothing, of);
  AlongRows(result, reach, nothing, of);
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
  return Extreme(plane, reach, 255, [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
}

Plane<std::uint8_t> BoxMax(const Plane<std::uint8_t>& plane, int reach) {
  return Extreme(plane, reach, 0, [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

}  // namespace hdrp
