#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "color/convert_base.h"
#include "color/hdr_profile.h"
#include "color/icc_write.h"
#include "color/linearise.h"
#include "color/transfer.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"
#include "support/profiles.h"

namespace hdrp {
namespace {

using test::Saved;

using Curve = std::function<double(double)>;

/// A matrix profile with the curve as a table.
Bytes TableProfile(const Chromaticities& space, const Curve& curve, std::size_t entries = 1024) {
  std::vector<cmsUInt16Number> table(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const double light = curve(static_cast<double>(i) / static_cast<double>(entries - 1));
    table[i] = static_cast<cmsUInt16Number>(std::lround(65'535 * std::clamp(light, 0.0, 1.0)));
  }
  cmsToneCurve* made =
      cmsBuildTabulatedToneCurve16(nullptr, static_cast<cmsUInt32Number>(entries), table.data());
  Bytes bytes = Saved(test::NewRgbProfile(space, made));
  cmsFreeToneCurve(made);
  return bytes;
}

Bytes ParametricProfile(cmsInt32Number type, const std::vector<double>& parameters) {
  cmsToneCurve* curve = cmsBuildParametricToneCurve(nullptr, type, parameters.data());
  Bytes bytes = Saved(test::NewRgbProfile(kRec2020Primaries, curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

/// sRGB's curve and colorants, and a tag that says otherwise.
Bytes CicpProfile(int primaries, int transfer) {
  const cmsHPROFILE profile = test::NewDisplayP3();
  cmsSetProfileVersion(profile, 4.4);
  cmsVideoSignalType cicp{};
  cicp.ColourPrimaries = static_cast<cmsUInt8Number>(primaries);
  cicp.TransferCharacteristics = static_cast<cmsUInt8Number>(transfer);
  cicp.VideoFullRangeFlag = 1;
  EXPECT_TRUE(cmsWriteTag(profile, cmsSigcicpTag, &cicp));
  return Saved(profile);
}

constexpr double kPqPeakLinear = 10'000 / kSdrWhiteNits;

double PqLight(double code) { return LinearFromPq(code) / kPqPeakLinear; }
double HlgLight(double code) { return SceneFromHlg(code); }
double HlgDisplayLight(double code) { return std::pow(SceneFromHlg(code), 1.2); }
/// As profiles show PQ on SDR displays: straight at first, then rolled off.
double PqMappedDown(double code) {
  const double light = LinearFromPq(code);
  return light * (1 + light / 60) / (1 + light) * 1.05;
}
double Lstar(double code) {
  return code <= 0.08 ? code * 100 / 903.3 : std::pow((code + 0.16) / 1.16, 3);
}

enum class Meaning : std::uint8_t { kSdr, kLinear, kPq, kHlg, kAboveWhite };

struct ProfileCase {
  std::string name;
  Bytes profile;
  Meaning meaning;
  Chromaticities primaries = kRec2020Primaries;
};
void PrintTo(const ProfileCase& row, std::ostream* out) { *out << row.name; }

class HdrProfileTest : public testing::TestWithParam<ProfileCase> {};

TEST_P(HdrProfileTest, MeansWhatItsTagOrItsGreysSay) {
  const ProfileCase& row = GetParam();
  ASSERT_FALSE(row.profile.empty());
  const ColorSpec read = WithProfileRead({.icc = row.profile, .stated = true});
  const bool is_pq = row.meaning == Meaning::kPq;
  const bool is_hlg = row.meaning == Meaning::kHlg;
  EXPECT_EQ(HdrCodingOf(read).has_value(), is_pq || is_hlg || row.meaning == Meaning::kAboveWhite)
      << HdrCodingOf(read).value_or("SDR");
  EXPECT_EQ(read.icc.empty(), is_pq || is_hlg);
  EXPECT_EQ(read.transfer == Transfer::kLinear, row.meaning == Meaning::kLinear);
  EXPECT_EQ(read.transfer == Transfer::kPq, is_pq);
  EXPECT_EQ(read.transfer == Transfer::kHlg, is_hlg);
  if (is_pq || is_hlg) {
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(read.primaries.red[i], row.primaries.red[i], 0.003);
      EXPECT_NEAR(read.primaries.green[i], row.primaries.green[i], 0.003);
      EXPECT_NEAR(read.primaries.blue[i], row.primaries.blue[i], 0.003);
    }
  }
  // As an edit.
  const auto space = OutputSpaceFor({.icc = row.profile}, 3, ProfilePolicy::kConvert);
  const bool is_sdr = row.meaning == Meaning::kSdr || row.meaning == Meaning::kLinear;
  EXPECT_EQ(space.has_value(), is_sdr);
  if (!space) {
    EXPECT_EQ(space.error().code, ErrorCode::kUnsupported) << space.error().message;
  }
}

std::vector<ProfileCase> Profiles() {
  const Bytes pq = TableProfile(kRec2020Primaries, PqLight, 4096);
  const auto scaled_pq = [](double nits) {
    return TableProfile(kRec2020Primaries,
                        [=](double code) { return LinearFromPq(code) * kSdrWhiteNits / nits; });
  };
  const Bytes hlg_lut = test::LutProfileOf(TableProfile(kRec2020Primaries, HlgLight));
  const Bytes pq_lut = test::LutProfileOf(TableProfile(kRec2020Primaries, PqMappedDown, 4096));
  return {
      {"pq_table", pq, Meaning::kPq},
      {"pq_table_small", TableProfile(kRec2020Primaries, PqLight, 256), Meaning::kPq},
      {"pq_p3", TableProfile(kDisplayP3Primaries, PqLight), Meaning::kPq, kDisplayP3Primaries},
      {"pq_to_1000_nits", scaled_pq(1000), Meaning::kPq},
      {"pq_clipped_at_white", scaled_pq(203), Meaning::kPq},
      {"pq_mapped_down", TableProfile(kRec2020Primaries, PqMappedDown), Meaning::kPq},
      {"pq_lut", pq_lut, Meaning::kPq},
      {"pq_cicp", CicpProfile(9, 16), Meaning::kPq},
      {"pq_cicp_p3", CicpProfile(12, 16), Meaning::kPq, kDisplayP3Primaries},
      {"pq_cicp_unnamed_primaries", CicpProfile(2, 16), Meaning::kPq, kDisplayP3Primaries},
      {"hlg_table", TableProfile(kRec2020Primaries, HlgLight), Meaning::kHlg},
      {"hlg_display_table", TableProfile(kRec2020Primaries, HlgDisplayLight), Meaning::kHlg},
      {"hlg_lut", hlg_lut, Meaning::kHlg},
      {"hlg_cicp", CicpProfile(9, 18), Meaning::kHlg},
      {"linear_gamma", test::RgbProfile(kRec709Primaries, 1), Meaning::kLinear},
      {"linear_table",
       TableProfile(
           kRec709Primaries, [](double c) { return c; }, 2),
       Meaning::kLinear},
      {"linear_cicp", CicpProfile(1, 8), Meaning::kLinear},
      {"above_white", ParametricProfile(2, {2.2, 1.88, 0}), Meaning::kAboveWhite},
      {"srgb", Saved(cmsCreate_sRGBProfile()), Meaning::kSdr},
      {"srgb_cicp", CicpProfile(1, 13), Meaning::kSdr},
      {"p3", DisplayP3IccProfile(), Meaning::kSdr},
      {"adobe", AdobeRgbIccProfile(), Meaning::kSdr},
      {"gamma_1_8", test::RgbProfile(kRec709Primaries, 1.8), Meaning::kSdr},
      {"gamma_2_6", test::RgbProfile(kDisplayP3Primaries, 2.6), Meaning::kSdr},
      {"gamma_3", test::RgbProfile(kDisplayP3Primaries, 3), Meaning::kSdr},
      {"l_star", TableProfile(kRec709Primaries, Lstar), Meaning::kSdr},
      {"rec_709",
       TableProfile(
           kRec2020Primaries,
           [](double c) { return c < 0.081 ? c / 4.5 : std::pow((c + 0.099) / 1.099, 1 / 0.45); }),
       Meaning::kSdr},
      {"s_curve",
       TableProfile(kRec709Primaries, [](double c) { return std::pow(c * c * (3 - 2 * c), 2.2); }),
       Meaning::kSdr},
      {"sdr_lut", test::LutProfileOf(test::RgbProfile(kRec709Primaries, 2.2)), Meaning::kSdr},
  };
}

INSTANTIATE_TEST_SUITE_P(Profiles, HdrProfileTest, testing::ValuesIn(Profiles()),
                         [](const auto& row) { return row.param.name; });

TEST(WithProfileReadTest, DamagedProfilesSayNothing) {
  const Bytes whole = TableProfile(kRec2020Primaries, PqLight, 64);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const ByteView part = ByteView(whole).first(size);
    (void)WithProfileRead({.icc = Bytes(part.begin(), part.end())});
    (void)PeakOfProfile(part);
    (void)PrimariesOfProfile(part);
  }
}

TEST(WithProfileReadTest, TheRealSdrProfilesOfTheCorpusAreSdr) {
  HDRP_NEEDS_CORPUS();
  int read = 0;
  for (const char* kind : {"sdr", "uhdr", "phone"}) {
    for (const auto& row : test::CorpusFiles(kind)) {
      if (!row.name.ends_with(".jpg")) continue;
      const Bytes file = test::ReadWhole(row.path);
      const auto stream = WalkJpeg(file, 0);
      const auto icc = stream ? JoinIcc(*stream) : Expected<Bytes>(Bytes{});
      if (!icc || icc->empty()) continue;
      const ColorSpec found = WithProfileRead({.icc = *icc});
      EXPECT_FALSE(HdrCodingOf(found)) << row.name;
      EXPECT_NE(found.transfer, Transfer::kLinear) << row.name;
      ++read;
    }
  }
  EXPECT_GT(read, 40);
}

TEST(LineariseByProfileTest, ProfilesThatMeanPqGiveItsLight) {
  const auto lineariser = RowLineariser::Create({.icc = TableProfile(kRec2020Primaries, PqLight)},
                                                {.bits = 16}, {.target = kRec2020Primaries});
  ASSERT_TRUE(lineariser);
  std::array<float, 3> light{};
  lineariser->Row(std::array{0.5F, 0.75F, 0.0F}, light);
  EXPECT_NEAR(light[0], LinearFromPq(0.5), 1e-3);
  EXPECT_NEAR(light[1], LinearFromPq(0.75), 1e-2);
}

TEST(LineariseByProfileTest, ProfilesThatGoAboveWhiteGiveTheirLight) {
  const ColorSpec spec{.icc = ParametricProfile(2, {2.2, 1.88, 0})};
  const auto lineariser = RowLineariser::Create(spec, {.bits = 16}, {.target = kRec2020Primaries});
  ASSERT_TRUE(lineariser);
  std::array<float, 3> light{};
  lineariser->Row(std::array{1.0F, 1.0F, 1.0F}, light);
  EXPECT_NEAR(light[0], std::pow(1.88, 2.2), 0.02);
}

TEST(PrimariesOfProfileTest, OfMatricesTagsAndTables) {
  EXPECT_EQ(PrimariesOfProfile(DisplayP3IccProfile()), kDisplayP3Primaries);
  EXPECT_EQ(PrimariesOfProfile(CicpProfile(9, 16)), kRec2020Primaries);
  const auto lut = PrimariesOfProfile(test::LutProfileOf(test::RgbProfile(kRec2020Primaries, 2.2)));
  ASSERT_TRUE(lut);
  EXPECT_TRUE(SamePrimaries(*lut, kRec2020Primaries));
  EXPECT_FALSE(PrimariesOfProfile({}));
  EXPECT_FALSE(PrimariesOfProfile(test::GreyProfileOf(2.2)));
}

}  // namespace
}  // namespace hdrp
