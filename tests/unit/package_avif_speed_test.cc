// The choice of AVIF's speed. What the speeds cost and bring is measured by bench/picture_bench
// (docs/benchmarks.md); whether the qualities hold at each: package_picture_quality_test.cc.
#include <gtest/gtest.h>

#include "package/picture_file.h"

namespace hdrp {
namespace {

TEST(DefaultAvifSpeed, RisesWithTheNumberOfPixelsAlone) {
  struct Row {
    int width, height, speed;
  };
  for (const Row& row :
       {Row{1, 1, 6}, Row{1024, 768, 6}, Row{4000, 2000, 6}, Row{4001, 2000, 7}, Row{4080, 3072, 7},
        Row{4160, 3120, 7}, Row{4000, 3500, 7}, Row{4000, 3501, 9}, Row{5712, 4284, 9},
        Row{8192, 6144, 9}, Row{65'500, 65'500, 9}}) {
    EXPECT_EQ(DefaultAvifSpeed(row.width, row.height), row.speed)
        << row.width << " x " << row.height;
    EXPECT_EQ(DefaultAvifSpeed(row.height, row.width), row.speed);
  }
}

}  // namespace
}  // namespace hdrp
