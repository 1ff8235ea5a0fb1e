#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "predict/model_tiles.h"

namespace hdrp {
namespace {

TEST(ModelTiles, KeptPartsCoverThePictureOnce) {
  for (const int apron : {0, 76, 256}) {
    for (const RasterSize size :
         {RasterSize{2, 2}, {640, 640}, {642, 10}, {2000, 1500}, {1282, 642}}) {
      const GainModelContract contract{.name = "t",
                                       .peak_stops = 1,
                                       .base_scale = 1,
                                       .multiple = 2,
                                       .apron = apron,
                                       .thumbnail = {}};
      Plane<std::uint8_t> seen(size.width, size.height);
      for (const ModelTile& tile : TilesOf(size, contract)) {
        EXPECT_LE(tile.input.width, kModelTileSide);
        EXPECT_LE(tile.input.height, kModelTileSide);
        EXPECT_EQ(
            tile.input_x % 2 + tile.input_y % 2 + tile.input.width % 2 + tile.input.height % 2, 0);
        // The apron is whole, or ends at the picture's border.
        EXPECT_EQ(tile.input_x,
                  std::max(0, tile.x - (tile.input.width == size.width ? tile.x : apron)));
        const int end = tile.input_x + tile.input.width;
        EXPECT_TRUE(end == size.width || end == tile.x + tile.kept.width + apron);
        for (int y = tile.y; y < tile.y + tile.kept.height; ++y) {
          for (int x = tile.x; x < tile.x + tile.kept.width; ++x) ++seen.Row(y)[x];
        }
      }
      for (int y = 0; y < size.height; ++y) {
        for (const std::uint8_t count : seen.view().RowSpan(y)) ASSERT_EQ(count, 1);
      }
    }
  }
}

TEST(ModelTiles, WithoutApronThereIsOneTile) {
  const GainModelContract contract{
      .name = "t", .peak_stops = 1, .base_scale = 1, .multiple = 1, .apron = {}, .thumbnail = {}};
  EXPECT_EQ(TilesOf({3000, 2000}, contract).size(), 1U);
}

TEST(ModelTiles, PaddingRepeatsTheBorder) {
  Plane<float> image(1, 2, 3);
  for (int c = 0; c < 3; ++c) image.view().At(0, 1, c) = static_cast<float>(c + 1);
  EXPECT_EQ(PlanarTensor(image.view(), 0, 1, {2, 2}),
            (std::vector<float>{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}));
}

}  // namespace
}  // namespace hdrp
