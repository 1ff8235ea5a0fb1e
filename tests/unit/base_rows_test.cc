#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <stop_token>
#include <vector>

#include "base/rows.h"

namespace hdrp {
namespace {

struct BandCase {
  const char* name;
  int rows;
  int band_rows;
  int threads;
};
void PrintTo(const BandCase& row, std::ostream* out) { *out << row.name; }

class ForEachRowBandTest : public testing::TestWithParam<BandCase> {};

TEST_P(ForEachRowBandTest, CoversEachRowOnceInBandsOfFixedHeight) {
  const auto& [name, rows, band_rows, threads] = GetParam();
  std::vector<int> visits(static_cast<std::size_t>(rows));
  std::atomic<int> wrong_bands = 0;
  const auto done = ForEachRowBand(rows, band_rows, {threads, {}}, "test", [&](int first, int end) {
    wrong_bands += first % band_rows != 0 || end != std::min(rows, first + band_rows);
    for (int y = first; y < end; ++y) {
      ++visits[static_cast<std::size_t>(y)];
    }
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(wrong_bands, 0);
  EXPECT_EQ(visits, std::vector<int>(static_cast<std::size_t>(rows), 1));
}

INSTANTIATE_TEST_SUITE_P(Sizes, ForEachRowBandTest,
                         testing::Values(BandCase{"one_row", 1, 16, 4}, BandCase{"none", 0, 16, 4},
                                         BandCase{"exact_bands", 64, 16, 1},
                                         BandCase{"last_band_short", 65, 16, 3},
                                         BandCase{"band_of_one", 100, 1, 8},
                                         BandCase{"more_threads_than_bands", 20, 16, 32},
                                         BandCase{"all_cores", 1000, 7, 0}),
                         [](const auto& row) { return row.param.name; });

TEST(ForEachRowBandTest, AStopLeavesTheRestOut) {
  for (const int threads : {1, 3}) {
    std::stop_source source;
    std::atomic<int> bands = 0;
    const auto result =
        ForEachRowBand(1000, 1, {threads, {source.get_token(), {}}}, "resize", [&](int, int) {
          if (++bands == 5) source.request_stop();
        });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
    EXPECT_EQ(result.error().where, "resize");
    EXPECT_LT(bands, 5 + threads);
  }
}

TEST(ForEachRowBandTest, APassedDeadlineBeginsNothing) {
  int bands = 0;
  const StopCondition late{{}, std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  const auto result = ForEachRowBand(10, 1, {1, late}, "apply", [&](int, int) { ++bands; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(result.error().where, "apply");
  EXPECT_EQ(bands, 0);
}

}  // namespace
}  // namespace hdrp
