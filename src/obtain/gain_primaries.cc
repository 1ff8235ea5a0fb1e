#include "obtain/gain_primaries.h"

#include "color/convert_base.h"
#include "color/h273.h"
#include "color/hdr_profile.h"
#include "gainmap/coloured.h"

namespace hdrp {

Expected<std::optional<Chromaticities>> AlternatePrimariesOf(const GainMapFile& file,
                                                             const EncodedGainMap& map) {
  if (!NeedsAlternatePrimaries(map)) return std::nullopt;
  const std::optional<ColorSpec>& color = file.map->alternate;
  if (color && color->icc.empty()) return color->primaries;
  if (color) {
    if (const auto primaries = PrimariesOfProfile(color->icc)) return primaries;
  }
  return Fail(ErrorCode::kUnsupported, file.file->name,
              "the gain map is coloured and its gains are in the alternate image's primaries, but "
              "{}",
              color ? "its profile has none" : "the file does not say which these are");
}

std::optional<int> PrimariesCode(const Chromaticities& primaries) {
  if (SamePrimaries(primaries, kRec709Primaries)) return h273::kPrimariesBt709;
  if (SamePrimaries(primaries, kDisplayP3Primaries)) return h273::kPrimariesP3D65;
  if (SamePrimaries(primaries, kRec2020Primaries)) return h273::kPrimariesBt2020;
  return std::nullopt;
}

}  // namespace hdrp
