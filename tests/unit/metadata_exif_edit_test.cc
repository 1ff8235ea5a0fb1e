#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/byte_writer.h"
#include "metadata/exif.h"
#include "support/tiff_maker.h"

namespace hdrp {
namespace {

using test::kExifIfd;
using test::kGpsIfd;
using test::kLong;
using test::kMakerNote;
using test::kShort;
using test::kUndefined;
using test::Tag;
using test::TiffMaker;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class ExifEditTest : public testing::TestWithParam<ByteOrder> {
 protected:
  [[nodiscard]] static Bytes Exif(const std::vector<Tag>& more) {
    TiffMaker tiff(GetParam());
    const unsigned exif = tiff.AddIfd(
        {tiff.Text(0x9003, "2024:05:06 07:08:09"), {kMakerNote, kUndefined, 12, "Secret notes"}});
    std::vector<Tag> tags = {tiff.Text(0x010F, "Maker"), tiff.Text(0x013B, "Ann Artist"),
                             tiff.Pointer(kExifIfd, exif)};
    tags.insert(tags.begin() + 1, more.begin(), more.end());
    return tiff.Finish(tiff.AddIfd(tags));
  }
};

TEST_P(ExifEditTest, TheOrientationIsReplacedInPlace) {
  const Bytes exif = Exif({TiffMaker(GetParam()).Short(0x0112, 6)});
  for (unsigned k = 1; k <= 8; ++k) {
    const auto edited = ExifWithOrientation(exif, static_cast<Orientation>(k));
    EXPECT_THAT(edited.warnings, IsEmpty());
    ASSERT_EQ(edited.bytes.size(), exif.size());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < exif.size(); ++i) changed += exif[i] != edited.bytes[i];
    EXPECT_EQ(changed, k == 6 ? 0U : 1U);
    EXPECT_EQ(ReadExif(edited.bytes)->orientation, static_cast<Orientation>(k));
  }
}

TEST_P(ExifEditTest, TheOrientationIsAddedOrRepaired) {
  TiffMaker tiff(GetParam());
  for (const Bytes& exif :
       {Exif({}), Exif({tiff.Pointer(0x0112, 6)}),
        Exif({tiff.Short(0x0112, 6), tiff.Short(0x0112, 8)}), Exif({tiff.Text(0x0112, "6")})}) {
    const auto edited = ExifWithOrientation(exif, Orientation::kBottomRight);
    EXPECT_THAT(edited.warnings, IsEmpty());
    const auto facts = ReadExif(edited.bytes);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->orientation, Orientation::kBottomRight);
    EXPECT_FALSE(facts->orientation_invalid);
    EXPECT_EQ(facts->make, "Maker");
    // Everything but the header's offset is where it was.
    EXPECT_TRUE(std::equal(exif.begin() + 8, exif.end(), edited.bytes.begin() + 8));
    const auto allowed = FilterExif(edited.bytes, ExifPolicy::kAllow);
    EXPECT_THAT(allowed.warnings, IsEmpty());
    EXPECT_THAT(AsText(allowed.bytes), HasSubstr("2024:05:06 07:08:09"));
    EXPECT_THAT(AsText(allowed.bytes), HasSubstr("Ann Artist"));
    EXPECT_EQ(ExifWithOrientation(edited.bytes, Orientation::kBottomRight).bytes, edited.bytes);
  }
  EXPECT_EQ(ExifWithOrientation(Exif({}), Orientation::kTopLeft).bytes, Exif({}));
}

