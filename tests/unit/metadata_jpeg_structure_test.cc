#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "metadata/icc_chunks.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Segment(int marker, std::string_view payload) {
  const std::size_t length = payload.size() + 2;
  std::string bytes{'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8),
                    static_cast<char>(length & 0xFF)};
  return bytes.append(payload);
}

const std::string kSoi = "\xFF\xD8";
const std::string kEoi = "\xFF\xD9";
const std::string kTable = Segment(0xDB, "table");
// 8 bits, 3 high, 5 wide, one component with sampling 2x1.
const std::string kFrame = Segment(0xC0, std::string("\x08\0\x03\0\x05\x01\x01\x21\0", 9));
const std::string kScan = Segment(0xDA, "scan");
const std::string kData = std::string(
    "ab\xFF\0cd\xFF\xD0"
    "ef",
    10);

std::vector<int> MarkersOf(const JpegStream& stream) {
  std::vector<int> markers;
  for (const JpegSegment& segment : stream.segments) markers.push_back(segment.marker);
  return markers;
}

std::string PictureOf(const JpegStream& stream) {
  std::string joined;
  for (const ByteView range : stream.picture) joined += AsText(range);
  return joined;
}

struct WalkCase {
  std::string name;
  std::string bytes;
  std::vector<int> markers;
  std::string picture;
  bool complete = true;
  std::size_t after = 0;  ///< bytes behind the stream's end
};
void PrintTo(const WalkCase& row, std::ostream* out) { *out << row.name; }

class WalkJpegTest : public testing::TestWithParam<WalkCase> {};

TEST_P(WalkJpegTest, FindsSegmentsPictureAndEnd) {
  const WalkCase& row = GetParam();
  const std::string file = "xyz" + row.bytes;
  const auto stream = WalkJpeg(AsBytes(file), 3);
  ASSERT_TRUE(stream) << stream.error().message;
  EXPECT_EQ(stream->begin, 3U);
  EXPECT_EQ(MarkersOf(*stream), row.markers);
  EXPECT_EQ(PictureOf(*stream), row.picture);
  EXPECT_EQ(stream->complete, row.complete);
  EXPECT_EQ(file.size() - stream->end, row.after);
  EXPECT_EQ(stream->frame.width, 5);
  EXPECT_EQ(stream->frame.height, 3);
  for (const JpegSegment& segment : stream->segments) {
    EXPECT_EQ(AsText(AsBytes(file).subspan(segment.position, segment.size)),
              Segment(segment.marker, AsText(segment.payload)));
  }
}

const std::string kPlain = kTable + kFrame + kScan + kData + kEoi;

