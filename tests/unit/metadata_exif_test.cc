#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "metadata/exif.h"
#include "metadata/exif_color.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/tiff_maker.h"

namespace hdrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using test::kAscii;
using test::kExifIfd;
using test::kGpsIfd;
using test::kLong;
using test::kMakerNote;
using test::kRational;
using test::kShort;
using test::kUndefined;
using test::Tag;
using test::TiffMaker;

/// A JPEG small enough to write by hand: one grey 8 x 8 block, with this EXIF.
Bytes JpegWithExif(ByteView exif) {
  std::string jpeg = "\xFF\xD8";
  if (!exif.empty()) {
    const std::size_t length = exif.size() + kExifNamespace.size() + 2;
    jpeg += {'\xFF', '\xE1', static_cast<char>(length >> 8), static_cast<char>(length & 0xFF)};
    jpeg += kExifNamespace;
    jpeg += AsText(exif);
  }
  jpeg += std::string("\xFF\xDB\0\x43\0", 5) + std::string(64, '\1');
  jpeg += std::string("\xFF\xC0\0\x0B\x08\0\x08\0\x08\1\1\x11\0", 13);
  for (const char table : {'\0', '\x10'}) {
    jpeg += std::string("\xFF\xC4\0\x14", 4) + table + '\1' + std::string(15, '\0') + '\0';
  }
  jpeg += std::string("\xFF\xDA\0\x08\1\1\0\0\x3F\0", 10) + "\x3F\xFF\xD9";
  const ByteView view = AsBytes(jpeg);
  return {view.begin(), view.end()};
}

std::string ExifTool(const std::vector<std::string>& options, const std::filesystem::path& folder) {
  std::vector<std::string> command = {"exiftool", "-q", "-a", "-G1", "-s", "-m"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(folder.string());
  return test::RunProgram(command).out;
}

/// A phone's EXIF: facts that stay, facts that go, and a thumbnail.
Bytes PhoneExif(ByteOrder order, unsigned orientation) {
  TiffMaker tiff(order);
  const unsigned gps = tiff.AddIfd({tiff.Text(1, "N"), {2, kRational, 3, std::string(24, '\1')}});
  const unsigned exif = tiff.AddIfd({
      tiff.Ratio(0x829A, 1, 250),
      tiff.Short(0x8827, 100),
      {0x9000, kUndefined, 4, "0232"},
      tiff.Text(0x9003, "2024:05:06 07:08:09"),
      {kMakerNote, kUndefined, 12, "Secret notes"},
      {0x9286, kUndefined, 16, std::string("ASCII\0\0\0a remark", 16)},
      tiff.Text(0xA420, "0123456789abcdef0123456789abcdef"),
      tiff.Text(0xA430, "Olga Owner"),
      tiff.Text(0xA431, "SN123456"),
      tiff.Text(0xA434, "Fine Lens 50mm"),
      tiff.Text(0xA435, "LSN98765"),
  });
  const std::string thumbnail = "\xFF\xD8 unedited \xFF\xD9";
  const unsigned ifd1 = tiff.AddIfd({tiff.Short(0x0103, 6),
                                     {0x0202, kLong, 1, tiff.U32(14)},
                                     {0x9999, kUndefined, 14, thumbnail}});
  const unsigned ifd0 = tiff.AddIfd(
      {
          tiff.Text(0x010F, "Maker"),
          tiff.Text(0x0110, "Model 1"),
          tiff.Short(0x0112, orientation),
          tiff.Text(0x0131, "Editor"),
          tiff.Text(0x013B, "Ann Artist"),
          tiff.Text(0x8298, "(c) Ann"),
          tiff.Pointer(kExifIfd, exif),
          tiff.Pointer(kGpsIfd, gps),
      },
      ifd1);
  return tiff.Finish(ifd0);
}

class ExifOrderTest : public testing::TestWithParam<ByteOrder> {};

TEST_P(ExifOrderTest, ReadsTheFacts) {
  const auto facts = ReadExif(PhoneExif(GetParam(), 6));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->orientation, Orientation::kRightTop);
  EXPECT_FALSE(facts->orientation_invalid);
  EXPECT_EQ(facts->make, "Maker");
  EXPECT_EQ(facts->model, "Model 1");
}

