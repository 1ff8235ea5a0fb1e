#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "color/icc_write.h"
#include "decode/jpeg_pixels.h"
#include "metadata/exif.h"
#include "metadata/extended_xmp.h"
#include "metadata/jpeg_structure.h"
#include "metadata/xmp.h"
#include "package/jpeg_base.h"
#include "package/jpeg_encode.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/program.h"

namespace hdrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Bytes Plain() { return EncodeJpeg(test::MakeRamps(40, 24, 3).view(), {}).value(); }

std::string Packet(std::size_t title_bytes) {
  return R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF )"
         R"(xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description )"
         R"(rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" )"
         R"(photoshop:Headline=")" +
         std::string(title_bytes, 'h') + R"("/></rdf:RDF></x:xmpmeta>)";
}

/// The markers of the header segments, in order.
std::vector<int> HeaderMarkers(const JpegStream& stream) {
  std::vector<int> markers;
  for (const JpegSegment& segment : stream.segments) {
    if (IsHeaderMarker(segment.marker)) markers.push_back(segment.marker);
  }
  return markers;
}

TEST(WithMetadataTest, NothingChangesNothing) {
  const Bytes jpeg = Plain();
  const auto made = WithMetadata(jpeg, {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->bytes, jpeg);
  EXPECT_THAT(made->warnings, IsEmpty());
}

TEST(WithMetadataTest, EverythingStandsInOrderAndIsReadBack) {
  const Bytes jpeg = Plain();
  const Bytes icc = DisplayP3IccProfile();
  const Bytes exif = OrientationOnlyExif(Orientation::kRightTop);
  const std::string xmp = Packet(20);
  const auto made = WithMetadata(jpeg, {.icc = icc, .exif_tiff = exif, .xmp = xmp});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->warnings, IsEmpty());
  const auto stream = WalkJpeg(made->bytes, 0);
  ASSERT_TRUE(stream);
  EXPECT_THAT(HeaderMarkers(*stream), ElementsAre(0xE0, 0xE1, 0xE1, 0xE2));
  EXPECT_EQ(JoinIcc(*stream).value(), icc);
  const auto exifs = stream->Find(0xE1, kExifNamespace);
  ASSERT_THAT(exifs, SizeIs(1));
  EXPECT_TRUE(std::ranges::equal(exifs[0]->payload.subspan(kExifNamespace.size()), exif));
  EXPECT_EQ(exifs[0], &stream->segments[1]);
  const auto packets = stream->Find(0xE1, kXmpNamespace);
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_EQ(AsText(packets[0]->payload.subspan(kXmpNamespace.size())), InXmpPacket(xmp));

  const auto before = DecodeJpeg(jpeg, {});
  const auto after = DecodeJpeg(made->bytes, {});
  ASSERT_TRUE(before && after);
  for (int y = 0; y < 24; ++y) {
    EXPECT_TRUE(
        std::ranges::equal(before->pixels.view().RowSpan(y), after->pixels.view().RowSpan(y)));
  }
  // A second time the same again, not twice the segments.
  const auto again = WithMetadata(made->bytes, {.icc = icc, .exif_tiff = exif, .xmp = xmp});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes, made->bytes);
}

