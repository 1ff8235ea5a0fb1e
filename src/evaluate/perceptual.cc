#include "evaluate/perceptual.h"

#include <algorithm>
#include <cmath>

#include "color/transfer.h"

namespace hdrp {
namespace {

constexpr std::array kPu21 = {0.353487901,   0.3734658629, 8.277049286e-5, 0.9062562627,
                              0.09150303166, 0.9099517204, 596.3148142};

[[nodiscard]] double PqFromNits(double nits) { return PqFromLinear(nits / kSdrWhiteNits); }

}  // namespace

double Pu21FromNits(double nits) {
  const double power = std::pow(std::clamp(nits, 0.005, 10'000.0), kPu21[3]);
  const double ratio = (kPu21[0] + kPu21[1] * power) / (1 + kPu21[2] * power);
  return kPu21[6] * (std::pow(ratio, kPu21[4]) - kPu21[5]);
}

std::array<double, 3> ItpFromRec2020(const std::array<double, 3>& nits) {
  const auto [r, g, b] = nits;
  const double l = PqFromNits((1688 * r + 2146 * g + 262 * b) / 4096);
  const double m = PqFromNits((683 * r + 2951 * g + 462 * b) / 4096);
  const double s = PqFromNits((99 * r + 309 * g + 3688 * b) / 4096);
  return {(l + m) / 2, (6610 * l - 13'613 * m + 7003 * s) / 4096 / 2,
          (17'933 * l - 17'390 * m - 543 * s) / 4096};
}

double DeltaEItp(const std::array<double, 3>& a_itp, const std::array<double, 3>& b_itp) {
  const double i = a_itp[0] - b_itp[0];
  const double t = a_itp[1] - b_itp[1];
  const double p = a_itp[2] - b_itp[2];
  return 720 * std::sqrt(i * i + t * t + p * p);
}

}  // namespace hdrp
