#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/float_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;
using test::ReadPicture;

Bytes FileOf(const std::string& header, const Bytes& pixels) {
  const ByteView text = AsBytes(header);
  Bytes file(text.begin(), text.end());
  file.insert(file.end(), pixels.begin(), pixels.end());
  return file;
}

std::string HeaderOf(const std::string& variables, const std::string& size) {
  return "#?RADIANCE\n# made for a test\nFORMAT=32-bit_rle_rgbe\n" + variables + "\n" + size + "\n";
}

/// 2 x 1 flat pixels.
Bytes TwoPixels(const std::string& variables) {
  return FileOf(HeaderOf(variables, "-Y 1 +X 2"), {128, 64, 0, 129, 9, 9, 9, 0});
}

TEST(RadiancePicture, FlatPixels) {
  const Bytes file = TwoPixels("");
  auto picture = OpenRadiance(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.format, FileFormat::kRadiance);
  EXPECT_EQ(picture->info.bits, 32);
  EXPECT_TRUE(picture->info.is_float);
  EXPECT_EQ(picture->info.color.transfer, Transfer::kLinear);
  EXPECT_EQ(picture->info.color.primaries, kRec709Primaries);
  EXPECT_FALSE(picture->info.color.stated);
  EXPECT_EQ(picture->info.orientation, Orientation::kTopLeft);
  const auto rows = ReadAllRows(*picture);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->Row(0)[0], 128.5F / 128);
  EXPECT_EQ(rows->Row(0)[1], 64.5F / 128);
  EXPECT_EQ(rows->Row(0)[2], 0.5F / 128);
  for (int c = 3; c < 6; ++c) EXPECT_EQ(rows->Row(0)[c], 0);
}

TEST(RadiancePicture, ExposureAndColourCorrection) {
  const auto rows = ReadPicture(
      OpenRadiance, TwoPixels("EXPOSURE=2\n\tEXPOSURE=7\nEXPOSURE= 4.0 \nCOLORCORR= 1 2 0.5\n"));
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->Row(0)[0], 128.5F / 128 / 8);
  EXPECT_EQ(rows->Row(0)[1], 64.5F / 128 / 16);
  EXPECT_EQ(rows->Row(0)[2], 0.5F / 128 / 4);
}

