#include "decode/heif/hevc_size.h"

#include <cstdint>
#include <span>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

constexpr std::uint8_t kSequenceParameterSet = 33;  // H.265, table 7-1
constexpr std::uint32_t kMaxSide = 65'536;

/// Bits of a NAL unit's payload, without the bytes that prevent start codes (H.265, 7.3.1.1).
class BitReader {
 public:
  explicit BitReader(ByteView nal) {
    int zeros = 0;
    for (const std::uint8_t byte : nal) {
      if (zeros >= 2 && byte == 3) {
        zeros = 0;
        continue;
      }
      zeros = byte == 0 ? zeros + 1 : 0;
      bytes_.push_back(byte);
    }
  }

  /// 0 past the end, which `failed` says.
  std::uint32_t Bits(unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      if (at_ / 8 >= bytes_.size()) {
        failed_ = true;
        return 0;
      }
      const unsigned bit = (static_cast<unsigned>(bytes_[at_ / 8]) >> (7 - at_ % 8)) & 1U;
      value = (value << 1) | bit;
      ++at_;
    }
    return value;
  }
  void Skip(std::size_t count) {
    at_ += count;
    failed_ = failed_ || at_ / 8 > bytes_.size();
  }
  /// Exp-Golomb (9.2).
  std::uint32_t Ue() {
    unsigned zeros = 0;
    while (!failed_ && Bits(1) == 0) {
      if (++zeros > 31) failed_ = true;
    }
    return failed_ ? 0 : (1U << zeros) - 1 + Bits(zeros);
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void SkipProfileTierLevel(BitReader& bits, unsigned sub_layers) {
  constexpr std::size_t kProfileBits = 88;
  constexpr std::size_t kLevelBits = 8;
  bits.Skip(kProfileBits + kLevelBits);
  if (sub_layers == 0) return;
  std::uint32_t present = 0;  // two bits for each sub-layer: profile, level
  for (unsigned i = 0; i < 8; ++i) present = (present << 2) | bits.Bits(2);
  for (unsigned i = 0; i < sub_layers; ++i) {
    const unsigned flags = (present >> (14 - 2 * i)) & 3U;
    if ((flags & 2U) != 0) bits.Skip(kProfileBits);
    if ((flags & 1U) != 0) bits.Skip(kLevelBits);
  }
}

std::optional<RasterSize> SizeOf(ByteView parameter_set) {
  constexpr std::size_t kNalHeader = 2;
  if (parameter_set.size() < kNalHeader) return std::nullopt;
  BitReader bits(parameter_set.subspan(kNalHeader));
  bits.Skip(4);  // of the video parameter set
  const unsigned sub_layers = bits.Bits(3);
  bits.Skip(1);
  SkipProfileTierLevel(bits, sub_layers);
  (void)bits.Ue();  // its own id
  const std::uint32_t chroma = bits.Ue();
  const bool separate = chroma == 3 && bits.Bits(1) != 0;
  std::uint32_t width = bits.Ue();
  std::uint32_t height = bits.Ue();
  if (bits.Bits(1) != 0) {
    const std::uint32_t across = !separate && (chroma == 1 || chroma == 2) ? 2 : 1;
    const std::uint32_t down = !separate && chroma == 1 ? 2 : 1;
    const std::uint32_t left = bits.Ue(), right = bits.Ue(), top = bits.Ue(), bottom = bits.Ue();
    if (left > kMaxSide || right > kMaxSide || top > kMaxSide || bottom > kMaxSide ||
        across * (left + right) >= width || down * (top + bottom) >= height) {
      return std::nullopt;
    }
    width -= across * (left + right);
    height -= down * (top + bottom);
  }
  if (bits.failed() || chroma > 3 || width == 0 || height == 0 || width > kMaxSide ||
      height > kMaxSide) {
    return std::nullopt;
  }
  return RasterSize{static_cast<int>(width), static_cast<int>(height)};
}

/// Width and height behind version and flags.
constexpr std::size_t kIspeSizeAt = 4;

}  // namespace

std::optional<RasterSize> HevcStreamSize(const HeifItem& item) {
  constexpr std::size_t kArraysAt = 22;
  const HeifProperty* property = PropertyOf(item, "hvcC");
  if (property == nullptr) return std::nullopt;
  ByteReader reader(property->body);
  if (!reader.Skip(kArraysAt)) return std::nullopt;
  const auto arrays = reader.U8();
  for (int array = 0; arrays && array < *arrays; ++array) {
    const auto type = reader.U8();
    const auto units = reader.U16();
    for (int unit = 0; units && unit < *units; ++unit) {
      const auto size = reader.U16();
      const auto nal = size ? reader.Read(*size) : std::nullopt;
      if (!nal) return std::nullopt;
      if ((*type & 0x3FU) == kSequenceParameterSet) return SizeOf(*nal);
    }
  }
  return std::nullopt;
}

std::optional<SurplusPixels> SurplusOf(const HeifItem& item) {
  constexpr int kCodingBlock = 64;
  const HeifProperty* property = PropertyOf(item, "ispe");
  const std::optional<RasterSize> coded = HevcStreamSize(item);
  if (property == nullptr || !coded) return std::nullopt;
  ByteReader reader(property->body);
  (void)reader.Skip(kIspeSizeAt);
  const auto width = reader.U32();
  const auto height = reader.U32();
  if (!height || *width > kMaxSide || *height > kMaxSide) return std::nullopt;
  const RasterSize stated{static_cast<int>(*width), static_cast<int>(*height)};
  const int more_columns = coded->width - stated.width;
  const int more_rows = coded->height - stated.height;
  const auto fits = [](int more) { return more >= 0 && more < kCodingBlock; };
  if (!fits(more_columns) || !fits(more_rows) || (more_columns == 0 && more_rows == 0)) {
    return std::nullopt;
  }
  return SurplusPixels{stated, *coded};
}

Bytes WithCodedSize(ByteView file, const HeifItem& item, RasterSize coded) {
  Bytes patched(file.begin(), file.end());
  const HeifProperty* property = PropertyOf(item, "ispe");
  if (property == nullptr || property->body.size() < kIspeSizeAt + 8) return patched;
  auto at = static_cast<std::size_t>(property->body.data() - file.data()) + kIspeSizeAt;
  for (const int side : {coded.width, coded.height}) {
    for (const int shift : {24, 16, 8, 0}) {
      patched[at++] = static_cast<std::uint8_t>((static_cast<unsigned>(side) >> shift) & 0xFFU);
    }
  }
  return patched;
}

}  // namespace hdrp
