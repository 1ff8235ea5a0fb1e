#include "align/tone/small_luminance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hdrp {

SmallLuminance::SmallLuminance(int width, int height, std::array<float, 3> luminance, int long_side)
    : width_(width),
      height_(height),
      factor_((std::max(width, height) + long_side - 1) / long_side),
      luminance_(luminance),
      plane_((width + factor_ - 1) / factor_, (height + factor_ - 1) / factor_) {
  sums_.resize(static_cast<std::size_t>(width));
}

void SmallLuminance::Add(PlaneView<const float> linear_rgb) {
  const auto [red, green, blue] = luminance_;
  for (int y = 0; y < linear_rgb.height; ++y) {
    const float* rgb = linear_rgb.Row(y);
    float* sums = sums_.data();
    for (std::size_t x = 0, width = sums_.size(); x < width; ++x) {
      sums[x] += rgb[3 * x] * red + rgb[3 * x + 1] * green + rgb[3 * x + 2] * blue;
    }
    ++rows_added_;
    if (rows_added_ % factor_ == 0 || rows_added_ == height_) FinishRow();
  }
}

void SmallLuminance::FinishRow() {
  const int row = (rows_added_ - 1) / factor_;
  const int rows = rows_added_ - row * factor_;
  for (int i = 0; i < plane_.width(); ++i) {
    const int end = std::min((i + 1) * factor_, width_);
    float sum = 0;
    for (int x = i * factor_; x < end; ++x) sum += sums_[static_cast<std::size_t>(x)];
    plane_.Row(row)[i] = sum / static_cast<float>(rows * (end - i * factor_));
  }
  std::ranges::fill(sums_, 0.0F);
}

Plane<std::uint8_t> LogCodes(PlaneView<const float> luminance) {
  constexpr float kLeastStops = -static_cast<float>(kWhiteLogCode) / kLogCodesPerStop;
  constexpr float kCodesPerStop = kLogCodesPerStop;
  Plane<std::uint8_t> codes(luminance.width, luminance.height);
  for (int y = 0; y < luminance.height; ++y) {
    std::ranges::transform(luminance.RowSpan(y), codes.Row(y), [&](float value) {
      const float stops = std::log2(std::max(1e-6F, value)) - kLeastStops;
      return static_cast<std::uint8_t>(std::clamp(stops * kCodesPerStop, 0.0F, 255.0F));
    });
  }
  return codes;
}

std::optional<double> MidToneRatioStops(PlaneView<const float> hdr, PlaneView<const float> base) {
  constexpr float kDarkest = 0.05F;
  constexpr float kBrightest = 0.6F;
  constexpr float kLeastHdr = 1e-6F;
  std::vector<float> ratios;
  for (int y = 0; y < base.height; ++y) {
    for (int x = 0; x < base.width; ++x) {
      const float sdr = base.At(x, y);
      const float light = hdr.At(x, y);
      if (sdr < kDarkest || sdr > kBrightest || !(light > kLeastHdr) || !std::isfinite(light)) {
        continue;
      }
      ratios.push_back(std::log2(light / sdr));
    }
  }
  if (static_cast<std::int64_t>(ratios.size()) * 100 <
      static_cast<std::int64_t>(base.width) * base.height) {
    return std::nullopt;
  }
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::ranges::nth_element(ratios, middle);
  return static_cast<double>(*middle);
}

}  // namespace hdrp
