#include "package/heic_boxes.h"

#include <string_view>
#include <utility>

#include "base/byte_writer.h"
#include "base/formatted.h"
#include "metadata/heif_structure.h"
#include "metadata/iso21496.h"
#include "metadata/xmp.h"

namespace hdrp {
namespace {

constexpr std::uint32_t kVersion0 = 0;  // with flags 0: the start of a FullBox's body

}  // namespace

Bytes NclxBody(int primaries, int transfer, int matrix) {
  constexpr std::uint8_t kFullRange = 0x80;
  ByteWriter body;
  body.Append(std::string_view("nclx"));
  for (const int code : {primaries, transfer, matrix}) body.U16(static_cast<std::uint16_t>(code));
  body.U8(kFullRange);
  return std::move(body).Take();
}

Bytes SizeBody(int width, int height) {
  ByteWriter body;
  body.U32(kVersion0);
  body.U32(static_cast<std::uint32_t>(width));
  body.U32(static_cast<std::uint32_t>(height));
  return std::move(body).Take();
}

Bytes BitsBody(int bits) {
  constexpr std::uint8_t kChannels = 3;
  ByteWriter body;
  body.U32(kVersion0);
  body.U8(kChannels);
  for (int i = 0; i < kChannels; ++i) body.U8(static_cast<std::uint8_t>(bits));
  return std::move(body).Take();
}

Bytes AppleAuxiliaryBody() {
  ByteWriter body;
  body.U32(kVersion0);
  body.Append(kAppleGainMapType);
  body.U8(0);
  return std::move(body).Take();
}

Bytes ToneMapPayload(const GainMapMetadata& metadata) {
  ByteWriter payload;
  payload.U8(0);
  payload.Append(WriteIsoBlock(metadata));
  return std::move(payload).Take();
}

std::string AppleMapXmp(double headroom_linear) {
  // 131072 is the version whose packets hold the headroom; 65536 leaves it to the MakerNote.
  return Formatted(
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\" xmlns:HDRGainMap=\"{}\">\n"
      "   <HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>\n"
      "   <HDRGainMap:HDRGainMapHeadroom>{:.6f}</HDRGainMap:HDRGainMapHeadroom>\n"
      "  </rdf:Description>\n"
      " </rdf:RDF>\n"
      "</x:xmpmeta>\n",
      kAppleUri, headroom_linear);
}

}  // namespace hdrp
