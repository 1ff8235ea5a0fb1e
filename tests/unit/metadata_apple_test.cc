// Apple's legacy map: MakerNote tags of real phones, the headroom formula, and the exact table.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/byte_writer.h"
#include "gainmap/gain.h"
#include "metadata/apple.h"

namespace hdrp {
namespace {

struct NoteEntry {
  std::uint16_t tag, type;
  std::uint32_t count;
  std::int32_t numerator, denominator;
};

/// A MakerNote whose rationals stand behind the directory, at odd offsets where `shift` is 1.
Bytes MakerNote(const std::vector<NoteEntry>& entries, std::size_t shift) {
  ByteWriter out;
  out.Append(std::string_view("Apple iOS\0\0\1MM", 14));
  out.U16(static_cast<std::uint16_t>(entries.size()));
  const std::size_t values = 16 + 12 * entries.size() + shift;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out.U16(entries[i].tag);
    out.U16(entries[i].type);
    out.U32(entries[i].count);
    out.U32(static_cast<std::uint32_t>(values + 8 * i));
  }
  for (std::size_t i = 0; i < shift; ++i) out.U8(0);
  for (const NoteEntry& entry : entries) {
    out.S32(entry.numerator);
    out.S32(entry.denominator);
  }
  return std::move(out).Take();
}

constexpr NoteEntry kHeadroom{0x21, 10, 1, 101, 100};
constexpr NoteEntry kGain{0x30, 10, 1, 1374710, 1000000};
constexpr NoteEntry kOther{0x0E, 9, 1, 4, 0};

TEST(ReadAppleMakerNote, FindsBothTagsAtEvenAndOddOffsets) {
  for (const std::size_t shift : {0U, 1U}) {
    const AppleMakerNote note = ReadAppleMakerNote(MakerNote({kOther, kHeadroom, kGain}, shift));
    ASSERT_TRUE(note.tag33 && note.tag48);
    EXPECT_DOUBLE_EQ(*note.tag33, 1.01);
    EXPECT_DOUBLE_EQ(*note.tag48, 1.374710);
  }
}

TEST(ReadAppleMakerNote, DamageLeavesFieldsEmpty) {
  const Bytes good = MakerNote({kHeadroom, kGain}, 0);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const AppleMakerNote note = ReadAppleMakerNote(ByteView(good).first(size));
    EXPECT_FALSE(note.tag48) << size;
  }
  const auto is_empty = [](const Bytes& bytes) {
    const AppleMakerNote note = ReadAppleMakerNote(bytes);
    return !note.tag33 && !note.tag48;
  };
  EXPECT_TRUE(is_empty(MakerNote({{0x21, 10, 1, 101, 0}}, 0))) << "denominator 0";
  EXPECT_TRUE(is_empty(MakerNote({{0x21, 5, 1, 101, 100}}, 0))) << "not a signed rational";
  EXPECT_TRUE(is_empty(MakerNote({{0x21, 10, 2, 101, 100}}, 0))) << "two values";
  Bytes other = good;
  other[0] = 'B';
  EXPECT_TRUE(is_empty(other)) << "another maker";
}

struct HeadroomCase {
  std::string name;
  std::optional<double> tag33, tag48;
  double linear;  ///< by the formula; 0: the tags as printed do not give its last digits
  double xmp;     ///< HDRGainMapHeadroom of the same file; 0: not known
};
void PrintTo(const HeadroomCase& row, std::ostream* out) { *out << row.name; }

class AppleHeadroomTest : public testing::TestWithParam<HeadroomCase> {};

