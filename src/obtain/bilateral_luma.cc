#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include "obtain/bright.h"

namespace hdrp {
namespace {

constexpr int kRadius = 12;           // round(1.5 * kSpaceSigma)
constexpr float kSpaceSigma = 8;      // pixels: 1/32 of the long side
constexpr float kRangeSigma = 0.15F;  // of coded luma 0..1
constexpr int kBandRows = 8;

/// exp(-d^2 / (2 sigma^2)) = 2^(Log2Falloff(sigma) * d^2)
constexpr float Log2Falloff(float sigma) {
  return -std::numbers::log2e_v<float> / (2 * sigma * sigma);
}

/// 2^z for -100 <= z <= 0 within 3e-7 of its value. Plain arithmetic without a branch: compilers
/// turn the loop around it into vector code, and it gives the same bits everywhere.
[[nodiscard]] float PowerOfTwo(float z) {
  const int whole = static_cast<int>(z - 0.5F);  // the nearest: z is not positive
  const float r = z - static_cast<float>(whole);
  // Taylor series of 2^r, coefficients ln(2)^k / k!.
  const float fraction =
      1 +
      r * (0.69314718F +
           r * (0.24022651F + r * (0.055504109F + r * (0.0096181291F +
                                                       r * (0.0013333558F + r * 0.00015403530F)))));
  return fraction * std::bit_cast<float>((whole + 127) << 23);
}

struct Tap {
  int dx, dy;
  float log2_weight;
};

[[nodiscard]] std::vector<Tap> CircularTaps() {
  std::vector<Tap> taps;
  for (int dy = -kRadius; dy <= kRadius; ++dy) {
    for (int dx = -kRadius; dx <= kRadius; ++dx) {
      const int squared = dx * dx + dy * dy;
      if (squared > kRadius * kRadius) continue;
      taps.push_back({dx, dy, Log2Falloff(kSpaceSigma) * static_cast<float>(squared)});
    }
  }
  return taps;
}

/// Index of the sample that a reflect-101 border shows at `i`: ... 2 1 0 1 2 ... (pictures smaller
/// than the radius are reflected more than once).
[[nodiscard]] int Reflected(int i, int count) {
  if (count == 1) return 0;
  const int period = 2 * (count - 1);
  const int within = ((i % period) + period) % period;
  return within < count ? within : period - within;
}

[[nodiscard]] Plane<float> WithBorder(PlaneView<const float> image) {
  Plane<float> result(image.width + 2 * kRadius, image.height + 2 * kRadius);
  for (int y = 0; y < result.height(); ++y) {
    const float* from = image.Row(Reflected(y - kRadius, image.height));
    float* to = result.Row(y);
    for (int x = 0; x < result.width(); ++x) to[x] = from[Reflected(x - kRadius, image.width)];
  }
  return result;
}

/// The sums over one row's taps, all pixels side by side.
struct RowSums {
  explicit RowSums(int width)
      : weights(static_cast<std::size_t>(width)), differences(static_cast<std::size_t>(width)) {}
  std::vector<float> weights;
  std::vector<float> differences;  ///< sum of weight * (Y(q) - Y(p))

  void Add(const float* centre, const float* neighbour, float log2_weight) {
    for (std::size_t x = 0; x < weights.size(); ++x) {
      const float difference = neighbour[x] - centre[x];
      const float weight =
          PowerOfTwo(log2_weight + Log2Falloff(kRangeSigma) * difference * difference);
      weights[x] += weight;
      differences[x] += weight * difference;
    }
  }
};

}  // namespace

Expected<Plane<float>> BilateralLuma(PlaneView<const float> luma, const Parallelism& parallelism) {
  const std::vector<Tap> taps = CircularTaps();
  const Plane<float> bordered = WithBorder(luma);
  Plane<float> result(luma.width, luma.height);
  const auto filter_rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      RowSums sums(luma.width);
      const float* centre = luma.Row(y);
      for (const Tap& tap : taps) {
        sums.Add(centre, bordered.Row(y + kRadius + tap.dy) + kRadius + tap.dx, tap.log2_weight);
      }
      for (std::size_t x = 0; x < sums.weights.size(); ++x) {
        result.Row(y)[x] = centre[x] + sums.differences[x] / sums.weights[x];
      }
    }
  };
  const Expected<void> done =
      ForEachRowBand(luma.height, kBandRows, parallelism, "bilateral filter", filter_rows);
  if (!done) return std::unexpected(done.error());
  return result;
}

}  // namespace hdrp
