#include "derive/find_in_hdr.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "align/tone/small_luminance.h"
#include "align/tone/toned_light.h"
#include "base/band_rows.h"
#include "gainmap/gain.h"
#include "place/small_picture.h"

namespace hdrp {
namespace {

struct SmallLight {
  Plane<float> luminance;
  Extent extent;
};

/// The whole rendition, small, with at least kRegisteredSide pixels if it has them; not finite
/// where it is so.
[[nodiscard]] Expected<SmallLight> ReadSmallLuminance(HdrLight light, const BaseColor& color,
                                                      const StopCondition& stop) {
  const Raster& raster = light.rows.raster;
  SmallLuminance small(
      raster.width, raster.height,
      {static_cast<float>(color.luminance[0]), static_cast<float>(color.luminance[1]),
       static_cast<float>(color.luminance[2])},
      2 * kRegisteredSide - 1);
  Plane<float> rows(raster.width, kBandRows, 3);
  for (int first = 0; first < raster.height; first += kBandRows) {
    HDRP_RETURN_IF_ERROR(stop.Check("HDR reference"));
    PlaneView<float> band = rows.view();
    band.height = std::min(kBandRows, raster.height - first);
    HDRP_RETURN_IF_ERROR(light.rows.read(band));
    small.Add(band);
  }
  return SmallLight{small.plane().Clone(), small.extent()};
}

/// Where the original says nothing, it does not reach.
void TakeUnknown(LumaPair& compared, const Plane<float>& displayed,
                 const FramingMap& to_reference) {
  const int width = compared.outside.width(), height = compared.outside.height();
  Plane<std::uint8_t> unknown(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point p = Apply(to_reference, {(x + 0.5) / width, (y + 0.5) / height});
      if (!(p.x >= 0 && p.x < 1 && p.y >= 0 && p.y < 1)) continue;
      const float light = displayed.Row(
          static_cast<int>(p.y * displayed.height()))[static_cast<int>(p.x * displayed.width())];
      if (std::isnan(light)) unknown.Row(y)[x] = 255;
    }
  }
  TakeOutside(compared, unknown.view());
}

}  // namespace

Expected<FoundInHdr> FindInHdr(const EditAndOriginal& pair, HdrLight light) {
  const std::string& name = pair.original.file.name;
  const Resources& resources = pair.resources;
  const Orientation orientation = light.rows.raster.orientation;
  HDRP_ASSIGN_OR_RETURN(
      const SmallLight small,
      Within(name, ReadSmallLuminance(std::move(light), pair.color, resources.stop())));
  const auto& [luminance, extent] = small;
  HDRP_ASSIGN_OR_RETURN(const SmallPicture edit,
                        SmallPictureOf(pair.edit, kRegisteredSide, resources));
  const Plane<float> displayed = Oriented(luminance.view(), orientation);
  const Extent of_light = Oriented(extent, luminance.width(), luminance.height(), orientation);
  const Plane<std::uint8_t> toned = TonedAs(edit.codes.view(), displayed.view());
  HDRP_ASSIGN_OR_RETURN(Registration found,
                        Within(name, Register(edit.view(), {toned.view(), of_light})));
  // Now that places are known to belong together, they say better what became of the light.
  const Plane<std::uint8_t> reference =
      TonedByPairs(edit.codes.view(), displayed.view(), found.to_reference);
  LumaPair compared = CompareAt(edit.view(), {reference.view(), of_light}, found.to_reference);
  TakeUnknown(compared, displayed, found.to_reference);
  return FoundInHdr{std::move(found), std::move(compared)};
}

}  // namespace hdrp
