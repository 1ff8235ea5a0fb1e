#include "decode/h273.h"

namespace hdrp {

std::optional<Chromaticities> PrimariesFromH273(unsigned code) {
  switch (code) {
    case 1:
      return kRec709Primaries;
    case 5:  // BT.470 B, G
      return Chromaticities{{0.64, 0.33}, {0.29, 0.60}, {0.15, 0.06}};
    case 6:  // BT.601, 525 lines
    case 7:  // SMPTE ST 240
      return Chromaticities{{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}};
    case 9:
      return kRec2020Primaries;
    case 12:
      return kDisplayP3Primaries;
    case 22:  // EBU Tech 3213-E
      return Chromaticities{{0.630, 0.340}, {0.295, 0.605}, {0.155, 0.077}};
    default:
      return std::nullopt;
  }
}

std::optional<Transfer> TransferFromH273(unsigned code) {
  switch (code) {
    case 1:
    case 6:
    case 14:
    case 15:
      return Transfer::kRec709;
    case 4:
      return Transfer::kGamma22;
    case 5:
      return Transfer::kGamma28;
    case 8:
      return Transfer::kLinear;
    case 13:
      return Transfer::kSrgb;
    case 16:
      return Transfer::kPq;
    case 18:
      return Transfer::kHlg;
    default:
      return std::nullopt;
  }
}

Expected<ColorSpec> ColorFrom(H273Color codes, ByteView icc, std::string_view where) {
  const auto transfer =
      codes.transfer == kH273Unspecified ? Transfer::kSrgb : TransferFromH273(codes.transfer);
  const bool is_hdr = transfer == Transfer::kPq || transfer == Transfer::kHlg;
  if (!icc.empty() && !is_hdr) {
    return ColorSpec{.icc = Bytes(icc.begin(), icc.end()), .stated = true};
  }
  const auto primaries = codes.primaries == kH273Unspecified
                             ? (is_hdr ? kRec2020Primaries : kRec709Primaries)
                             : PrimariesFromH273(codes.primaries);
  if (!primaries) {
    return Fail(ErrorCode::kUnsupported, where,
                "expected colour primaries 1, 5, 6, 7, 9, 12 or 22 of H.273, found {}",
                codes.primaries);
  }
  if (!transfer) {
    return Fail(ErrorCode::kUnsupported, where,
                "expected transfer characteristics 1, 4, 5, 6, 8, 13, 14, 15, 16 or 18 of H.273, "
                "found {}",
                codes.transfer);
  }
  return ColorSpec{
      .transfer = *transfer,
      .primaries = *primaries,
      .stated = codes.transfer != kH273Unspecified || codes.primaries != kH273Unspecified};
}

}  // namespace hdrp
