// JPEG streams whose coefficients are right and whose coding is not what every viewer reads: coded
// anew without loss. The quantised coefficients and their tables stay as they are; no pixel is
// computed.
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

namespace hdrp {

/// What may be spent on it: all coefficients are held (Limits::max_held_bytes).
struct RecodeOptions {
  Limits limits = {};
  StopCondition stop = {};
};

/// An arithmetic-coded stream (SOF9, SOF10), which few browsers and no phone decode, as a
/// sequential one with Huffman tables of its own. APPn and COM segments stay, in their order.
/// bad_input where libjpeg decodes it with warnings only; unsupported where Huffman codes cannot
/// hold a coefficient.
[[nodiscard]] Expected<Bytes> HuffmanCoded(ByteView jpeg, const RecodeOptions& options);

/// A one-component stream as YCbCr with chroma that is 0 everywhere, so that R, G and B are each
/// exactly what the one component was. Its header is a JFIF alone. Errors as above.
[[nodiscard]] Expected<Bytes> InThreeComponents(ByteView grey_jpeg, const RecodeOptions& options);

/// A stream that lacks its end marker, with one: all of its bytes, and EOI. bad_input unless every
/// block of the picture is there (each scan decodes to its end without a warning, every coefficient
/// to its last bit), and for arithmetic coding, in which nothing shows that data are missing.
[[nodiscard]] Expected<Bytes> WithEndMarker(ByteView jpeg, const RecodeOptions& options);

}  // namespace hdrp
