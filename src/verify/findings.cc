#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

bool Agree(double a, double b, const Tolerance& tolerance) {
  // Written so that a NaN never agrees.
  return std::abs(a - b) <=
         tolerance.relative * std::max(std::abs(a), std::abs(b)) + tolerance.absolute;
}

}  // namespace

std::string Joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

Check Findings::Verdict() && {
  if (!failures_.empty()) return {{}, CheckResult::kFailed, Joined(failures_)};
  if (!warnings_.empty()) return {{}, CheckResult::kWarning, Joined(warnings_)};
  return {};
}

std::vector<std::string> Differences(const GainMapMetadata& a, const GainMapMetadata& b,
                                     const Tolerance& tolerance) {
  std::vector<std::string> differences;
  const auto compare = [&](std::string_view name, double left, double right) {
    if (Agree(left, right, tolerance)) return;
    differences.push_back(Formatted("{} {} against {}", name, left, right));
  };
  const auto compare_channels = [&](std::string_view name, const std::array<double, 3>& left,
                                    const std::array<double, 3>& right) {
    const auto is_uniform = [](const std::array<double, 3>& v) {
      return v[0] == v[1] && v[0] == v[2];
    };
    if (is_uniform(left) && is_uniform(right)) return compare(name, left[0], right[0]);
    for (std::size_t c = 0; c < 3; ++c) compare(Formatted("{}[{}]", name, c), left[c], right[c]);
  };
  compare_channels("gain_map_min", a.gain_map_min, b.gain_map_min);
  compare_channels("gain_map_max", a.gain_map_max, b.gain_map_max);
  compare_channels("gamma", a.gamma, b.gamma);
  compare_channels("base_offset", a.base_offset, b.base_offset);
  compare_channels("alternate_offset", a.alternate_offset, b.alternate_offset);
  compare("base_hdr_headroom", a.base_hdr_headroom, b.base_hdr_headroom);
  compare("alternate_hdr_headroom", a.alternate_hdr_headroom, b.alternate_hdr_headroom);
  return differences;
}

}  // namespace hdrp
