#include "metadata/iso21496.h"

#include <optional>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/formatted.h"

namespace hdrp {
namespace {

constexpr std::uint8_t kThreeChannels = 0x80;
constexpr std::uint8_t kUseBaseColorSpace = 0x40;
constexpr std::uint8_t kCommonDenominator = 0x08;
constexpr std::uint8_t kBackward = 0x04;
/// The drafts before the two u16 version fields had their own bits.
constexpr std::uint8_t kDraftThreeChannels = 0x01;
constexpr std::uint8_t kDraftUseBaseColorSpace = 0x02;

/// Sizes of the payload after versions and flags: headrooms (4 or 2 fields and the denominator),
/// then 10 or 5 fields a channel.
constexpr std::size_t BodySize(int channels, bool common) {
  const std::size_t count = static_cast<std::size_t>(channels);
  return common ? 4 * (3 + 5 * count) : 4 * (4 + 10 * count);
}

/// Where the fields stand, whichever form the block has.
struct Layout {
  int channels = 1;
  bool common = false;
  bool use_base = true;
};

/// Reads one number: with its own denominator, or over the common one.
class FractionReader {
 public:
  FractionReader(ByteReader& reader, std::optional<std::uint32_t> common)
      : reader_(reader), common_(common) {}

  [[nodiscard]] Expected<Fraction> Read(std::string_view field, bool is_signed) {
    const std::optional<std::uint32_t> bits = reader_.U32();
    const std::optional<std::uint32_t> denominator = common_ ? common_ : reader_.U32();
    if (!bits || !denominator) {
      return Fail(ErrorCode::kBadInput, "ISO 21496-1 block", "ends inside {}", field);
    }
    if (*denominator == 0) {
      return Fail(ErrorCode::kBadInput, "ISO 21496-1 block", "the denominator of {} is 0", field);
    }
    const std::int64_t numerator =
        is_signed ? std::int64_t{static_cast<std::int32_t>(*bits)} : std::int64_t{*bits};
    return Fraction{numerator, *denominator};
  }

