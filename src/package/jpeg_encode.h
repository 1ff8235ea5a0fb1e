// Encodes 8-bit pixels as baseline JPEG through libjpeg-turbo; deterministic.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"

namespace hdrp {

struct JpegEncodeOptions {
  int quality = 95;               ///< 1..100
  bool subsample_chroma = false;  ///< 4:2:0 instead of 4:4:4, for 3 channels
};

/// 1 channel (grey) or 3 (RGB, stored as YCbCr). bad_argument for a quality outside 1..100.
[[nodiscard]] Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels,
                                         const JpegEncodeOptions& options);

}  // namespace hdrp
