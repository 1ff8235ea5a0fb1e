// The markers of a JPEG stream by their second byte, and the names with which the payloads of
// application segments start. Sources: ITU-T T.81, table B.1; ITU-T T.871, 10.1 (JFIF); ICC.1:2022,
// B.4 (ICC_PROFILE).
#pragma once

#include <cstdint>
#include <string_view>

namespace hdrp {

inline constexpr std::uint8_t kMarkerPrefix = 0xFF;  ///< the first byte of each

inline constexpr std::uint8_t kTem = 0x01;    ///< stands alone: for private use
inline constexpr std::uint8_t kSof0 = 0xC0;   ///< frame header: baseline
inline constexpr std::uint8_t kSof1 = 0xC1;   ///< extended
inline constexpr std::uint8_t kSof2 = 0xC2;   ///< progressive
inline constexpr std::uint8_t kDht = 0xC4;    ///< Huffman tables
inline constexpr std::uint8_t kJpg = 0xC8;    ///< reserved
inline constexpr std::uint8_t kSof9 = 0xC9;   ///< extended, arithmetic coding
inline constexpr std::uint8_t kSof10 = 0xCA;  ///< progressive, arithmetic coding
inline constexpr std::uint8_t kDac = 0xCC;    ///< conditioning of the arithmetic coding
inline constexpr std::uint8_t kSof15 = 0xCF;  ///< the last frame header: lossless and so on
inline constexpr std::uint8_t kRst0 = 0xD0;   ///< restart; stands alone
inline constexpr std::uint8_t kRst7 = 0xD7;
inline constexpr std::uint8_t kSoi = 0xD8;  ///< start of image
inline constexpr std::uint8_t kEoi = 0xD9;  ///< end of image
inline constexpr std::uint8_t kSos = 0xDA;  ///< start of scan
inline constexpr std::uint8_t kDnl = 0xDC;  ///< the number of lines
inline constexpr std::uint8_t kApp0 = 0xE0;
inline constexpr std::uint8_t kApp1 = 0xE1;
inline constexpr std::uint8_t kApp2 = 0xE2;
inline constexpr std::uint8_t kApp10 = 0xEA;
inline constexpr std::uint8_t kApp11 = 0xEB;
inline constexpr std::uint8_t kApp13 = 0xED;
inline constexpr std::uint8_t kApp14 = 0xEE;
inline constexpr std::uint8_t kApp15 = 0xEF;
inline constexpr std::uint8_t kCom = 0xFE;  ///< comment

inline constexpr std::string_view kSoiBytes = "\xFF\xD8";
inline constexpr std::string_view kEoiBytes = "\xFF\xD9";
/// SOI and the first byte of whatever marker follows it: what a search for a stream looks for.
inline constexpr std::string_view kStreamStart = "\xFF\xD8\xFF";

inline constexpr std::string_view kJfifNamespace{"JFIF\0", 5};
inline constexpr std::string_view kIccNamespace{"ICC_PROFILE\0", 12};

/// The n of SOFn, as messages name a frame's coding.
[[nodiscard]] constexpr int SofNumber(std::uint8_t marker) { return marker - kSof0; }

}  // namespace hdrp