INSTANTIATE_TEST_SUITE_P(
    Streams, WalkJpegTest,
    testing::Values(
        WalkCase{"plain", kSoi + Segment(0xE1, "Exif") + kPlain, {0xE1, 0xDB, 0xC0}, kPlain},
        WalkCase{"trailing_bytes", kSoi + kPlain + "tail", {0xDB, 0xC0}, kPlain, true, 4},
        WalkCase{"second_jpeg_behind",
                 kSoi + kPlain + kSoi + kPlain,
                 {0xDB, 0xC0},
                 kPlain,
                 true,
                 kSoi.size() + kPlain.size()},
        WalkCase{"fill_bytes", kSoi + "\xFF\xFF" + kPlain, {0xDB, 0xC0}, kPlain},
        WalkCase{"fill_bytes_between_tables_are_kept",
                 kSoi + kTable + "\xFF\xFF" + kFrame + kScan + kData + "\xFF" + kEoi,
                 {0xDB, 0xC0},
                 kTable + "\xFF\xFF" + kFrame + kScan + kData + "\xFF" + kEoi},
        WalkCase{"stray_bytes", kSoi + "junk" + kPlain, {0xDB, 0xC0}, kPlain},
        WalkCase{"thumbnail_with_its_own_eoi",
                 kSoi + Segment(0xE1, kSoi + kPlain) + kPlain,
                 {0xE1, 0xDB, 0xC0},
                 kPlain},
        WalkCase{"mpf_behind_the_frame_header",
                 kSoi + kTable + kFrame + Segment(0xE2, "MPF") + kTable + kScan + kData + kEoi,
                 {0xDB, 0xC0, 0xE2, 0xDB},
                 kTable + kFrame + kTable + kScan + kData + kEoi},
        WalkCase{"comment_between_tables_with_fill_bytes",
                 kSoi + kTable + "\xFF" + Segment(0xFE, "note") + kFrame + kScan + kData + kEoi,
                 {0xDB, 0xFE, 0xC0},
                 kPlain},
        WalkCase{
            "comment_between_scans",
            kSoi + kTable + kFrame + kScan + kData + Segment(0xFE, "note") + kScan + kData + kEoi,
            {0xDB, 0xC0},
            kTable + kFrame + kScan + kData + kScan + kData + kEoi},
        WalkCase{"tables_between_scans",
                 kSoi + kPlain.substr(0, kPlain.size() - 2) + kTable + kScan + kData + kEoi,
                 {0xDB, 0xC0},
                 kPlain.substr(0, kPlain.size() - 2) + kTable + kScan + kData + kEoi},
        WalkCase{"no_end",
                 kSoi + kTable + kFrame + kScan + kData,
                 {0xDB, 0xC0},
                 kTable + kFrame + kScan + kData,
                 false},
        WalkCase{"next_stream_instead_of_end",
                 kSoi + kTable + kFrame + kScan + kData + kSoi + kPlain,
                 {0xDB, 0xC0},
                 kTable + kFrame + kScan + kData,
                 false,
                 kSoi.size() + kPlain.size()},
        WalkCase{"later_segment_cut_off",
                 kSoi + kTable + kFrame + kScan + kData + "\xFF\xC4\x7F",
                 {0xDB, 0xC0},
                 kTable + kFrame + kScan + kData + "\xFF\xC4\x7F",
                 false},
        WalkCase{"height_in_dnl",
                 kSoi + Segment(0xC0, std::string("\x08\0\0\0\x05\x01\x01\x21\0", 9)) + kScan +
                     kData + Segment(0xDC, std::string("\0\x03", 2)) + kEoi,
                 {0xC0},
                 Segment(0xC0, std::string("\x08\0\0\0\x05\x01\x01\x21\0", 9)) + kScan + kData +
                     Segment(0xDC, std::string("\0\x03", 2)) + kEoi}),
    [](const auto& row) { return row.param.name; });

TEST(WalkJpegTest, ReadsTheFrameHeader) {
  const std::string file = kSoi + kPlain;
  const auto stream = WalkJpeg(AsBytes(file), 0);
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->frame.marker, 0xC0);
  EXPECT_EQ(stream->frame.bits, 8);
  ASSERT_EQ(stream->frame.components.size(), 1U);
  EXPECT_EQ(stream->frame.components[0].horizontal, 2);
  EXPECT_EQ(stream->frame.components[0].vertical, 1);
  EXPECT_EQ(stream->tables_begin, 2U);
}

struct BrokenCase {
  std::string name;
  std::string bytes;
  std::string sentence;
};
void PrintTo(const BrokenCase& row, std::ostream* out) { *out << row.name; }

class BrokenJpegTest : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenJpegTest, IsBadInput) {
  const auto stream = WalkJpeg(AsBytes(GetParam().bytes), 0);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(stream.error().message, HasSubstr(GetParam().sentence));
}

std::string Repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Streams, BrokenJpegTest,
    testing::Values(
        BrokenCase{"empty", "", "start of a JPEG"}, BrokenCase{"png", "\x89PNG", "start of a JPEG"},
        BrokenCase{"only_soi", kSoi, "before its first scan"},
        BrokenCase{"length_past_the_end", kSoi + std::string("\xFF\xE1\0\x09zzz", 7),
                   "does not fit the 7 bytes left"},
        BrokenCase{"length_below_two", kSoi + std::string("\xFF\xE1\0\x01zzz", 7), "of length 1"},
        BrokenCase{"scan_without_frame", kSoi + kTable + kScan + kData + kEoi, "before any frame"},
        BrokenCase{"eoi_before_scan", kSoi + kTable + kFrame + kEoi, "end of image before"},
        BrokenCase{"soi_before_scan", kSoi + kTable + kSoi + kPlain, "second start of image"},
        BrokenCase{"two_frames", kSoi + kFrame + kPlain, "second frame header"},
        BrokenCase{"short_frame", kSoi + Segment(0xC0, "\x08"), "does not fit"},
        BrokenCase{"frame_without_components",
                   kSoi + Segment(0xC0, std::string("\x08\0\x03\0\x05\0", 6)) + kScan,
                   "does not fit its 0 components"},
        BrokenCase{"sampling_factor_0",
                   kSoi + Segment(0xC0, std::string("\x08\0\x03\0\x05\x01\x01\x20\0", 9)) + kScan,
                   "sampling factor of component 1 is 0"},
        BrokenCase{"too_many_segments", kSoi + Repeated(Segment(0xFE, ""), 4097) + kPlain,
                   "more than 4096 segments"}),
    [](const auto& row) { return row.param.name; });

