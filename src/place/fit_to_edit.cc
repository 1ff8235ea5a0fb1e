#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "place/put_map.h"

namespace hdrp {
namespace {

/// Readers map rectangle to rectangle, so a map of any size fits; more than this stretches it.
constexpr double kMaxAspectError = 0.01;

}  // namespace

Expected<MapInProgress> FitToEdit(MapInProgress map, Orientation reference, const EditJpeg& edit,
                                  const Limits& limits) {
  const Orientation turn = Relative(reference, edit.orientation());
  if (turn != Orientation::kTopLeft) {
    HDRP_RETURN_IF_ERROR(EnsureCodes(map, limits));
    map.codes->codes = Oriented(map.codes->codes.view(), turn);
    if (SwapsSides(turn)) std::swap(map.width, map.height);
    map.steps.push_back(Formatted("turned from orientation {} to {}", static_cast<int>(reference),
                                  static_cast<int>(edit.orientation())));
  }

  const double aspect_error = std::abs(static_cast<double>(map.width) * edit.height() /
                                           (static_cast<double>(map.height) * edit.width()) -
                                       1);
  const bool larger = map.width > edit.width() || map.height > edit.height();
  if (!larger && aspect_error <= kMaxAspectError) return map;

  HDRP_RETURN_IF_ERROR(EnsureCodes(map, limits));
  const int width = std::min(map.width, edit.width());
  const int height = std::clamp(
      static_cast<int>(std::lround(static_cast<double>(width) * edit.height() / edit.width())), 1,
      edit.height());
  map.steps.push_back(
      Formatted("resampled from {} x {} to {} x {}", map.width, map.height, width, height));
  map.codes = EncodeGain(ResizeGain(DecodeGain(*map.codes), width, height), map.metadata);
  map.width = width;
  map.height = height;
  return map;
}

}  // namespace hdrp
