// The binary metadata block of ISO 21496-1 as JPEG carries it (APP2 after the 28-byte namespace;
// 61 bytes for one channel, 141 for three), and the older forms real files hold.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// Namespace of both APP2 blocks, with its terminating zero (28 bytes).
inline constexpr std::string_view kIsoNamespace{"urn:iso:std:iso:ts:21496:-1\0", 28};

/// What a payload (the bytes after the namespace) holds.
struct IsoBlock {
  GainMapMetadata metadata;             ///< with fractions
  std::vector<std::string> deviations;  ///< sentences: old form, unknown flags, trailing bytes
};

/// True for the 4-byte block (minimum_version, writer_version) that the primary image carries.
[[nodiscard]] bool IsIsoVersionBlock(ByteView payload);

/// Reads the 61- and 141-byte forms, the common-denominator form (flag 0x08), the drafts of 58 and
/// 138 (34 and 74) bytes, and Huawei's flag 0x01 (channel 0 is taken). bad_input when too short,
/// when minimum_version > 0 or when a denominator is 0; the rules of BrokenRules are not applied.
[[nodiscard]] Expected<IsoBlock> ReadIsoBlock(ByteView payload);

/// 61 bytes when metadata.IsSingleChannel(), otherwise 141. Precondition: no broken rule (kWrite).
[[nodiscard]] Bytes WriteIsoBlock(const GainMapMetadata& metadata);
/// The primary's 4 bytes.
[[nodiscard]] Bytes WriteIsoVersionBlock();

}  // namespace hdrp
