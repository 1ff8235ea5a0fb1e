// Code points of ITU-T H.273, and what they are in this project's words: shared by PNG (cICP), HEIF
// and AVIF (nclx), ICC profiles (cicp) and whoever else stores them.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "color/color_spec.h"

namespace hdrp {

/// The codes that are read or written here, with the standard's clauses.
namespace h273 {

inline constexpr int kUnspecified = 2;  ///< of 8.1, 8.2 and 8.3 alike

// 8.1, table 2: ColourPrimaries. All with white D65.
inline constexpr int kPrimariesBt709 = 1;     ///< and sRGB
inline constexpr int kPrimariesBt470Bg = 5;   ///< BT.601 with 625 lines
inline constexpr int kPrimariesBt601 = 6;     ///< with 525 lines
inline constexpr int kPrimariesSt240 = 7;     ///< SMPTE ST 240
inline constexpr int kPrimariesBt2020 = 9;    ///< and BT.2100
inline constexpr int kPrimariesP3D65 = 12;    ///< SMPTE EG 432-1: Display P3
inline constexpr int kPrimariesEbu3213 = 22;  ///< EBU Tech 3213-E

// 8.2, table 3: TransferCharacteristics.
inline constexpr int kTransferBt709 = 1;
inline constexpr int kTransferGamma22 = 4;  ///< BT.470, system M
inline constexpr int kTransferGamma28 = 5;  ///< BT.470, systems B and G
inline constexpr int kTransferBt601 = 6;
inline constexpr int kTransferLinear = 8;
inline constexpr int kTransferSrgb = 13;        ///< IEC 61966-2-1
inline constexpr int kTransferBt2020Of10 = 14;  ///< for 10 bits
inline constexpr int kTransferBt2020Of12 = 15;  ///< for 12 bits
inline constexpr int kTransferPq = 16;          ///< SMPTE ST 2084, BT.2100
inline constexpr int kTransferHlg = 18;         ///< ARIB STD-B67, BT.2100

// 8.3, table 4: MatrixCoefficients.
inline constexpr int kMatrixIdentity = 0;  ///< G, B and R as they are
inline constexpr int kMatrixBt601 = 6;

}  // namespace h273

/// H.273 table 2, those with white D65: 1, 5, 6, 7, 9, 12, 22. (The others would need a chromatic
/// adaptation that no file of theirs describes.)
[[nodiscard]] std::optional<Chromaticities> PrimariesFromH273(unsigned code);

/// H.273 table 3: 1, 4, 5, 6, 8, 13, 14, 15, 16, 18.
[[nodiscard]] std::optional<Transfer> TransferFromH273(unsigned code);

/// What a file says in code points; also the two that it left unspecified.
struct H273Color {
  unsigned primaries = h273::kUnspecified;
  unsigned transfer = h273::kUnspecified;
};

/// The meaning of a file's code points and its ICC profile together. PQ and HLG code points win
/// over the profile (which can only approximate them), a profile over other code points. What is
/// unspecified is sRGB, and Rec. 2020 primaries for PQ and HLG, the only ones BT.2100 has for them.
/// unsupported for other code points without a profile.
[[nodiscard]] Expected<ColorSpec> ColorFrom(H273Color codes, ByteView icc, std::string_view where);

}  // namespace hdrp
