#include "obtain/extract.h"

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

}  // namespace

Expected<EncodedGainMap> ExtractGainMap(ByteView file, const GainMapStream& map,
                                        AppleTransfer transfer, const Limits& limits) {
  const ByteView stream = map.stream.In(file);
  auto decoded = DecodeJpeg(stream, {.output = JpegOutput::kAsStored, .limits = limits});
  if (!decoded) return Within(kWhere, std::move(decoded.error()));
  if (!decoded->warnings.empty()) {
    return Fail(ErrorCode::kBadInput, kWhere, "the map's samples are damaged: {}",
                decoded->warnings.front());
  }
  EncodedGainMap result{std::move(decoded->pixels), map.metadata};
  if (!result.metadata.use_base_color_space && !IsNeutral(result.codes.view())) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "the map is coloured and its gains live in other primaries than the base's");
  }
  if (map.source == MetadataSource::kApple) {
    ConvertLegacyCodes(result.codes, map.apple_headroom_linear, transfer);
  }
  return result;
}

}  // namespace hdrp
