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

/// What is known of the stored codes' meaning.
struct Meaning {
  const GainMapMetadata& metadata;
  MetadataSource source;
  double apple_headroom_linear;
};

[[nodiscard]] Expected<EncodedGainMap> WithIsoMeaning(Plane<std::uint8_t> codes,
                                                      const Meaning& meaning,
                                                      AppleTransfer transfer) {
  EncodedGainMap result{std::move(codes), meaning.metadata};
  if (meaning.source == MetadataSource::kApple) {
    ConvertLegacyCodes(result.codes, meaning.apple_headroom_linear, transfer);
  }
  if (result.codes.channels() == 1 && !result.metadata.IsSingleChannel()) {
    return ThreeChannels(result);
  }
  return result;
}

}  // namespace

Expected<EncodedGainMap> ExtractGainMap(ByteView file, const GainMapStream& map,
                                        AppleTransfer transfer, const Limits& limits) {
  const ByteView stream = map.stream.In(file);
  HDRP_ASSIGN_OR_RETURN(
      auto decoded,
      Within(kWhere, DecodeJpeg(stream, {.output = JpegOutput::kAsStored, .limits = limits})));
  if (!decoded.warnings.empty()) {
    return Fail(ErrorCode::kBadInput, kWhere, "the map's samples are damaged: {}",
                decoded.warnings.front());
  }
  return WithIsoMeaning(std::move(decoded.pixels),
                        {map.metadata, map.source, map.apple_headroom_linear}, transfer);
}

Expected<EncodedGainMap> ExtractGainMap(GainMapPicture& picture, AppleTransfer transfer) {
  HDRP_ASSIGN_OR_RETURN(Plane<std::uint8_t> codes, Within(kWhere, picture.read_map()));
  const PictureMap& map = *picture.map;
  return WithIsoMeaning(std::move(codes), {map.metadata, map.source, map.apple_headroom_linear},
                        transfer);
}

}  // namespace hdrp
