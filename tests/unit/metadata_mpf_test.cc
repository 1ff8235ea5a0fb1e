// The Multi-Picture index: the layout byte for byte, both byte orders, and what damages it.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/byte_writer.h"
#include "metadata/jpeg_structure.h"
#include "metadata/mpf.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

struct Tag {
  std::uint16_t id, type;
  std::uint32_t count;
  Bytes value;  ///< 4 bytes as stored
};

/// A little-endian index, as Pixel phones write it.
Bytes LittleEndian(const std::vector<Tag>& tags, const std::vector<MpfEntry>& entries) {
  const auto put = [](Bytes& out, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  Bytes out(kMpfNamespace.begin(), kMpfNamespace.end());
  const Bytes header = {'I', 'I', 42, 0, 8, 0, 0, 0};
  out.insert(out.end(), header.begin(), header.end());
  put(out, static_cast<std::uint32_t>(tags.size()), 2);
  for (const Tag& tag : tags) {
    put(out, tag.id, 2);
    put(out, tag.type, 2);
    put(out, tag.count, 4);
    out.insert(out.end(), tag.value.begin(), tag.value.end());
  }
  put(out, 0, 4);
  for (const MpfEntry& entry : entries) {
    put(out, entry.attribute, 4);
    put(out, entry.size, 4);
    put(out, entry.offset, 4);
    put(out, 0, 4);
  }
  return out;
}

const Tag kVersion{0xB000, 7, 4, {'0', '1', '0', '0'}};
const Tag kTwoImages{0xB001, 4, 1, {2, 0, 0, 0}};
const Tag kEntries{0xB002, 7, 32, {50, 0, 0, 0}};
const std::vector<MpfEntry> kTwo = {{0x030000, 1000, 0}, {0, 200, 900}};

struct IndexCase {
  std::string name;
  std::vector<Tag> tags;
  std::vector<MpfEntry> entries;
  std::vector<std::string> deviations;
};
void PrintTo(const IndexCase& row, std::ostream* out) { *out << row.name; }

class MpfIndexTest : public testing::TestWithParam<IndexCase> {};

TEST_P(MpfIndexTest, IsReadWithItsDeviations) {
  const IndexCase& row = GetParam();
  const auto index = ReadMpf(LittleEndian(row.tags, row.entries));
  ASSERT_TRUE(index) << index.error().message;
  ASSERT_EQ(index->entries.size(), row.entries.size());
  for (std::size_t i = 0; i < row.entries.size(); ++i) {
    EXPECT_EQ(index->entries[i].attribute, row.entries[i].attribute);
    EXPECT_EQ(index->entries[i].size, row.entries[i].size);
    EXPECT_EQ(index->entries[i].offset, row.entries[i].offset);
  }
  EXPECT_EQ(index->deviations, row.deviations);
}

INSTANTIATE_TEST_SUITE_P(
    All, MpfIndexTest,
    testing::Values(IndexCase{"pixel", {kVersion, kTwoImages, kEntries}, kTwo, {}},
                    IndexCase{"gain_map_type",
                              {kVersion, kTwoImages, kEntries},
                              {kTwo[0], {0x050000, 200, 900}},
                              {}},
                    IndexCase{"unsorted",
                              {kTwoImages, kVersion, kEntries},
                              kTwo,
                              {"the MPF tags are not in ascending order"}},
                    IndexCase{"version",
                              {{0xB000, 7, 4, {'0', '2', '0', '0'}}, kTwoImages, kEntries},
                              kTwo,
                              {"the MPF version is not 0100"}},
                    IndexCase{"no_version",
                              {kTwoImages, kEntries, {0xB003, 4, 1, {0, 0, 0, 0}}},
                              kTwo,
                              {"the MPF version is not 0100"}},
                    IndexCase{"count",
                              {kVersion, {0xB001, 4, 1, {3, 0, 0, 0}}, kEntries},
                              kTwo,
                              {"MPF says 3 images and lists 2"}},
                    IndexCase{"primary_type",
                              {kVersion, kTwoImages, kEntries},
                              {{0, 1000, 0}, kTwo[1]},
                              {"MPF entry 0 is not of the primary's type 0x030000"}},
                    IndexCase{"primary_offset",
                              {kVersion, kTwoImages, kEntries},
                              {{0x030000, 1000, 4}, kTwo[1]},
                              {"MPF entry 0 has offset 4, expected 0"}},
                    IndexCase{"two_primaries",
                              {kVersion, kTwoImages, kEntries},
                              {kTwo[0], {0x030000, 200, 900}},
                              {"MPF entry 1 is of the primary's type too"}},
                    IndexCase{"format",
                              {kVersion, kTwoImages, kEntries},
                              {kTwo[0], {0x01000000, 200, 900}},
                              {"MPF entry 1 is not marked as JPEG"}}),
    [](const auto& row) { return row.param.name; });

TEST(ReadMpf, AnUnknownTagIsADeviation) {
  const Tag entries{0xB002, 7, 32, {62, 0, 0, 0}};
  const auto index =
      ReadMpf(LittleEndian({kVersion, kTwoImages, entries, {0xB101, 4, 1, {0, 0, 0, 0}}}, kTwo));
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->deviations, (std::vector<std::string>{"MPF tag 0xb101 is unknown"}));
}

