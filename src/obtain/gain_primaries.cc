#include "obtain/gain_primaries.h"

#include "color/convert_base.h"
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
  constexpr int kRec709 = 1, kRec2020 = 9, kDisplayP3 = 12;
  if (SamePrimaries(primaries, kRec709Primaries)) return kRec709;
  if (SamePrimaries(primaries, kDisplayP3Primaries)) return kDisplayP3;
  if (SamePrimaries(primaries, kRec2020Primaries)) return kRec2020;
  return std::nullopt;
}

}  // namespace hdrp
