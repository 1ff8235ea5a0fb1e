// JPEG streams that are right but for their coding or their last two bytes, before anything is done
// with them. Named exceptions to "byte for byte" (docs/formats.md): the coefficients stay as they
// are, and the report says so.
#include "edit/repaired_jpeg.h"

#include "decode/sniff.h"
#include "metadata/jpeg_structure.h"
#include "package/jpeg_recode.h"

namespace hdrp {
namespace {

[[nodiscard]] RecodeOptions RecodeOptionsOf(const Resources& resources) {
  return {resources.limits, resources.stop()};
}

[[nodiscard]] int ComponentsOf(const JpegStream& stream) {
  return static_cast<int>(stream.frame.components.size());
}

}  // namespace

Expected<std::optional<Repaired>> RepairedEdit(const InputFile& edit, const Resources& resources) {
  if (Sniff(edit.bytes) != FileFormat::kJpeg) return std::nullopt;
  const Expected<JpegStream> stream = WalkJpeg(edit.bytes, 0);
  if (!stream) return std::nullopt;  // whoever reads it says what is wrong
  if (stream->complete && !IsArithmetic(stream->frame)) return std::nullopt;
  const ByteView picture = stream->In(edit.bytes);
  const RecodeOptions options = RecodeOptionsOf(resources);
  Expected<Bytes> repaired =
      stream->complete ? HuffmanCoded(picture, options) : WithEndMarker(picture, options);
  if (!repaired && !stream->complete && repaired.error().code == ErrorCode::kBadInput) {
    return Fail(ErrorCode::kBadInput, edit.name,
                "the picture's data end without an EOI marker, and not all of it is there: {}",
                repaired.error().message);
  }
  HDRP_ASSIGN_OR_RETURN(Bytes jpeg, Within(edit.name, std::move(repaired)));
  return Repaired{
      std::move(jpeg), ComponentsOf(*stream),
      stream->complete
          ? "coded anew with Huffman tables, without loss: the coefficients are the same "
            "(it was arithmetic-coded, which few browsers and no phone decode)"
          : "completed by its end marker, which was missing: every block of the picture is "
            "there"};
}

Expected<std::optional<Repaired>> RepairedMapOf(ByteView stream, bool is_per_channel,
                                                const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream walked, WalkJpeg(stream, 0));
  const RecodeOptions options = RecodeOptionsOf(resources);
  if (ComponentsOf(walked) == 1 && is_per_channel) {
    HDRP_ASSIGN_OR_RETURN(Bytes three, Within("gain map", InThreeComponents(stream, options)));
    return Repaired{std::move(three), 3,
                    "coded anew with three components, without loss: its numbers differ by "
                    "channel"};
  }
  if (!IsArithmetic(walked.frame)) return std::nullopt;
  HDRP_ASSIGN_OR_RETURN(Bytes huffman, Within("gain map", HuffmanCoded(stream, options)));
  return Repaired{std::move(huffman), ComponentsOf(walked),
                  "coded anew with Huffman tables, without loss: it was arithmetic-coded"};
}

}  // namespace hdrp
