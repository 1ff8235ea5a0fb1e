// JPEG streams that are right but for their coding or their last two bytes, before anything is done
// with them. Named exceptions to "byte for byte" (docs/formats.md): the coefficients stay as they
// are, and the report says so.
#include "pipeline/repaired_jpeg.h"

#include "base/formatted.h"
#include "decode/sniff.h"
#include "package/jpeg_recode.h"

namespace hdrp {
namespace {

[[nodiscard]] RecodeOptions RecodeOptionsOf(const Request& request) {
  return {request.limits, request.parallelism.stop};
}

}  // namespace

Expected<std::optional<InputFile>> RepairedEdit(const Request& request, Report& report) {
  const InputFile& file = request.base;
  if (Sniff(file.bytes) != FileFormat::kJpeg) return std::nullopt;
  const Expected<JpegStream> stream = WalkJpeg(file.bytes, 0);
  if (!stream) return std::nullopt;  // whoever reads it says what is wrong
  if (stream->complete && !IsArithmetic(stream->frame)) return std::nullopt;
  const ByteView picture = stream->In(file.bytes);
  const RecodeOptions options = RecodeOptionsOf(request);
  Expected<Bytes> repaired =
      stream->complete ? HuffmanCoded(picture, options) : WithEndMarker(picture, options);
  if (!repaired && !stream->complete && repaired.error().code == ErrorCode::kBadInput) {
    return Fail(ErrorCode::kBadInput, file.name,
                "the picture's data end without an EOI marker, and not all of it is there: {}",
                repaired.error().message);
  }
  if (!repaired) return Within(file.name, std::move(repaired.error()));
  const std::string_view done =
      stream->complete
          ? "coded anew with Huffman tables, without loss: the coefficients are the same "
            "(it was arithmetic-coded, which no browser and no phone decodes)"
          : "completed by its end marker, which was missing: every block of the picture is "
            "there";
  report.base_steps.emplace_back(done);
  report.warnings.push_back(Formatted("{}: {}", file.name, done));
  return InputFile{file.name, *std::move(repaired)};
}

Expected<std::optional<RepairedMap>> RepairedMapOf(ByteView stream, bool is_per_channel,
                                                   const Request& request) {
  const Expected<JpegStream> walked = WalkJpeg(stream, 0);
  if (!walked) return std::unexpected(walked.error());
  const bool is_grey = walked->frame.components.size() == 1;
  if (is_grey && is_per_channel) {
    Expected<Bytes> three = InThreeComponents(stream, RecodeOptionsOf(request));
    if (!three) return Within("gain map", std::move(three.error()));
    return RepairedMap{*std::move(three), 3,
                       "coded anew with three components, without loss: its numbers differ by "
                       "channel"};
  }
  if (!IsArithmetic(walked->frame)) return std::nullopt;
  Expected<Bytes> huffman = HuffmanCoded(stream, RecodeOptionsOf(request));
  if (!huffman) return Within("gain map", std::move(huffman.error()));
  return RepairedMap{*std::move(huffman), static_cast<int>(walked->frame.components.size()),
                     "coded anew with Huffman tables, without loss: it was arithmetic-coded"};
}

}  // namespace hdrp
