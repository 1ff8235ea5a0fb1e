#include <gtest/gtest.h>
#include <libheif/heif.h>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;

constexpr int kWidth = 80;
constexpr int kHeight = 64;  // x265 codes no fewer rows: libheif would pad to them and write a clap

struct HeifSpec {
  int bits = 8;
  unsigned primaries = 1, transfer = 13, matrix = 6;
  bool write_nclx = true;
  const char* chroma = "444";
  std::string icc = {};
  int alpha = -1;  ///< a code for the whole picture; < 0: no alpha
  heif_orientation orientation = heif_orientation_normal;
  std::string exif = {}, xmp = {};
};

void Require(const heif_error& error) { ASSERT_EQ(error.code, heif_error_Ok) << error.message; }

heif_error Append(heif_context*, const void* data, std::size_t size, void* target) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  static_cast<Bytes*>(target)->insert(static_cast<Bytes*>(target)->end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

/// The smooth picture as full-range 4:4:4 HEVC.
Bytes MakeHeif(const HeifSpec& spec) {
  (void)OpenHeif({}, {});  // loads the codecs
  const int largest = (1 << spec.bits) - 1;
  const Plane<float> picture = test::SmoothPicture(kWidth, kHeight, largest);
  const bool wide = spec.bits > 8;
  const bool has_alpha = spec.alpha >= 0;
  const heif_chroma chroma =
      wide ? (has_alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE)
           : (has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB);
  heif_image* image = nullptr;
  Require(heif_image_create(kWidth, kHeight, heif_colorspace_RGB, chroma, &image));
  Require(heif_image_add_plane(image, heif_channel_interleaved, kWidth, kHeight, spec.bits));
  std::size_t stride = 0;
  std::uint8_t* data = heif_image_get_plane2(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < kHeight; ++y) {
    std::uint8_t* out = data + static_cast<std::size_t>(y) * stride;
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < (has_alpha ? 4 : 3); ++c) {
        const int code = c == 3 ? spec.alpha
                                : static_cast<int>(std::lround(picture.view().At(x, y, c) *
                                                               static_cast<float>(largest)));
        *out++ = static_cast<std::uint8_t>(code & 0xFF);
        if (wide) *out++ = static_cast<std::uint8_t>(code >> 8);
      }
    }
  }
  heif_color_profile_nclx* nclx = heif_nclx_color_profile_alloc();
  nclx->color_primaries = static_cast<heif_color_primaries>(spec.primaries);
  nclx->transfer_characteristics = static_cast<heif_transfer_characteristics>(spec.transfer);
  nclx->matrix_coefficients = static_cast<heif_matrix_coefficients>(spec.matrix);
  nclx->full_range_flag = 1;
  Require(heif_image_set_nclx_color_profile(image, nclx));
  if (!spec.icc.empty()) {
    Require(heif_image_set_raw_color_profile(image, "prof", spec.icc.data(), spec.icc.size()));
  }

  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  Require(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
  Require(heif_encoder_set_lossy_quality(encoder, 100));
  Require(heif_encoder_set_parameter_string(encoder, "chroma", spec.chroma));
  Require(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->output_nclx_profile = nclx;
  options->macOS_compatibility_workaround_no_nclx_profile = spec.write_nclx ? 0 : 1;
  options->save_two_colr_boxes_when_ICC_and_nclx_available = 1;
  options->image_orientation = spec.orientation;
  heif_image_handle* handle = nullptr;
  Require(heif_context_encode_image(context, image, encoder, options, &handle));
  if (!spec.exif.empty()) {
    Require(heif_context_add_exif_metadata(context, handle, spec.exif.data(),
                                           static_cast<int>(spec.exif.size())));
  }
  if (!spec.xmp.empty()) {
    Require(heif_context_add_XMP_metadata(context, handle, spec.xmp.data(),
                                          static_cast<int>(spec.xmp.size())));
  }
  Bytes file;
  heif_writer writer{.writer_api_version = 1, .write = Append};
  Require(heif_context_write(context, &writer, &file));
  heif_image_handle_release(handle);
  heif_encoding_options_free(options);
  heif_encoder_release(encoder);
  heif_context_free(context);
  heif_nclx_color_profile_free(nclx);
  heif_image_release(image);
  return file;
}

struct HeifCase {
  std::string name;
  HeifSpec spec;
  Transfer transfer;
  Chromaticities primaries;
};
void PrintTo(const HeifCase& row, std::ostream* out) { *out << row.name; }
class HeifColorTest : public testing::TestWithParam<HeifCase> {};

TEST_P(HeifColorTest, ComesBack) {
  const HeifSpec& spec = GetParam().spec;
  const Bytes file = MakeHeif(spec);
  ASSERT_EQ(Sniff(file), FileFormat::kHeif);
  const auto picture = ReadAllRows(OpenHeif, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.bits, spec.bits);
  EXPECT_EQ(picture->info.channels, 3);
  EXPECT_TRUE(picture->info.color.stated);
  EXPECT_TRUE(picture->info.color.icc.empty());
  EXPECT_EQ(picture->info.color.transfer, GetParam().transfer);
  EXPECT_EQ(picture->info.color.primaries, GetParam().primaries);
  const int largest = (1 << spec.bits) - 1;
  const Plane<float> expected = test::SmoothPicture(kWidth, kHeight, largest);
  // x265 is not lossless at 12 bits: one code of 10 bits.
  EXPECT_LE(test::MeanCodeError(picture->pixels.view(), expected.view(), std::min(largest, 1023)),
            1);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HeifColorTest,
    testing::Values(
        HeifCase{"srgb_8", {}, Transfer::kSrgb, kRec709Primaries},
        HeifCase{"srgb_8_420", {.chroma = "420"}, Transfer::kSrgb, kRec709Primaries},
        HeifCase{"srgb_8_422", {.chroma = "422"}, Transfer::kSrgb, kRec709Primaries},
        HeifCase{"pq_10_420",
                 {.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9, .chroma = "420"},
                 Transfer::kPq,
                 kRec2020Primaries},
        HeifCase{"p3_8", {.primaries = 12}, Transfer::kSrgb, kDisplayP3Primaries},
        HeifCase{"pq_10",
                 {.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9},
                 Transfer::kPq,
                 kRec2020Primaries},
        HeifCase{"hlg_10",
                 {.bits = 10, .primaries = 9, .transfer = 18, .matrix = 9},
                 Transfer::kHlg,
                 kRec2020Primaries},
        HeifCase{"pq_12",
                 {.bits = 12, .primaries = 9, .transfer = 16, .matrix = 9},
                 Transfer::kPq,
                 kRec2020Primaries},
        HeifCase{"pq_over_icc",
                 {.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9, .icc = "profile"},
                 Transfer::kPq,
                 kRec2020Primaries}),
    [](const auto& row) { return row.param.name; });

TEST(HeifPictureTest, IccOverOtherNclx) {
  const auto opened = OpenHeif(MakeHeif({.icc = "profile"}), {});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(AsText(opened->info.color.icc), "profile");
}

TEST(HeifPictureTest, BandsAndLimits) {
  const Bytes file = MakeHeif({});
  test::ExpectSameInAnyBands(OpenHeif, file);
  constexpr int kCodedHeight = 64;  // x265's least, cropped by a clap box; it counts
  test::ExpectLimitsHold(OpenHeif, file, kWidth * kCodedHeight);
}

TEST(HeifPictureTest, AlphaFollowsTheRule) {
  const auto opaque = ReadAllRows(OpenHeif, MakeHeif({.alpha = 255}));
  EXPECT_TRUE(opaque) << opaque.error().message;
  const Bytes file = MakeHeif({.alpha = 51});
  test::ExpectAlphaRefused(OpenHeif, file);
  const Plane<float> colors = test::SmoothPicture(kWidth, kHeight, 255);
  for (const Flatten flatten : {Flatten::kBlack, Flatten::kWhite}) {
    const auto picture = ReadAllRows(OpenHeif, file, {.flatten = flatten});
    ASSERT_TRUE(picture) << picture.error().message;
    const float ground = flatten == Flatten::kWhite ? 0.8F : 0;
    EXPECT_NEAR(picture->pixels.view().At(40, 20, 0), colors.view().At(40, 20, 0) / 5 + ground,
                2.0 / 255);
  }
}

constexpr std::string_view kTiff{"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
                                 26};

TEST(HeifPictureTest, ContainerTurnsThePictureAndTheExifDoesNot) {
  const Bytes file = MakeHeif({.orientation = heif_orientation_rotate_90_cw,
                               .exif = std::string(kTiff),
                               .xmp = "<x:xmpmeta/>"});
  const auto picture = ReadAllRows(OpenHeif, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(AsText(picture->info.exif), kTiff);
  EXPECT_EQ(picture->info.xmp, "<x:xmpmeta/>");
  EXPECT_EQ(picture->info.orientation, Orientation::kTopLeft);
  ASSERT_EQ(picture->info.width, kHeight);
  ASSERT_EQ(picture->info.height, kWidth);
  const Plane<float> stored = test::SmoothPicture(kWidth, kHeight, 255);
  // Clockwise: the stored bottom left corner comes to the top left.
  EXPECT_NEAR(picture->pixels.view().At(2, 3, 0), stored.view().At(3, kHeight - 3, 0), 3.0 / 255);
  EXPECT_NEAR(picture->pixels.view().At(2, 3, 1), stored.view().At(3, kHeight - 3, 1), 3.0 / 255);
  const auto refused = OpenHeif(file, {.limits = {.max_metadata_bytes = 11}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(HeifPictureTest, CutOffFilesAreErrors) {
  const Bytes file = MakeHeif({.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9});
  test::ExpectPrefixesFail(OpenHeif, file, file.size() - 1, 7);
}

TEST(HeifPictureTest, DamagedFilesEnd) {
  const Bytes file = MakeHeif({});
  for (std::size_t at = 0; at < file.size(); at += 11) {
    Bytes damaged = file;
    damaged[at] ^= 0x55;
    (void)ReadAllRows(OpenHeif, damaged, {.limits = {.max_pixels = 1'000'000}});
  }
}

TEST(HeifPictureTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  for (const test::CorpusFile& file : test::CorpusFiles("heic")) {
    if (!file.name.ends_with(".heic")) continue;
    SCOPED_TRACE(file.name);
    const auto picture = ReadAllRows(OpenHeif, test::ReadWhole(file.path), {}, 64);
    EXPECT_TRUE(picture) << picture.error().message;
  }
}

TEST(HeifPictureTest, HostileFilesEnd) {
  HDRP_NEEDS_CORPUS();
  test::ExpectHostileFilesEnd(OpenHeif, FileFormat::kHeif);
}

/// `file` with every ispe of the picture's size saying another one.
Bytes Restated(Bytes file, std::uint32_t width, std::uint32_t height) {
  const std::string_view text = AsText(file);
  std::vector<std::size_t> places;
  for (std::size_t at = 0; (at = text.find("ispe", at)) != std::string_view::npos; ++at) {
    places.push_back(at + 8);
  }
  EXPECT_FALSE(places.empty());
  for (std::size_t at : places) {
    for (const std::uint32_t side : {width, height}) {
      for (const int shift : {24, 16, 8, 0}) {
        file[at++] = static_cast<std::uint8_t>((side >> shift) & 0xFF);
      }
    }
  }
  return file;
}

/// Encoders of 4:2:0 round odd sides up and say so in the stream alone.
TEST(HeifPictureTest, WhatTheStreamCodesTooMuchIsLeftOut) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes whole =
        MakeHeif({.chroma = "420", .orientation = static_cast<heif_orientation>(orientation)});
    const auto expected = ReadAllRows(OpenHeif, whole);
    ASSERT_TRUE(expected) << expected.error().message;
    for (const auto& [columns, rows] : {std::pair(1, 1), {1, 0}, {0, 1}, {5, 3}}) {
      const auto found =
          ReadAllRows(OpenHeif, Restated(whole, static_cast<std::uint32_t>(kWidth - columns),
                                         static_cast<std::uint32_t>(kHeight - rows)));
      ASSERT_TRUE(found) << orientation << ": " << found.error().message;
      ASSERT_EQ(found->info.warnings.size(), 1U);
      EXPECT_NE(found->info.warnings[0].find("80 x 64"), std::string::npos);
      const auto steps = StepsOf(static_cast<Orientation>(orientation));
      const int across = steps.transpose ? rows : columns, down = steps.transpose ? columns : rows;
      const int left = steps.flip_x ? across : 0, top = steps.flip_y ? down : 0;
      ASSERT_EQ(found->pixels.width(), expected->pixels.width() - across);
      ASSERT_EQ(found->pixels.height(), expected->pixels.height() - down);
      for (int y = 0; y < found->pixels.height(); ++y) {
        for (int x = 0; x < found->pixels.width(); ++x) {
          for (int c = 0; c < 3; ++c) {
            ASSERT_EQ(found->pixels.view().At(x, y, c),
                      expected->pixels.view().At(x + left, y + top, c))
                << orientation << ": " << x << ", " << y;
          }
        }
      }
    }
  }
}

TEST(HeifPictureTest, WhatTheStreamDoesNotCodeIsAnError) {
  const Bytes whole = MakeHeif({.chroma = "420"});
  for (const auto& [width, height] :
       {std::pair(kWidth + 1, kHeight), {kWidth, kHeight + 1}, {kWidth - 70, kHeight}}) {
    const auto refused = ReadAllRows(OpenHeif, Restated(whole, static_cast<std::uint32_t>(width),
                                                        static_cast<std::uint32_t>(height)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kBadInput);
  }
}

}  // namespace
}  // namespace hdrp
