#include <gtest/gtest.h>

#include "decode/jpeg_pixels.h"
#include "decode/picture.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;

TEST(JpegPictureTest, RowsAreTheDecodersCodes) {
  HDRP_NEEDS_CORPUS();
  for (const std::string name :
       {"icc_display_p3.jpg", "sharp_gamma_dalai_lama_gray.jpg", "ljt_testimgari.jpg"}) {
    SCOPED_TRACE(name);
    const Bytes file = test::ReadCorpus("sdr/" + name);
    const auto codes = DecodeJpeg(file, {.output = JpegOutput::kAsStored});
    const auto picture = ReadAllRows(OpenJpeg, file, {}, 16);
    ASSERT_TRUE(codes && picture);
    ASSERT_EQ(picture->info.channels, codes->pixels.channels());
    for (int y = 0; y < picture->info.height; ++y) {
      const auto row = codes->pixels.view().RowSpan(y);
      const auto found = picture->pixels.view().RowSpan(y);
      for (std::size_t i = 0; i < row.size(); ++i) {
        ASSERT_EQ(found[i], static_cast<float>(row[i]) / 255.0F);
      }
    }
  }
}

TEST(JpegPictureTest, BandsAndLimits) {
  for (const int channels : {1, 3}) {
    const Bytes file = test::MakeJpeg(test::MakeRamps(40, 24, channels).view());
    test::ExpectSameInAnyBands(OpenJpeg, file);
    test::ExpectLimitsHold(OpenJpeg, file, 40 * 24);
    const auto picture = ReadAllRows(OpenJpeg, file);
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->info.channels, channels);
  }
}

TEST(JpegPictureTest, TakesTheProfile) {
  HDRP_NEEDS_CORPUS();
  const auto p3 = OpenJpeg(test::ReadCorpus("sdr/icc_display_p3.jpg"), {});
  ASSERT_TRUE(p3);
  EXPECT_TRUE(p3->info.color.stated);
  EXPECT_FALSE(p3->info.color.icc.empty());
  const auto plain = OpenJpeg(test::ReadCorpus("sdr/ljt_testimgari.jpg"), {});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->info.color.stated);
  EXPECT_EQ(plain->info.color.transfer, Transfer::kSrgb);
}

}  // namespace
}  // namespace hdrp
