#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kHeader("Photoshop 3.0\0", 14);

std::string Big(std::size_t value, int size) {
  std::string text;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>((value >> shift) & 0xFF);
  }
  return text;
}

std::string Resource(unsigned id, const std::string& content, const std::string& name = "") {
  std::string text = "8BIM" + Big(id, 2) + static_cast<char>(name.size()) + name;
  if (name.size() % 2 == 0) text += '\0';
  text += Big(content.size(), 4) + content;
  if (content.size() % 2 != 0) text += '\0';
  return text;
}

std::string Dataset(int record, int number, const std::string& text) {
  return std::string{'\x1C', static_cast<char>(record), static_cast<char>(number)} +
         Big(text.size(), 2) + text;
}

/// The same in the form for long texts: the length's own size first.
std::string LongDataset(int number, const std::string& text, int length_size = 4) {
  return std::string{'\x1C', 2, static_cast<char>(number)} +
         Big(0x8000U + static_cast<unsigned>(length_size), 2) + Big(text.size(), length_size) +
         text;
}

const std::string kUtf8 = Dataset(1, 90, "\x1B%G");
const std::string kVersion = Dataset(2, 0, std::string("\0\4", 2));
const std::string kTitle = Dataset(2, 5, "Harbour");
const std::string kKeywords = Dataset(2, 25, "boat") + Dataset(2, 25, "sea");
const std::string kCreator = Dataset(2, 80, "Ann");
const std::string kRights = Dataset(2, 116, "(c) Ann");
const std::string kCaption = LongDataset(120, std::string(40'000, 'c'));
const std::string kCity = Dataset(2, 90, "Somewhere");

std::string Allowed(const std::string& payload) {
  const FilteredMetadata kept = FilterPhotoshop(AsBytes(payload), ExifPolicy::kAllow);
  EXPECT_THAT(kept.warnings, IsEmpty());
  return std::string(AsText(kept.bytes));
}

struct FilterCase {
  std::string name;
  std::string resources;
  std::string left;
};
void PrintTo(const FilterCase& row, std::ostream* out) { *out << row.name; }

class PhotoshopTest : public testing::TestWithParam<FilterCase> {};

TEST_P(PhotoshopTest, AllowKeepsWhatIsListed) {
  const std::string left = GetParam().left.empty() ? "" : kHeader + GetParam().left;
  EXPECT_EQ(Allowed(kHeader + GetParam().resources), left);
  EXPECT_EQ(left.empty() ? "" : Allowed(left), left);
}

INSTANTIATE_TEST_SUITE_P(
    , PhotoshopTest,
    testing::Values(
        FilterCase{"UsersTexts",
                   Resource(0x0404, kUtf8 + kVersion + kTitle + kKeywords + kCreator + kRights),
                   Resource(0x0404, kUtf8 + kVersion + kTitle + kKeywords + kCreator + kRights)},
        FilterCase{"PlacesGo", Resource(0x0404, kTitle + kCity + kKeywords + kCity),
                   Resource(0x0404, kTitle + kKeywords)},
        FilterCase{
            "ContactAndPeopleGo",
            Resource(0x0404, Dataset(2, 118, "+49 30 1") + kCreator + Dataset(2, 122, "Bob")),
            Resource(0x0404, kCreator)},
        FilterCase{"LongTexts",
                   Resource(0x0404, LongDataset(202, std::string(50'000, 'p')) + kCaption),
                   Resource(0x0404, kCaption)},
        FilterCase{"ShortFormOfLength", Resource(0x0404, LongDataset(120, "ab", 2)),
                   Resource(0x0404, LongDataset(120, "ab", 2))},
        FilterCase{"OnlyVersionsAreNothing", Resource(0x0404, kUtf8 + kVersion + kCity), ""},
        FilterCase{"OtherResources",
                   Resource(0x03ED, std::string(16, '\1')) + Resource(0x0409, "thumbnail") +
                       Resource(0x040C, "thumbnail") + Resource(0x0422, "EXIF") +
                       Resource(0x0424, "XMP") + Resource(0x0425, std::string(16, 'd')) +
                       Resource(0x040A, "\1") + Resource(0x0BB7, "path"),
                   Resource(0x03ED, std::string(16, '\1')) + Resource(0x040A, "\1")},
        FilterCase{"NamesGo", Resource(0x0404, kTitle, "Olga") + Resource(0x040A, "\1", "Anna!"),
                   Resource(0x0404, kTitle) + Resource(0x040A, "\1")},
        FilterCase{"EndsInAResource",
                   Resource(0x0404, kTitle) + "8BIM" + Big(0x040A, 2) + Big(0, 2) + Big(99, 4),
                   Resource(0x0404, kTitle)},
        FilterCase{"EndsInADataset", Resource(0x0404, kTitle + "\x1C\2\x19" + Big(50, 2) + "boat"),
                   Resource(0x0404, kTitle)},
        FilterCase{"LengthTooLong", Resource(0x0404, kTitle + LongDataset(120, "c", 5)),
                   Resource(0x0404, kTitle)},
        FilterCase{"NoResources", "anything", ""}, FilterCase{"Empty", "", ""}),
    [](const auto& row) { return row.param.name; });

TEST(FilterPhotoshop, LastPaddingMayBeMissing) {
  std::string resources = Resource(0x040A, "\1");
  resources.pop_back();
  EXPECT_EQ(Allowed(kHeader + resources), kHeader + Resource(0x040A, "\1"));
}

TEST(FilterPhotoshop, KeepAndStrip) {
  const std::string payload = kHeader + Resource(0x0404, kTitle + kCity) + "rest";
  EXPECT_EQ(AsText(FilterPhotoshop(AsBytes(payload), ExifPolicy::kKeep).bytes), payload);
  EXPECT_THAT(FilterPhotoshop(AsBytes(payload), ExifPolicy::kStrip).bytes, IsEmpty());
}

TEST(FilterPhotoshop, ForeignPayloadsLoseTheirThumbnail) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("uhdr/vearutop_old_acr.orig.jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const auto segments = stream->Find(0xED, kHeader);
  ASSERT_FALSE(segments.empty());
  const std::string before(AsText(segments[0]->payload));
  EXPECT_THAT(before, HasSubstr("8BIM\x04\x0C"));
  const std::string after = Allowed(before);
  EXPECT_THAT(after, HasSubstr("8BIM\x04\x04"));
  EXPECT_THAT(after, Not(HasSubstr("8BIM\x04\x0C")));
}

}  // namespace
}  // namespace hdrp
