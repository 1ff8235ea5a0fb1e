// A picture with a gain map for the tests of both writers (HEIC and AVIF).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "metadata/exif.h"
#include "package/picture_file.h"
#include "support/scene.h"

namespace hdrp::test {

struct WrittenPicture {
  Plane<std::uint8_t> sdr;
  EncodedGainMap map;

  [[nodiscard]] PictureBase Base() const { return {.codes = sdr.view()}; }
  [[nodiscard]] PictureGainMap Map() const { return {.map = &map}; }
};

/// The procedural scene with its gains in a map of half the size, and numbers of which a double
/// holds none.
[[nodiscard]] inline WrittenPicture MakeWrittenPicture(int width, int height,
                                                       int map_channels = 1) {
  Scene scene = MakeScene(width, height);
  WrittenPicture picture;
  GainMapMetadata numbers;
  numbers.gain_map_min = {-0.1, -0.1, -0.1};
  numbers.gain_map_max = {3.1, 3.1, 3.1};
  numbers.gamma = {0.7, 0.7, 0.7};
  numbers.base_offset = {0.015625, 0.015625, 0.015625};
  numbers.alternate_offset = {0.00001, 0.00001, 0.00001};
  numbers.alternate_hdr_headroom = 3.1;
  if (map_channels == 3) numbers.gain_map_max[1] = 2.9;
  const Log2Gain gain = ResizeGain({std::move(scene.gain_stops)}, width / 2, height / 2);
  Log2Gain stops{Plane<float>(width / 2, height / 2, map_channels)};
  for (int y = 0; y < height / 2; ++y) {
    for (int x = 0; x < width / 2; ++x) {
      for (int c = 0; c < map_channels; ++c) {
        stops.stops.view().At(x, y, c) =
            gain.stops.view().At(x, y) * (1.0F - 0.2F * static_cast<float>(c));
      }
    }
  }
  picture.map = EncodeGain(stops, numbers);
  picture.sdr = std::move(scene.sdr);
  return picture;
}

/// The largest difference of two pictures of one size; 256 where the sizes differ.
[[nodiscard]] inline int LargestDifference(PlaneView<const std::uint8_t> a,
                                           PlaneView<const std::uint8_t> b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 256;
  int largest = 0;
  for (int y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.RowSpan(y).size(); ++i) {
      largest = std::max(largest, std::abs(a.RowSpan(y)[i] - b.RowSpan(y)[i]));
    }
  }
  return largest;
}

/// The mean one.
[[nodiscard]] inline double MeanDifference(PlaneView<const std::uint8_t> a,
                                           PlaneView<const std::uint8_t> b) {
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return 256;
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.RowSpan(y).size(); ++i) {
      sum += std::abs(a.RowSpan(y)[i] - b.RowSpan(y)[i]);
    }
  }
  return sum / a.width / a.height / a.channels;
}

}  // namespace hdrp::test
