#include "predict/area_reducer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <utility>

namespace hdrp {
namespace {

constexpr std::array<float, 3> kLumaWeights = {0.2126F, 0.7152F, 0.0722F};

}  // namespace

// Coverage is counted in whole numbers: an input row is to_units_.height units high, an output row
// from_units_.height units, and likewise across. So the averages are exact, and rounding is the
// only loss.

AreaReducer::AreaReducer(RasterSize from, int channels, RasterSize to)
    : from_(from),
      to_(to),
      channels_(channels),
      from_units_{from.width / std::gcd(from.width, to.width),
                  from.height / std::gcd(from.height, to.height)},
      to_units_{to.width / std::gcd(from.width, to.width),
                to.height / std::gcd(from.height, to.height)},
      sums_(static_cast<std::size_t>(from.width) * static_cast<std::size_t>(channels)),
      reduced_(to.width, to.height, channels) {
  assert(channels == 1 || channels == 3);
}

void AreaReducer::AddRow(const std::uint8_t* row) {
  assert(rows_added_ < from_.height);
  // 64 bits: the product of the sides of the largest JPEG does not fit into 31.
  std::int64_t at = std::int64_t{rows_added_} * to_units_.height;
  const std::int64_t end = at + to_units_.height;
  ++rows_added_;
  while (at < end) {
    const std::int64_t output_row = at / from_units_.height;
    const std::int64_t output_end = (output_row + 1) * from_units_.height;
    const auto covered = static_cast<std::uint32_t>(std::min(end, output_end) - at);
    if (covered <= 257) {
      // 255 * 257 still fits: a 16-bit product is the cheapest in vector registers.
      const auto factor = static_cast<std::uint16_t>(covered);
      for (std::size_t i = 0; i < sums_.size(); ++i) {
        sums_[i] += static_cast<std::uint16_t>(factor * row[i]);
      }
    } else {
      for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += covered * row[i];
    }
    at += covered;
    if (at != output_end) continue;
    if (channels_ == 3) {
      FinishRow<3>(static_cast<int>(output_row));
    } else {
      FinishRow<1>(static_cast<int>(output_row));
    }
  }
}

template <std::size_t kChannels>
void AreaReducer::FinishRow(int y) {
  const auto area = static_cast<std::uint64_t>(from_units_.width) *
                    static_cast<std::uint64_t>(from_units_.height);
  // floor(n / area) without a division: with half a unit added, n + 0.5 is never closer than
  // 0.5 / area to a whole quotient, far more than the product's rounding.
  const double per_area = 1.0 / static_cast<double>(area);
  const std::uint32_t* column = sums_.data();
  std::int64_t at = 0;
  std::int64_t column_end = to_units_.width;
  std::int64_t end = 0;
  std::uint8_t* out = reduced_.Row(y);
  for (int x = 0; x < to_.width; ++x) {
    end += from_units_.width;
    std::array<std::uint64_t, kChannels> totals{};
    while (at < end) {
      const std::int64_t covered = std::min(end, column_end) - at;
      for (std::size_t c = 0; c < kChannels; ++c) {
        totals[c] += static_cast<std::uint64_t>(covered) * column[c];
      }
      at += covered;
      if (at == column_end) {
        column += kChannels;
        column_end += to_units_.width;
      }
    }
    for (std::size_t c = 0; c < kChannels; ++c) {
      const std::uint64_t rounded = totals[c] + area / 2;
      *out++ = static_cast<std::uint8_t>((static_cast<double>(rounded) + 0.5) * per_area);
    }
  }
  std::ranges::fill(sums_, 0U);
}

Plane<std::uint8_t> AreaReducer::Take() {
  assert(rows_added_ == from_.height);
  return std::move(reduced_);
}

Plane<float> CodedLuma(PlaneView<const std::uint8_t> coded) {
  Plane<float> luma(coded.width, coded.height);
  for (int y = 0; y < coded.height; ++y) {
    const std::uint8_t* from = coded.Row(y);
    float* to = luma.Row(y);
    if (coded.channels == 1) {
      for (int x = 0; x < coded.width; ++x) to[x] = static_cast<float>(from[x]) / 255;
      continue;
    }
    for (int x = 0; x < coded.width; ++x) {
      const std::uint8_t* rgb = from + 3 * std::ptrdiff_t{x};
      to[x] = (kLumaWeights[0] * static_cast<float>(rgb[0]) +
               kLumaWeights[1] * static_cast<float>(rgb[1]) +
               kLumaWeights[2] * static_cast<float>(rgb[2])) /
              255;
    }
  }
  return luma;
}

}  // namespace hdrp