TEST_P(ExifOrderTest, EveryPolicyKeepsEveryOrientation) {
  for (unsigned k = 1; k <= 8; ++k) {
    const Bytes tiff = PhoneExif(GetParam(), k);
    for (const auto policy : {ExifPolicy::kKeep, ExifPolicy::kAllow, ExifPolicy::kStrip}) {
      const FilteredMetadata kept = FilterExif(tiff, policy);
      EXPECT_THAT(kept.warnings, IsEmpty());
      if (policy == ExifPolicy::kStrip && k == 1) {
        EXPECT_THAT(kept.bytes, IsEmpty());
        continue;
      }
      const auto facts = ReadExif(kept.bytes);
      ASSERT_TRUE(facts);
      EXPECT_EQ(facts->orientation, static_cast<Orientation>(k));
    }
  }
}

TEST_P(ExifOrderTest, AllowKeepsTheListedFactsAndDropsAllOthers) {
  const FilteredMetadata kept = FilterExif(PhoneExif(GetParam(), 6), ExifPolicy::kAllow);
  EXPECT_THAT(kept.warnings, IsEmpty());
  const std::string_view text = AsText(kept.bytes);
  for (const char* stays : {"Maker", "Model 1", "Ann Artist", "(c) Ann", "2024:05:06 07:08:09",
                            "Fine Lens 50mm", "0232"}) {
    EXPECT_THAT(text, HasSubstr(stays));
  }
  for (const char* goes : {"Editor", "Secret", "remark", "0123456789abcdef", "Olga", "SN123456",
                           "LSN98765", "unedited"}) {
    EXPECT_THAT(text, Not(HasSubstr(goes)));
  }
  EXPECT_EQ(kept.bytes, FilterExif(kept.bytes, ExifPolicy::kAllow).bytes) << "a fixed point";
}

TEST_P(ExifOrderTest, KeepReturnsTheBytes) {
  const Bytes tiff = PhoneExif(GetParam(), 6);
  EXPECT_EQ(FilterExif(tiff, ExifPolicy::kKeep).bytes, tiff);
}

/// exiftool sees the same facts, and nothing to complain about but what the source left out.
TEST_P(ExifOrderTest, ExiftoolAgrees) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const test::ScratchFolder folder;
  test::WriteWhole(folder / "allow.jpg",
                   JpegWithExif(FilterExif(PhoneExif(GetParam(), 6), ExifPolicy::kAllow).bytes));
  const std::string all = ExifTool({"-n", "-IFD0:all", "-ExifIFD:all", "-GPS:all", "-IFD1:all",
                                    "-MakerNotes:all", "-InteropIFD:all"},
                                   folder.path());
  std::vector<std::string> names;
  for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
    const std::size_t begin = all.find("] ", at);
    const std::size_t name = all.find_first_not_of(' ', begin + 1);
    names.push_back(all.substr(name, all.find(' ', name) - name));
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "Make", "Model", "Orientation", "Artist", "YCbCrPositioning", "Copyright",
                         "ExposureTime", "ISO", "ExifVersion", "DateTimeOriginal", "LensModel"));
  EXPECT_THAT(all, HasSubstr("ExposureTime                    : 0.004"));
  EXPECT_THAT(all, HasSubstr("Orientation                     : 6"));
}

INSTANTIATE_TEST_SUITE_P(, ExifOrderTest,
                         testing::Values(ByteOrder::kBigEndian, ByteOrder::kLittleEndian),
                         [](const auto& row) {
                           return row.param == ByteOrder::kBigEndian ? "MM" : "II";
                         });

TEST(FilterExif, StripIsValidForExiftool) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const test::ScratchFolder folder;
  const Bytes kept = FilterExif(PhoneExif(ByteOrder::kLittleEndian, 6), ExifPolicy::kStrip).bytes;
  test::WriteWhole(folder / "strip.jpg", JpegWithExif(kept));
  EXPECT_EQ(ExifTool({"-validate", "-warning", "-error"}, folder.path()),
            "[ExifTool]      Validate                        : OK\n");
  EXPECT_EQ(ExifTool({"-n", "-EXIF:all"}, folder.path()),
            "[IFD0]          Orientation                     : 6\n"
            "[IFD0]          YCbCrPositioning                : 1\n");
}

