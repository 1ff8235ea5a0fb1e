#include "support/color_difference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace hdrp::test {
namespace {

constexpr double kRadians = std::numbers::pi / 180;

double Degrees(double b, double a) {
  if (a == 0 && b == 0) return 0;
  const double degrees = std::atan2(b, a) / kRadians;
  return degrees < 0 ? degrees + 360 : degrees;
}

double Chroma(double a, double b) { return std::hypot(a, b); }

/// SMPTE ST 2084, written apart from the program's own: the test's eye must not share its faults.
double PqOfNits(double nits) {
  const double y = std::pow(std::clamp(nits / 10'000, 0.0, 1.0), 0.1593017578125);
  return std::pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), 78.84375);
}

}  // namespace

// After Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula" (2005), equations 2 to 22.
double DeltaE2000(const Lab& first, const Lab& second) {
  const auto [l1, a1, b1] = first;
  const auto [l2, a2, b2] = second;
  const double mean_c7 = std::pow((Chroma(a1, b1) + Chroma(a2, b2)) / 2, 7);
  const double pow25 = std::pow(25.0, 7);
  const double g = 0.5 * (1 - std::sqrt(mean_c7 / (mean_c7 + pow25)));
  const double a1p = (1 + g) * a1;
  const double a2p = (1 + g) * a2;
  const double c1p = Chroma(a1p, b1);
  const double c2p = Chroma(a2p, b2);
  const double h1p = Degrees(b1, a1p);
  const double h2p = Degrees(b2, a2p);
  const bool is_grey = c1p * c2p == 0;

  double dh = is_grey ? 0 : h2p - h1p;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const double delta_l = l2 - l1;
  const double delta_c = c2p - c1p;
  const double delta_h = 2 * std::sqrt(c1p * c2p) * std::sin(dh / 2 * kRadians);

  const double l = (l1 + l2) / 2;
  const double c = (c1p + c2p) / 2;
  double h = h1p + h2p;
  if (!is_grey) {
    if (std::abs(h1p - h2p) > 180) h += h < 360 ? 360 : -360;
    h /= 2;
  }
  const double t = 1 - 0.17 * std::cos((h - 30) * kRadians) + 0.24 * std::cos(2 * h * kRadians) +
                   0.32 * std::cos((3 * h + 6) * kRadians) -
                   0.20 * std::cos((4 * h - 63) * kRadians);
  const double theta = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double c7 = std::pow(c, 7);
  const double rc = 2 * std::sqrt(c7 / (c7 + pow25));
  const double l50 = (l - 50) * (l - 50);
  const double sl = 1 + 0.015 * l50 / std::sqrt(20 + l50);
  const double sc = 1 + 0.045 * c;
  const double sh = 1 + 0.015 * c * t;
  const double rt = -std::sin(2 * theta * kRadians) * rc;
  const double x = delta_l / sl;
  const double y = delta_c / sc;
  const double z = delta_h / sh;
  return std::sqrt(x * x + y * y + z * z + rt * y * z);
}

Lab LabFromXyz(const std::array<double, 3>& xyz, const std::array<double, 3>& white) {
  std::array<double, 3> f{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double t = xyz[i] / white[i];
    f[i] = t > 216.0 / 24'389 ? std::cbrt(t) : (24'389.0 / 27 * t + 16) / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

// BT.2100-2, table 7 (PQ).
std::array<double, 3> IctcpFromRec2020(const std::array<double, 3>& nits) {
  const auto [r, g, b] = nits;
  const double l = PqOfNits((1688 * r + 2146 * g + 262 * b) / 4096);
  const double m = PqOfNits((683 * r + 2951 * g + 462 * b) / 4096);
  const double s = PqOfNits((99 * r + 309 * g + 3688 * b) / 4096);
  return {(l + m) / 2, (6610 * l - 13'613 * m + 7003 * s) / 4096,
          (17'933 * l - 17'390 * m - 543 * s) / 4096};
}

double DeltaEItp(const std::array<double, 3>& a_nits, const std::array<double, 3>& b_nits) {
  const auto a = IctcpFromRec2020(a_nits);
  const auto b = IctcpFromRec2020(b_nits);
  const double i = a[0] - b[0];
  const double t = (a[1] - b[1]) / 2;
  const double p = a[2] - b[2];
  return 720 * std::sqrt(i * i + t * t + p * p);
}

}  // namespace hdrp::test
