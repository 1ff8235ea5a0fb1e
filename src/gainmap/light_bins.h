// Histograms of linear light: bins of 2^(1/256) or finer, from 2^-7 to 2^17 times SDR white; what
// is outside counts into the first or the last.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hdrp {

/// A float's exponent and upper 8 bits of mantissa.
inline constexpr std::uint32_t kLightBinShift = 15;
inline constexpr std::uint32_t kFirstLightBin = (127U - 7U) << 8U;
inline constexpr std::uint32_t kLightBins = 24U << 8U;

/// `light` must not be negative or NaN.
[[nodiscard]] inline std::size_t LightBinOf(float light) {
  const std::uint32_t bin = std::bit_cast<std::uint32_t>(light) >> kLightBinShift;
  return std::clamp(bin, kFirstLightBin, kFirstLightBin + kLightBins - 1) - kFirstLightBin;
}

[[nodiscard]] inline double MiddleOfLightBin(std::size_t bin) {
  const auto first = static_cast<std::uint32_t>(bin) + kFirstLightBin;
  const float low = std::bit_cast<float>(first << kLightBinShift);
  const float high = std::bit_cast<float>((first + 1) << kLightBinShift);
  return (static_cast<double>(low) + static_cast<double>(high)) / 2;
}

}  // namespace hdrp
