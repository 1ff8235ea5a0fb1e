#include "align/find/block_shift.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hdrp {
namespace {

constexpr int kSurroundings = 6;       // px each way
constexpr std::int32_t kQuarters = 4;  // of a code
constexpr std::int32_t kMost = 1000;   // a block's sums of products stay within 32 bits

/// Sums over a window around each column, as far as it lies inside.
void SlideAlong(const std::vector<std::int32_t>& columns, std::vector<std::int32_t>& sums) {
  const int width = static_cast<int>(columns.size());
  std::int32_t sum = 0;
  for (int x = 0; x < std::min(kSurroundings, width); ++x) {
    sum += columns[static_cast<std::size_t>(x)];
  }
  for (int x = 0; x < width; ++x) {
    if (x + kSurroundings < width) sum += columns[static_cast<std::size_t>(x + kSurroundings)];
    if (x > kSurroundings) sum -= columns[static_cast<std::size_t>(x - kSurroundings - 1)];
    sums[static_cast<std::size_t>(x)] = sum;
  }
}

/// How many positions of 0..size - 1 the window around `at` has.
[[nodiscard]] int Inside(int at, int size) {
  return std::min(at, kSurroundings) + std::min(size - 1 - at, kSurroundings) + 1;
}

[[nodiscard]] std::int32_t Dot(const std::int16_t* a, const std::int16_t* b, int count) {
  std::int32_t sum = 0;
  for (int i = 0; i < count; ++i) sum += static_cast<std::int32_t>(a[i]) * b[i];
  return sum;
}

}  // namespace

Plane<std::int16_t> DetailOf(PlaneView<const std::uint8_t> codes, const Levels& levels) {
  const int width = codes.width, height = codes.height;
  Plane<std::int16_t> result(width, height), level(width, height);
  for (int y = 0; y < height; ++y) {
    std::ranges::transform(codes.RowSpan(y), level.Row(y),
                           [&](std::uint8_t code) { return levels[code]; });
  }
  const auto size = static_cast<std::size_t>(width);
  std::vector<std::int32_t> columns(size), sums(size);
  std::vector<float> shares(size);
  const auto add = [&](int y, std::int32_t sign) {
    const std::int16_t* row = level.Row(y);
    for (std::size_t x = 0; x < size; ++x) columns[x] += sign * row[x];
  };
  for (int y = 0; y < std::min(kSurroundings, height); ++y) add(y, 1);
  for (int y = 0; y < height; ++y) {
    if (y + kSurroundings < height) add(y + kSurroundings, 1);
    if (y > kSurroundings) add(y - kSurroundings - 1, -1);
    SlideAlong(columns, sums);
    for (int x = 0; x < width; ++x) {
      shares[static_cast<std::size_t>(x)] =
          1 / static_cast<float>(Inside(x, width) * Inside(y, height));
    }
    const std::int16_t* row = level.Row(y);
    std::int16_t* out = result.Row(y);
    for (std::size_t x = 0; x < size; ++x) {
      const auto mean = static_cast<std::int32_t>(static_cast<float>(sums[x]) * shares[x]);
      out[x] = static_cast<std::int16_t>(std::clamp(row[x] - mean, -kMost, kMost));
    }
  }
  return result;
}

float BlockCorrelation::Best() const { return std::ranges::max(at); }

BlockCorrelation Correlate(PlaneView<const std::int16_t> edit,
                           PlaneView<const std::int16_t> reference, const PixelBlock& block) {
  constexpr float kNoise =
      1.0F * kQuarters * kQuarters;  // mean square of a code's rounding, at most
  const int width = block.right - block.left;
  const auto area = static_cast<float>(width * (block.bottom - block.top));
  float edit_square = 0;
  std::array<float, 9> products{}, squares{};
  std::array<std::array<float, 3>, 3>
      row_squares{};  // of the three rows of the reference, by shift
  const auto squares_of = [&](int y) {
    const std::int16_t* r = reference.Row(y) + block.left;
    const auto square = [r](int x) {
      return static_cast<float>(static_cast<std::int32_t>(r[x]) * r[x]);
    };
    const auto middle = static_cast<float>(Dot(r, r, width));
    return std::array<float, 3>{middle + square(-1) - square(width - 1), middle,
                                middle - square(0) + square(width)};
  };
  row_squares[1] = squares_of(block.top - 1);
  row_squares[2] = squares_of(block.top);
  for (int y = block.top; y < block.bottom; ++y) {
    row_squares = {row_squares[1], row_squares[2], squares_of(y + 1)};
    const std::int16_t* e = edit.Row(y) + block.left;
    edit_square += static_cast<float>(Dot(e, e, width));
    for (int dy = 0; dy < 3; ++dy) {
      const std::int16_t* r = reference.Row(y + dy - 1) + block.left;
      for (int dx = 0; dx < 3; ++dx) {
        const auto i = static_cast<std::size_t>(3 * dy + dx);
        products[i] += static_cast<float>(Dot(e, r + dx - 1, width));
        squares[i] += row_squares[static_cast<std::size_t>(dy)][static_cast<std::size_t>(dx)];
      }
    }
  }
  BlockCorrelation result;
  result.edit_deviation = std::sqrt(edit_square / area) / kQuarters;
  result.reference_deviation = std::sqrt(squares[4] / area) / kQuarters;
  for (std::size_t i = 0; i < 9; ++i) {
    result.at[i] =
        products[i] / std::sqrt((edit_square + kNoise * area) * (squares[i] + kNoise * area));
  }
  return result;
}

std::array<PeakAxis, 2> PeakOf(const BlockCorrelation& correlation) {
  // Near its peak the correlation of pictures is about a Gaussian, its logarithm a parabola.
  std::array<double, 9> logs{};
  std::ranges::transform(correlation.at, logs.begin(), [](float c) {
    constexpr float kLeast = 0.05F;
    return static_cast<double>(std::log(std::max(c, kLeast)));
  });
  const auto f = [&](std::size_t i) { return logs[i]; };
  const double slope_x = (f(5) - f(3)) / 2, slope_y = (f(7) - f(1)) / 2;
  const double xx = 2 * f(4) - f(3) - f(5), yy = 2 * f(4) - f(1) - f(7);
  const double xy = -(f(8) + f(0) - f(2) - f(6)) / 4;
  const double half_sum = (xx + yy) / 2, root = std::hypot((xx - yy) / 2, xy);
  const double angle = 0.5 * std::atan2(2 * xy, xx - yy);
  const Point strong{std::cos(angle), std::sin(angle)}, weak{-strong.y, strong.x};
  const auto axis = [&](Point along, double bend) -> PeakAxis {
    const double slope = slope_x * along.x + slope_y * along.y;
    if (bend <= 1e-6) return {along, 0, 0};
    return {along, std::clamp(slope / bend, -1.0, 1.0), bend};
  };
  return {axis(strong, half_sum + root), axis(weak, half_sum - root)};
}

}  // namespace hdrp