TEST(FilterExif, NothingAllowedIsNoSegment) {
  TiffMaker tiff(ByteOrder::kBigEndian);
  const unsigned gps = tiff.AddIfd({tiff.Text(1, "N")});
  const Bytes bytes = tiff.Finish(tiff.AddIfd({tiff.Pointer(kGpsIfd, gps)}));
  EXPECT_THAT(FilterExif(bytes, ExifPolicy::kAllow).bytes, IsEmpty());
}

struct OrientationCase {
  std::string name;
  Tag tag;
  int orientation;
  bool invalid;
};
void PrintTo(const OrientationCase& row, std::ostream* out) { *out << row.name; }

class OrientationTest : public testing::TestWithParam<OrientationCase> {};

TEST_P(OrientationTest, IsReadAndRepaired) {
  const OrientationCase& row = GetParam();
  TiffMaker tiff(ByteOrder::kBigEndian);
  const Bytes bytes = tiff.Finish(tiff.AddIfd({row.tag, tiff.Text(0x013B, "Ann Artist")}));
  const auto facts = ReadExif(bytes);
  ASSERT_TRUE(facts);
  EXPECT_EQ(static_cast<int>(facts->orientation), row.orientation);
  EXPECT_EQ(facts->orientation_invalid, row.invalid);

  for (const auto policy : {ExifPolicy::kAllow, ExifPolicy::kStrip}) {
    const Bytes kept = FilterExif(bytes, policy).bytes;
    if (kept.empty()) {
      EXPECT_EQ(row.orientation, 1);
      continue;
    }
    const auto left = ReadExif(kept);
    ASSERT_TRUE(left);
    EXPECT_EQ(static_cast<int>(left->orientation), row.orientation);
    EXPECT_FALSE(left->orientation_invalid);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , OrientationTest,
    testing::Values(OrientationCase{"Byte", {0x0112, 1, 1, "\6"}, 6, false},
                    OrientationCase{"Long", {0x0112, kLong, 1, {0, 0, 0, 6}}, 6, false},
                    OrientationCase{"Several", {0x0112, kShort, 2, {0, 8, 0, 6}}, 8, false},
                    OrientationCase{"Zero", {0x0112, kShort, 1, {0, 0}}, 1, true},
                    OrientationCase{"Nine", {0x0112, kShort, 1, {0, 9}}, 1, true},
                    OrientationCase{"Huge", {0x0112, kLong, 1, {0, 1, 0, 6}}, 1, true},
                    OrientationCase{"Text", {0x0112, kAscii, 2, {'6', 0}}, 1, true},
                    OrientationCase{"NoValue", {0x0112, kShort, 0, {}}, 1, true},
                    OrientationCase{"UnknownType", {0x0112, 77, 1, {0, 6}}, 1, true},
                    OrientationCase{"OtherTag", {0x0113, kShort, 1, {0, 6}}, 1, false}),
    [](const auto& row) { return row.param.name; });

TEST(ReadExif, FindsApplesTagsInTheMakerNote) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("uhdr/iphone13mini_apple_gainmap_old.jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const auto exif = stream->Find(0xE1, kExifNamespace);
  ASSERT_THAT(exif, SizeIs(1));
  const auto facts = ReadExif(exif[0]->payload.subspan(kExifNamespace.size()));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->make, "Apple");
  ASSERT_TRUE(facts->apple.tag33 && facts->apple.tag48);
  EXPECT_NEAR(*facts->apple.tag33, 1.51893, 1e-5);  // exiftool: HDRHeadroom
  EXPECT_EQ(*facts->apple.tag48, 0);                // HDRGain
}