TEST(ReadMpf, DamageIsAnError) {
  const Bytes good = LittleEndian({kVersion, kTwoImages, kEntries}, kTwo);
  const auto changed = [&good](std::size_t at, Bytes values) {
    Bytes bytes = good;
    std::ranges::copy(values, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return bytes;
  };
  const std::vector<std::pair<std::string, Bytes>> rows = {
      {"no namespace", changed(0, {'X'})},
      {"byte order", changed(4, {'I', 'M'})},
      {"magic", changed(6, {43})},
      {"directory past the end", changed(8, {0, 0, 0, 0x7F})},
      {"directory too long", changed(12, {0xFF, 0xFF})},
      {"no entries tag", changed(14 + 24, {0x03})},
      {"entries past the end", changed(14 + 24 + 8, {0xFF, 0xFF, 0xFF, 0xFF})},
      {"65 images", changed(14 + 24 + 4, {0x10, 0x04})},
      {"more entries than bytes", changed(14 + 24 + 4, {48})},
  };
  for (const auto& [name, bytes] : rows) {
    const auto index = ReadMpf(bytes);
    ASSERT_FALSE(index) << name;
    EXPECT_EQ(index.error().code, ErrorCode::kBadInput) << name;
    EXPECT_FALSE(index.error().message.empty()) << name;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ReadMpf(ByteView(good).first(size))) << size;
  }
}

TEST(WriteMpf, HasTheLayoutOfCipaDc007) {
  ByteWriter expected;
  expected.Append(std::string_view("MPF\0MM\0*\0\0\0\x08\0\x03", 14));
  expected.Append(
      std::string_view("\xB0\0\0\x07\0\0\0\x04"
                       "0100",
                       12));
  expected.Append(std::string_view("\xB0\x01\0\x04\0\0\0\x01\0\0\0\x02", 12));
  expected.Append(std::string_view("\xB0\x02\0\x07\0\0\0\x20\0\0\0\x32", 12));
  expected.U32(0);
  for (const std::uint32_t value : {0x030000U, 100'000U, 0U, 0U, 0U, 5'000U, 99'000U, 0U}) {
    expected.U32(value);
  }
  const Bytes payload = WriteMpf(100'000, 5'000, 1'000);
  EXPECT_EQ(payload.size(), kMpfPayloadSize);
  EXPECT_EQ(payload, Bytes(expected.view().begin(), expected.view().end()));
}

TEST(WriteMpf, IsReadBackWithoutDeviation) {
  const auto index = ReadMpf(WriteMpf(4'000'000'000, 123'456, 2'000));
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_TRUE(index->deviations.empty());
  ASSERT_EQ(index->entries.size(), 2U);
  EXPECT_EQ(index->entries[0].size, 4'000'000'000U);
  EXPECT_EQ(index->entries[1].size, 123'456U);
  EXPECT_EQ(index->entries[1].offset, 4'000'000'000U - 2'000U);
}

TEST(ReadMpf, IndexesOfOthersAgreeWithTheManifest) {
  HDRP_NEEDS_CORPUS();
  int indexes = 0;
  for (const test::CorpusFile& file : test::CorpusFiles("uhdr")) {
    if (file.Fact("mpf_n").empty() || file.Fact("mpf_n") == "0") continue;
    SCOPED_TRACE(file.name);
    const Bytes bytes = test::ReadWhole(file.path);
    const auto stream = WalkJpeg(bytes, 0);
    if (!stream) continue;
    const auto segments = stream->Find(0xE2, kMpfNamespace);
    if (segments.empty()) continue;
    const auto index = ReadMpf(segments.front()->payload);
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ(std::to_string(index->entries.size()), file.Fact("mpf_n"));
    EXPECT_TRUE(index->deviations.empty()) << testing::PrintToString(index->deviations);
    ++indexes;
  }
  EXPECT_GE(indexes, 15);
}

}  // namespace
}  // namespace hdrp
