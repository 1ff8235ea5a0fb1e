#include "pipeline/find_in_hdr.h"

#include <algorithm>

#include "align/small_luminance.h"
#include "align/toned_light.h"
#include "gainmap/gain.h"
#include "pipeline/small_luma.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

/// The whole rendition, small, with at least kRegisteredSide pixels if it has them; not finite
/// where it is so.
[[nodiscard]] Expected<Plane<float>> ReadSmallLuminance(HdrLight light, const BaseColor& color,
                                                        const StopCondition& stop) {
  const Raster& raster = light.rows.raster;
  SmallLuminance small(
      raster.width, raster.height,
      {static_cast<float>(color.luminance[0]), static_cast<float>(color.luminance[1]),
       static_cast<float>(color.luminance[2])},
      2 * kRegisteredSide - 1);
  Plane<float> rows(raster.width, kBandRows, 3);
  for (int first = 0; first < raster.height; first += kBandRows) {
    if (Expected<void> go_on = stop.Check("HDR reference"); !go_on) {
      return std::unexpected(std::move(go_on.error()));
    }
    PlaneView<float> band = rows.view();
    band.height = std::min(kBandRows, raster.height - first);
    if (Expected<void> ok = light.rows.read(band); !ok)
      return std::unexpected(std::move(ok.error()));
    small.Add(band);
  }
  return small.plane().Clone();
}

}  // namespace

Expected<FoundInHdr> FindInHdr(const Renditions& renditions, HdrLight light) {
  const auto& [base, color, original, request] = renditions;
  const Orientation orientation = light.rows.raster.orientation;
  const Expected<Plane<float>> luminance =
      ReadSmallLuminance(std::move(light), color, request.parallelism.stop);
  if (!luminance) return Within(original.file.name, luminance.error());
  const Expected<Plane<std::uint8_t>> luma =
      SmallLuma(*base.file, base.parsed.primary, kRegisteredSide, request);
  if (!luma) return std::unexpected(luma.error());
  const Plane<std::uint8_t> edit = Oriented(luma->view(), base.orientation());
  const Plane<float> displayed = Oriented(luminance->view(), orientation);
  Expected<Registration> found =
      Register(edit.view(), TonedAs(edit.view(), displayed.view()).view());
  if (!found) return Within(original.file.name, std::move(found.error()));
  // Now that places are known to belong together, they say better what became of the light.
  const Plane<std::uint8_t> reference =
      TonedByPairs(edit.view(), displayed.view(), found->to_reference);
  ComparedLumas compared = CompareAt(edit.view(), reference.view(), found->to_reference);
  return FoundInHdr{*std::move(found), std::move(compared)};
}

}  // namespace hdrp
