// What is written of a map's samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "decode/jpeg_pixels.h"
#include "obtain/map_in_progress.h"

namespace hdrp {
namespace {

[[nodiscard]] MapInProgress NoiseMap(int side, unsigned seed) {
  std::minstd_rand random(seed);
  MapInProgress map;
  map.width = map.height = side;
  map.codes = EncodedGainMap{Plane<std::uint8_t>(side, side), {}};
  for (int y = 0; y < side; ++y) {
    std::ranges::generate(map.codes->codes.Row(y), map.codes->codes.Row(y) + side,
                          [&] { return static_cast<std::uint8_t>(random() % 200); });
  }
  map.codes->codes.Row(side - 1)[side - 1] = 255;
  return map;
}

// A reader checks that a map uses its range (P2: 250 at least); the highest code of so small a map
// may be a single sample, which JPEG at its usual quality lowers.
TEST(EncodeMap, TinyMapsKeepTheirHighestCode) {
  for (const int side : {2, 4, 8, 32}) {
    for (unsigned seed = 1; seed <= 50; ++seed) {
      MapInProgress map = NoiseMap(side, seed);
      const Expected<Bytes> stream = EncodeMap(map, {});
      ASSERT_TRUE(stream);
      const Expected<DecodedJpeg> back = DecodeJpeg(*stream, {.output = JpegOutput::kAsStored});
      ASSERT_TRUE(back);
      int top = 0;
      for (int y = 0; y < side; ++y) {
        top = std::max<int>(top, std::ranges::max(back->pixels.view().RowSpan(y)));
      }
      EXPECT_GE(top, 253) << side << ", seed " << seed;
    }
  }
}

// Where it is asked for, the quality is what was asked for.
TEST(EncodeMap, AQualityIsTaken) {
  MapInProgress coarse = NoiseMap(8, 1);
  MapInProgress fine = NoiseMap(8, 1);
  EXPECT_LT(EncodeMap(coarse, {.quality = 50})->size(), EncodeMap(fine, {})->size());
}

}  // namespace
}  // namespace hdrp
