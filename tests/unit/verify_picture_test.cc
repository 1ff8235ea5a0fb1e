// The gate for HEIC and AVIF: passes what was written as meant, and names what was not.
#include "verify/verify_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "package/picture_file.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

struct Made {
  Plane<std::uint8_t> base;
  EncodedGainMap map;
  Bytes file;

  [[nodiscard]] ExpectedPicture expected(FileFormat format) const {
    return {.format = format, .base = base.view(), .map = &map};
  }
};

GainMapMetadata TwoStops() {
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(2);
  metadata.alternate_hdr_headroom = 2;
  return metadata;
}

Made Make(FileFormat format, const GainMapMetadata& metadata = TwoStops()) {
  const Scene scene = MakeScene(192, 128);
  Made made{.base = scene.sdr.Clone(),
            .map = EncodeGain(ResizeGain(Log2Gain{scene.gain_stops.Clone()}, 96, 64), metadata),
            .file = {}};
  auto file = WritePictureFile(format, {.codes = made.base.view()}, {.map = &made.map}, {});
  EXPECT_TRUE(file) << file.error().message;
  if (file) made.file = *std::move(file);
  return made;
}

std::vector<std::string> FailuresOf(const Bytes& file, const ExpectedPicture& expected) {
  const auto verification = VerifyPictureFile(file, expected, {});
  EXPECT_TRUE(verification) << verification.error().message;
  return verification ? verification->failures() : std::vector<std::string>{};
}

using testing::Contains;
using testing::IsEmpty;
using testing::StartsWith;

class VerifyPicture : public testing::TestWithParam<FileFormat> {};

TEST_P(VerifyPicture, PassesWhatIsAsMeant) {
  const Made made = Make(GetParam());
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), IsEmpty());
}

TEST_P(VerifyPicture, NamesOtherNumbers) {
  Made made = Make(GetParam());
  made.map.metadata.gain_map_max.fill(2.000001);
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H5:")));
}

TEST_P(VerifyPicture, NamesAnotherMap) {
  Made made = Make(GetParam());
  for (int y = 0; y < made.map.codes.height(); ++y) {
    std::ranges::reverse(made.map.codes.view().RowSpan(y));
  }
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H6:")));
}

TEST_P(VerifyPicture, NamesAMapThatLiftsNothing) {
  GainMapMetadata dark = TwoStops();
  dark.gain_map_max.fill(0.01);
  const Made made = Make(GetParam(), dark);
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H6:")));
}

TEST_P(VerifyPicture, NamesAnotherBase) {
  Made made = Make(GetParam());
  for (int y = 0; y < made.base.height(); ++y) {
    std::ranges::reverse(made.base.view().RowSpan(y));
  }
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H7:")));
}

TEST_P(VerifyPicture, NamesAnotherOrientation) {
  const Made made = Make(GetParam());
  ExpectedPicture expected = made.expected(GetParam());
  expected.orientation = Orientation::kRightTop;
  EXPECT_THAT(FailuresOf(made.file, expected), Contains(StartsWith("H4:")));
}

TEST_P(VerifyPicture, NamesAMissingBrand) {
  Made made = Make(GetParam());
  const auto brand = std::ranges::search(made.file, AsBytes("tmap")).begin();
  ASSERT_LT(brand - made.file.begin(), 64);
  std::ranges::fill_n(brand, 4, std::uint8_t{'x'});
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H2:")));
}

TEST_P(VerifyPicture, NamesAMissingGroup) {
  Made made = Make(GetParam());
  const auto group = std::ranges::search(made.file, AsBytes("altr")).begin();
  ASSERT_NE(group, made.file.end());
  std::ranges::fill_n(group, 4, std::uint8_t{'x'});
  EXPECT_THAT(FailuresOf(made.file, made.expected(GetParam())), Contains(StartsWith("H2:")));
}

TEST_P(VerifyPicture, NamesWhatCannotBeRead) {
  const Made made = Make(GetParam());
  const ExpectedPicture expected = made.expected(GetParam());
  EXPECT_THAT(FailuresOf({}, expected), Contains(StartsWith("H1:")));
  Bytes half(made.file.begin(),
             made.file.begin() + static_cast<std::ptrdiff_t>(made.file.size() / 2));
  EXPECT_THAT(FailuresOf(half, expected), testing::Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(Both, VerifyPicture, testing::Values(FileFormat::kHeif, FileFormat::kAvif),
                         [](const auto& row) {
                           return row.param == FileFormat::kHeif ? "heic" : "avif";
                         });

TEST(VerifyPictureForms, AppleIsThereWhereItWasAskedFor) {
  Made made = Make(FileFormat::kHeif);
  ExpectedPicture expected = made.expected(FileFormat::kHeif);
  expected.apple_headroom_linear = 4;
  EXPECT_THAT(FailuresOf(made.file, expected), Contains(StartsWith("H3:")));
}

}  // namespace
}  // namespace hdrp::test