TEST(WalkJpegTest, StartPastTheEndIsBadInput) { EXPECT_FALSE(WalkJpeg(AsBytes(kSoi), 3)); }

std::string IccChunk(int index, int count, std::string_view data) {
  return Segment(0xE2, std::string("ICC_PROFILE\0", 12) + static_cast<char>(index) +
                           static_cast<char>(count) + std::string(data));
}

Expected<Bytes> IccOf(const std::string& segments) {
  const std::string file = kSoi + segments + kPlain;
  return JoinIcc(WalkJpeg(AsBytes(file), 0).value());
}

TEST(JoinIccTest, JoinsChunksInTheirNumberedOrder) {
  EXPECT_EQ(AsText(IccOf(IccChunk(2, 2, "def") + IccChunk(1, 2, "abc")).value()), "abcdef");
  EXPECT_THAT(IccOf("").value(), IsEmpty());
}

TEST(JoinIccTest, RefusesChunksThatDoNotAddUp) {
  EXPECT_FALSE(IccOf(IccChunk(1, 2, "abc")));
  EXPECT_FALSE(IccOf(IccChunk(1, 2, "abc") + IccChunk(1, 2, "abc")));
  EXPECT_FALSE(IccOf(IccChunk(1, 1, "abc") + IccChunk(1, 1, "abd")));
  EXPECT_FALSE(IccOf(IccChunk(1, 1, "abc") + IccChunk(1, 2, "abc") + IccChunk(2, 2, "def")));
  EXPECT_FALSE(IccOf(IccChunk(0, 1, "abc")));
  EXPECT_FALSE(IccOf(Segment(0xE2, std::string("ICC_PROFILE\0", 12))));
}

TEST(JoinIccTest, EqualCopiesCountOnce) {
  EXPECT_EQ(AsText(IccOf(IccChunk(1, 1, "abc") + IccChunk(1, 1, "abc")).value()), "abc");
  const std::string both = IccChunk(1, 2, "abc") + IccChunk(2, 2, "def");
  EXPECT_EQ(AsText(IccOf(both + both).value()), "abcdef");
  EXPECT_EQ(AsText(IccOf(both + kTable + IccChunk(2, 2, "def") + both).value()), "abcdef");
  const std::string file = kSoi + both + both + kPlain;
  EXPECT_EQ(IccChunks(WalkJpeg(AsBytes(file), 0).value()).value().size(), 2U);
}

// The picture's ranges are what a writer copies: with the header segments they give back every byte
// of a real file's stream.
TEST(WalkJpegTest, RangesAndHeadersOfRealFilesAddUp) {
  HDRP_NEEDS_CORPUS();
  for (const auto& row : test::CorpusFiles("uhdr")) {
    SCOPED_TRACE(row.name);
    const Bytes file = test::ReadWhole(row.path);
    const auto stream = WalkJpeg(file, 0);
    ASSERT_TRUE(stream) << stream.error().message;
    EXPECT_TRUE(stream->complete);
    EXPECT_EQ(std::to_string(stream->frame.width), row.Fact("width"));
    EXPECT_EQ(std::to_string(stream->frame.height), row.Fact("height"));
    std::size_t total = 2;
    for (const ByteView range : stream->picture) total += range.size();
    for (const JpegSegment& segment : stream->segments) {
      if (IsHeaderMarker(segment.marker)) total += segment.size;
    }
    EXPECT_EQ(total, stream->end);
    EXPECT_TRUE(JoinIcc(*stream));
  }
}

TEST(WalkJpegTest, SecondStreamOfARealFileFollowsTheFirst) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("uhdr/pixel6pro_mishaal_01.jpg");
  const auto primary = WalkJpeg(file, 0);
  ASSERT_TRUE(primary);
  const auto map = WalkJpeg(file, primary->end);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->frame.width, 1020);
  EXPECT_EQ(map->end, file.size());
}

}  // namespace
}  // namespace hdrp
