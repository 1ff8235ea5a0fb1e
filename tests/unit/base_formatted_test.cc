#include <gtest/gtest.h>

#include <cstdint>
#include <format>
#include <limits>
#include <string>

#include "base/formatted.h"

namespace hdrp {
namespace {

/// Both ways, from one text.
#define EXPECT_AS_STD(...) EXPECT_EQ(Formatted(__VA_ARGS__), std::format(__VA_ARGS__))

TEST(Formatted, WritesWhatTheLibraryWrites) {
  const std::string text = "a text";
  const std::uint8_t byte = 200;
  EXPECT_AS_STD("");
  EXPECT_AS_STD("nothing to fill in");
  EXPECT_AS_STD("{{{}}} and {{}}", 3);
  EXPECT_AS_STD("{} {} {} {}", text, std::string_view(text), "literal", text.c_str());
  EXPECT_AS_STD("{} {} {}", byte, std::int8_t{-3}, std::uint16_t{65'535});
  EXPECT_AS_STD("{} {}", std::numeric_limits<std::int64_t>::min(),
                std::numeric_limits<std::uint64_t>::max());
  EXPECT_AS_STD("{} {} {}", true, 'c', std::size_t{7});
  EXPECT_AS_STD("{} {} {} {}", 0.1, 0.1F, 1e5, 1e300);
  EXPECT_AS_STD("{} {}", std::numeric_limits<double>::infinity(), -0.0);
  EXPECT_AS_STD("{:.2f} {:.6g} {:+.4f} {:8.1f}|", 3.14159, 1234567.0, 0.5, 2.25);
  EXPECT_AS_STD("{:02x} {:04X} {:x} {:#b}", byte, 255, 255U, 5);
  EXPECT_AS_STD("{:<8}|{:>8}|{:=^8}|{:04}", text, "b", 'c', 12);
  EXPECT_AS_STD("{0} {0} {2} {1}", 1, "two", 3.5);
  EXPECT_AS_STD("{1:.2f} {0}", "first", 2.0);
}

TEST(Formatted, TakesWidthsAndDigitsFromArguments) {
  EXPECT_AS_STD("{}{:0{}}", 12, 34, 6);
  EXPECT_AS_STD(" {:.{}f} |", 2.34567, 3);
  EXPECT_AS_STD("[{:=<{}}{:{}}] {:<8}", "", 4, "", 6, "stage");
}

}  // namespace
}  // namespace hdrp
