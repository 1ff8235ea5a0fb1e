#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "decode/picture.h"
#include "support/float_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;
using test::ReadPicture;

/// Values in the order of the file: the bottom row first.
Bytes MakePfm(const std::string& header, const std::vector<float>& values, ByteOrder order) {
  const ByteView text = AsBytes(header);
  Bytes file(text.begin(), text.end());
  for (const float value : values) {
    auto bits = std::bit_cast<std::uint32_t>(value);
    if (order == ByteOrder::kBigEndian) bits = std::byteswap(bits);
    for (int i = 0; i < 4; ++i) file.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
  }
  return file;
}

constexpr auto kLittle = ByteOrder::kLittleEndian;

TEST(PfmPicture, ColourFromTheBottomUp) {
  const Bytes file = MakePfm("PF\n2 2\n-1.0\n", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, kLittle);
  auto picture = OpenPfm(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.format, FileFormat::kPfm);
  EXPECT_EQ(picture->info.width, 2);
  EXPECT_EQ(picture->info.height, 2);
  EXPECT_EQ(picture->info.channels, 3);
  EXPECT_EQ(picture->info.bits, 32);
  EXPECT_TRUE(picture->info.is_float);
  EXPECT_EQ(picture->info.orientation, Orientation::kTopLeft);
  EXPECT_EQ(picture->info.color.transfer, Transfer::kLinear);
  const auto rows = ReadAllRows(*picture, 1);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->Row(0)[0], 7);
  EXPECT_EQ(rows->Row(0)[5], 12);
  EXPECT_EQ(rows->Row(1)[0], 1);
}

TEST(PfmPicture, GreyAndBigEndianAndScale) {
  const auto rows = ReadPicture(OpenPfm, MakePfm("Pf 3 1 2.5 ", {1, -2, 4}, ByteOrder::kBigEndian));
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->channels(), 1);
  EXPECT_EQ(rows->Row(0)[0], 2.5F);
  EXPECT_EQ(rows->Row(0)[1], -5);
  EXPECT_EQ(rows->Row(0)[2], 10);
}

TEST(PfmPicture, LineEndsOfWindows) {
  const auto rows = ReadPicture(OpenPfm, MakePfm("Pf\r\n1 1\r\n-1\r\n", {0.5F}, kLittle));
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->Row(0)[0], 0.5F);
}

TEST(PfmPicture, NotANumberPasses) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const auto rows = ReadPicture(OpenPfm, MakePfm("Pf\n2 1\n-1\n", {nan, -infinity}, kLittle));
  ASSERT_TRUE(rows);
  EXPECT_NE(rows->Row(0)[0], rows->Row(0)[0]);
  EXPECT_EQ(rows->Row(0)[1], -infinity);
}

TEST(PfmPicture, AnyPrefixIsAnError) {
  const Bytes file = MakePfm("PF\n2 1\n-1.0\n", {1, 2, 3, 4, 5, 6}, kLittle);
  ASSERT_TRUE(ReadPicture(OpenPfm, file));
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto rows = ReadPicture(OpenPfm, ByteView(file).first(size));
    ASSERT_FALSE(rows) << size;
    EXPECT_EQ(rows.error().code, ErrorCode::kBadInput);
  }
}

TEST(PfmPicture, BadHeaders) {
  for (const char* header :
       {"PX\n1 1\n-1\n", "PF\n0 1\n-1\n", "PF\n-1 1\n-1\n", "PF\n1 1\n0\n", "PF\n1 1\nnan\n",
        "PF\n1 1\ninf\n", "PF\n1x 1\n-1\n", "PF\n99999999999999999999999 1\n-1\n"}) {
    const auto picture = OpenPfm(MakePfm(header, {1, 2, 3}, kLittle), {});
    ASSERT_FALSE(picture) << header;
    EXPECT_EQ(picture.error().code, ErrorCode::kBadInput) << header;
  }
  const auto huge = OpenPfm(AsBytes("PF\n60000 60000\n-1\n"), {});
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace hdrp
