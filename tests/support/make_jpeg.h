// Small JPEGs with known pixels, written by libjpeg.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/plane.h"

namespace hdrp::test {

enum class JpegCoding : std::uint8_t { kBaseline, kProgressive, kArithmetic };
/// kYcc: the usual one, kGray for one channel. kRgb: the samples as they are, announced by APP14.
/// kCmyk: four components.
enum class JpegColor : std::uint8_t { kYcc, kRgb, kCmyk };

struct JpegRecipe {
  int quality = 100;
  JpegCoding coding = JpegCoding::kBaseline;
  JpegColor color = JpegColor::kYcc;
  int restart_rows = 0;  ///< rows of blocks between restart markers; 0: none
};

/// 1, 3 or (kCmyk) 4 channels; 4:4:4.
[[nodiscard]] Bytes MakeJpeg(PlaneView<const std::uint8_t> pixels, const JpegRecipe& recipe = {});

/// Smooth ramps, another one in each channel: horizontal, vertical, diagonal.
[[nodiscard]] Plane<std::uint8_t> MakeRamps(int width, int height, int channels);

}  // namespace hdrp::test
