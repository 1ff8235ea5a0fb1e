#include <gtest/gtest.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "base/byte_writer.h"
#include "color/icc.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

/// Serialised and closed.
Bytes Saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  EXPECT_TRUE(cmsSaveProfileToMem(profile, nullptr, &size));
  Bytes bytes(size);
  EXPECT_TRUE(cmsSaveProfileToMem(profile, bytes.data(), &size));
  cmsCloseProfile(profile);
  return bytes;
}

Bytes GreyProfile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  const Bytes bytes = Saved(cmsCreateGrayProfile(cmsD50_xyY(), curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

Bytes RgbProfileWithCurve(const std::array<cmsUInt16Number, 2>& ends) {
  cmsToneCurve* curve = cmsBuildTabulatedToneCurve16(nullptr, ends.size(), ends.data());
  cmsToneCurve* const curves[] = {curve, curve, curve};
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
  const Bytes bytes = Saved(cmsCreateRGBProfile(&white, &primaries, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

TEST(SrgbColorTest, FollowsIec61966) {
  const BaseColor color = SrgbColor();
  for (const auto& table : color.linear_of_code) {
    EXPECT_EQ(table[0], 0);
    EXPECT_NEAR(table[10], 10 / 255.0 / 12.92, 1e-8);
    EXPECT_NEAR(table[128], 0.2158605, 1e-7);
    EXPECT_EQ(table[255], 1);
    EXPECT_TRUE(std::ranges::is_sorted(table));
  }
}

struct ForeignProfile {
  std::string file;
  std::string description;
  Chromaticities primaries;
  double middle;  ///< linear light of code 128
};
void PrintTo(const ForeignProfile& row, std::ostream* out) { *out << row.file; }

class ForeignProfileTest : public testing::TestWithParam<ForeignProfile> {};

TEST_P(ForeignProfileTest, GivesItsSpace) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("sdr/" + GetParam().file + ".jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const auto profile = JoinIcc(*stream);
  ASSERT_TRUE(profile);
  EXPECT_EQ(IccDescription(*profile), GetParam().description);
  const auto color = ReadIccProfile(*profile);
  ASSERT_TRUE(color) << color.error().message;
  EXPECT_EQ(color->description, GetParam().description);
  const Chromaticities& expected = GetParam().primaries;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(color->primaries.red[i], expected.red[i], 1.5e-3);
    EXPECT_NEAR(color->primaries.green[i], expected.green[i], 1.5e-3);
    EXPECT_NEAR(color->primaries.blue[i], expected.blue[i], 1.5e-3);
    EXPECT_NEAR(color->primaries.white[i], expected.white[i], 1.5e-3);
  }
  EXPECT_NEAR(std::accumulate(color->luminance.begin(), color->luminance.end(), 0.0), 1, 1e-12);
  for (const auto& table : color->linear_of_code) {
    EXPECT_EQ(table[255], 1);
    EXPECT_NEAR(table[128], GetParam().middle, 5e-4);
    EXPECT_TRUE(std::ranges::is_sorted(table));
  }
}

// Chromaticities as the standards state them; curves: sRGB 0.2159, gamma 563/256, Rec. 709's
// inverse.
INSTANTIATE_TEST_SUITE_P(
    Corpus, ForeignProfileTest,
    testing::Values(ForeignProfile{"icc_srgb", "sRGB IEC61966-2.1", kRec709Primaries, 0.2159},
                    ForeignProfile{"icc_display_p3", "Display P3", kDisplayP3Primaries, 0.2159},
                    ForeignProfile{"icc_adobe_rgb",
                                   "Adobe RGB (1998)",
                                   {{0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}, {0.3127, 0.3290}},
                                   std::pow(128 / 255.0, 563 / 256.0)},
                    ForeignProfile{
                        "icc_rec_2020",
                        "Rec. 2020",
                        {{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, {0.3127, 0.3290}},
                        std::pow((128 / 255.0 + 0.0993) / 1.0993, 1 / 0.45)}),
    [](const auto& row) { return row.param.file; });

TEST(ReadIccProfileTest, LuminanceOfKnownSpaces) {
  const auto color = ReadIccProfile(Saved(cmsCreate_sRGBProfile()));
  ASSERT_TRUE(color) << color.error().message;
  EXPECT_NEAR(color->luminance[0], 0.2126, 2e-4);
  EXPECT_NEAR(color->luminance[1], 0.7152, 2e-4);
  EXPECT_NEAR(color->luminance[2], 0.0722, 2e-4);
}

TEST(ReadIccProfileTest, GreyProfilesHaveThreeEqualTables) {
  const auto color = ReadIccProfile(GreyProfile(2.2));
  ASSERT_TRUE(color) << color.error().message;
  EXPECT_EQ(color->linear_of_code[0], color->linear_of_code[1]);
  EXPECT_EQ(color->linear_of_code[0], color->linear_of_code[2]);
  EXPECT_NEAR(color->linear_of_code[0][128], std::pow(128 / 255.0, 2.2), 1e-4);
}

TEST(ReadIccProfileTest, TheTableEndsAtWhite) {
  const auto dim = ReadIccProfile(RgbProfileWithCurve({0, 0x8000}));
  ASSERT_TRUE(dim) << dim.error().message;
  EXPECT_EQ(dim->linear_of_code[0][255], 1);
  EXPECT_NEAR(dim->linear_of_code[0][51], 0.2, 1e-4);
  const auto black = ReadIccProfile(RgbProfileWithCurve({0, 0}));
  ASSERT_FALSE(black);
  EXPECT_EQ(black.error().code, ErrorCode::kBadInput);
}

TEST(ReadIccProfileTest, OtherKindsAreUnsupported) {
  const auto lab = ReadIccProfile(Saved(cmsCreateLab4Profile(nullptr)));
  ASSERT_FALSE(lab);
  EXPECT_EQ(lab.error().code, ErrorCode::kUnsupported);
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("sdr/sharp_Channel_digital_image_CMYK_color.jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const auto cmyk = ReadIccProfile(*JoinIcc(*stream));
  ASSERT_FALSE(cmyk);
  EXPECT_EQ(cmyk.error().code, ErrorCode::kUnsupported);
}

TEST(ReadIccProfileTest, CutAndChangedProfilesEndInAnErrorOrInUsableTables) {
  const Bytes whole = Saved(cmsCreate_sRGBProfile());
  const auto check = [](ByteView profile, std::size_t at) {
    (void)IccDescription(profile);
    const auto color = ReadIccProfile(profile);
    if (!color) return;
    for (const auto& table : color->linear_of_code) {
      for (const float linear : table) ASSERT_TRUE(std::isfinite(linear)) << at;
    }
  };
  for (std::size_t size = 0; size < whole.size(); ++size) check(ByteView(whole).first(size), size);
  EXPECT_FALSE(ReadIccProfile(ByteView(whole).first(200)));
  EXPECT_FALSE(ReadIccProfile({}));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const std::uint8_t value : Bytes{0x00, 0x7F, 0xFF}) {
      Bytes changed = whole;
      changed[at] = value;
      check(changed, at);
    }
  }
}

/// A profile with nothing but a description tag.
Bytes WithDescription(ByteView tag) {
  ByteWriter writer;
  writer.Append(Bytes(128, 0));
  writer.U32(2);
  writer.Append("wtpt");
  writer.U32(0xFFFFFFFF);  // another tag's lie is not this one's
  writer.U32(0xFFFFFFFF);
  writer.Append("desc");
  writer.U32(156);
  writer.U32(static_cast<std::uint32_t>(tag.size()));
  writer.Append(tag);
  return std::move(writer).Take();
}

Bytes Ascii(std::string_view text, std::uint32_t count) {
  ByteWriter writer;
  writer.Append("desc");
  writer.U32(0);
  writer.U32(count);
  writer.Append(text);
  return WithDescription(writer.view());
}

struct Localized {
  std::string_view language;
  std::u16string text;
};
Bytes Multi(const std::vector<Localized>& records) {
  ByteWriter writer;
  writer.Append("mluc");
  writer.U32(0);
  writer.U32(static_cast<std::uint32_t>(records.size()));
  writer.U32(12);
  std::size_t offset = 16 + 12 * records.size();
  for (const auto& [language, text] : records) {
    writer.Append(language);
    writer.Append("US");
    writer.U32(static_cast<std::uint32_t>(2 * text.size()));
    writer.U32(static_cast<std::uint32_t>(offset));
    offset += 2 * text.size();
  }
  for (const auto& record : records) {
    for (const char16_t unit : record.text) writer.U16(unit);
  }
  return WithDescription(writer.view());
}

struct DescriptionCase {
  std::string name;
  Bytes profile;
  std::string text;
};
void PrintTo(const DescriptionCase& row, std::ostream* out) { *out << row.name; }

class IccDescriptionTest : public testing::TestWithParam<DescriptionCase> {};

TEST_P(IccDescriptionTest, IsCleanText) {
  EXPECT_EQ(IccDescription(GetParam().profile), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, IccDescriptionTest,
    testing::Values(
        DescriptionCase{"ascii", Ascii(std::string_view("sRGB\0", 5), 5), "sRGB"},
        DescriptionCase{"ascii_without_its_zero", Ascii("sRGB", 4), "sRGB"},
        DescriptionCase{"ascii_longer_than_the_tag", Ascii("sRGB", 5), ""},
        DescriptionCase{"ascii_huge_count", Ascii("sRGB", 0xFFFFFFFF), ""},
        DescriptionCase{"ascii_that_is_not", Ascii("caf\xE9", 4), "caf\xEF\xBF\xBD"},
        DescriptionCase{"control_characters", Ascii("a\x1B[31m\nb\x7F", 8), "a[31mb"},
        DescriptionCase{"localized", Multi({{"en", u"Display P3"}}), "Display P3"},
        DescriptionCase{"first_of_others", Multi({{"de", u"Anzeige"}, {"fr", u"Ecran"}}),
                        "Anzeige"},
        DescriptionCase{"english_among_others",
                        Multi({{"de", u"Anzeige"}, {"en", u"Display"}, {"fr", u"Ecran"}}),
                        "Display"},
        DescriptionCase{"two_three_four_bytes", Multi({{"en", u"\u00E9\u4E2D\U0001F308"}}),
                        "\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x8C\x88"},
        DescriptionCase{"lone_surrogates", Multi({{"en", {0xDC00, u'a', 0xD800}}}),
                        "\xEF\xBF\xBD"
                        "a\xEF\xBF\xBD"},
        DescriptionCase{"c1_controls", Multi({{"en", {u'a', 0x85, u'b'}}}), "ab"},
        DescriptionCase{"very_long", Multi({{"en", std::u16string(5000, u'x')}}),
                        std::string(256, 'x')},
        DescriptionCase{"no_records", Multi({}), ""},
        DescriptionCase{"other_type", WithDescription(AsBytes("XYZ 0000")), ""},
        DescriptionCase{"empty_tag", WithDescription({}), ""}, DescriptionCase{"nothing", {}, ""}),
    [](const auto& row) { return row.param.name; });

TEST(IccDescriptionTest, EveryPrefixIsRead) {
  const Bytes whole = Multi({{"de", u"Anzeige"}, {"en", u"Display"}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(IccDescription(ByteView(whole).first(size)), "") << size;
  }
}

TEST(LinearFromCodesTest, ColourAndGrey) {
  BaseColor color = SrgbColor();
  for (float& linear : color.linear_of_code[1]) linear += 10;
  for (float& linear : color.linear_of_code[2]) linear += 20;
  const float middle = color.linear_of_code[0][128];
  std::array<float, 6> linear{};
  LinearFromCodes(std::array<std::uint8_t, 6>{128, 0, 255, 0, 128, 128}, color, linear);
  EXPECT_EQ(linear, (std::array<float, 6>{middle, 10, 21, 0, middle + 10, middle + 20}));
  LinearFromCodes(std::array<std::uint8_t, 2>{255, 128}, color, linear);
  EXPECT_EQ(linear, (std::array<float, 6>{1, 11, 21, middle, middle + 10, middle + 20}));
}

}  // namespace
}  // namespace hdrp
