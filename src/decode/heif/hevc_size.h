// The size that an HEVC item's stream codes, of its hvcC property. Source: ISO/IEC
// 14496-15, 8.3.3.1 (the property), ITU-T H.265, 7.3.2.2 (sequence parameter set).
#pragma once

#include <optional>

#include "base/aspect.h"
#include "metadata/heif_structure.h"

namespace hdrp {

/// After the conformance window; nullopt where the item has no sequence parameter set that is read.
[[nodiscard]] std::optional<RasterSize> HevcStreamSize(const HeifItem& item);

/// An item whose stream codes some more columns or rows than the file states (ispe), which decoders
/// round up: encoders of 4:2:0 have even sides. What is stated counts.
struct SurplusPixels {
  RasterSize stated, coded;
};
/// nullopt where both are the same, where the stream codes less, and where it is more than a coding
/// block.
[[nodiscard]] std::optional<SurplusPixels> SurplusOf(const HeifItem& item);

/// The file with `coded` in place of `stated`, so that a decoder that wants both to be the same
/// decodes it. The item is the file's.
[[nodiscard]] Bytes WithCodedSize(ByteView file, const HeifItem& item, RasterSize coded);

}  // namespace hdrp