TEST(ReadExifColor, OptionFilesOfDcfAreAdobeRgb) {
  struct Row {
    int space;  ///< -1: none
    std::string interoperability;
    ExifColor color;
  };
  const std::vector<Row> rows = {{1, "R98", ExifColor::kSrgb},
                                 {1, "R03", ExifColor::kSrgb},
                                 {0xFFFF, "R03", ExifColor::kAdobeRgb},
                                 {-1, "R03", ExifColor::kAdobeRgb},
                                 {2, "", ExifColor::kAdobeRgb},
                                 {0xFFFF, "", ExifColor::kUncalibrated},
                                 {0xFFFF, "R98", ExifColor::kUncalibrated},
                                 {-1, "", ExifColor::kUnsaid}};
  for (const ByteOrder order : {ByteOrder::kLittleEndian, ByteOrder::kBigEndian}) {
    for (const Row& row : rows) {
      TiffMaker maker(order);
      std::vector<Tag> tags;
      if (row.space >= 0) tags.push_back(maker.Short(0xA001, static_cast<unsigned>(row.space)));
      if (!row.interoperability.empty()) {
        tags.push_back(maker.Pointer(0xA005, maker.AddIfd({maker.Text(1, row.interoperability)})));
      }
      const unsigned exif = maker.AddIfd(tags);
      const Bytes whole = maker.Finish(maker.AddIfd({maker.Pointer(kExifIfd, exif)}));
      EXPECT_EQ(ReadExifColor(whole), row.color) << row.space << " " << row.interoperability;
      for (std::size_t size = 0; size < whole.size(); ++size) {
        (void)ReadExifColor(ByteView(whole).first(size));
      }
    }
  }
}

TEST(ReadExif, MakesTextFitForATerminal) {
  TiffMaker tiff(ByteOrder::kBigEndian);
  const Bytes bytes =
      tiff.Finish(tiff.AddIfd({tiff.Text(0x010F, "Bad\x1B[2J\xC3"), tiff.Text(0x0110, "Model  ")}));
  const auto facts = ReadExif(bytes);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->make, "Bad?[2J?");
  EXPECT_EQ(facts->model, "Model");
}

struct DamagedCase {
  std::string name;
  std::string bytes;
  bool has_header;
};
void PrintTo(const DamagedCase& row, std::ostream* out) { *out << row.name; }

class DamagedExifTest : public testing::TestWithParam<DamagedCase> {};

