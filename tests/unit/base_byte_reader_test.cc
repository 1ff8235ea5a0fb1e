#include <gtest/gtest.h>

#include <limits>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace hdrp {
namespace {

const Bytes kFive = {0x80, 0x01, 0x02, 0xFF, 0x7F};

TEST(ByteReaderTest, ReadsBothOrders) {
  ByteReader big(kFive);
  EXPECT_EQ(big.U16(), 0x8001);
  EXPECT_EQ(big.U8(), 0x02);
  EXPECT_EQ(big.U16(), 0xFF7F);
  ByteReader little(kFive, ByteOrder::kLittleEndian);
  EXPECT_EQ(little.U32(), 0xFF020180U);
  little.set_order(ByteOrder::kBigEndian);
  ASSERT_TRUE(little.Seek(0));
  EXPECT_EQ(little.S32(), std::numeric_limits<std::int32_t>::min() + 0x000102FF);
}

TEST(ByteReaderTest, MissingBytesMoveNothing) {
  constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
  ByteReader reader(kFive);
  ASSERT_TRUE(reader.Skip(3));
  EXPECT_FALSE(reader.U32());
  EXPECT_FALSE(reader.S32());
  EXPECT_FALSE(reader.Read(3));
  EXPECT_FALSE(reader.Read(kHuge));
  EXPECT_FALSE(reader.Skip(kHuge));
  EXPECT_FALSE(reader.Seek(6));
  EXPECT_FALSE(reader.Seek(kHuge));
  EXPECT_EQ(reader.position(), 3U);
  EXPECT_EQ(reader.U16(), 0xFF7F);
}

TEST(ByteReaderTest, TheEndIsAPlaceToo) {
  ByteReader reader(kFive);
  ASSERT_TRUE(reader.Seek(5));
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.rest().empty());
  EXPECT_TRUE(reader.Skip(0));
  EXPECT_TRUE(reader.Read(0));
  EXPECT_FALSE(reader.U8());
  EXPECT_FALSE(reader.U16());
  ByteReader nothing{ByteView()};
  EXPECT_TRUE(nothing.Seek(0));
  EXPECT_FALSE(nothing.U8());
}

TEST(ByteReaderTest, EveryPrefixEndsInMissing) {
  for (std::size_t size = 0; size < 4; ++size) {
    ByteReader reader(ByteView(kFive).first(size));
    EXPECT_FALSE(reader.U32()) << size;
    EXPECT_EQ(reader.position(), 0U);
  }
}

TEST(ByteWriterTest, WritesBigEndian) {
  ByteWriter writer;
  writer.U8(1);
  writer.U16(0x0203);
  writer.U32(0x04050607);
  writer.S32(-2);
  writer.Append("ab");
  writer.Append(Bytes{9});
  EXPECT_EQ(std::move(writer).Take(),
            (Bytes{1, 2, 3, 4, 5, 6, 7, 0xFF, 0xFF, 0xFF, 0xFE, 'a', 'b', 9}));
}

}  // namespace
}  // namespace hdrp
