#include <gtest/gtest.h>

#include <string>

#include "decode/sniff.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

std::string Ftyp(const std::string& brands) {
  return std::string("\0\0\0", 3) + static_cast<char>(8 + brands.size()) + "ftyp" + brands;
}

struct SniffCase {
  std::string name;
  std::string bytes;
  FileFormat format;
};
void PrintTo(const SniffCase& row, std::ostream* out) { *out << row.name; }

class SniffTest : public testing::TestWithParam<SniffCase> {};

TEST_P(SniffTest, KnowsTheFormat) {
  EXPECT_EQ(Sniff(AsBytes(GetParam().bytes)), GetParam().format);
}

const std::string kMinor(4, '\0');

INSTANTIATE_TEST_SUITE_P(
    Signatures, SniffTest,
    testing::Values(
        SniffCase{"empty", "", FileFormat::kUnknown}, SniffCase{"text", "hi", FileFormat::kUnknown},
        SniffCase{"jpeg_cut_to_two_bytes", "\xFF\xD8", FileFormat::kUnknown},
        SniffCase{"riff_wave", "RIFF1234WAVE", FileFormat::kUnknown},
        SniffCase{"riff_cut", "RIFF", FileFormat::kUnknown},
        SniffCase{"big_tiff", std::string("MM\0+\0\0", 6), FileFormat::kTiff},
        SniffCase{"pfm", "PF\n1 1\n", FileFormat::kPfm},
        SniffCase{"jxl_codestream", "\xFF\x0A\x01", FileFormat::kJxl},
        SniffCase{"gif", "GIF89a", FileFormat::kGif},
        SniffCase{"heif", Ftyp("heic" + kMinor + "mif1"), FileFormat::kHeif},
        SniffCase{"avif_as_compatible_brand", Ftyp("mif1" + kMinor + "avif"), FileFormat::kAvif},
        SniffCase{"minor_version_is_no_brand", Ftyp("isomavifisom"), FileFormat::kUnknown},
        SniffCase{"mp4", Ftyp("isom" + kMinor + "mp42"), FileFormat::kUnknown},
        SniffCase{"ftyp_cut", Ftyp("heic").substr(0, 10), FileFormat::kUnknown}),
    [](const auto& row) { return row.param.name; });

TEST(SniffTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  const std::pair<std::string, FileFormat> rows[] = {
      {"uhdr/pixel_lamps.jpg", FileFormat::kJpeg},
      {"sdr/ljt_monkey16.png", FileFormat::kPng},
      {"sdr/sharp_4.webp", FileFormat::kWebp},
      {"float/oexr_Desk.exr", FileFormat::kOpenExr},
      {"float/tiff_rgb32f_color.tiff", FileFormat::kTiff},
      {"float/spruit_sunrise_1k.hdr", FileFormat::kRadiance},
      {"float/seine_hdr_rec2020.avif", FileFormat::kAvif},
      {"heic/gwy15_IMG_3853.heic", FileFormat::kHeif},
      {"hostile/irs_Bad_height.bmp", FileFormat::kBmp},
  };
  for (const auto& [file, format] : rows) {
    EXPECT_EQ(NameOf(Sniff(test::ReadCorpus(file))), NameOf(format)) << file;
  }
}

}  // namespace
}  // namespace hdrp