TEST_P(AppleHeadroomTest, AgreesWithTheFilesXmp) {
  const HeadroomCase& row = GetParam();
  const auto headroom = HeadroomLinearFrom({row.tag33, row.tag48});
  ASSERT_TRUE(headroom);
  if (row.linear > 0) {
    EXPECT_NEAR(*headroom, row.linear, 1e-6);
  }
  if (row.xmp > 0) {
    EXPECT_NEAR(*headroom / row.xmp, 1, 2e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Phones, AppleHeadroomTest,
    testing::Values(HeadroomCase{"iphone_15_pro_max_ios_17", 1.01, 0.269323, 4.663442, 4.663514},
                    HeadroomCase{"iphone_15_pro_max_ios_18", 1.01, 0.004548, 0, 6.415851},
                    HeadroomCase{"iphone_15_plus", 1.01, 0.003041, 0, 6.902454},
                    HeadroomCase{"iphone_15_pro_ios_17_1", 1.01, 1.184557, 3.847921, 3.847906},
                    HeadroomCase{"iphone_15_pro_ios_17_0", 1.01, 1.442369, 3.645109, 3.645076},
                    HeadroomCase{"iphone_16_pro_max", 1.01, 0.272561, 4.660272, 4.660343},
                    HeadroomCase{"iphone_17_pro", 1.01, 1.374710, 3.697277, 3.697248},
                    HeadroomCase{"core_image", 0, 0, 3.482202, 3.482202},
                    HeadroomCase{"iphone_13_pro_without_tag_48", 0.9, std::nullopt, std::exp2(1.8),
                                 0},
                    HeadroomCase{"tag_48_alone", std::nullopt, 0.02, std::exp2(1.601 - 0.00202), 0},
                    HeadroomCase{"top", 1.0, 0.0, 8, 0},
                    HeadroomCase{"branch_low_at_0_01", 0.5, 0.01, std::exp2(1.6), 0},
                    HeadroomCase{"branch_high_at_0_01", 1.5, 0.01, std::exp2(2.3), 0},
                    HeadroomCase{"never_below_one", 0.5, 100.0, 1, 0}),
    [](const auto& row) { return row.param.name; });

TEST(HeadroomLinearFrom, NothingWithoutTags) { EXPECT_FALSE(HeadroomLinearFrom({})); }

double Linear(double v, AppleTransfer transfer) {
  switch (transfer) {
    case AppleTransfer::kGamma22:
      return std::pow(v, 2.2);
    case AppleTransfer::kSrgb:
      return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    case AppleTransfer::kRec709:
      return v < 0.081 ? v / 4.5 : std::pow((v + 0.099) / 1.099, 1 / 0.45);
  }
  return 0;
}

constexpr std::array kTransfers = {AppleTransfer::kGamma22, AppleTransfer::kSrgb,
                                   AppleTransfer::kRec709};

TEST(IsoCodesFromLegacy, HasTheMeasuredValues) {
  const std::array<std::size_t, 9> codes = {0, 32, 64, 96, 128, 160, 192, 224, 255};
  const std::array<std::array<int, 9>, 3> expected = {{
      {0, 6, 27, 59, 98, 139, 180, 219, 255},
      {0, 9, 29, 59, 96, 137, 178, 218, 255},
      {0, 17, 42, 75, 111, 149, 186, 222, 255},
  }};
  for (std::size_t t = 0; t < kTransfers.size(); ++t) {
    const auto table = IsoCodesFromLegacy(4.6635, kTransfers[t]);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      EXPECT_EQ(table[codes[i]], expected[t][i]) << "transfer " << t << " code " << codes[i];
    }
  }
}

TEST(IsoCodesFromLegacy, EveryCodeIsWithinHalfAStepOfTheFormula) {
  for (const AppleTransfer transfer : kTransfers) {
    for (double headroom = 1.5; headroom <= 16; headroom += 0.25) {
      const auto table = IsoCodesFromLegacy(headroom, transfer);
      const double range_stops = std::log2(headroom);
      const auto reading_stops = StopsOfCodes(MetadataFromApple(headroom), 0);
      for (std::size_t code = 0; code < 256; ++code) {
        const double wanted =
            std::log2(1 + (headroom - 1) * Linear(static_cast<double>(code) / 255, transfer));
        const auto got = static_cast<double>(reading_stops[table[code]]);
        ASSERT_NEAR(got, wanted, range_stops / 510 + 1e-5)
            << "headroom " << headroom << " code " << code;
        ASSERT_GE(table[code], table[code == 0 ? 0 : code - 1]);
      }
    }
  }
}

TEST(IsoCodesFromLegacy, NoHeadroomGivesAnEmptyMap) {
  for (const double headroom : {1.0, 0.5, 1e-300}) {
    const auto table = IsoCodesFromLegacy(headroom, AppleTransfer::kSrgb);
    EXPECT_EQ(std::ranges::count(table, 0), 256) << headroom;
  }
}

TEST(MetadataFromApple, SaysWhatTheTableMeans) {
  const GainMapMetadata metadata = MetadataFromApple(4);
  EXPECT_EQ(metadata.gain_map_min, (std::array<double, 3>{0, 0, 0}));
  EXPECT_EQ(metadata.gain_map_max, (std::array<double, 3>{2, 2, 2}));
  EXPECT_EQ(metadata.gamma, (std::array<double, 3>{1, 1, 1}));
  EXPECT_EQ(metadata.base_offset, (std::array<double, 3>{0, 0, 0}));
  EXPECT_EQ(metadata.alternate_offset, (std::array<double, 3>{0, 0, 0}));
  EXPECT_EQ(metadata.base_hdr_headroom, 0);
  EXPECT_EQ(metadata.alternate_hdr_headroom, 2);
  EXPECT_TRUE(metadata.use_base_color_space);
}

}  // namespace
}  // namespace hdrp
