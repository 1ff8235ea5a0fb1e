#include <gtest/gtest.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/byte_reader.h"
#include "color/icc.h"
#include "color/icc_write.h"
#include "support/corpus.h"
#include "support/program.h"

namespace hdrp {
namespace {

struct WrittenCase {
  std::string name;
  Bytes profile;
  std::string description;
  Chromaticities primaries;
  /// As the well-known profiles of that space have them, in D50.
  std::array<std::array<double, 3>, 3> colorants;
};
void PrintTo(const WrittenCase& row, std::ostream* out) { *out << row.name; }

class WrittenProfileTest : public testing::TestWithParam<WrittenCase> {};

TEST_P(WrittenProfileTest, IsReadBack) {
  const auto color = ReadIccProfile(GetParam().profile);
  ASSERT_TRUE(color) << color.error().message;
  EXPECT_EQ(color->description, GetParam().description);
  const Chromaticities& expected = GetParam().primaries;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(color->primaries.red[i], expected.red[i], 2e-4);
    EXPECT_NEAR(color->primaries.green[i], expected.green[i], 2e-4);
    EXPECT_NEAR(color->primaries.blue[i], expected.blue[i], 2e-4);
  }
  const BaseColor srgb = SrgbColor();
  for (std::size_t code = 0; code < 256; ++code) {
    EXPECT_NEAR(color->linear_of_code[0][code], srgb.linear_of_code[0][code], 2e-5);
  }
}

TEST_P(WrittenProfileTest, HasTheKnownColorants) {
  const Bytes& profile = GetParam().profile;
  const cmsHPROFILE handle =
      cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size()));
  ASSERT_NE(handle, nullptr);
  EXPECT_EQ(cmsGetDeviceClass(handle), cmsSigDisplayClass);
  EXPECT_TRUE(cmsIsMatrixShaper(handle));
  constexpr std::array kTags = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                cmsSigBlueColorantTag};
  std::array<double, 3> sum{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(handle, kTags[c]));
    ASSERT_NE(xyz, nullptr);
    const std::array<double, 3> found = {xyz->X, xyz->Y, xyz->Z};
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(found[i], GetParam().colorants[c][i], 3e-4) << c << " " << i;
      sum[i] += found[i];
    }
  }
  EXPECT_NEAR(sum[0], 0.9642, 4e-5);
  EXPECT_NEAR(sum[1], 1, 4e-5);
  EXPECT_NEAR(sum[2], 0.8249, 4e-5);
  cmsCloseProfile(handle);
}

TEST_P(WrittenProfileTest, SaysItsOwnSizeAndIsSmall) {
  const Bytes& profile = GetParam().profile;
  EXPECT_EQ(ByteReader(profile).U32(), profile.size());
  EXPECT_EQ(profile.size() % 4, 0U);
  EXPECT_LT(profile.size(), 700U);
}

TEST_P(WrittenProfileTest, ExiftoolHasNoComplaint) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const test::ScratchFolder folder;
  test::WriteWhole(folder / "profile.icc", GetParam().profile);
  const auto run = test::RunProgram({"exiftool", "-validate", "-warning", "-error", "-a", "-s",
                                     "-G", (folder / "profile.icc").string()});
  EXPECT_NE(run.out.find(": OK"), std::string::npos) << run.out << run.err;
  const auto text = test::RunProgram(
      {"exiftool", "-s3", "-ProfileDescription", (folder / "profile.icc").string()});
  EXPECT_EQ(text.out, GetParam().description + "\n");
}

INSTANTIATE_TEST_SUITE_P(, WrittenProfileTest,
                         testing::Values(WrittenCase{"srgb",
                                                     SrgbIccProfile(),
                                                     "sRGB",
                                                     kRec709Primaries,
                                                     {{{0.43604, 0.22249, 0.01392},
                                                       {0.38512, 0.71690, 0.09706},
                                                       {0.14305, 0.06061, 0.71391}}}},
                                         WrittenCase{"display_p3",
                                                     DisplayP3IccProfile(),
                                                     "Display P3",
                                                     kDisplayP3Primaries,
                                                     {{{0.51512, 0.24120, -0.00105},
                                                       {0.29198, 0.69225, 0.04189},
                                                       {0.15710, 0.06657, 0.78407}}}}),
                         [](const auto& row) { return row.param.name; });

TEST(AdobeRgbIccProfileTest, HasItsCurveAndPrimaries) {
  const auto color = ReadIccProfile(AdobeRgbIccProfile());
  ASSERT_TRUE(color) << color.error().message;
  EXPECT_NEAR(color->primaries.green[0], 0.21, 2e-4);
  EXPECT_NEAR(color->primaries.green[1], 0.71, 2e-4);
  EXPECT_NEAR(color->linear_of_code[1][128], std::pow(128 / 255.0, 563 / 256.0), 2e-5);
}

}  // namespace
}  // namespace hdrp