 private:
  ByteReader& reader_;
  std::optional<std::uint32_t> common_;
};

[[nodiscard]] Expected<GainMapFractions> ReadFractions(ByteReader& reader, const Layout& layout) {
  std::optional<std::uint32_t> common;
  if (layout.common) common = reader.U32();
  FractionReader fractions(reader, common);
  GainMapFractions result;
  HDRP_ASSIGN_OR_RETURN(result.base_hdr_headroom, fractions.Read("base_hdr_headroom", false));
  HDRP_ASSIGN_OR_RETURN(result.alternate_hdr_headroom,
                        fractions.Read("alternate_hdr_headroom", false));
  for (std::size_t c = 0; c < static_cast<std::size_t>(layout.channels); ++c) {
    HDRP_ASSIGN_OR_RETURN(result.gain_map_min[c], fractions.Read("gain_map_min", true));
    HDRP_ASSIGN_OR_RETURN(result.gain_map_max[c], fractions.Read("gain_map_max", true));
    HDRP_ASSIGN_OR_RETURN(result.gamma[c], fractions.Read("gamma", false));
    HDRP_ASSIGN_OR_RETURN(result.base_offset[c], fractions.Read("base_offset", true));
    HDRP_ASSIGN_OR_RETURN(result.alternate_offset[c], fractions.Read("alternate_offset", true));
  }
  if (layout.channels == 1) {
    for (auto* field : {&result.gain_map_min, &result.gain_map_max, &result.gamma,
                        &result.base_offset, &result.alternate_offset}) {
      field->fill((*field)[0]);
    }
  }
  return result;
}

/// The draft of u8 version 0 + u8 flags; told apart by its length alone.
[[nodiscard]] std::optional<Layout> DraftLayout(ByteView payload) {
  if (payload.size() < 2 || payload[0] != 0) return std::nullopt;
  const std::uint8_t flags = payload[1];
  const Layout layout{.channels = (flags & kDraftThreeChannels) != 0 ? 3 : 1,
                      .common = (flags & kCommonDenominator) != 0,
                      .use_base = (flags & kDraftUseBaseColorSpace) != 0};
  if (payload.size() != 2 + BodySize(layout.channels, layout.common)) return std::nullopt;
  // A current block that was cut to a draft's length starts with a zero too, but has its flags
  // where the draft has the base headroom, which is 0 for an SDR base.
  ByteReader reader(payload.subspan(2));
  if (flags == 0 && reader.U32() != 0U) return std::nullopt;
  return layout;
}

/// Which rendition the base is, the headrooms say.
void NoteBackward(std::uint8_t flags, IsoBlock& block) {
  if ((flags & kBackward) == 0) return;
  block.deviations.emplace_back(
      "the ISO 21496-1 block has the draft flag 0x04 (backward), which libultrahdr refuses");
}

void NoteFlags(std::uint8_t flags, IsoBlock& block) {
  if ((flags & kCommonDenominator) != 0) {
    block.deviations.emplace_back(
        "the ISO 21496-1 block has the old common-denominator form, which Chromium ignores");
  }
  NoteBackward(flags, block);
  if ((flags & kDraftThreeChannels) != 0) {
    block.deviations.emplace_back(
        "the ISO 21496-1 block has the draft flag 0x01 (three channels), channel 0 is used");
  }
  constexpr std::uint8_t kKnown =
      kThreeChannels | kUseBaseColorSpace | kCommonDenominator | kBackward | kDraftThreeChannels;
  if ((flags & ~kKnown) != 0) {
    block.deviations.push_back(
        Formatted("the ISO 21496-1 block has unknown flags 0x{:02x}", flags & ~kKnown));
  }
}

}  // namespace

bool IsIsoVersionBlock(ByteView payload) { return payload.size() == 4; }

Expected<IsoBlock> ReadIsoBlock(ByteView payload) {
  IsoBlock block;
  ByteReader reader(payload);
  Layout layout;
  if (const std::optional<Layout> draft = DraftLayout(payload)) {
    layout = *draft;
    block.deviations.emplace_back("the ISO 21496-1 block has the draft form of 2023");
    NoteBackward(payload[1], block);
    (void)reader.Skip(2);
  } else {
    const auto minimum_version = reader.U16();
    const auto writer_version = reader.U16();
    const auto flags = reader.U8();
    if (!minimum_version || !writer_version || !flags) {
      return Fail(ErrorCode::kBadInput, "ISO 21496-1 block", "expected 61 or 141 bytes, found {}",
                  payload.size());
    }
    if (*minimum_version > 0) {
      return Fail(ErrorCode::kBadInput, "ISO 21496-1 block", "minimum_version is {}, expected 0",
                  *minimum_version);
    }
    layout = {.channels = (*flags & kThreeChannels) != 0 ? 3 : 1,
              .common = (*flags & kCommonDenominator) != 0,
              .use_base = (*flags & kUseBaseColorSpace) != 0};
    NoteFlags(*flags, block);
  }

  HDRP_ASSIGN_OR_RETURN(GainMapFractions fractions, ReadFractions(reader, layout));
  if (reader.remaining() > 0) {
    block.deviations.push_back(
        Formatted("{} unexpected bytes follow the ISO 21496-1 numbers", reader.remaining()));
  }
  block.metadata = MetadataFrom(fractions, layout.use_base);
  return block;
}

Bytes WriteIsoBlock(const GainMapMetadata& metadata) {
  const GainMapFractions f = FractionsOf(metadata);
  const int channels = metadata.IsSingleChannel() ? 1 : 3;
  ByteWriter writer;
  writer.U16(0);
  writer.U16(0);
  writer.U8(static_cast<std::uint8_t>((channels == 3 ? kThreeChannels : 0) |
                                      (metadata.use_base_color_space ? kUseBaseColorSpace : 0)));
  const auto put = [&writer](const Fraction& fraction) {
    writer.U32(static_cast<std::uint32_t>(fraction.numerator));
    writer.U32(fraction.denominator);
  };
  put(f.base_hdr_headroom);
  put(f.alternate_hdr_headroom);
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    put(f.gain_map_min[c]);
    put(f.gain_map_max[c]);
    put(f.gamma[c]);
    put(f.base_offset[c]);
    put(f.alternate_offset[c]);
  }
  return std::move(writer).Take();
}

Bytes WriteIsoVersionBlock() { return {0, 0, 0, 0}; }

}  // namespace hdrp
