// Images of a HEIF file as 8-bit planes: gain maps, thumbnails, the luma of a base.
#pragma once

#include <cstdint>

#include "decode/heif/file.h"

namespace hdrp {

enum class HeifSamples : std::uint8_t {
  kLuma,  ///< one channel: the coded Y in full range; of an RGB image a luma
  kRgb,   ///< three channels, by the image's own matrix and range
};

/// Decodes the whole image, turned as its own properties say. Deeper samples are rounded to 8 bits.
/// Precondition: CheckHeifSize.
[[nodiscard]] Expected<Plane<std::uint8_t>> ReadHeifSamples(const HeifJob& job,
                                                            HeifSamples samples);

/// How libheif would rather decode the image: what its samples are stored as.
[[nodiscard]] Expected<HeifTarget> StoredAs(const heif_image_handle* handle);

}  // namespace hdrp
