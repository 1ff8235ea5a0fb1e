#include "service/queue/picture_pixels.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

constexpr std::uint64_t kMost = 1ULL << 40;

/// Up to `size` bytes from `at` on; fewer at the end, none where reading fails.
[[nodiscard]] Bytes Piece(const FormFile& file, std::uint64_t at, std::uint64_t size) {
  if (at >= file.bytes) return {};
  size = std::min(size, file.bytes - at);
  return ReadAt(file.content.get(), file.offset + at, size, "").value_or(Bytes{});
}

/// Of a width and a height of 32 bits each that stand there.
[[nodiscard]] std::optional<std::uint64_t> AreaAt(ByteView head, std::size_t at) {
  ByteReader reader(head);
  if (!reader.Seek(at)) return std::nullopt;
  const std::optional<std::uint32_t> width = reader.U32(), height = reader.U32();
  if (!width || !height) return std::nullopt;
  return std::uint64_t{*width} * *height;
}

/// From SOFn, found by stepping over the segments before it (ITU-T T.81, annex B).
[[nodiscard]] std::optional<std::uint64_t> JpegPixels(const FormFile& file) {
  constexpr int kMostSegments = 512;
  std::uint64_t at = 2;
  for (int i = 0; i < kMostSegments; ++i) {
    const Bytes head = Piece(file, at, 9);
    if (head.size() < 9 || head[0] != 0xFF) return std::nullopt;
    const std::uint8_t marker = head[1];
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    ByteReader rest(ByteView(head).subspan(is_frame ? 5 : 2));
    const std::uint64_t first = rest.U16().value_or(0), second = rest.U16().value_or(0);
    if (is_frame) return first * second;  // height and width
    at += marker == 0xFF ? 1 : 2 + first;
  }
  return std::nullopt;
}

/// The largest ispe property (ISO/IEC 23008-12, 6.5.3) near the beginning, where writers put it.
[[nodiscard]] std::optional<std::uint64_t> HeifPixels(ByteView head) {
  constexpr std::string_view kName = "ispe";
  std::optional<std::uint64_t> most;
  const std::string_view text = AsText(head);
  for (std::size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at + kName.size())) {
    const std::optional<std::uint64_t> pixels = AreaAt(head, at + 8);
    if (!pixels) break;
    most = std::max(most.value_or(0), std::min(*pixels, kMost));
  }
  return most;
}

}  // namespace

std::uint64_t GuessPixels(const FormFile& file) {
  constexpr std::uint64_t kHead = 16 << 10;
  const Bytes head = Piece(file, 0, kHead);
  const ByteView view(head);
  std::optional<std::uint64_t> pixels;
  if (StartsWith(view, "\xFF\xD8")) pixels = JpegPixels(file);
  if (StartsWith(view, "\x89PNG")) pixels = AreaAt(view, 16);
  if (view.size() > 8 && AsText(view.subspan(4)).starts_with("ftyp")) pixels = HeifPixels(view);
  // Of others a byte for each pixel: between lossy files, which take less, and floats.
  return std::min(pixels.value_or(file.bytes), kMost);
}

}  // namespace hdrp
