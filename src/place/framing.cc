#include "place/framing.h"

#include <algorithm>

#include "align/changes/placed_by_lights.h"
#include "align/framing.h"
#include "align/placement.h"
#include "base/formatted.h"

namespace hdrp {

double FramingTolerance(RasterSize edit, int map_long_side) {
  return std::max(0.5 / map_long_side, 1.0 / std::max(edit.width, edit.height));
}

bool IsSameFraming(const FramingMap& to_reference, const Raster& edit, double tolerance) {
  double aspect = static_cast<double>(edit.width) / edit.height;
  if (SwapsSides(edit.orientation)) aspect = 1 / aspect;
  return MostShift(to_reference, aspect) <= tolerance;
}

Framing FoundFraming(Registration found, LumaPair compared) {
  constexpr double kStretchToSay = 1.01;  // rounded sizes of small edits stay below it
  Framing framing{.compared = std::move(compared), .agreement = found.agreement};
  if (found.stretch > kStretchToSay) {
    framing.warnings.push_back(
        Formatted("the edit is stretched by {:.1f} % against the original; the gain map follows it",
                  100 * (found.stretch - 1)));
  }
  framing.alignment = std::move(found);
  return framing;
}

Expected<void> RequireInPlace(Placed placed, const PictureNames& names,
                              const FramingOptions& options, std::vector<std::string>& warnings) {
  if (placed != Placed::kMoved) return {};
  const std::string moved = "the edit is cropped, turned or moved a little against the reference";
  if (!options.force_reference) {
    return Fail(ErrorCode::kMismatch, names.reference,
                "not the same framing as {}: {} (--align auto follows it, --force-reference "
                "overrides)",
                names.edit, moved);
  }
  warnings.push_back("the reference was forced although " + moved);
  return {};
}

Expected<void> RequireAgreement(double agreement, const PictureNames& names,
                                const FramingOptions& options, std::vector<std::string>& warnings) {
  if (agreement >= kMinStructureAgreement) return {};
  if (!options.force_reference) {
    return Fail(
        ErrorCode::kMismatch, names.reference,
        "not the same photograph, or not the same framing, as {}: structure agreement {:.2f}, "
        "expected at least {:.2f} (--force-reference overrides)",
        names.edit, agreement, kMinStructureAgreement);
  }
  warnings.push_back(
      Formatted("the reference was forced although its structure agrees only {:.2f} with the "
                "edit's (expected "
                "at least {:.2f})",
                agreement, kMinStructureAgreement));
  return {};
}

Expected<void> CheckLights(const Framing& framing, const PictureNames& names) {
  if (!framing.compared || PlaceOfLights(*framing.compared) != PlacedByLights::kElsewhere) {
    return {};
  }
  return Fail(ErrorCode::kMismatch, names.reference,
              "not the same photograph, or not the same framing, as {}: next to nothing but lights "
              "has structure, and they are not in the same places",
              names.edit);
}

}  // namespace hdrp