TEST(WithMetadataTest, ExiftoolHasNoComplaint) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const test::ScratchFolder folder;
  const std::string path = (folder / "base.jpg").string();
  const Bytes icc = DisplayP3IccProfile();
  const Bytes exif = OrientationOnlyExif(Orientation::kRightTop);
  const std::string short_packet = Packet(20);
  const auto made = WithMetadata(Plain(), {.icc = icc, .exif_tiff = exif, .xmp = short_packet});
  ASSERT_TRUE(made);
  test::WriteWhole(path, made->bytes);
  const auto run = test::RunProgram({"exiftool", "-validate", "-warning", "-error", "-a", path});
  EXPECT_THAT(run.out, HasSubstr(": OK"));
  const auto facts =
      test::RunProgram({"exiftool", "-s3", "-n", "-Orientation", "-ProfileDescription", path});
  EXPECT_EQ(facts.out, "6\nDisplay P3\n");

  // (Of Extended XMP exiftool wants a wrapper, which the specification forbids there.)
  const auto extended = WithMetadata(Plain(), {.xmp = Packet(70'000)});
  ASSERT_TRUE(extended);
  test::WriteWhole(path, extended->bytes);
  const auto headline = test::RunProgram({"exiftool", "-s3", "-XMP-photoshop:Headline", path});
  EXPECT_EQ(headline.out, std::string(70'000, 'h') + "\n");
}

TEST(WithMetadataTest, LongProfilesAreSplit) {
  Bytes icc(200'000);
  for (std::size_t i = 0; i < icc.size(); ++i) icc[i] = static_cast<std::uint8_t>(i * i >> 7);
  const auto made = WithMetadata(Plain(), {.icc = icc});
  ASSERT_TRUE(made);
  const auto stream = WalkJpeg(made->bytes, 0);
  ASSERT_TRUE(stream);
  EXPECT_THAT(stream->Find(0xE2, "ICC_PROFILE"), SizeIs(4));
  EXPECT_EQ(JoinIcc(*stream).value(), icc);
  const Bytes huge(255 * 65'519 + 1);
  const auto refused = WithMetadata(Plain(), {.icc = huge});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kExportFailed);
  EXPECT_TRUE(WithMetadata(Plain(), {.icc = ByteView(huge).first(255 * 65'519)}));
}

TEST(WithMetadataTest, LongPacketsMoveToExtendedXmp) {
  const std::string xmp = Packet(150'000);
  const auto made = WithMetadata(Plain(), {.xmp = xmp});
  ASSERT_TRUE(made);
  EXPECT_THAT(made->warnings, IsEmpty());
  const auto stream = WalkJpeg(made->bytes, 0);
  ASSERT_TRUE(stream);
  const auto packets = stream->Find(0xE1, kXmpNamespace);
  ASSERT_THAT(packets, SizeIs(1));
  EXPECT_THAT(AsText(packets[0]->payload), HasSubstr("<?xpacket begin"));
  const auto facts = ReadXmp(AsText(packets[0]->payload.subspan(kXmpNamespace.size())));
  ASSERT_TRUE(facts && facts->extended_xmp_guid);
  const auto joined = JoinExtendedXmp(*stream, *facts->extended_xmp_guid, 1 << 20);
  ASSERT_TRUE(joined);
  EXPECT_TRUE(joined->digest_matches);
  EXPECT_THAT(joined->text, HasSubstr(std::string(150'000, 'h')));

  const std::string broken(70'000, '<');
  const auto without = WithMetadata(Plain(), {.xmp = broken});
  ASSERT_TRUE(without);
  EXPECT_EQ(without->bytes, Plain());
  EXPECT_THAT(without->warnings, ElementsAre(HasSubstr("XMP packet was left out")));
}

TEST(WithMetadataTest, LongExifBecomesTheOrientation) {
  Bytes exif = OrientationOnlyExif(Orientation::kBottomRight);
  exif.resize(65'527);
  const auto fits = WithMetadata(Plain(), {.exif_tiff = exif});
  ASSERT_TRUE(fits);
  EXPECT_THAT(fits->warnings, IsEmpty());
  exif.push_back(0);
  const auto reduced = WithMetadata(Plain(), {.exif_tiff = exif});
  ASSERT_TRUE(reduced);
  EXPECT_THAT(reduced->warnings, ElementsAre(HasSubstr("orientation")));
  const auto stream = WalkJpeg(reduced->bytes, 0);
  ASSERT_TRUE(stream);
  const auto exifs = stream->Find(0xE1, kExifNamespace);
  ASSERT_THAT(exifs, SizeIs(1));
  EXPECT_LT(exifs[0]->size, 100U);
  EXPECT_EQ(ReadExif(exifs[0]->payload.subspan(6))->orientation, Orientation::kBottomRight);
}

TEST(WithMetadataTest, WhatIsNoJpegIsAnError) {
  const auto made = WithMetadata(AsBytes("no JPEG"), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kBadInput);
}

}  // namespace
}  // namespace hdrp
