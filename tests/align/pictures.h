// Pictures that edits are made of, and how many, for the surveys.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/plane.h"

namespace hdrp::test {

/// HDR_PROCESS_EDITS, or a few.
[[nodiscard]] int Count();
/// Another for each HDR_PROCESS_SEED, a number.
[[nodiscard]] std::uint32_t Seed(std::uint32_t usual);

struct Picture {
  std::string name;
  cv::Mat rgb;
  int map_pixel = 2;  ///< pixels of `rgb` that a map at a quarter of the whole picture has for one
};
/// Photographs at half size, and procedural scenes.
[[nodiscard]] const std::vector<Picture>& Pictures();

[[nodiscard]] PlaneView<const std::uint8_t> ViewOf(const cv::Mat& codes);

}  // namespace hdrp::test
