#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "PFM reader";

[[nodiscard]] constexpr bool IsSpace(std::uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/// The next word, with the whitespace before it skipped and nothing after it; nullopt at the end or
/// past the length any word of a header has.
[[nodiscard]] std::optional<std::string> NextWord(ByteReader& reader) {
  constexpr std::size_t kMaxSpaces = 1024;
  constexpr std::size_t kMaxLength = 64;
  const ByteView rest = reader.rest();
  std::size_t from = 0;
  while (from < rest.size() && IsSpace(rest[from]) && from <= kMaxSpaces) ++from;
  std::size_t to = from;
  while (to < rest.size() && !IsSpace(rest[to]) && to - from <= kMaxLength) ++to;
  if (from == to || from > kMaxSpaces || to - from > kMaxLength) return std::nullopt;
  if (!reader.Skip(to)) return std::nullopt;
  return std::string(AsText(rest.subspan(from, to - from)));
}

template <typename T>
[[nodiscard]] std::optional<T> NextNumber(ByteReader& reader) {
  const auto word = NextWord(reader);
  if (!word) return std::nullopt;
  T value{};
  const char* end = word->data() + word->size();
  // from_chars takes no plus sign, which printf("%+f") writes.
  const char* begin = word->starts_with('+') ? word->data() + 1 : word->data();
  const auto parsed = std::from_chars(begin, end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

/// The pixels' bytes, rows from the bottom up.
class PfmRows {
 public:
  PfmRows(ByteView pixels, int height, float scale, StopCondition stop)
      : pixels_(pixels),
        row_bytes_(pixels.size() / static_cast<std::size_t>(height)),
        rows_left_(height),
        scale_(scale),
        stop_(std::move(stop)) {}

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    HDRP_RETURN_IF_ERROR(stop_.Check(kWhere));
    for (int y = 0; y < band.height; ++y) {
      --rows_left_;
      ByteReader row(pixels_.subspan(static_cast<std::size_t>(rows_left_) * row_bytes_, row_bytes_),
                     scale_ < 0 ? ByteOrder::kLittleEndian : ByteOrder::kBigEndian);
      const float factor = std::abs(scale_);
      for (float& value : band.RowSpan(y)) {
        value = std::bit_cast<float>(row.U32().value_or(0));  // the size was checked
        if (factor != 1) value *= factor;
      }
    }
    return {};
  }

 private:
  ByteView pixels_;
  std::size_t row_bytes_;
  int rows_left_;
  float scale_;
  StopCondition stop_;
};

}  // namespace

Expected<PictureRows> OpenPfm(ByteView file, const PictureOptions& options) {
  ByteReader reader(file);
  const auto magic = NextWord(reader);
  if (!magic || (*magic != "PF" && *magic != "Pf")) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected PF or Pf at the start of the file");
  }
  const auto width = NextNumber<std::uint64_t>(reader);
  const auto height = width ? NextNumber<std::uint64_t>(reader) : std::nullopt;
  // The sign says the byte order, the magnitude the unit of the values (P. Debevec's PFM: "scales
  // pixel values to physical units"); nearly all files have 1, and then it is no operation.
  const auto scale = height ? NextNumber<float>(reader) : std::nullopt;
  if (!scale || !std::isfinite(*scale) || *scale == 0) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected a width, a height and a scale other than 0 before byte {}",
                reader.position());
  }
  HDRP_RETURN_IF_ERROR(CheckSize(*width, *height, options.limits, kWhere));
  const int channels = *magic == "PF" ? 3 : 1;
  const std::uint64_t size =
      *width * *height * static_cast<std::uint64_t>(channels) * sizeof(float);
  // One byte of whitespace ends the header; programs on Windows may have made it two. Only the
  // length of the file tells a line feed from the first byte of a pixel.
  if (StartsWith(reader.rest(), "\r\n") && reader.remaining() >= size + 2) {
    (void)reader.Skip(1);
  }
  (void)reader.Skip(1);
  const auto pixels = reader.Read(size);
  if (!pixels) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected {} bytes of pixels for {} x {} at byte {}, found {}", size, *width,
                *height, reader.position(), reader.remaining());
  }
  PictureInfo info;
  info.format = FileFormat::kPfm;
  info.width = static_cast<int>(*width);
  info.height = static_cast<int>(*height);
  info.channels = channels;
  info.bits = 32;
  info.is_float = true;
  info.color.transfer = Transfer::kLinear;
  return PictureRows{std::move(info),
                     [rows = PfmRows(*pixels, static_cast<int>(*height), *scale, options.stop)](
                         PlaneView<float> band) mutable { return rows.Read(band); }};
}

}  // namespace hdrp
