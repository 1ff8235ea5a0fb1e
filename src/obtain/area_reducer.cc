#include "obtain/area_reducer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <span>
#include <utility>

namespace hdrp {
namespace {

constexpr std::array<float, 3> kLumaWeights = {0.2126F, 0.7152F, 0.0722F};

/// total / area rounded to nearest, total at most 255 * area; exact. A map's size asks for one for each
/// of its samples, with a small area, where a product is several times cheaper than a division.
class RoundedQuotient {
 public:
  explicit RoundedQuotient(std::uint64_t area)
      : area_(area), factor_(area <= kSmallArea ? (std::uint64_t{1} << 32) / area + 1 : 0) {}
  [[nodiscard]] std::uint8_t Of(std::uint64_t total) const {
    const std::uint64_t number = total + area_ / 2;
    return static_cast<std::uint8_t>(factor_ != 0 ? (number * factor_) >> 32 : number / area_);
  }

 private:
  /// factor_ is above 2^32 / area by at most 1, which adds less than number / 2^32 to the quotient;
  /// that is below 1 / area, and so cannot reach the next whole number, while
  /// 256 * area^2 <= 2^32.
  static constexpr std::uint64_t kSmallArea = 4096;
  std::uint64_t area_, factor_;
};

}  // namespace

// Coverage is counted in whole numbers: an input row is to_units_.height units high, an output row
// from_units_.height units, and likewise across. So the averages are exact, and rounding is the only
// loss.

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
  assert(channels >= 1 && channels <= 4);
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
    if (at == output_end) FinishRow(static_cast<int>(output_row));
  }
}

template <std::size_t kChannels>
void AreaReducer::AverageWholeColumns(std::uint8_t* out) const {
  const RoundedQuotient quotient(static_cast<std::uint64_t>(from_units_.width) *
                                 static_cast<std::uint64_t>(from_units_.height));
  const std::uint32_t* sums = sums_.data();
  for (int x = 0; x < to_.width; ++x) {
    std::array<std::uint64_t, kChannels> totals{};
    for (int column = 0; column < from_units_.width; ++column) {
      for (std::size_t c = 0; c < kChannels; ++c) totals[c] += sums[c];
      sums += kChannels;
    }
    for (const std::uint64_t total : totals) *out++ = quotient.Of(total);
  }
}

void AreaReducer::FinishRow(int y) {
  if (to_units_.width == 1 && channels_ == 3) {  // the usual map: a quarter of a colour picture
    AverageWholeColumns<3>(reduced_.Row(y));
    std::ranges::fill(sums_, 0U);
    return;
  }
  const auto channels = static_cast<std::size_t>(channels_);
  const RoundedQuotient quotient(static_cast<std::uint64_t>(from_units_.width) *
                                 static_cast<std::uint64_t>(from_units_.height));
  std::uint8_t* out = reduced_.Row(y);
  const std::uint32_t* sums = sums_.data();
  std::int64_t at = 0;
  std::int64_t column_end = to_units_.width;
  for (int x = 0; x < to_.width; ++x) {
    const std::int64_t end = at + from_units_.width;
    std::array<std::uint64_t, 4> totals{};
    while (at < end) {
      const std::int64_t covered = std::min(end, column_end) - at;
      for (std::size_t c = 0; c < channels; ++c) {
        totals[c] += static_cast<std::uint64_t>(covered) * sums[c];
      }
      at += covered;
      if (at == column_end) {
        sums += channels;
        column_end += to_units_.width;
      }
    }
    for (std::size_t c = 0; c < channels; ++c) *out++ = quotient.Of(totals[c]);
  }
  std::ranges::fill(sums_, 0U);
}

Plane<std::uint8_t> AreaReducer::Take() {
  assert(rows_added_ == from_.height);
  return std::move(reduced_);
}

Plane<float> CodedLuma(PlaneView<const std::uint8_t> coded) {
  Plane<float> luma(coded.width, coded.height);
  const auto channels = static_cast<std::size_t>(coded.channels);
  for (int y = 0; y < coded.height; ++y) {
    const std::span<const std::uint8_t> from = coded.RowSpan(y);
    const std::span<float> to = luma.view().RowSpan(y);
    for (std::size_t x = 0; x < to.size(); ++x) {
      if (channels < 3) {
        to[x] = static_cast<float>(from[x * channels]) / 255.0F;
        continue;
      }
      for (std::size_t c = 0; c < 3; ++c) {
        to[x] += kLumaWeights[c] * static_cast<float>(from[x * channels + c]) / 255.0F;
      }
    }
  }
  return luma;
}

}  // namespace hdrp
