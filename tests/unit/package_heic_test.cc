// HEIC files we write, read back with libheif.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/formatted.h"
#include "metadata/heif_structure.h"
#include "metadata/iso21496.h"
#include "package/picture_file.h"
#include "support/corpus.h"
#include "support/libheif_file.h"
#include "support/make_jpeg.h"
#include "support/program.h"
#include "support/written_picture.h"

namespace hdrp {
namespace {

using test::LargestDifference;
using test::LibheifFile;
using test::MakeWrittenPicture;
using test::WrittenPicture;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kExif("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);

Bytes Write(const PictureBase& base, const PictureGainMap& map,
            const PictureFileOptions& options = {}) {
  Expected<Bytes> written = WriteHeic(base, map, options);
  EXPECT_TRUE(written) << written.error().message;
  return written ? *std::move(written) : Bytes{};
}

PictureGainMap MapOf(const WrittenPicture& picture, bool iso, bool apple) {
  PictureGainMap map = picture.Map();
  map.iso = iso;
  if (apple) map.apple_headroom_linear = 8.574188;
  return map;
}

HeifStructure StructureOf(const Bytes& file) {
  const auto structure = ReadHeifStructure(file);
  EXPECT_TRUE(structure) << structure.error().message;
  return structure ? *structure : HeifStructure{};
}

/// The first item with this property, or of this type.
const HeifItem& ItemWith(const HeifStructure& structure, std::string_view name) {
  for (const HeifItem& item : structure.items) {
    if (item.type == name || PropertyOf(item, name) != nullptr) return item;
  }
  ADD_FAILURE() << "no " << name;
  return structure.items.front();
}

/// The map is the picture that is not the primary.
std::uint32_t MapId(const HeifStructure& structure) {
  for (const HeifItem& item : structure.items) {
    if (item.type == "hvc1" && item.id != structure.primary) return item.id;
  }
  ADD_FAILURE() << "no map";
  return 0;
}

std::string_view BodyOf(const HeifItem& item, std::string_view type) {
  const HeifProperty* property = PropertyOf(item, type);
  return property == nullptr ? "none" : AsText(property->body);
}

TEST(WriteHeic, WritesBothReadingsOfOneMap) {
  const WrittenPicture picture = MakeWrittenPicture(160, 120);
  PictureBase base = picture.Base();
  base.alternate_primaries = 12;
  const Bytes file = Write(base, MapOf(picture, true, true));
  const HeifStructure structure = StructureOf(file);
  const std::uint32_t map = MapId(structure);
  const HeifItem& tmap = ItemWith(structure, "tmap");
  const LibheifFile read(file);

  EXPECT_THAT(structure.brands, Contains("tmap"));
  EXPECT_EQ(structure.primary, read.Primary());
  EXPECT_FALSE(structure.Find(read.Primary())->hidden);
  EXPECT_FALSE(tmap.hidden);
  EXPECT_TRUE(structure.Find(map)->hidden);
  EXPECT_THAT(structure.Targets(tmap.id, "dimg"), ElementsAre(read.Primary(), map));
  EXPECT_THAT(structure.Targets(map, "auxl"), ElementsAre(read.Primary()));
  EXPECT_THAT(read.Group("altr"), ElementsAre(tmap.id, read.Primary()));

  const Bytes payload = read.Data(tmap.id);
  ASSERT_FALSE(payload.empty());
  EXPECT_EQ(payload[0], 0);
  EXPECT_EQ(Bytes(payload.begin() + 1, payload.end()), WriteIsoBlock(picture.map.metadata));
  EXPECT_EQ(BodyOf(tmap, "ispe"), std::string_view("\0\0\0\0\0\0\0\xA0\0\0\0\x78", 12));
  EXPECT_EQ(BodyOf(tmap, "pixi"), std::string_view("\0\0\0\0\3\x0A\x0A\x0A", 8));
  EXPECT_EQ(BodyOf(tmap, "colr"), std::string_view("nclx\0\x0C\0\x10\0\6\x80", 11));
  EXPECT_EQ(PropertyOf(tmap, "irot"), nullptr);
  EXPECT_EQ(BodyOf(*structure.Find(map), "colr"), std::string_view("nclx\0\2\0\2\0\2\x80", 11));
  EXPECT_EQ(BodyOf(*structure.Find(map), "auxC"),
            std::string_view("\0\0\0\0urn:com:apple:photo:2020:aux:hdrgainmap\0", 44));
  EXPECT_EQ(BodyOf(*structure.Find(read.Primary()), "colr"),
            std::string_view("nclx\0\1\0\x0D\0\6\x80", 11));
}

TEST(WriteHeic, WritesEachReadingAlone) {
  const WrittenPicture picture = MakeWrittenPicture(64, 48);
  const Bytes iso = Write(picture.Base(), MapOf(picture, true, false));
  HeifStructure structure = StructureOf(iso);
  EXPECT_TRUE(structure.Find(MapId(structure))->hidden);
  EXPECT_EQ(PropertyOf(*structure.Find(MapId(structure)), "auxC"), nullptr);
  for (const HeifItem& item : structure.items) EXPECT_NE(item.type, "mime");

  const Bytes apple = Write(picture.Base(), MapOf(picture, false, true));
  structure = StructureOf(apple);
  EXPECT_TRUE(structure.Find(MapId(structure))->hidden);
  EXPECT_THAT(structure.groups, IsEmpty());
  EXPECT_THAT(structure.brands, Not(Contains("tmap")));
  for (const HeifItem& item : structure.items) EXPECT_NE(item.type, "tmap");
  const std::string packet(AsText(LibheifFile(apple).Data(ItemWith(structure, "mime").id)));
  EXPECT_THAT(packet, HasSubstr("<HDRGainMap:HDRGainMapVersion>131072<"));
  EXPECT_THAT(packet, HasSubstr("<HDRGainMap:HDRGainMapHeadroom>8.574188<"));
}

TEST(WriteHeic, KeepsThePictureAndTheMap) {
  for (const bool subsample : {true, false}) {
    const WrittenPicture picture = MakeWrittenPicture(161, 121);
    const Bytes file =
        Write(picture.Base(), picture.Map(),
              {.base_quality = 95, .map_quality = 95, .subsample_chroma = subsample});
    const LibheifFile read(file);
    EXPECT_LT(test::MeanDifference(read.Decode(read.Primary(), false).view(), picture.sdr.view()),
              3);
    const auto map = read.Decode(MapId(StructureOf(file)), true);
    EXPECT_LE(LargestDifference(map.view(), picture.map.codes.view()), 12);
  }
}

TEST(WriteHeic, KeepsEveryCodeOfALosslessMap) {
  for (const int width : {64, 133, 400}) {
    const WrittenPicture picture = MakeWrittenPicture(width, width - 5);
    const Bytes file = Write(picture.Base(), picture.Map(), {.lossless_map = true});
    const auto map = LibheifFile(file).Decode(MapId(StructureOf(file)), true);
    EXPECT_EQ(LargestDifference(map.view(), picture.map.codes.view()), 0) << width;
  }
}

TEST(WriteHeic, TurnsBaseAndMapAsTheOrientationSays) {
  const WrittenPicture picture = MakeWrittenPicture(96, 64);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    PictureBase base = picture.Base();
    base.orientation = *OrientationFrom(k);
    const Bytes file = Write(base, picture.Map(), {.base_quality = 95, .lossless_map = true});
    const LibheifFile read(file);
    EXPECT_LT(test::MeanDifference(read.Decode(read.Primary(), false).view(),
                                   Oriented(picture.sdr.view(), base.orientation).view()),
              3);
    const HeifStructure structure = StructureOf(file);
    EXPECT_EQ(LargestDifference(read.Decode(MapId(structure), true).view(),
                                Oriented(picture.map.codes.view(), base.orientation).view()),
              0);
    const bool swaps = SwapsSides(base.orientation);
    EXPECT_EQ(BodyOf(ItemWith(structure, "tmap"), "ispe"),
              swaps ? std::string_view("\0\0\0\0\0\0\0\x40\0\0\0\x60", 12)
                    : std::string_view("\0\0\0\0\0\0\0\x60\0\0\0\x40", 12));
  }
}

TEST(WriteHeic, CarriesProfileExifAndXmp) {
  const WrittenPicture picture = MakeWrittenPicture(64, 48);
  const std::string icc(200, 'i');
  const std::string xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";
  PictureBase base = picture.Base();
  base.icc = AsBytes(icc);
  base.xmp = AsBytes(xmp);
  base.exif_tiff = AsBytes(kExif);
  const Bytes file = Write(base, picture.Map());
  const HeifStructure structure = StructureOf(file);
  const LibheifFile read(file);
  EXPECT_EQ(BodyOf(*structure.Find(read.Primary()), "colr"), "prof" + icc);
  EXPECT_EQ(AsText(read.Data(ItemWith(structure, "mime").id)), xmp);
  std::string upright = std::string(4, '\0') + kExif;
  upright[23] = 1;
  EXPECT_EQ(AsText(read.Data(ItemWith(structure, "Exif").id)), upright);
}

TEST(WriteHeic, TakesGreyBases) {
  const WrittenPicture picture = MakeWrittenPicture(64, 48);
  const Plane<std::uint8_t> grey = test::MakeRamps(64, 48, 1);
  std::string icc(200, '\0');
  icc.replace(16, 4, "GRAY");
  for (const bool has_profile : {false, true}) {
    PictureBase base{.codes = grey.view()};
    if (has_profile) base.icc = AsBytes(icc);
    const Bytes file = Write(base, picture.Map(), {.base_quality = 95});
    const LibheifFile read(file);
    const Plane<std::uint8_t> decoded = read.Decode(read.Primary(), has_profile);
    ASSERT_EQ(decoded.width(), 64);
    for (int x = 0; x < 64; ++x) EXPECT_NEAR(decoded.view().At(x, 20, 0), grey.view().At(x, 20), 6);
  }
}

TEST(WriteHeic, WritesTheSameBytesWithAnyNumberOfThreads) {
  const WrittenPicture picture = MakeWrittenPicture(640, 480);
  const Bytes one = Write(picture.Base(), picture.Map(), {.threads = 1});
  for (const int threads : {2, 4}) {
    EXPECT_TRUE(Write(picture.Base(), picture.Map(), {.threads = threads}) == one) << threads;
  }
}

TEST(WriteHeic, RefusesWhatCannotBeWritten) {
  const WrittenPicture picture = MakeWrittenPicture(64, 48);
  const WrittenPicture color = MakeWrittenPicture(64, 48, 3);
  const auto three = WriteHeic(color.Base(), color.Map(), {});
  ASSERT_FALSE(three);
  EXPECT_EQ(three.error().code, ErrorCode::kUnsupported);
  const auto none = WriteHeic(picture.Base(), MapOf(picture, false, false), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kBadArgument);
  std::stop_source source;
  source.request_stop();
  const auto stopped = WriteHeic(picture.Base(), picture.Map(),
                                 {.stop = {.token = source.get_token(), .deadline = std::nullopt}});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
}

// The judgement of a program that knows what iPhones write.
TEST(WriteHeic, SatisfiesExiftool) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const WrittenPicture picture = MakeWrittenPicture(160, 120);
  const test::ScratchFolder folder;
  PictureBase base = picture.Base();
  base.exif_tiff = AsBytes(kExif);
  for (const auto& [iso, apple] : {std::pair(true, true), {true, false}, {false, true}}) {
    SCOPED_TRACE(Formatted("iso {}, apple {}", iso, apple));
    const auto path = folder / "written.heic";
    test::WriteWhole(path, Write(base, MapOf(picture, iso, apple)));
    const auto run =
        test::RunProgram({"exiftool", "-validate", "-warning", "-a", "-s", "-AuxiliaryImageType",
                          "-HDRGainMapHeadroom", "-ImageWidth", path.string()});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("Validate                        : OK"));
    EXPECT_THAT(run.out, Not(HasSubstr("Warning")));
    EXPECT_EQ(run.out.contains("hdrgainmap"), apple) << run.out;
    EXPECT_EQ(run.out.contains("8.574188"), apple) << run.out;
  }
}

}  // namespace
}  // namespace hdrp
