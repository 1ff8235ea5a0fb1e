// What of a JPEG base's metadata reaches HEIC and AVIF.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "package/picture_metadata.h"
#include "support/make_jpeg.h"
#include "support/xmp_packets.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kExifName("Exif\0\0", 6);
const std::string kXmpName("http://ns.adobe.com/xap/1.0/\0", 29);
const std::string kIccName("ICC_PROFILE\0", 12);
const std::string kPhotoshopName("Photoshop 3.0\0", 14);
/// A TIFF structure that holds orientation 6 alone.
const std::string kTiff("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);

using Segments = std::vector<std::pair<int, std::string>>;  // marker, payload

PictureMetadata Of(const Segments& segments, ExifPolicy policy) {
  Bytes jpeg = test::MakeJpeg(test::MakeRamps(16, 16, 3).view());
  std::string header;
  for (const auto& [marker, payload] : segments) {
    header += '\xFF';
    header += static_cast<char>(marker);
    header += static_cast<char>((payload.size() + 2) >> 8);
    header += static_cast<char>((payload.size() + 2) & 0xFF);
    header += payload;
  }
  jpeg.insert(jpeg.begin() + 2, header.begin(), header.end());
  const Expected<JpegStream> stream = WalkJpeg(jpeg, 0);
  EXPECT_TRUE(stream.has_value());
  return PictureMetadataOf(*stream, policy);
}

std::string Icc(int index, int count, const std::string& data) {
  return kIccName + static_cast<char>(index) + static_cast<char>(count) + data;
}

TEST(PictureMetadata, IsEmptyForABareJpeg) {
  const PictureMetadata found = Of({}, ExifPolicy::kKeep);
  EXPECT_THAT(found.icc, IsEmpty());
  EXPECT_THAT(found.exif_tiff, IsEmpty());
  EXPECT_THAT(found.xmp, IsEmpty());
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(PictureMetadata, JoinsTheProfileAndKeepsExifAndXmp) {
  const std::string packet =
      test::Packet(std::string(test::kHdrgm) + " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"",
                   "xmp:Rating=\"4\" hdrgm:Version=\"1.0\"");
  const PictureMetadata found = Of({{0xE1, kExifName + kTiff},
                                    {0xE1, kXmpName + packet},
                                    {0xE2, Icc(1, 2, "first ")},
                                    {0xE2, Icc(2, 2, "second")}},
                                   ExifPolicy::kKeep);
  EXPECT_EQ(AsText(found.icc), "first second");
  EXPECT_EQ(AsText(found.exif_tiff), kTiff);
  EXPECT_THAT(found.xmp, HasSubstr("Rating"));
  EXPECT_THAT(found.xmp, Not(HasSubstr("hdr-gain-map")));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(PictureMetadata, StripsAllButTheOrientation) {
  const PictureMetadata found = Of(
      {{0xE1, kExifName + kTiff},
       {0xE1,
        kXmpName + test::Packet("xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"", "xmp:Rating=\"4\"")},
       {0xED, kPhotoshopName + "8BIM"},
       {0xFE, "a comment"}},
      ExifPolicy::kStrip);
  const auto facts = ReadExif(found.exif_tiff);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->orientation, Orientation::kRightTop);
  EXPECT_THAT(found.xmp, Not(HasSubstr("Rating")));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(PictureMetadata, SaysWhatTheContainersCannotHold) {
  const Segments segments = {{0xED, kPhotoshopName + "8BIM"},
                             {0xFE, "a comment"},
                             {0xE4, "maker data"},
                             {0xEB, std::string("JP\0\x01 manifest", 13)}};
  const PictureMetadata found = Of(segments, ExifPolicy::kKeep);
  for (const char* words : {"IPTC", "comments", "APPn", "C2PA"}) {
    EXPECT_THAT(found.warnings, Contains(HasSubstr(words)));
  }
}

TEST(PictureMetadata, LeavesHalfAProfileOut) {
  const PictureMetadata found = Of({{0xE2, Icc(1, 2, "first")}}, ExifPolicy::kKeep);
  EXPECT_THAT(found.icc, IsEmpty());
  EXPECT_THAT(found.warnings, Contains(HasSubstr("ICC profile was left out")));
}

TEST(PictureMetadata, KeepsTheFirstOfTwoPackets) {
  const PictureMetadata found =
      Of({{0xE1,
           kXmpName + test::Packet("xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                                   "xmlns:l=\"urn:long\"",
                                   "xmp:Rating=\"4\"", "<l:a>" + std::string(400, 'x') + "</l:a>")},
          {0xE1, kXmpName + "second"}},
         ExifPolicy::kKeep);
  EXPECT_THAT(found.xmp, HasSubstr("Rating"));
  EXPECT_THAT(found.warnings, Contains(HasSubstr("XMP packets")));
}

}  // namespace
}  // namespace hdrp
