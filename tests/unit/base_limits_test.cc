#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <stop_token>
#include <string>

#include "base/limits.h"

namespace hdrp {
namespace {

struct SizeCase {
  std::string name;
  std::uint64_t width;
  std::uint64_t height;
  std::optional<ErrorCode> error;
};
void PrintTo(const SizeCase& row, std::ostream* out) { *out << row.name; }

class CheckSizeTest : public testing::TestWithParam<SizeCase> {};

TEST_P(CheckSizeTest, Answers) {
  const SizeCase& row = GetParam();
  const auto result =
      CheckSize(row.width, row.height, {.max_pixels = 1000, .max_side = 500}, "picture");
  ASSERT_EQ(result.has_value(), !row.error);
  if (!row.error) return;
  EXPECT_EQ(result.error().code, *row.error);
  EXPECT_EQ(result.error().where, "picture");
}

constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
INSTANTIATE_TEST_SUITE_P(
    Sizes, CheckSizeTest,
    testing::Values(SizeCase{"smallest", 1, 1, {}}, SizeCase{"all_pixels", 100, 10, {}},
                    SizeCase{"longest_side", 500, 2, {}},
                    SizeCase{"no_width", 0, 1, ErrorCode::kBadInput},
                    SizeCase{"no_height", 1, 0, ErrorCode::kBadInput},
                    SizeCase{"no_height_at_most_width", kMost, 0, ErrorCode::kBadInput},
                    SizeCase{"one_pixel_too_many", 91, 11, ErrorCode::kTooLarge},
                    SizeCase{"too_wide", 501, 1, ErrorCode::kTooLarge},
                    SizeCase{"too_high", 1, 501, ErrorCode::kTooLarge},
                    SizeCase{"product_wraps", 1ULL << 32, 1ULL << 32, ErrorCode::kTooLarge},
                    SizeCase{"product_wraps_to_1", kMost, kMost, ErrorCode::kTooLarge}),
    [](const auto& row) { return row.param.name; });

TEST(StopConditionTest, TheUserComesBeforeTheClock) {
  EXPECT_TRUE(StopCondition{}.Check("decode"));
  std::stop_source source;
  const auto now = std::chrono::steady_clock::now();
  const StopCondition both{source.get_token(), now - std::chrono::seconds(1)};
  EXPECT_EQ(both.Check("decode").error().code, ErrorCode::kTimeout);
  source.request_stop();
  EXPECT_EQ(both.Check("decode").error().code, ErrorCode::kInterrupted);
  EXPECT_TRUE((StopCondition{{}, now + std::chrono::hours(1)}.Check("decode")));
}

TEST(ErrorTest, EveryCodeHasItsOwnRow) {
  std::set<std::string_view> ids;
  std::set<int> statuses;
  for (std::size_t i = 0; i < kErrorKinds.size(); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(KindOf(code).code, code);
    ids.insert(KindOf(code).id);
    statuses.insert(KindOf(code).exit_status);
    EXPECT_NE(KindOf(code).exit_status, 0);
  }
  EXPECT_EQ(ids.size(), kErrorKinds.size());
  EXPECT_EQ(statuses.size(), kErrorKinds.size());
}

TEST(ErrorTest, PlacesNest) {
  const auto inner = Fail(ErrorCode::kBadInput, "entry 2", "expected {}, found {}", 1, 2);
  const auto outer = Within("a.jpg", Within("MPF", inner.error()).error());
  EXPECT_EQ(outer.error().where, "a.jpg: MPF: entry 2");
  EXPECT_EQ(outer.error().message, "expected 1, found 2");
  EXPECT_EQ(Within("a.jpg", Error{}).error().where, "a.jpg");
}

}  // namespace
}  // namespace hdrp