TEST(RadiancePicture, Primaries) {
  const auto picture =
      OpenRadiance(TwoPixels("PRIMARIES= .708 .292 .170 .797 .131 .046 .3127 .3290\n"), {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.color.primaries, kRec2020Primaries);
  EXPECT_TRUE(picture->info.color.stated);
}

/// As real files have them.
TEST(RadiancePicture, ImpossiblePrimariesAreLeftAside) {
  const auto picture = OpenRadiance(TwoPixels("PRIMARIES=0 0 0 0 0 0 0 0\n"), {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.color.primaries, kRec709Primaries);
  EXPECT_FALSE(picture->info.color.stated);
  EXPECT_EQ(picture->info.warnings.size(), 1U);
}

TEST(RadiancePicture, XyzKeepsNeutralsNeutral) {
  const Bytes file = FileOf("#?RADIANCE\nFORMAT=32-bit_rle_xyze\n\n-Y 1 +X 2\n",
                            {127, 127, 127, 129, 200, 100, 20, 128});
  auto picture = OpenRadiance(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.color.primaries, kRec709Primaries);
  const auto rows = ReadAllRows(*picture);
  ASSERT_TRUE(rows);
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(rows->Row(0)[c], 127.5 / 128, 1e-6);
  EXPECT_GT(rows->Row(0)[3], 1);  // X well above Y: redder than Rec. 709 has it
  EXPECT_LT(rows->Row(0)[4], 0.1F);
}

/// One row of 10 pixels, each component in its own mixture of runs and literals.
TEST(RadiancePicture, NewerRunsEqualFlatPixels) {
  Bytes runs{2, 2, 0, 10};
  for (const std::uint8_t component : std::initializer_list<std::uint8_t>{10, 20, 30}) {
    runs.insert(runs.end(), {128 + 4, component, 3, 11, 12, 13, 128 + 3, 7});
  }
  runs.insert(runs.end(), {128 + 10, 130});
  Bytes flat;
  for (int x = 0; x < 10; ++x) {
    for (const std::uint8_t component : std::initializer_list<std::uint8_t>{10, 20, 30}) {
      flat.push_back(x < 4 ? component : x < 7 ? static_cast<std::uint8_t>(x + 7) : 7);
    }
    flat.push_back(130);
  }
  const auto a = ReadPicture(OpenRadiance, FileOf(HeaderOf("", "-Y 1 +X 10"), runs));
  const auto b = ReadPicture(OpenRadiance, FileOf(HeaderOf("", "-Y 1 +X 10"), flat));
  ASSERT_TRUE(a) << a.error().message;
  ASSERT_TRUE(b) << b.error().message;
  EXPECT_TRUE(test::SameSamples(*a, *b));
}

/// 1 pixel, 2 repeats, and 256 more by the second count.
TEST(RadiancePicture, OlderRuns) {
  const Bytes file = FileOf(HeaderOf("", "-Y 1 +X 260"),
                            {50, 60, 70, 128, 1, 1, 1, 2, 1, 1, 1, 1, 80, 90, 99, 128});
  const auto rows = ReadPicture(OpenRadiance, file);
  ASSERT_TRUE(rows) << rows.error().message;
  for (int x = 0; x < 259; ++x) ASSERT_EQ(rows->view().At(x, 0, 1), 60.5F / 256);
  EXPECT_EQ(rows->view().At(259, 0, 1), 90.5F / 256);
}

/// Dark pixels that look like runs of the older kind, or like the start of the newer one, in files
/// that have four bytes for every pixel.
TEST(RadiancePicture, FlatPixelsThatLookLikeRuns) {
  const Bytes plain{60, 90, 30, 130};
  const std::vector<Bytes> odd{{1, 1, 1, 3}, {1, 1, 1, 130}, {2, 2, 0, 9}, {2, 2, 100, 128}};
  for (const int width : {3, 10, 40}) {
    for (int at = 0; at < 2 * width; ++at) {
      for (const Bytes& pixel : odd) {
        for (const std::size_t trailing : {0U, 5U}) {
          Bytes pixels;
          for (int x = 0; x < 2 * width; ++x) {
            const Bytes& next = x == at ? pixel : plain;
            pixels.insert(pixels.end(), next.begin(), next.end());
          }
          pixels.resize(pixels.size() + trailing);
          const auto rows = ReadPicture(
              OpenRadiance, FileOf(HeaderOf("", "-Y 2 +X " + std::to_string(width)), pixels));
          ASSERT_TRUE(rows) << width << " " << at << ": " << rows.error().message;
          const float* found = rows->Row(at / width) + 3 * (at % width);
          EXPECT_EQ(found[0], std::ldexp(static_cast<float>(pixel[0]) + 0.5F, pixel[3] - 136));
          const float* other = rows->Row(1 - at / width);
          EXPECT_EQ(other[1], 90.5F / 64);
        }
      }
    }
  }
}

TEST(RadiancePicture, AFlatFileOfTheCases) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("cases/radiance_ones_pixel/flat.hdr");
  const auto rows = ReadPicture(OpenRadiance, file);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->width(), 64);
  EXPECT_EQ(rows->height(), 48);
  // The pixels by hand: they are the file's end.
  const ByteView pixels = ByteView(file).last(std::size_t{4} * 64 * 48);
  bool has_ones = false;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      const ByteView p = pixels.subspan(static_cast<std::size_t>(4 * (64 * y + x)), 4);
      has_ones = has_ones || (p[0] == 1 && p[1] == 1 && p[2] == 1);
      const float scale = p[3] == 0 ? 0.0F : std::ldexp(1.0F, p[3] - 136);
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(rows->view().At(x, y, c),
                  (static_cast<float>(p[static_cast<std::size_t>(c)]) + 0.5F) * scale);
      }
    }
  }
  EXPECT_TRUE(has_ones);
}

/// As Walter's rgbe.c defines it: what is stored is the light's (1 / gamma)th power.
TEST(RadiancePicture, Gamma) {
  const Bytes file = TwoPixels("EXPOSURE=2\nGAMMA= 2.2\n");
  const auto picture = OpenRadiance(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.warnings.size(), 1U);
  const auto rows = ReadPicture(OpenRadiance, file);
  ASSERT_TRUE(rows);
  EXPECT_NEAR(rows->Row(0)[0], std::pow(128.5 / 128, 2.2) / 2, 1e-5);
  EXPECT_NEAR(rows->Row(0)[1], std::pow(64.5 / 128, 2.2) / 2, 1e-5);
  const auto one = OpenRadiance(TwoPixels("GAMMA=1\n"), {});
  ASSERT_TRUE(one);
  EXPECT_TRUE(one->info.warnings.empty());
}

TEST(RadiancePicture, BadRuns) {
  const std::vector<Bytes> bad{
      {1, 1, 1, 2, 9, 9, 9, 9},                            // repeats nothing
      {2, 2, 0, 9, 128 + 9, 1, 128 + 9, 1, 128 + 9, 1},    // another width
      {2, 2, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0},               // no progress
      {2, 2, 0, 10, 128 + 11, 1, 128 + 9, 1, 128 + 9, 1},  // too long
      {9, 9, 9, 9, 1, 1, 1, 10, 9, 9, 9, 9},               // too many repeats
  };
  for (const Bytes& pixels : bad) {
    const auto rows = ReadPicture(OpenRadiance, FileOf(HeaderOf("", "-Y 1 +X 10"), pixels));
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::kBadInput);
  }
}

