#include "align/changes/box.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace hdrp {
namespace {

/// Of `window` items of `step` bytes each, from every item that has as many after it, in place. A
/// window grows by doubling: of as many items as the largest power of two that it holds, twice,
/// overlapping, since an extreme may count what it has seen.
template <typename Of>
void ExtremeFromEach(std::vector<std::uint8_t>& items, std::size_t step, std::size_t window,
                     Of of) {
  const auto combine = [&](std::size_t after) {
    for (std::size_t i = 0; i + after * step < items.size(); ++i) {
      items[i] = of(items[i], items[i + after * step]);
    }
  };
  std::size_t held = 1;
  for (; 2 * held <= window; held *= 2) combine(held);
  if (held < window) combine(window - held);
}

/// Down the columns, then along each row; beyond the border is `nothing`, which no extreme is.
template <typename Of>
[[nodiscard]] Plane<std::uint8_t> Extreme(const Plane<std::uint8_t>& plane, int reach,
                                          std::uint8_t nothing, Of of) {
  const auto width = static_cast<std::size_t>(plane.width());
  const auto margin = static_cast<std::size_t>(reach), window = 2 * margin + 1;
  const auto at = [&](int y) { return static_cast<std::ptrdiff_t>(width) * y; };
  std::vector<std::uint8_t> rows(width * (static_cast<std::size_t>(plane.height()) + 2 * margin),
                                 nothing);
  for (int y = 0; y < plane.height(); ++y) {
    std::ranges::copy(plane.view().RowSpan(y), rows.begin() + at(y + reach));
  }
  ExtremeFromEach(rows, width, window, of);

  Plane<std::uint8_t> result(plane.width(), plane.height());
  std::vector<std::uint8_t> row(width + 2 * margin);
  for (int y = 0; y < plane.height(); ++y) {
    std::ranges::fill(row, nothing);
    std::copy_n(rows.begin() + at(y), width, row.begin() + reach);
    ExtremeFromEach(row, 1, window, of);
    std::copy_n(row.begin(), width, result.Row(y));
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
  return Extreme(plane, reach, 255, [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
}

Plane<std::uint8_t> BoxMax(const Plane<std::uint8_t>& plane, int reach) {
  return Extreme(plane, reach, 0, [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
}

}  // namespace hdrp
