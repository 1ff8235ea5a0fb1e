// Gain maps of AVIF files: libavif's own samples, and made ones for what they lack.
#include <avif/avif.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "decode/gain_map_file.h"
#include "support/corpus.h"
#include "support/gain_map_planes.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// ---- files that others made

const GainMapFractions kSeine{
    .gain_map_min = {{{-256'907, 1'000'000}, {-52'273, 200'000}, {-70'071, 250'000}}},
    .gain_map_max = {{{1'277'177, 1'000'000}, {1'277'203, 1'000'000}, {1'277'969, 1'000'000}}},
    .gamma = {{{119'223, 125'000}, {188'219, 200'000}, {459'711, 500'000}}},
    .base_offset = {{{1, 64}, {1, 64}, {1, 64}}},
    .alternate_offset = {{{1, 64}, {1, 64}, {1, 64}}},
    .base_hdr_headroom = {0, 1},
    .alternate_hdr_headroom = {13, 10}};

const GainMapFractions kGrid{.gain_map_min = {{{-1, 1}, {-1, 2}, {-1, 3}}},
                             .gain_map_max = {{{11, 1}, {12, 2}, {13, 3}}},
                             .gamma = {{{1, 1}, {1, 2}, {1, 3}}},
                             .base_offset = {{{0, 1000}, {10, 1000}, {20, 1000}}},
                             .alternate_offset = {{{0, 1000}, {20, 1000}, {40, 1000}}},
                             .base_hdr_headroom = {6, 2},
                             .alternate_hdr_headroom = {0, 1}};

GainMapFractions Swapped(GainMapFractions fractions) {
  std::swap(fractions.base_hdr_headroom, fractions.alternate_hdr_headroom);
  return fractions;
}

struct ForeignAvif {
  std::string name;
  std::string open_error;  ///< or what follows
  int width = 0, height = 0;
  Transfer transfer = Transfer::kSrgb;
  int map_width = 0, map_height = 0;  ///< 0: no map
  GainMapFractions fractions = {};
  std::string problem = {};  ///< empty: none
  std::string refusal = {};  ///< of RequireGainMap
};
void PrintTo(const ForeignAvif& row, std::ostream* out) { *out << row.name; }
class ForeignAvifMapTest : public testing::TestWithParam<ForeignAvif> {};

TEST_P(ForeignAvifMapTest, HasTheseNumbers) {
  HDRP_NEEDS_CORPUS();
  const ForeignAvif& expected = GetParam();
  const Bytes file = test::ReadCorpus("heic/libavif_" + expected.name + ".avif");
  auto read = OpenAvifGainMap(file, {});
  if (!expected.open_error.empty()) {
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr(expected.open_error));
    EXPECT_FALSE(OpenAvif(file, {})) << "the same error as without a map";
    return;
  }
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->base.width, expected.width);
  EXPECT_EQ(read->base.height, expected.height);
  EXPECT_EQ(read->base.color.transfer, expected.transfer);
  EXPECT_EQ(read->claims.size(), 1U);
  if (expected.problem.empty()) {
    EXPECT_THAT(read->problems, ElementsAre());
  } else {
    EXPECT_THAT(read->problems, ElementsAre(HasSubstr(expected.problem)));
  }
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(luma) << luma.error().message;
  const auto required = RequireGainMap(*read);
  EXPECT_EQ(required.has_value(), expected.refusal.empty());
  if (!required) {
    EXPECT_THAT(required.error().message, HasSubstr(expected.refusal));
  }
  ASSERT_EQ(read->map.has_value(), expected.map_width > 0);
  if (!read->map) return;
  EXPECT_EQ(read->map->source, MetadataSource::kIso);
  EXPECT_EQ(read->map->metadata.fractions, expected.fractions);
  const auto map = test::MapCodesOf(*read);
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ(map->width(), expected.map_width);
  EXPECT_EQ(map->height(), expected.map_height);
  EXPECT_EQ(map->channels(), 3);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, ForeignAvifMapTest,
    testing::Values(
        ForeignAvif{"seine_sdr_gainmap_srgb", "", 400, 300, Transfer::kSrgb, 400, 300, kSeine, "",
                    ""},
        ForeignAvif{"seine_sdr_gainmap_srgb_icc", "", 400, 300, Transfer::kSrgb, 400, 300, kSeine,
                    "", ""},
        ForeignAvif{"seine_hdr_gainmap_srgb", "", 400, 300, Transfer::kPq, 400, 300,
                    Swapped(kSeine), "", "the base image is the HDR rendition"},
        ForeignAvif{"seine_hdr_gainmap_wrongaltr", "", 400, 300, Transfer::kPq, 400, 300,
                    Swapped(kSeine), "the altr group lists the primary image 1 before",
                    "the base image is the HDR rendition"},
        ForeignAvif{"color_grid_alpha_grid_gainmap_nogrid", "", 512, 600, Transfer::kPq, 64, 80,
                    kGrid, "", "the base image is the HDR rendition"},
        ForeignAvif{"color_grid_gainmap_different_grid", "", 512, 600, Transfer::kPq, 128, 160,
                    kGrid, "", "the base image is the HDR rendition"},
        ForeignAvif{"colors_hdr_rec2020",
                    "",
                    200,
                    200,
                    Transfer::kPq,
                    0,
                    0,
                    {},
                    "auxiliary gain maps are not read from AVIF files",
                    "holds none"},
        ForeignAvif{"unsupported_gainmap_version",
                    "",
                    100,
                    100,
                    Transfer::kPq,
                    0,
                    0,
                    {},
                    "expected a tmap item of version 0, found 99",
                    "holds none"},
        // libavif 1.2.1 wants no byte behind the fields it knows, and refuses the whole file.
        ForeignAvif{"supported_gainmap_writer_version_with_extra_bytes",
                    "Invalid tone mapped image item"}),
    [](const auto& row) { return row.param.name; });

// ---- made files

struct MapSpec {
  int width = 96, height = 64;
  unsigned bits = 8;
  avifPixelFormat format = AVIF_PIXEL_FORMAT_YUV400;
  avifRange range = AVIF_RANGE_FULL;
  int turn = -1;  ///< of the base
};

constexpr int kWidth = 192, kHeight = 128;

double Share(double u, double v, int channel) {
  return channel == 1 ? 0.9 - 0.5 * u : 0.1 + 0.5 * u + 0.25 * v;
}

/// A gradient; coloured ones are coded as RGB (matrix 0: planes G, B, R).
avifImage* MakeImage(int width, int height, const MapSpec& spec) {
  avifImage* image = avifImageCreate(static_cast<std::uint32_t>(width),
                                     static_cast<std::uint32_t>(height), spec.bits, spec.format);
  const bool is_grey = spec.format == AVIF_PIXEL_FORMAT_YUV400;
  image->yuvRange = spec.range;
  image->matrixCoefficients =
      is_grey ? AVIF_MATRIX_COEFFICIENTS_UNSPECIFIED : AVIF_MATRIX_COEFFICIENTS_IDENTITY;
  EXPECT_EQ(avifImageAllocatePlanes(image, AVIF_PLANES_YUV), AVIF_RESULT_OK);
  constexpr std::array<int, 3> kChannelOfPlane = {1, 2, 0};
  const double unit = std::exp2(spec.bits - 8.0);
  for (std::size_t plane = 0; plane < (is_grey ? 1U : 3U); ++plane) {
    for (int y = 0; y < height; ++y) {
      std::uint8_t* row =
          image->yuvPlanes[plane] + static_cast<std::size_t>(y) * image->yuvRowBytes[plane];
      for (int x = 0; x < width; ++x) {
        const double share =
            Share((x + 0.5) / width, (y + 0.5) / height, is_grey ? 0 : kChannelOfPlane[plane]);
        const double code = spec.range == AVIF_RANGE_FULL
                                ? share * (std::exp2(static_cast<double>(spec.bits)) - 1)
                                : (16 + 219 * share) * unit;
        const auto rounded = static_cast<std::uint16_t>(std::lround(code));
        if (spec.bits > 8) {
          reinterpret_cast<std::uint16_t*>(row)[x] = rounded;
        } else {
          row[x] = static_cast<std::uint8_t>(rounded);
        }
      }
    }
  }
  return image;
}

Bytes MakeFile(const MapSpec& spec) {
  avifImage* image = MakeImage(kWidth, kHeight, {});
  if (spec.turn >= 0) {
    image->transformFlags |= AVIF_TRANSFORM_IROT;
    image->irot.angle = static_cast<std::uint8_t>(spec.turn);
  }
  avifGainMap* map = avifGainMapCreate();
  map->image = MakeImage(spec.width, spec.height, spec);
  for (int c = 0; c < 3; ++c) {
    map->gainMapMin[c] = {-1, 4};
    map->gainMapMax[c] = {7, 3};
    map->gainMapGamma[c] = {1, 1};
    map->baseOffset[c] = {1, 64};
    map->alternateOffset[c] = {1, 64};
  }
  map->baseHdrHeadroom = {0, 1};
  map->alternateHdrHeadroom = {7, 3};
  map->useBaseColorSpace = AVIF_TRUE;
  map->altPlaneCount = 3;
  map->altDepth = 10;
  image->gainMap = map;
  avifEncoder* encoder = avifEncoderCreate();
  encoder->quality = AVIF_QUALITY_LOSSLESS;
  encoder->qualityGainMap = AVIF_QUALITY_LOSSLESS;
  encoder->speed = 10;
  avifRWData data = AVIF_DATA_EMPTY;
  EXPECT_EQ(avifEncoderWrite(encoder, image, &data), AVIF_RESULT_OK) << encoder->diag.error;
  Bytes file(data.data, data.data + data.size);
  avifRWDataFree(&data);
  avifEncoderDestroy(encoder);
  avifImageDestroy(image);
  return file;
}

struct MadeAvif {
  std::string name;
  MapSpec spec;
  int channels = 1;
  std::string problem = {};
};
void PrintTo(const MadeAvif& row, std::ostream* out) { *out << row.name; }
class MadeAvifMapTest : public testing::TestWithParam<MadeAvif> {};

TEST_P(MadeAvifMapTest, IsRead) {
  const MadeAvif& made = GetParam();
  const Bytes file = MakeFile(made.spec);
  auto read = OpenAvifGainMap(file, {});
  ASSERT_TRUE(read) << read.error().message;
  if (made.problem.empty()) {
    EXPECT_THAT(read->problems, ElementsAre());
  } else {
    EXPECT_THAT(read->problems, Contains(HasSubstr(made.problem)));
  }
  const auto required = RequireGainMap(*read);
  ASSERT_TRUE(required) << required.error().message;
  EXPECT_EQ((*required)->channels, made.channels);
  ASSERT_TRUE((*required)->metadata.fractions);
  EXPECT_EQ((*required)->metadata.fractions->gain_map_max[2], (Fraction{7, 3}));
  EXPECT_EQ((*required)->metadata.fractions->gain_map_min[0], (Fraction{-1, 4}));
  const auto map = test::MapCodesOf(*read);
  ASSERT_TRUE(map) << map.error().message;
  ASSERT_EQ(map->width(), made.spec.width);
  ASSERT_EQ(map->height(), made.spec.height);
  ASSERT_EQ(map->channels(), made.channels);
  for (int y = 0; y < map->height(); ++y) {
    for (int x = 0; x < map->width(); ++x) {
      for (int c = 0; c < map->channels(); ++c) {
        ASSERT_NEAR(map->view().At(x, y, c),
                    255 * Share((x + 0.5) / map->width(), (y + 0.5) / map->height(), c), 1.1);
      }
    }
  }
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(luma) << luma.error().message;
  EXPECT_EQ(luma->width(), kWidth);
  EXPECT_NEAR(luma->view().At(100, 50), 255 * Share(100.5 / kWidth, 50.5 / kHeight, 0), 1.1);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, MadeAvifMapTest,
    testing::Values(MadeAvif{"grey", {}, 1, ""},
                    MadeAvif{"odd", {.width = 97, .height = 65}, 1, ""},
                    MadeAvif{"limited", {.range = AVIF_RANGE_LIMITED}, 1, ""},
                    MadeAvif{"ten_bits", {.bits = 10}, 1, "10 bits per sample: they are rounded"},
                    MadeAvif{"turned", {.turn = 1}, 1, ""},
                    MadeAvif{"colour", {.format = AVIF_PIXEL_FORMAT_YUV444}, 3, ""}),
    [](const auto& row) { return row.param.name; });

TEST(AvifGainMapTest, BrandAndGroupAreLookedAt) {
  Bytes file = MakeFile({});
  const auto brand = std::ranges::search(file, std::string_view("tmap"));
  ASSERT_FALSE(brand.empty());
  *brand.begin() = 'x';
  const auto read = OpenAvifGainMap(file, {});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->claims, ElementsAre(HasSubstr("a tmap item")));
  EXPECT_THAT(read->problems, Contains("the file has a tmap item and not the brand tmap"));
}

TEST(AvifGainMapTest, LimitsHoldForBaseAndMap) {
  const Bytes file = MakeFile({.width = 288, .height = 192});
  const auto refused = OpenAvifGainMap(file, {.limits = {.max_pixels = kWidth * kHeight}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(refused.error().message, HasSubstr("288"));
  EXPECT_FALSE(OpenAvifGainMap(file, {.limits = {.max_pixels = 1000}}));
}

TEST(AvifGainMapTest, DamagedFilesEnd) {
  const Bytes file = MakeFile({});
  for (std::size_t at = 0; at < file.size(); at += 5) {
    Bytes damaged = file;
    damaged[at] ^= 0x55;
    auto read = OpenAvifGainMap(damaged, {.limits = {.max_pixels = 1'000'000}});
    if (!read) continue;
    if (read->map) (void)test::MapCodesOf(*read);
    (void)test::SmallLumaOf(*read);
  }
}

}  // namespace
}  // namespace hdrp
