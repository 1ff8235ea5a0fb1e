#include "pipeline/gain_primaries.h"

#include <variant>

#include "color/convert_base.h"
#include "color/h273.h"
#include "color/hdr_profile.h"
#include "gainmap/coloured.h"

namespace hdrp {
namespace {

/// ISO 21496-1 leaves it to the container: in a JPEG it is the profile in the map's stream.
[[nodiscard]] ColorSpec AlternateColorOf(const GainMapFile& file) {
  if (const auto* picture = std::get_if<GainMapPicture>(&file.parsed)) {
    return picture->map->alternate.value_or(ColorSpec{});
  }
  const GainMapStream& map = *std::get<GainMapJpeg>(file.parsed).map;
  return {.icc = JoinIcc(map.stream).value_or(Bytes{})};
}

}  // namespace

Expected<std::optional<Chromaticities>> AlternatePrimariesOf(const GainMapFile& file,
                                                             const EncodedGainMap& map) {
  if (!NeedsAlternatePrimaries(map)) return std::nullopt;
  const ColorSpec color = AlternateColorOf(file);
  const auto* picture = std::get_if<GainMapPicture>(&file.parsed);
  if (picture != nullptr && picture->map->alternate && color.icc.empty()) return color.primaries;
  if (const auto primaries = PrimariesOfProfile(color.icc)) return primaries;
  return Fail(ErrorCode::kUnsupported, file.file->name,
              "the gain map is coloured and its gains are in the alternate image's primaries, but "
              "{}",
              color.icc.empty() ? "the file does not say which these are" : "its profile has none");
}

std::optional<int> PrimariesCode(const Chromaticities& primaries) {
  if (SamePrimaries(primaries, kRec709Primaries)) return h273::kPrimariesBt709;
  if (SamePrimaries(primaries, kDisplayP3Primaries)) return h273::kPrimariesP3D65;
  if (SamePrimaries(primaries, kRec2020Primaries)) return h273::kPrimariesBt2020;
  return std::nullopt;
}

}  // namespace hdrp
