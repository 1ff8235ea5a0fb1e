#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/orientation.h"

namespace hdrp {
namespace {

/// A raster of distinct letters.
using Raster = std::vector<std::string>;
const Raster kStored = {"abc", "def"};

/// EXIF 2.32, tag 0x0112: where the stored raster's first row and first column are seen.
enum class Side { kTop, kBottom, kLeft, kRight };
struct Definition {
  Side first_row;
  Side first_column;
};
constexpr std::array<Definition, 8> kDefinitions = {{{Side::kTop, Side::kLeft},
                                                     {Side::kTop, Side::kRight},
                                                     {Side::kBottom, Side::kRight},
                                                     {Side::kBottom, Side::kLeft},
                                                     {Side::kLeft, Side::kTop},
                                                     {Side::kRight, Side::kTop},
                                                     {Side::kRight, Side::kBottom},
                                                     {Side::kLeft, Side::kBottom}}};

Orientation Number(unsigned k) { return *OrientationFrom(k); }

/// As the definition says, cell by cell.
Raster DisplayedByDefinition(const Raster& stored, unsigned k) {
  const Definition& definition = kDefinitions[k - 1];
  const std::size_t rows = stored.size();
  const std::size_t columns = stored[0].size();
  const bool rows_stay =
      definition.first_row == Side::kTop || definition.first_row == Side::kBottom;
  const std::size_t width = rows_stay ? columns : rows;
  const std::size_t height = rows_stay ? rows : columns;
  Raster displayed(height, std::string(width, '?'));
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      std::size_t x = 0;
      std::size_t y = 0;
      for (const auto& [side, distance] :
           {std::pair{definition.first_row, r}, std::pair{definition.first_column, c}}) {
        switch (side) {
          case Side::kTop:
            y = distance;
            break;
          case Side::kBottom:
            y = height - 1 - distance;
            break;
          case Side::kLeft:
            x = distance;
            break;
          case Side::kRight:
            x = width - 1 - distance;
            break;
        }
      }
      displayed[y][x] = stored[r][c];
    }
  }
  return displayed;
}

/// As OrientationSteps documents them.
Raster Applied(Raster raster, Orientation orientation) {
  const OrientationSteps steps = StepsOf(orientation);
  if (steps.transpose) {
    Raster turned(raster[0].size(), std::string(raster.size(), '?'));
    for (std::size_t r = 0; r < raster.size(); ++r) {
      for (std::size_t c = 0; c < raster[0].size(); ++c) turned[c][r] = raster[r][c];
    }
    raster = turned;
  }
  if (steps.flip_x) {
    for (std::string& row : raster) row = std::string(row.rbegin(), row.rend());
  }
  if (steps.flip_y) raster = Raster(raster.rbegin(), raster.rend());
  return raster;
}

TEST(OrientationTest, StepsAreExifs) {
  for (unsigned k = 1; k <= 8; ++k) {
    EXPECT_EQ(Applied(kStored, Number(k)), DisplayedByDefinition(kStored, k)) << k;
    EXPECT_EQ(SwapsSides(Number(k)), k >= 5) << k;
  }
  // Two spelt out, so that both sides above cannot be wrong alike.
  EXPECT_EQ(Applied(kStored, Orientation::kRightTop), (Raster{"da", "eb", "fc"}));
  EXPECT_EQ(Applied(kStored, Orientation::kLeftBottom), (Raster{"cf", "be", "ad"}));
}

TEST(OrientationTest, ComposeIsOneAfterTheOther) {
  for (unsigned a = 1; a <= 8; ++a) {
    for (unsigned b = 1; b <= 8; ++b) {
      EXPECT_EQ(Applied(kStored, Compose(Number(a), Number(b))),
                Applied(Applied(kStored, Number(a)), Number(b)))
          << a << " then " << b;
    }
  }
}

TEST(OrientationTest, InverseUndoes) {
  for (unsigned k = 1; k <= 8; ++k) {
    EXPECT_EQ(Applied(Applied(kStored, Number(k)), Inverse(Number(k))), kStored) << k;
  }
}

TEST(OrientationTest, RelativeKeepsWhatIsSeen) {
  for (unsigned from = 1; from <= 8; ++from) {
    for (unsigned to = 1; to <= 8; ++to) {
      const Raster moved = Applied(kStored, Relative(Number(from), Number(to)));
      EXPECT_EQ(Applied(moved, Number(to)), Applied(kStored, Number(from))) << from << " to " << to;
    }
  }
}

TEST(OrientationTest, OnlyOneToEightExist) {
  for (const unsigned value : {0U, 9U, 255U, 65536U, 65537U}) {
    EXPECT_FALSE(OrientationFrom(value)) << value;
  }
}

}  // namespace
}  // namespace hdrp