TEST_P(ExifEditTest, PicturesGiveTheirFactsAlone) {
  TiffMaker tiff(GetParam());
  const unsigned gps = tiff.AddIfd({tiff.Text(1, "N")});
  const unsigned exif = tiff.AddIfd({tiff.Ratio(0x829A, 1, 250),
                                     tiff.Text(0x9003, "2024:05:06 07:08:09"),
                                     {kMakerNote, kUndefined, 12, "Secret notes"},
                                     tiff.Text(0xA431, "SN123456"),
                                     tiff.Text(0xA434, "Fine Lens 50mm")});
  const unsigned ifd0 = tiff.AddIfd({
      tiff.Short(0x0100, 6000),
      tiff.Short(0x0101, 4000),
      {0x0102, kShort, 3, tiff.U16(16) + tiff.U16(16) + tiff.U16(16)},
      tiff.Short(0x0103, 1),
      tiff.Text(0x010E, "A description"),
      tiff.Text(0x010F, "Maker"),
      tiff.Text(0x0110, "Model 1"),
      {0x0111, kLong, 1, tiff.U32(8)},
      tiff.Short(0x0112, 8),
      {0x0117, kLong, 1, tiff.U32(100'000'000)},
      tiff.Text(0x013B, "Ann Artist"),
      {0x935C, kUndefined, 40'000, std::string(40'000, 'L')},  // a layered document
      tiff.Pointer(kExifIfd, exif),
      tiff.Pointer(kGpsIfd, gps),
  });
  const auto found = ExifFromTiffFile(tiff.Finish(ifd0));
  EXPECT_THAT(found.warnings, IsEmpty());
  EXPECT_LT(found.bytes.size(), 400U);
  const auto facts = ReadExif(found.bytes);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->orientation, Orientation::kLeftBottom);
  EXPECT_EQ(facts->make, "Maker");
  const std::string_view text = AsText(found.bytes);
  for (const char* stays : {"Model 1", "Ann Artist", "2024:05:06 07:08:09", "Fine Lens 50mm"}) {
    EXPECT_THAT(text, HasSubstr(stays));
  }
  for (const char* goes : {"Secret", "SN123456", "LLLL", "description"}) {
    EXPECT_THAT(text, Not(HasSubstr(goes)));
  }
  // A filter of the result finds nothing more to drop: no tag of how the picture is stored.
  EXPECT_EQ(FilterExif(found.bytes, ExifPolicy::kAllow).bytes, found.bytes);
}

TEST_P(ExifEditTest, CutAndChangedFilesEndInWarningsOrInExif) {
  const Bytes whole = Exif({TiffMaker(GetParam()).Short(0x0112, 6)});
  const auto check = [](const Bytes& bytes) {
    (void)ExifFromTiffFile(bytes);
    const auto edited = ExifWithOrientation(bytes, Orientation::kRightTop);
    const auto facts = ReadExif(edited.bytes);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->orientation, Orientation::kRightTop);
  };
  for (std::size_t size = 0; size < whole.size(); ++size) {
    check({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const std::uint8_t value : Bytes{0x00, 0x7F, 0xFF}) {
      Bytes changed = whole;
      changed[at] = value;
      check(changed);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, ExifEditTest,
                         testing::Values(ByteOrder::kBigEndian, ByteOrder::kLittleEndian),
                         [](const auto& row) {
                           return row.param == ByteOrder::kBigEndian ? "MM" : "II";
                         });

TEST(ExifWithOrientationTest, NothingAndDamage) {
  EXPECT_THAT(ExifWithOrientation({}, Orientation::kTopLeft).bytes, IsEmpty());
  const auto made = ExifWithOrientation({}, Orientation::kRightTop);
  EXPECT_THAT(made.warnings, IsEmpty());
  EXPECT_EQ(ReadExif(made.bytes)->orientation, Orientation::kRightTop);
  const auto damaged = ExifWithOrientation(Bytes(50, 9), Orientation::kRightTop);
  EXPECT_THAT(damaged.warnings, SizeIs(1));
  EXPECT_EQ(ReadExif(damaged.bytes)->orientation, Orientation::kRightTop);
}

TEST(ExifFromTiffFileTest, ReadsBigTiff) {
  ByteWriter out;
  const auto u64 = [&](std::uint32_t value) {
    out.U32(0);
    out.U32(value);
  };
  out.Append("MM");
  out.U16(43);
  out.U16(8);
  out.U16(0);
  u64(16);
  u64(2);  // entries
  out.U16(0x010F);
  out.U16(2);
  u64(13);
  u64(16 + 8 + 40 + 8);
  out.U16(0x0112);
  out.U16(kShort);
  u64(1);
  out.U16(6);
  for (int i = 0; i < 3; ++i) out.U16(0);
  u64(0);
  out.Append(std::string_view("Maker of big\0", 13));
  const auto found = ExifFromTiffFile(out.view());
  EXPECT_THAT(found.warnings, IsEmpty());
  const auto facts = ReadExif(found.bytes);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->make, "Maker of big");
  EXPECT_EQ(facts->orientation, Orientation::kRightTop);
}

TEST(ExifFromTiffFileTest, WithoutFactsThereIsNone) {
  TiffMaker tiff(ByteOrder::kLittleEndian);
  const Bytes bytes = tiff.Finish(tiff.AddIfd({tiff.Short(0x0100, 6), tiff.Short(0x0101, 4)}));
  const auto found = ExifFromTiffFile(bytes);
  EXPECT_THAT(found.bytes, IsEmpty());
  EXPECT_THAT(found.warnings, IsEmpty());
  EXPECT_THAT(ExifFromTiffFile(AsBytes("no TIFF")).warnings, SizeIs(1));
}

}  // namespace
}  // namespace hdrp
