// A picture's luma, small and cheap: what framings are compared by.
#pragma once

#include <cstdint>

#include "base/limits.h"
#include "base/plane.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// Coded luma. The picture fills `width` x `height` of the raster, from its first corner: libjpeg
/// makes 541 pixels of 4322 at 1/8, of which the picture fills 540.25.
struct SmallLuma {
  Plane<std::uint8_t> codes;
  double width = 0, height = 0;
  [[nodiscard]] PlaneView<const std::uint8_t> view() const { return codes.view(); }
};

/// Of a picture that fills its raster.
[[nodiscard]] inline SmallLuma Filling(Plane<std::uint8_t> codes) {
  const auto width = static_cast<double>(codes.width()),
             height = static_cast<double>(codes.height());
  return {std::move(codes), width, height};
}

/// A JPEG's, in the stored raster at 1/8, 1/4, 1/2 or 1/1 scale: the smallest that has `least_side`
/// pixels on the long side, if any has. DecodeJpeg's errors.
[[nodiscard]] Expected<SmallLuma> ReadSmallLuma(ByteView file, const JpegStream& primary,
                                                int least_side, const Limits& limits,
                                                const StopCondition& stop);

}  // namespace hdrp
