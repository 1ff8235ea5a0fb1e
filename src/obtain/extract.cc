#include "obtain/extract.h"

#include <array>
#include <string_view>

#include "decode/jpeg_pixels.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "gain map";

void ConvertLegacyCodes(Plane<std::uint8_t>& codes, double headroom_linear,
                        AppleTransfer transfer) {
  const std::array<std::uint8_t, 256> table = IsoCodesFromLegacy(headroom_linear, transfer);
  for (int y = 0; y < codes.height(); ++y) {
    for (std::uint8_t& code : codes.view().RowSpan(y)) code = table[code];
  }
}

[[nodiscard]] Expected<EncodedGainMap> Whole(MapCodes read, const GainMapMetadata& metadata) {
  if (!read.damage.empty()) {
    return Fail(ErrorCode::kBadInput, kWhere, "the map's samples are damaged: {}", read.damage);
  }
  EncodedGainMap result{std::move(read.codes), metadata};
  if (result.codes.channels() == 1 && !result.metadata.IsSingleChannel()) {
    return ThreeChannels(result);
  }
  return result;
}

}  // namespace

void GiveIsoMeaning(Plane<std::uint8_t>& codes, const GainMapInfo& map, AppleTransfer transfer) {
  if (map.source != MetadataSource::kApple) return;
  ConvertLegacyCodes(codes, map.apple_headroom_linear, transfer);
}

Expected<EncodedGainMap> ExtractGainMap(GainMapFile& file, AppleTransfer transfer) {
  HDRP_ASSIGN_OR_RETURN(MapCodes read, Within(kWhere, file.read_map()));
  GiveIsoMeaning(read.codes, *file.map, transfer);
  return Whole(std::move(read), file.map->metadata);
}

Expected<EncodedGainMap> ExtractGainMap(ByteView file, const GainMapStream& map,
                                        AppleTransfer transfer, const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(
      DecodedJpeg decoded,
      Within(kWhere,
             DecodeJpeg(map.stream.In(file), {.output = JpegOutput::kAsStored, .limits = limits})));
  if (map.source == MetadataSource::kApple) {
    ConvertLegacyCodes(decoded.pixels, map.apple_headroom_linear, transfer);
  }
  return Whole(
      {std::move(decoded.pixels), decoded.warnings.empty() ? "" : decoded.warnings.front()},
      map.metadata);
}

}  // namespace hdrp
