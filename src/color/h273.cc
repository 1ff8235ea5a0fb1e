#include "color/h273.h"

namespace hdrp {

std::optional<Chromaticities> PrimariesFromH273(unsigned code) {
  switch (code) {
    case h273::kPrimariesBt709:
      return kRec709Primaries;
    case h273::kPrimariesBt470Bg:
      return Chromaticities{{0.64, 0.33}, {0.29, 0.60}, {0.15, 0.06}};
    case h273::kPrimariesBt601:
    case h273::kPrimariesSt240:
      return Chromaticities{{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}};
    case h273::kPrimariesBt2020:
      return kRec2020Primaries;
    case h273::kPrimariesP3D65:
      return kDisplayP3Primaries;
    case h273::kPrimariesEbu3213:
      return Chromaticities{{0.630, 0.340}, {0.295, 0.605}, {0.155, 0.077}};
    default:
      return std::nullopt;
  }
}

std::optional<Transfer> TransferFromH273(unsigned code) {
  switch (code) {
    case h273::kTransferBt709:
    case h273::kTransferBt601:
    case h273::kTransferBt2020Of10:
    case h273::kTransferBt2020Of12:
      return Transfer::kRec709;
    case h273::kTransferGamma22:
      return Transfer::kGamma22;
    case h273::kTransferGamma28:
      return Transfer::kGamma28;
    case h273::kTransferLinear:
      return Transfer::kLinear;
    case h273::kTransferSrgb:
      return Transfer::kSrgb;
    case h273::kTransferPq:
      return Transfer::kPq;
    case h273::kTransferHlg:
      return Transfer::kHlg;
    default:
      return std::nullopt;
  }
}

Expected<ColorSpec> ColorFrom(H273Color codes, ByteView icc, std::string_view where) {
  const auto transfer =
      codes.transfer == h273::kUnspecified ? Transfer::kSrgb : TransferFromH273(codes.transfer);
  const bool is_hdr = transfer == Transfer::kPq || transfer == Transfer::kHlg;
  if (!icc.empty() && !is_hdr) {
    return ColorSpec{.icc = Bytes(icc.begin(), icc.end()), .stated = true};
  }
  const auto primaries = codes.primaries == h273::kUnspecified
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
      .stated = codes.transfer != h273::kUnspecified || codes.primaries != h273::kUnspecified};
}

}  // namespace hdrp