TEST_P(DamagedExifTest, GivesDefaultsOrAnError) {
  const ByteView bytes = AsBytes(GetParam().bytes);
  const auto facts = ReadExif(bytes);
  ASSERT_EQ(facts.has_value(), GetParam().has_header);
  if (facts) {
    EXPECT_EQ(facts->orientation, Orientation::kTopLeft);
  } else {
    EXPECT_EQ(facts.error().code, ErrorCode::kBadInput);
    EXPECT_THAT(FilterExif(bytes, ExifPolicy::kAllow).warnings,
                ElementsAre(HasSubstr("EXIF was left out")));
  }
  EXPECT_THAT(FilterExif(bytes, ExifPolicy::kAllow).bytes, IsEmpty());
  EXPECT_THAT(FilterExif(bytes, ExifPolicy::kStrip).bytes, IsEmpty());
  EXPECT_EQ(AsText(FilterExif(bytes, ExifPolicy::kKeep).bytes), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(
    , DamagedExifTest,
    testing::Values(DamagedCase{"Empty", "", false}, DamagedCase{"OneByte", "M", false},
                    DamagedCase{"NoOrder", std::string("XX\0*\0\0\0\10", 8), false},
                    DamagedCase{"NoMagic", std::string("MM\0+\0\0\0\10", 8), false},
                    DamagedCase{"NoOffset", std::string("MM\0*\0\0", 6), false},
                    DamagedCase{"NoDirectory", std::string("MM\0*\0\0\0\10", 8), true},
                    DamagedCase{"DirectoryPastTheEnd", std::string("MM\0*\x7F\xFF\0\0", 8), true},
                    DamagedCase{"ShortDirectory", std::string("MM\0*\0\0\0\10\xFF\xFF\1\22", 12),
                                true}),
    [](const auto& row) { return row.param.name; });

/// EXIF 3.0 allows UTF-8 in texts, under a type of its own.
TEST(FilterExif, Utf8TextsStay) {
  TiffMaker tiff(ByteOrder::kBigEndian);
  const std::string artist("Zo\xC3\xAB Artist\0", 12);
  const Bytes bytes = tiff.Finish(tiff.AddIfd({tiff.Short(0x0112, 6), {0x013B, 129, 12, artist}}));
  const FilteredMetadata kept = FilterExif(bytes, ExifPolicy::kAllow);
  EXPECT_THAT(kept.warnings, IsEmpty());
  EXPECT_THAT(AsText(kept.bytes), HasSubstr(artist));
}

/// Half of the entries lie past the end: the orientation before them still counts.
TEST(FilterExif, TruncatedExifKeepsItsOrientation) {
  TiffMaker tiff(ByteOrder::kBigEndian);
  Bytes bytes = tiff.Finish(tiff.AddIfd({tiff.Short(0x0112, 8), tiff.Text(0x013B, "Ann Artist")}));
  bytes.resize(8 + 2 + 12 + 3);
  for (const auto policy : {ExifPolicy::kAllow, ExifPolicy::kStrip}) {
    const auto facts = ReadExif(FilterExif(bytes, policy).bytes);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->orientation, Orientation::kLeftBottom);
  }
}

/// Every EXIF segment of the corpus, the hostile ones included.
std::map<std::string, Bytes> CorpusExif() {
  std::map<std::string, Bytes> found;
  for (const char* kind : {"uhdr", "phone", "sdr", "hostile"}) {
    for (const test::CorpusFile& file : test::CorpusFiles(kind)) {
      const Bytes bytes = test::ReadWhole(file.path);
      const auto stream = WalkJpeg(bytes, 0);
      if (!stream) continue;
      for (const JpegSegment* segment : stream->Find(0xE1, kExifNamespace)) {
        const ByteView exif = segment->payload.subspan(kExifNamespace.size());
        found.try_emplace(file.name, exif.begin(), exif.end());
      }
    }
  }
  return found;
}

TEST(FilterExif, KeepsOrientationAndCameraOfRealFiles) {
  HDRP_NEEDS_CORPUS();
  std::set<std::string> models;
  for (const auto& [name, exif] : CorpusExif()) {
    SCOPED_TRACE(name);
    const auto facts = ReadExif(exif);
    if (!facts) continue;
    const FilteredMetadata kept = FilterExif(exif, ExifPolicy::kAllow);
    const ExifFacts left = kept.bytes.empty() ? ExifFacts() : ReadExif(kept.bytes).value();
    EXPECT_EQ(left.orientation, facts->orientation);
    if (!kept.warnings.empty()) continue;
    EXPECT_EQ(left.make, facts->make);
    EXPECT_EQ(left.model, facts->model);
    models.insert(left.model);
  }
  EXPECT_GE(models.size(), 10U);
}

TEST(FilterExif, PrintsNothing) {
  HDRP_NEEDS_CORPUS();
  testing::internal::CaptureStderr();
  for (const auto& [name, exif] : CorpusExif()) (void)FilterExif(exif, ExifPolicy::kAllow);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(FilterExif, ExiftoolFindsNothingPrivateInRealFiles) {
  HDRP_NEEDS_CORPUS();
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const test::ScratchFolder before, after;
  for (const auto& [name, exif] : CorpusExif()) {
    test::WriteWhole(before / name, JpegWithExif(exif));
    test::WriteWhole(after / name, JpegWithExif(FilterExif(exif, ExifPolicy::kAllow).bytes));
  }
  const std::vector<std::string> private_tags = {
      "-GPS:all",
      "-MakerNotes:all",
      "-IFD1:all",
      "-ThumbnailImage",
      "-UserComment",
      "-ImageUniqueID",
      "-SerialNumber",
      "-OwnerName",
      "-LensSerialNumber",
      "-if",
      "$GPS:all or $MakerNotes:all or $IFD1:all or $ThumbnailImage or $SerialNumber"};
  EXPECT_THAT(ExifTool(private_tags, before.path()), HasSubstr("MakerNote"));
  EXPECT_EQ(ExifTool(private_tags, after.path()), "");
}

}  // namespace
}  // namespace hdrp
