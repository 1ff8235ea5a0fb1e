#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Readers map rectangle to rectangle, so a map of any size fits; more than this stretches it.
constexpr double kMaxAspectError = 0.01;

}  // namespace

Expected<MapInProgress> FitToBase(MapInProgress map, Orientation reference, const ReadJpeg& base,
                                  const Limits& limits) {
  const Orientation turn = Relative(reference, base.orientation());
  if (turn != Orientation::kTopLeft) {
    if (Expected<void> ok = EnsureCodes(map, limits); !ok) return std::unexpected(ok.error());
    map.codes->codes = Oriented(map.codes->codes.view(), turn);
    if (SwapsSides(turn)) std::swap(map.width, map.height);
    map.steps.push_back(Formatted("turned from orientation {} to {}", static_cast<int>(reference),
                                  static_cast<int>(base.orientation())));
  }

  const double aspect_error = std::abs(static_cast<double>(map.width) * base.height() /
                                           (static_cast<double>(map.height) * base.width()) -
                                       1);
  const bool larger = map.width > base.width() || map.height > base.height();
  if (!larger && aspect_error <= kMaxAspectError) return map;

  if (Expected<void> ok = EnsureCodes(map, limits); !ok) return std::unexpected(ok.error());
  const int width = std::min(map.width, base.width());
  const int height = std::clamp(
      static_cast<int>(std::lround(static_cast<double>(width) * base.height() / base.width())), 1,
      base.height());
  map.steps.push_back(
      Formatted("resampled from {} x {} to {} x {}", map.width, map.height, width, height));
  map.codes = EncodeGain(ResizeGain(DecodeGain(*map.codes), width, height), map.metadata);
  map.width = width;
  map.height = height;
  return map;
}

}  // namespace hdrp
