// limited_display SOURCE FILE...: gain-map JPEGs as libultrahdr shows them. For each one the 99.9th
// percentile of luminance at full headroom and on a display of 4 x SDR white, and how far it is
// from SOURCE, |log2 Y' - log2 Y| where Y > 0.02, at full headroom.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "base/file.h"
#include "gainmap/half.h"
#include "verify/libultrahdr.h"

namespace hdrp {
namespace {

constexpr double kLimitStops = 2;
constexpr double kLeastLuminance = 0.02;

std::vector<double> Luminance(const Bytes& file, double headroom_stops) {
  const auto picture = DecodeWithLibultrahdr(file, headroom_stops);
  if (!picture) {
    std::fprintf(stderr, "limited_display: %s\n", picture.error().message.c_str());
    std::exit(1);
  }
  std::vector<double> luminance;
  for (int y = 0; y < picture->height(); ++y) {
    for (int x = 0; x < picture->width(); ++x) {
      const auto light = [&](int c) {
        return static_cast<double>(FloatFromHalf(picture->view().At(x, y, c)));
      };
      luminance.push_back(0.2126 * light(0) + 0.7152 * light(1) + 0.0722 * light(2));
    }
  }
  return luminance;
}

double Quantile(std::vector<double> values, double share) {
  const auto rank =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, rank);
  return *rank;
}

int Run(int argc, char** argv) {
  std::vector<double> source;
  std::printf("| file | p50 | p99 | p99.9 Y | p99.9 Y at 4x |\n|---|---|---|---|---|\n");
  for (int i = 1; i < argc; ++i) {
    const Expected<Bytes> file = ReadFile(argv[i], {});
    if (!file) return 1;
    const std::vector<double> full = Luminance(*file, std::numeric_limits<double>::infinity());
    if (i == 1) source = full;
    std::vector<double> errors;
    for (std::size_t k = 0; k < std::min(full.size(), source.size()); ++k) {
      if (source[k] <= kLeastLuminance) continue;
      errors.push_back(std::abs(std::log2(std::max(full[k], 1e-6) / source[k])));
    }
    std::printf("| %s | %.3f | %.3f | %.3f | %.3f |\n", argv[i], Quantile(errors, 0.5),
                Quantile(errors, 0.99), Quantile(full, 0.999),
                Quantile(Luminance(*file, kLimitStops), 0.999));
  }
  return 0;
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) { return hdrp::Run(argc, argv); }
