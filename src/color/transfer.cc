#include "color/transfer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hdrp {
namespace {

// SMPTE ST 2084, 5.2.
constexpr double kM1 = 2610.0 / 16384;
constexpr double kM2 = 2523.0 / 4096 * 128;
constexpr double kC1 = 3424.0 / 4096;
constexpr double kC2 = 2413.0 / 4096 * 32;
constexpr double kC3 = 2392.0 / 4096 * 32;
constexpr double kPqPeakNits = 10'000;

// BT.2100-2, table 5.
constexpr double kHlgA = 0.17883277;
constexpr double kHlgB = 1 - 4 * kHlgA;
constexpr double kHlgC = 0.55991073;  // 0.5 - a ln(4 a)

/// Odd functions: what a power means for float pictures that leave their gamut.
[[nodiscard]] double SignedPower(double value, double exponent) {
  return std::copysign(std::pow(std::abs(value), exponent), value);
}

}  // namespace

double LinearFromPq(double code) {
  if (std::isnan(code)) return code;
  const double p = std::pow(std::clamp(code, 0.0, 1.0), 1 / kM2);
  const double y = std::pow(std::max(p - kC1, 0.0) / (kC2 - kC3 * p), 1 / kM1);
  return y * (kPqPeakNits / kSdrWhiteNits);
}

double PqFromLinear(double linear) {
  if (std::isnan(linear)) return linear;
  const double y = std::pow(std::clamp(linear * (kSdrWhiteNits / kPqPeakNits), 0.0, 1.0), kM1);
  return std::pow((kC1 + kC2 * y) / (1 + kC3 * y), kM2);
}

double SceneFromHlg(double code) {
  if (code <= 0) return 0;
  if (code <= 0.5) return code * code / 3;
  return (std::exp((code - kHlgC) / kHlgA) + kHlgB) / 12;
}

double HlgFromScene(double scene) {
  if (scene <= 0) return 0;
  if (scene <= 1.0 / 12) return std::sqrt(3 * scene);
  return kHlgA * std::log(12 * scene - kHlgB) + kHlgC;
}

double LinearFromSrgb(double code) {
  const double magnitude = std::abs(code);
  const double linear =
      magnitude <= 0.04045 ? magnitude / 12.92 : std::pow((magnitude + 0.055) / 1.055, 2.4);
  return std::copysign(linear, code);
}

double SrgbFromLinear(double linear) {
  const double magnitude = std::abs(linear);
  const double code =
      magnitude <= 0.0031308 ? magnitude * 12.92 : 1.055 * std::pow(magnitude, 1 / 2.4) - 0.055;
  return std::copysign(code, linear);
}

double LinearFromCode(Transfer transfer, double code) {
  switch (transfer) {
    case Transfer::kLinear:
      return code;
    case Transfer::kSrgb:
      return LinearFromSrgb(code);
    case Transfer::kRec709:
      return SignedPower(code, 2.4);  // BT.1886 with a black of 0
    case Transfer::kGamma22:
      return SignedPower(code, 2.2);
    case Transfer::kGamma28:
      return SignedPower(code, 2.8);
    case Transfer::kPq:
      return LinearFromPq(code);
    case Transfer::kHlg:
      return SceneFromHlg(code);
  }
  std::unreachable();
}

}  // namespace hdrp
