// The samples of a TIFF file's rows as numbers.
#pragma once

#include <cstdint>
#include <span>

#include "decode/tiff/header.h"

namespace hdrp {

/// Samples of a row, in the byte order of this machine (libtiff has swapped them), as numbers.
/// Indices of a palette stay what they are.
void TiffSamples(std::span<const std::uint8_t> row, const TiffLayout& layout,
                 std::span<float> samples);

}  // namespace hdrp
