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
  /// Above 0: one quantisation step for all AC terms and a quarter of it for DC, in place of
  /// `quality`'s tables, which are made for eyes on pictures. A gain map's errors count alike at all
  /// frequencies, and its averages, which smooth skies are made of, count most.
  int flat_step = 0;
};

/// The flat step that stands for a quality: 16 at 50, scaled as libjpeg scales its tables.
[[nodiscard]] constexpr int FlatStepOfQuality(int quality) {
  const int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const int step = (16 * percent + 50) / 100;
  return step < 1 ? 1 : (step > 64 ? 64 : step);
}

/// 1 channel (grey) or 3 (RGB, stored as YCbCr). bad_argument for a quality outside 1..100.
[[nodiscard]] Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels,
                                         const JpegEncodeOptions& options);

}  // namespace hdrp
