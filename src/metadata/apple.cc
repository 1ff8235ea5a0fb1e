#include "metadata/apple.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

constexpr std::string_view kAppleHeader{"Apple iOS\0\0\1MM", 14};
constexpr std::uint16_t kSignedRational = 10;

/// A signed rational at `offset` of the note; a denominator of 0 means "absent".
[[nodiscard]] std::optional<double> RationalAt(ByteView note, std::uint32_t offset) {
  ByteReader reader(note);
  if (!reader.Seek(offset)) return std::nullopt;
  const auto numerator = reader.S32();
  const auto denominator = reader.S32();
  if (!numerator || !denominator || *denominator == 0) return std::nullopt;
  return static_cast<double>(*numerator) / *denominator;
}

}  // namespace

double LinearFromLegacy(double v, AppleTransfer transfer) {
  switch (transfer) {
    case AppleTransfer::kGamma22:
      return std::pow(v, 2.2);
    case AppleTransfer::kSrgb:
      return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    case AppleTransfer::kRec709:
      return v < 0.081 ? v / 4.5 : std::pow((v + 0.099) / 1.099, 1 / 0.45);
  }
  std::unreachable();
}

double LegacyFromLinear(double linear, AppleTransfer transfer) {
  switch (transfer) {
    case AppleTransfer::kGamma22:
      return std::pow(linear, 1 / 2.2);
    case AppleTransfer::kSrgb:
      return linear <= 0.04045 / 12.92 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    case AppleTransfer::kRec709:
      return linear < 0.081 / 4.5 ? 4.5 * linear : 1.099 * std::pow(linear, 0.45) - 0.099;
  }
  std::unreachable();
}

double LegacyGainStops(double v, double headroom_linear, AppleTransfer transfer) {
  return std::log2(1 + (headroom_linear - 1) * LinearFromLegacy(v, transfer));
}

AppleMakerNote ReadAppleMakerNote(ByteView maker_note) {
  AppleMakerNote note;
  if (!StartsWith(maker_note, kAppleHeader)) return note;
  ByteReader reader(maker_note);  // always big-endian, whatever the outer TIFF uses
  if (!reader.Seek(kAppleHeader.size())) return note;
  const auto count = reader.U16();
  if (!count) return note;
  for (std::uint16_t i = 0; i < *count; ++i) {
    const auto tag = reader.U16();
    const auto type = reader.U16();
    const auto values = reader.U32();
    const auto offset = reader.U32();
    if (!tag || !type || !values || !offset) return note;
    if (*type != kSignedRational || *values != 1) continue;
    if (*tag == 0x21) note.tag33 = RationalAt(maker_note, *offset);
    if (*tag == 0x30) note.tag48 = RationalAt(maker_note, *offset);
  }
  return note;
}

std::optional<double> HeadroomLinearFrom(const AppleMakerNote& note) {
  if (!note.tag33 && !note.tag48) return std::nullopt;
  const double m33 = note.tag33.value_or(0);
  const double m48 = note.tag48.value_or(0);
  double stops = 0;
  if (m33 < 1) {
    stops = m48 <= 0.01 ? 1.8 - 20 * m48 : 1.601 - 0.101 * m48;
  } else {
    stops = m48 <= 0.01 ? 3.0 - 70 * m48 : 2.303 - 0.303 * m48;
  }
  return std::exp2(std::max(stops, 0.0));
}

std::array<std::uint8_t, 256> IsoCodesFromLegacy(double headroom_linear, AppleTransfer transfer) {
  std::array<std::uint8_t, 256> codes{};
  const double headroom_stops = std::log2(headroom_linear);
  for (std::size_t code = 0; code < codes.size(); ++code) {
    const double stops =
        LegacyGainStops(static_cast<double>(code) / 255, headroom_linear, transfer);
    const double share = headroom_stops > 0 ? std::clamp(stops / headroom_stops, 0.0, 1.0) : 0;
    codes[code] = static_cast<std::uint8_t>(std::floor(255 * share + 0.5));
  }
  return codes;
}

GainMapMetadata MetadataFromApple(double headroom_linear) {
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(std::log2(headroom_linear));
  metadata.base_offset.fill(0);
  metadata.alternate_offset.fill(0);
  metadata.alternate_hdr_headroom = metadata.gain_map_max[0];
  return metadata;
}

}  // namespace hdrp
