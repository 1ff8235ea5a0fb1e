// ISO 21496-1 blocks: forms that others write, byte for byte, and our own.
#include <gtest/gtest.h>

#include <array>

#include "base/byte_writer.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using Numbers = std::vector<std::int64_t>;

/// Bytes of a header followed by 32-bit big-endian numbers.
Bytes Block(Bytes header, const Numbers& numbers) {
  ByteWriter writer;
  writer.Append(header);
  for (const std::int64_t number : numbers) writer.U32(static_cast<std::uint32_t>(number));
  return std::move(writer).Take();
}

// base and alternate headroom; min, max, gamma, base and alternate offset of one channel
const Numbers kPairs = {0,       1,       2306097, 1000000, -720215, 1000000, 1886452,
                        1000000, 1111328, 1000000, 1,       100000,  1,       100000};
const Numbers kHeadrooms = {0, 1, 4, 2};
const Numbers kRed = {-1, 2, 3, 2, 1, 1, 1, 64, 1, 32};
const Numbers kGreen = {-2, 2, 4, 2, 2, 1, 2, 64, 2, 32};
const Numbers kBlue = {-3, 2, 5, 2, 3, 1, 3, 64, 3, 32};

Numbers Joined(std::initializer_list<Numbers> parts) {
  Numbers joined;
  for (const Numbers& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

const Numbers kThree = Joined({kHeadrooms, kRed, kGreen, kBlue});
const Numbers kCommonOne = {10, 0, 20, -5, 15, 10, 1, 2};
const Numbers kCommonThree = {10, 0, 20, -5, 15, 10, 1, 2, -6, 16, 11, 2, 3, -7, 17, 12, 3, 4};

struct FormCase {
  std::string name;
  Bytes payload;
  std::size_t size;                  ///< of the payload, as the form's description has it
  std::array<double, 3> min, gamma;  ///< stops; enough to tell the channels
  double headroom = 2;               ///< alternate, stops
  bool use_base = true;
  std::vector<std::string> deviations = {};  ///< a part of each sentence
};
void PrintTo(const FormCase& row, std::ostream* out) { *out << row.name; }

class IsoFormTest : public testing::TestWithParam<FormCase> {};

TEST_P(IsoFormTest, IsRead) {
  const FormCase& row = GetParam();
  ASSERT_EQ(row.payload.size(), row.size);
  const auto block = ReadIsoBlock(row.payload);
  ASSERT_TRUE(block) << block.error().message;
  EXPECT_EQ(block->metadata.gain_map_min, row.min);
  EXPECT_EQ(block->metadata.gamma, row.gamma);
  EXPECT_EQ(block->metadata.base_hdr_headroom, 0);
  EXPECT_EQ(block->metadata.alternate_hdr_headroom, row.headroom);
  EXPECT_EQ(block->metadata.use_base_color_space, row.use_base);
  EXPECT_TRUE(block->metadata.fractions);
  ASSERT_EQ(block->deviations.size(), row.deviations.size())
      << testing::PrintToString(block->deviations);
  for (std::size_t i = 0; i < row.deviations.size(); ++i) {
    EXPECT_NE(block->deviations[i].find(row.deviations[i]), std::string::npos)
        << block->deviations[i];
  }
}

Bytes WithTail(Bytes block) {
  block.insert(block.end(), 3, 0xAA);
  return block;
}

const std::array<double, 3> kAllMin = {-0.720215, -0.720215, -0.720215};
const std::array<double, 3> kAllGamma = {1.111328, 1.111328, 1.111328};
const std::array<double, 3> kMins = {-0.5, -1, -1.5};
const std::array<double, 3> kGammas = {1, 2, 3};
const std::array<double, 3> kHalves = {-0.5, -0.5, -0.5};
const std::array<double, 3> kOnes = {1, 1, 1};
const std::array<double, 3> kCommonMins = {-0.5, -0.6, -0.7};
const std::array<double, 3> kCommonGammas = {1, 1.1, 1.2};

INSTANTIATE_TEST_SUITE_P(
    All, IsoFormTest,
    testing::Values(
        FormCase{"single", Block({0, 0, 0, 0, 0x40}, kPairs), 61, kAllMin, kAllGamma, 2.306097},
        FormCase{"three", Block({0, 0, 0, 0, 0xC0}, kThree), 141, kMins, kGammas},
        FormCase{"writer_version_5", Block({0, 0, 0, 5, 0xC0}, kThree), 141, kMins, kGammas},
        FormCase{"own_primaries", Block({0, 0, 0, 0, 0x80}, kThree), 141, kMins, kGammas, 2, false},
        FormCase{"trailing_bytes",
                 WithTail(Block({0, 0, 0, 0, 0xC0}, kThree)),
                 144,
                 kMins,
                 kGammas,
                 2,
                 true,
                 {"3 unexpected bytes"}},
        FormCase{"backward_flag",
                 Block({0, 0, 0, 0, 0xC4}, kThree),
                 141,
                 kMins,
                 kGammas,
                 2,
                 true,
                 {"0x04"}},
        FormCase{"unknown_flags",
                 Block({0, 0, 0, 0, 0xF0}, kThree),
                 141,
                 kMins,
                 kGammas,
                 2,
                 true,
                 {"unknown flags 0x30"}},
        FormCase{"huawei_draft_bit",
                 Block({0, 0, 0, 0, 0x01}, kThree),
                 141,
                 kHalves,
                 kOnes,
                 2,
                 false,
                 {"0x01", "80 unexpected bytes"}},
        FormCase{"common_single",
                 Block({0, 0, 0, 0, 0x48}, kCommonOne),
                 37,
                 kHalves,
                 kOnes,
                 2,
                 true,
                 {"common-denominator"}},
        FormCase{"common_three",
                 Block({0, 0, 0, 0, 0xC8}, kCommonThree),
                 77,
                 kCommonMins,
                 kCommonGammas,
                 2,
                 true,
                 {"common-denominator"}},
        FormCase{"draft_single",
                 Block({0, 0x02}, kPairs),
                 58,
                 kAllMin,
                 kAllGamma,
                 2.306097,
                 true,
                 {"draft form"}},
        FormCase{
            "draft_three", Block({0, 0x03}, kThree), 138, kMins, kGammas, 2, true, {"draft form"}},
        FormCase{"draft_common_single",
                 Block({0, 0x0A}, kCommonOne),
                 34,
                 kHalves,
                 kOnes,
                 2,
                 true,
                 {"draft form"}},
        FormCase{"draft_common_three",
                 Block({0, 0x09}, kCommonThree),
                 74,
                 kCommonMins,
                 kCommonGammas,
                 2,
                 false,
                 {"draft form"}},
        FormCase{"draft_backward",
                 Block({0, 0x07}, kThree),
                 138,
                 kMins,
                 kGammas,
                 2,
                 true,
                 {"draft form", "0x04"}}),
    [](const auto& row) { return row.param.name; });

TEST(IsoBlock, DirectionIsSaidByTheHeadroomsAlone) {
  Numbers numbers = kThree;
  std::swap(numbers[0], numbers[2]);
  std::swap(numbers[1], numbers[3]);
  const auto block = ReadIsoBlock(Block({0, 0, 0, 0, 0xC0}, numbers));
  ASSERT_TRUE(block);
  EXPECT_EQ(block->metadata.base_hdr_headroom, 2);
  EXPECT_EQ(block->metadata.alternate_hdr_headroom, 0);
  EXPECT_TRUE(IsHdrBase(block->metadata));
  EXPECT_TRUE(block->deviations.empty());
}

TEST(IsoBlock, SignedAndUnsignedFieldsReachTheirEnds) {
  const Numbers numbers = {0, 1,          0xFFFFFFFF, 1,  INT32_MIN,  1,         INT32_MAX,
                           1, 0xFFFFFFFF, 1,          -1, 0xFFFFFFFF, INT32_MIN, 0xFFFFFFFF};
  const auto block = ReadIsoBlock(Block({0, 0, 0, 0, 0x40}, numbers));
  ASSERT_TRUE(block);
  const GainMapFractions& f = *block->metadata.fractions;
  EXPECT_EQ(f.alternate_hdr_headroom, (Fraction{4294967295, 1}));
  EXPECT_EQ(f.gain_map_min[2], (Fraction{-2147483648, 1}));
  EXPECT_EQ(f.gain_map_max[1], (Fraction{2147483647, 1}));
  EXPECT_EQ(f.gamma[0], (Fraction{4294967295, 1}));
  EXPECT_EQ(f.base_offset[0], (Fraction{-1, 4294967295}));
  EXPECT_EQ(WriteIsoBlock(block->metadata), Block({0, 0, 0, 0, 0x40}, numbers));
}

TEST(IsoBlock, EveryShorterBlockIsRefused) {
  for (const Bytes& whole :
       {Block({0, 0, 0, 0, 0x40}, kPairs), Block({0, 0, 0, 0, 0xC0}, kThree),
        Block({0, 0, 0, 0, 0x48}, kCommonOne), Block({0, 0, 0, 0, 0xC8}, kCommonThree)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto block = ReadIsoBlock(ByteView(whole).first(size));
      ASSERT_FALSE(block) << size << " of " << whole.size();
      EXPECT_EQ(block.error().code, ErrorCode::kBadInput);
      EXPECT_FALSE(block.error().message.empty());
    }
  }
}

TEST(IsoBlock, ANewerMinimumVersionIsRefused) {
  const auto block = ReadIsoBlock(Block({0, 1, 0, 1, 0x40}, kPairs));
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().message, "minimum_version is 1, expected 0");
}

TEST(IsoBlock, EveryZeroDenominatorIsRefusedByName) {
  const std::vector<std::string> names = {
      "base_hdr_headroom", "alternate_hdr_headroom", "gain_map_min", "gain_map_max", "gamma",
      "base_offset",       "alternate_offset"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    Numbers numbers = kPairs;
    numbers[2 * i + 1] = 0;
    const auto block = ReadIsoBlock(Block({0, 0, 0, 0, 0x40}, numbers));
    ASSERT_FALSE(block) << names[i];
    EXPECT_EQ(block.error().message, "the denominator of " + names[i] + " is 0");
  }
  Numbers common = kCommonOne;
  common[0] = 0;
  EXPECT_FALSE(ReadIsoBlock(Block({0, 0, 0, 0, 0x48}, common)));
}

TEST(IsoBlock, ComputedNumbersAreWrittenAsTheLayoutSays) {
  GainMapMetadata metadata;
  metadata.gain_map_min.fill(-0.25);
  metadata.gain_map_max.fill(2.5);
  metadata.alternate_hdr_headroom = 2.5;
  EXPECT_EQ(WriteIsoBlock(metadata),
            Block({0, 0, 0, 0, 0x40}, {0, 1000000, 2500000, 1000000, -250000, 1000000, 2500000,
                                       1000000, 1000000, 1000000, 15625, 1000000, 15625, 1000000}));
  metadata.gain_map_max[2] = 2;
  metadata.use_base_color_space = false;
  const Bytes three = WriteIsoBlock(metadata);
  EXPECT_EQ(three.size(), 141U);
  EXPECT_EQ(three[4], 0x80);
}

TEST(IsoBlock, ReadFractionsAreWrittenUnchanged) {
  for (const Bytes& payload :
       {Block({0, 0, 0, 0, 0x40}, kPairs), Block({0, 0, 0, 0, 0xC0}, kThree)}) {
    const auto block = ReadIsoBlock(payload);
    ASSERT_TRUE(block);
    EXPECT_EQ(WriteIsoBlock(block->metadata), payload);
  }
}

TEST(IsoVersionBlock, IsFourZeroBytes) {
  EXPECT_EQ(WriteIsoVersionBlock(), (Bytes{0, 0, 0, 0}));
  EXPECT_TRUE(IsIsoVersionBlock(WriteIsoVersionBlock()));
  EXPECT_FALSE(IsIsoVersionBlock(Block({0, 0, 0, 0, 0x40}, kPairs)));
  EXPECT_FALSE(IsIsoVersionBlock({}));
}

TEST(IsoBlock, BlocksOfOthersAreReadAndWrittenBackUnchanged) {
  HDRP_NEEDS_CORPUS();
  int blocks = 0;
  for (const test::CorpusFile& file : test::CorpusFiles("uhdr")) {
    SCOPED_TRACE(file.name);
    const Bytes bytes = test::ReadWhole(file.path);
    // Without the container's help: every full block in the file that parses without complaint.
    const std::string_view text = AsText(bytes);
    for (std::size_t at = text.find(kIsoNamespace); at != std::string_view::npos;
         at = text.find(kIsoNamespace, at + 1)) {
      if (at < 2) continue;
      const std::size_t length = static_cast<std::size_t>(bytes[at - 2]) << 8 | bytes[at - 1];
      if (length < 2 + kIsoNamespace.size() || at - 2 + length > bytes.size()) continue;
      const ByteView payload =
          ByteView(bytes).subspan(at + kIsoNamespace.size(), length - 2 - kIsoNamespace.size());
      if (IsIsoVersionBlock(payload)) continue;
      const auto block = ReadIsoBlock(payload);
      ASSERT_TRUE(block) << block.error().message;
      if (!block->deviations.empty() ||
          (payload.size() == 141) == block->metadata.IsSingleChannel()) {
        continue;
      }
      ++blocks;
      Bytes expected(payload.begin(), payload.end());
      expected[3] = 0;  // writer_version
      EXPECT_EQ(WriteIsoBlock(block->metadata), expected);
    }
  }
  EXPECT_GE(blocks, 5);
}

}  // namespace
}  // namespace hdrp