/// Where the first stored pixel and its neighbour in the row stand on display, by the file's words
/// and by the orientation's steps.
TEST(RadiancePicture, Orientations) {
  for (const char rows_sign : {'-', '+'}) {
    for (const char columns_sign : {'-', '+'}) {
      for (const bool by_columns : {false, true}) {
        const char major = by_columns ? 'X' : 'Y';
        const char minor = by_columns ? 'Y' : 'X';
        const std::string size =
            std::string{rows_sign, major} + " 2 " + columns_sign + minor + " 3";
        const auto picture = OpenRadiance(FileOf(HeaderOf("", size), Bytes(24, 5)), {});
        ASSERT_TRUE(picture) << size << ": " << picture.error().message;
        EXPECT_EQ(picture->info.width, 3);
        EXPECT_EQ(picture->info.height, 2);
        const OrientationSteps steps = StepsOf(picture->info.orientation);
        EXPECT_EQ(steps.transpose, by_columns) << size;
        // X falls from right to left, so the display mirrors it; Y grows upwards, so that also
        // does.
        EXPECT_EQ(steps.flip_x, (by_columns ? rows_sign : columns_sign) == '-') << size;
        EXPECT_EQ(steps.flip_y, (by_columns ? columns_sign : rows_sign) == '+') << size;
      }
    }
  }
}

TEST(RadiancePicture, BadHeaders) {
  for (const std::string& variables :
       {std::string("EXPOSURE=0\n"), std::string("EXPOSURE=-1\n"), std::string("EXPOSURE=x\n"),
        std::string("EXPOSURE=1e300\nEXPOSURE=1e300\n"), std::string("COLORCORR=1 1\n"),
        std::string("PRIMARIES=1 2 3\n"), std::string("GAMMA=0\n"), std::string("GAMMA=x\n"),
        std::string("FORMAT=ascii\n"), std::string(100'000, 'x') + "\n"}) {
    const auto picture = OpenRadiance(TwoPixels(variables), {});
    ASSERT_FALSE(picture) << variables.substr(0, 40);
    EXPECT_EQ(picture.error().code, ErrorCode::kBadInput);
  }
  for (const char* size : {"-Y 0 +X 2", "-Y 1 +Y 2", "Y 1 X 2", "-Y 1",
                           "-Y 99999999999999999999 +X 1", "-Y 60000 +X 1"}) {
    const auto picture = OpenRadiance(FileOf(HeaderOf("", size), Bytes(8, 5)), {});
    ASSERT_FALSE(picture) << size;
    EXPECT_EQ(picture.error().code, ErrorCode::kBadInput);
  }
  const auto huge = OpenRadiance(FileOf(HeaderOf("", "-Y 60000 +X 60000"), {}), {});
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::kTooLarge);
}

TEST(RadiancePicture, AnyPrefixIsAnError) {
  const Bytes file = FileOf(HeaderOf("EXPOSURE=2\n", "-Y 2 +X 8"),
                            {2, 2, 0, 8, 136, 1, 136, 2, 136, 3, 136, 130,  //
                             2, 2, 0, 8, 136, 1, 136, 2, 136, 3, 136, 130});
  ASSERT_TRUE(ReadPicture(OpenRadiance, file));
  for (std::size_t cut = 0; cut < file.size(); ++cut) {
    const auto rows = ReadPicture(OpenRadiance, ByteView(file).first(cut));
    ASSERT_FALSE(rows) << cut;
    EXPECT_EQ(rows.error().code, ErrorCode::kBadInput);
  }
}

TEST(RadiancePicture, Corpus) {
  HDRP_NEEDS_CORPUS();
  int files = 0;
  for (const char* kind : {"float", "hdri"}) {
    for (const auto& entry : test::CorpusFiles(kind)) {
      if (!entry.name.ends_with(".hdr")) continue;
      const Bytes file = test::ReadWhole(entry.path);
      auto picture = OpenRadiance(file, {});
      ASSERT_TRUE(picture) << entry.name << ": " << picture.error().message;
      auto again = OpenRadiance(file, {});
      const auto rows = ReadAllRows(*picture, 7);
      ASSERT_TRUE(rows) << entry.name << ": " << rows.error().message;
      const auto by_one = ReadAllRows(*again, 1);
      ASSERT_TRUE(by_one);
      EXPECT_TRUE(test::SameSamples(*rows, *by_one));
      double sum = 0;
      for (int y = 0; y < rows->height(); ++y) {
        for (const float value : rows->view().RowSpan(y)) {
          ASSERT_TRUE(value >= 0 && std::isfinite(value)) << entry.name;
          sum += static_cast<double>(value);
        }
      }
      const double mean = sum / rows->width() / rows->height() / 3;
      EXPECT_GT(mean, 1e-4) << entry.name;
      EXPECT_LT(mean, 1e4) << entry.name;
      ++files;
    }
  }
  EXPECT_GT(files, 30);
}

}  // namespace
}  // namespace hdrp
