// Gain maps of HEIC files: those of phones, and made ones for what the corpus lacks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libheif/heif.h>
#include <libheif/heif_items.h>
#include <libheif/heif_properties.h>

#include <algorithm>
#include <cmath>

#include "base/byte_reader.h"
#include "decode/gain_map_file.h"
#include "metadata/boxes.h"
#include "metadata/heif_structure.h"
#include "metadata/iso21496.h"
#include "metadata/xmp.h"
#include "support/corpus.h"
#include "support/gain_map_planes.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

void ExpectSame(PlaneView<const std::uint8_t> a, PlaneView<const std::uint8_t> b) {
  ASSERT_EQ(a.width, b.width);
  ASSERT_EQ(a.height, b.height);
  ASSERT_EQ(a.channels, b.channels);
  for (int y = 0; y < a.height; ++y) {
    ASSERT_TRUE(std::ranges::equal(a.RowSpan(y), b.RowSpan(y))) << "row " << y;
  }
}

// ---- files that others made

struct ForeignMap {
  std::string name;
  int base_width, base_height, width, height;
  MetadataSource source;
  double apple_headroom_linear;
  Fraction min, max, gamma, offset, headroom;
  std::vector<std::string> claims;
};
void PrintTo(const ForeignMap& row, std::ostream* out) { *out << row.name; }
class ForeignHeifMapTest : public testing::TestWithParam<ForeignMap> {};

TEST_P(ForeignHeifMapTest, HasTheseNumbers) {
  HDRP_NEEDS_CORPUS();
  const ForeignMap& expected = GetParam();
  const Bytes file = test::ReadCorpus("heic/" + expected.name);
  auto read = OpenHeifGainMap(file, {});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->base.width, expected.base_width);
  EXPECT_EQ(read->base.height, expected.base_height);
  EXPECT_EQ(read->claims, expected.claims);
  EXPECT_THAT(read->problems, ElementsAre());
  const auto map = RequireGainMap(*read);
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ((*map)->source, expected.source);
  EXPECT_EQ((*map)->width, expected.width);
  EXPECT_EQ((*map)->height, expected.height);
  EXPECT_EQ((*map)->channels, 1);
  EXPECT_NEAR((*map)->apple_headroom_linear, expected.apple_headroom_linear, 1e-9);
  const GainMapFractions fractions = FractionsOf((*map)->metadata);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(fractions.gain_map_min[c].value(), expected.min.value());
    EXPECT_EQ(fractions.gain_map_max[c], expected.max);
    EXPECT_EQ(fractions.gamma[c].value(), expected.gamma.value());
    EXPECT_EQ(fractions.base_offset[c].value(), expected.offset.value());
    EXPECT_EQ(fractions.alternate_offset[c].value(), expected.offset.value());
  }
  EXPECT_EQ(fractions.base_hdr_headroom.numerator, 0);
  EXPECT_EQ(fractions.alternate_hdr_headroom, expected.headroom);
  EXPECT_TRUE((*map)->metadata.use_base_color_space);

  const auto pixels = test::MapCodesOf(*read);
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_EQ(pixels->width(), expected.width);
  EXPECT_EQ(pixels->height(), expected.height);
  EXPECT_EQ(pixels->channels(), 1);
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(luma) << luma.error().message;
  EXPECT_GE(std::max(luma->width(), luma->height()), 128);
  EXPECT_LE(std::max(luma->width(), luma->height()), 512);
  EXPECT_NEAR(static_cast<double>(luma->width()) / luma->height(),
              static_cast<double>(expected.base_width) / expected.base_height, 0.03);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, ForeignHeifMapTest,
    testing::Values(
        // An iPhone 15 Plus with iOS 18.2: one map, announced twice.
        ForeignMap{
            "gwy15_IMG_3853.heic",
            5712,
            4284,
            2856,
            2142,
            MetadataSource::kIso,
            0,
            {0, 1'000'000},
            {2'787'109, 1'000'000},
            {896'973, 1'000'000},
            {10, 1'000'000},
            {2'787'109, 1'000'000},
            {"a tmap item (66)", "an auxiliary image urn:com:apple:photo:2020:aux:hdrgainmap"}},
        // A Galaxy S25 Ultra: 2.3 stops.
        ForeignMap{
            "pillow_heif_aux_YCbCr.heic",
            4000,
            1848,
            1000,
            462,
            MetadataSource::kIso,
            0,
            {0, 1},
            {9'646'899, 4'194'304},
            {1, 1},
            {0, 1},
            {9'646'899, 4'194'304},
            {"a tmap item (38)", "an auxiliary image urn:com:samsung:photo:2024:aux:hdrgainmap"}},
        // Core Image's: Apple's older map alone.
        ForeignMap{"toGainMapHDR_DJI_1_0226_D.heic",
                   6000,
                   4500,
                   6000,
                   4500,
                   MetadataSource::kApple,
                   3.482202,
                   {0, 1},
                   {1'800'000, 1'000'000},
                   {1, 1},
                   {0, 1},
                   {1'800'000, 1'000'000},
                   {"an auxiliary image urn:com:apple:photo:2020:aux:hdrgainmap"}}),
    [](const auto& row) { return row.param.name.substr(0, row.param.name.find('.')); });

struct Extent {
  std::size_t offset = 0, size = 0;
};

/// Where the data of these items lie (iloc versions 0 and 1, 32-bit fields, ISO/IEC 14496-12,
/// 8.11.3).
std::vector<Extent> ExtentsOf(ByteView file, const std::vector<std::uint32_t>& items) {
  std::vector<Extent> found;
  const auto top = ReadBoxes(file, 0, file.size());
  const Box* meta = FindBox(*top, "meta");
  const auto boxes = ReadBoxes(file, meta->body_begin + 4, meta->end);
  ByteReader reader(FindBox(*boxes, "iloc")->Body(file));
  const unsigned version = *reader.U8();
  EXPECT_LE(version, 1U);
  EXPECT_TRUE(reader.Skip(3));
  const unsigned sizes = *reader.U16();
  const unsigned offset_size = sizes >> 12U, length_size = sizes >> 8U & 15U;
  const unsigned base_size = sizes >> 4U & 15U, index_size = version == 1 ? sizes & 15U : 0;
  const auto number = [&](unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value = value << 8U | *reader.U8();
    return static_cast<std::size_t>(value);
  };
  const unsigned count = *reader.U16();
  for (unsigned i = 0; i < count; ++i) {
    const std::uint32_t id = *reader.U16();
    const unsigned method = version == 1 ? *reader.U16() & 15U : 0;
    EXPECT_TRUE(reader.Skip(2));
    const std::size_t base = number(base_size);
    const unsigned extents = *reader.U16();
    for (unsigned k = 0; k < extents; ++k) {
      (void)number(index_size);
      const std::size_t offset = base + number(offset_size);
      const std::size_t size = number(length_size);
      if (method == 0 && std::ranges::contains(items, id)) found.push_back({offset, size});
    }
  }
  return found;
}

TEST(HeifGainMapTest, PhonesBaseIsNotDecoded) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("heic/gwy15_IMG_3853.heic");
  const auto structure = ReadHeifStructure(file);
  ASSERT_TRUE(structure && structure->primary);
  const auto tiles = ExtentsOf(file, structure->Targets(*structure->primary, "dimg"));
  ASSERT_GT(tiles.size(), 10U);
  Bytes damaged = file;
  for (const Extent& tile : tiles) {
    for (std::size_t at = 64; at < tile.size; at += 101) damaged.at(tile.offset + at) ^= 0xFF;
  }
  auto whole = OpenHeifGainMap(file, {});
  auto read = OpenHeifGainMap(damaged, {});
  ASSERT_TRUE(whole && read);
  const auto map = test::MapCodesOf(*read);
  ASSERT_TRUE(map) << map.error().message;
  ExpectSame(map->view(), test::MapCodesOf(*whole)->view());
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(luma) << luma.error().message;
  ExpectSame(luma->view(), test::SmallLumaOf(*whole)->view());

  const auto base = test::ReadAllRows(OpenHeif, damaged);
  if (base) {
    const auto intact = test::ReadAllRows(OpenHeif, file);
    ASSERT_TRUE(intact) << intact.error().message;
    EXPECT_GT(test::MeanCodeError(base->pixels.view(), intact->pixels.view(), 255), 1);
  }
}

// ---- made files

void Require(const heif_error& error) { ASSERT_EQ(error.code, heif_error_Ok) << error.message; }

heif_error Append(heif_context*, const void* data, std::size_t size, void* target) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  static_cast<Bytes*>(target)->insert(static_cast<Bytes*>(target)->end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

constexpr int kWidth = 192, kHeight = 128;

struct MapSpec {
  int width = 96, height = 64;
  int bits = 8;
  heif_chroma chroma = heif_chroma_monochrome;  ///< or 420, or 444 for a coloured one
  bool full_range = true;
  heif_orientation base_orientation = heif_orientation_normal;
  std::string aux_type = {};  ///< empty: not an auxiliary image
  std::string xmp = {};
  Bytes tmap = {};  ///< empty: none
};

/// Codes of the maps: brighter to the right and, half as much, downwards; other in each channel.
double Share(double u, double v, int channel) {
  return channel == 1 ? 0.9 - 0.5 * u : 0.1 + 0.5 * u + 0.25 * v;
}

heif_image* MakeImage(int width, int height, const MapSpec& spec) {
  const bool is_mono = spec.chroma == heif_chroma_monochrome;
  const bool is_rgb = spec.chroma == heif_chroma_444;
  heif_image* image = nullptr;
  Require(heif_image_create(width, height,
                            is_mono  ? heif_colorspace_monochrome
                            : is_rgb ? heif_colorspace_RGB
                                     : heif_colorspace_YCbCr,
                            spec.chroma, &image));
  const std::vector<heif_channel> channels =
      is_mono  ? std::vector{heif_channel_Y}
      : is_rgb ? std::vector{heif_channel_R, heif_channel_G, heif_channel_B}
               : std::vector{heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
  const double unit = std::exp2(spec.bits - 8);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const bool is_chroma = !is_mono && !is_rgb && c > 0;
    const int w = is_chroma ? width / 2 : width;
    const int h = is_chroma ? height / 2 : height;
    Require(heif_image_add_plane(image, channels[c], w, h, spec.bits));
    std::size_t stride = 0;
    std::uint8_t* data = heif_image_get_plane2(image, channels[c], &stride);
    for (int y = 0; y < h; ++y) {
      for (int x = 0; x < w; ++x) {
        const double share = Share((x + 0.5) / w, (y + 0.5) / h, is_rgb ? static_cast<int>(c) : 0);
        const double code = is_chroma         ? 128 * unit
                            : spec.full_range ? share * (std::exp2(spec.bits) - 1)
                                              : (16 + 219 * share) * unit;
        const auto rounded = static_cast<unsigned>(std::lround(code));
        std::uint8_t* row = data + static_cast<std::size_t>(y) * stride;
        if (spec.bits > 8) {
          row[2 * x] = static_cast<std::uint8_t>(rounded & 0xFFU);
          row[2 * x + 1] = static_cast<std::uint8_t>(rounded >> 8U);
        } else {
          row[x] = static_cast<std::uint8_t>(rounded);
        }
      }
    }
  }
  return image;
}

heif_image_handle* Encode(heif_context* context, heif_image* image, const MapSpec& spec,
                          heif_orientation orientation) {
  heif_encoder* encoder = nullptr;
  Require(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
  Require(heif_encoder_set_lossy_quality(encoder, 100));
  Require(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
  Require(heif_encoder_set_parameter_string(encoder, "chroma",
                                            spec.chroma == heif_chroma_420 ? "420" : "444"));
  heif_color_profile_nclx* nclx = heif_nclx_color_profile_alloc();
  nclx->full_range_flag = spec.full_range ? 1 : 0;
  if (spec.chroma != heif_chroma_monochrome) {
    Require(heif_image_set_nclx_color_profile(image, nclx));
  }
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->macOS_compatibility_workaround_no_nclx_profile = 0;
  if (spec.chroma != heif_chroma_monochrome) options->output_nclx_profile = nclx;
  options->image_orientation = orientation;
  heif_image_handle* handle = nullptr;
  Require(heif_context_encode_image(context, image, encoder, options, &handle));
  heif_encoding_options_free(options);
  heif_encoder_release(encoder);
  heif_nclx_color_profile_free(nclx);
  heif_image_release(image);
  return handle;
}

/// A base that shows the maps' own gradient, and a map. There is no altr group and no brand tmap:
/// libheif writes none.
Bytes MakeFile(const MapSpec& spec) {
  (void)OpenHeif({}, {});  // loads the codecs
  heif_context* context = heif_context_alloc();
  const MapSpec grey{.chroma = heif_chroma_420};
  heif_image_handle* base =
      Encode(context, MakeImage(kWidth, kHeight, grey), grey, spec.base_orientation);
  Require(heif_context_set_primary_image(context, base));
  heif_image_handle* map =
      Encode(context, MakeImage(spec.width, spec.height, spec), spec, heif_orientation_normal);
  const heif_item_id base_id = heif_image_handle_get_item_id(base);
  const heif_item_id map_id = heif_image_handle_get_item_id(map);
  if (!spec.aux_type.empty()) {
    Bytes body(4);
    body.insert(body.end(), spec.aux_type.begin(), spec.aux_type.end());
    body.push_back(0);
    Require(heif_item_add_raw_property(context, map_id, heif_fourcc('a', 'u', 'x', 'C'), nullptr,
                                       body.data(), body.size(), 1, nullptr));
    Require(
        heif_context_add_item_reference(context, heif_fourcc('a', 'u', 'x', 'l'), map_id, base_id));
  }
  if (!spec.xmp.empty()) {
    Require(heif_context_add_XMP_metadata(context, map, spec.xmp.data(),
                                          static_cast<int>(spec.xmp.size())));
  }
  if (!spec.tmap.empty()) {
    heif_item_id tmap = 0;
    Require(heif_context_add_item(context, "tmap", spec.tmap.data(),
                                  static_cast<int>(spec.tmap.size()), &tmap));
    const std::array inputs = {base_id, map_id};
    Require(heif_context_add_item_references(context, heif_fourcc('d', 'i', 'm', 'g'), tmap,
                                             inputs.data(), 2));
  }
  Bytes file;
  heif_writer writer{.writer_api_version = 1, .write = Append};
  Require(heif_context_write(context, &writer, &file));
  heif_image_handle_release(base);
  heif_image_handle_release(map);
  heif_context_free(context);
  return file;
}

constexpr std::string_view kSamsungAux = "urn:com:samsung:photo:2024:aux:hdrgainmap";
constexpr std::string_view kAppleAux = "urn:com:apple:photo:2020:aux:hdrgainmap";

GainMapMetadata OneChannel() {
  GainMapMetadata metadata;
  metadata.gain_map_max = {2, 2, 2};
  metadata.alternate_hdr_headroom = 2;
  return metadata;
}

GainMapMetadata ThreeChannels() {
  GainMapMetadata metadata = OneChannel();
  metadata.gain_map_max = {2, 1.5, 1.75};
  return metadata;
}

Bytes TmapOf(const GainMapMetadata& metadata, std::uint8_t version = 0) {
  Bytes payload = {version};
  const Bytes block = WriteIsoBlock(metadata);
  payload.insert(payload.end(), block.begin(), block.end());
  return payload;
}

/// The largest difference from the gradient that was written.
int WorstError(PlaneView<const std::uint8_t> map) {
  int worst = 0;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      for (int c = 0; c < map.channels; ++c) {
        const double expected = 255 * Share((x + 0.5) / map.width, (y + 0.5) / map.height, c);
        worst =
            std::max(worst, std::abs(map.At(x, y, c) - static_cast<int>(std::lround(expected))));
      }
    }
  }
  return worst;
}

struct MadeMap {
  std::string name;
  MapSpec spec;
  int channels = 1;
  MetadataSource source = MetadataSource::kIso;
  std::string problem;
  int tolerance = 3;
};
void PrintTo(const MadeMap& row, std::ostream* out) { *out << row.name; }
class MadeHeifMapTest : public testing::TestWithParam<MadeMap> {};

TEST_P(MadeHeifMapTest, IsRead) {
  const MadeMap& made = GetParam();
  const Bytes file = MakeFile(made.spec);
  auto read = OpenHeifGainMap(file, {});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_TRUE(RequireGainMap(*read)) << RequireGainMap(*read).error().message;
  EXPECT_EQ(read->map->source, made.source);
  EXPECT_EQ(read->map->channels, made.channels);
  EXPECT_DOUBLE_EQ(read->map->metadata.gain_map_max[0], 2);
  if (made.problem.empty()) {
    EXPECT_THAT(read->problems, ElementsAre());
  } else {
    EXPECT_THAT(read->problems, Contains(HasSubstr(made.problem)));
  }
  const auto pixels = test::MapCodesOf(*read);
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_EQ(pixels->width(), made.spec.width);
  EXPECT_EQ(pixels->height(), made.spec.height);
  ASSERT_EQ(pixels->channels(), made.channels);
  EXPECT_LE(WorstError(pixels->view()), made.tolerance);
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(luma) << luma.error().message;
  EXPECT_EQ(luma->width(), kWidth);
  EXPECT_LE(WorstError(luma->view()), 3);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, MadeHeifMapTest,
    testing::Values(
        MadeMap{"tmap_alone",
                {.tmap = TmapOf(OneChannel())},
                1,
                MetadataSource::kIso,
                "stand in no altr group"},
        MadeMap{"tmap_without_brand",
                {.tmap = TmapOf(OneChannel())},
                1,
                MetadataSource::kIso,
                "not the brand tmap"},
        MadeMap{"yuv_420",
                {.chroma = heif_chroma_420, .tmap = TmapOf(OneChannel())},
                1,
                MetadataSource::kIso,
                "altr"},
        MadeMap{"yuv_420_limited",
                {.chroma = heif_chroma_420, .full_range = false, .tmap = TmapOf(OneChannel())},
                1,
                MetadataSource::kIso,
                "altr"},
        MadeMap{"three_channels",
                {.chroma = heif_chroma_444, .tmap = TmapOf(ThreeChannels())},
                3,
                MetadataSource::kIso,
                "altr",
                5},
        MadeMap{"ten_bits",
                {.bits = 10, .tmap = TmapOf(OneChannel())},
                1,
                MetadataSource::kIso,
                "10 bits per sample: they are rounded to 8"},
        MadeMap{"hdrgm_xmp",
                {.aux_type = std::string(kSamsungAux), .xmp = WriteMapXmp(OneChannel())},
                1,
                MetadataSource::kXmp,
                ""},
        MadeMap{"newer_tmap_and_xmp",
                {.aux_type = std::string(kSamsungAux),
                 .xmp = WriteMapXmp(OneChannel()),
                 .tmap = TmapOf(OneChannel(), 1)},
                1,
                MetadataSource::kXmp,
                "expected a tmap item of version 0, found 1"}),
    [](const auto& row) { return row.param.name; });

constexpr std::string_view kAppleXmp =
    R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF)"
    R"( xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="")"
    R"( xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/">)"
    R"(<HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>)"
    R"(<HDRGainMap:HDRGainMapHeadroom>4.000000</HDRGainMap:HDRGainMapHeadroom>)"
    R"(</rdf:Description></rdf:RDF></x:xmpmeta>)";

TEST(HeifGainMapTest, AppleNumbersCountForApplesImagesAlone) {
  const Bytes apple = MakeFile({.aux_type = std::string(kAppleAux), .xmp = std::string(kAppleXmp)});
  const auto read = OpenHeifGainMap(apple, {});
  ASSERT_TRUE(read && read->map);
  EXPECT_EQ(read->map->source, MetadataSource::kApple);
  EXPECT_EQ(read->map->apple_headroom_linear, 4);
  EXPECT_EQ(read->map->metadata.alternate_hdr_headroom, 2);
  const Bytes other =
      MakeFile({.aux_type = std::string(kSamsungAux), .xmp = std::string(kAppleXmp)});
  const auto none = OpenHeifGainMap(other, {});
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_FALSE(none->map);
  const auto refused = RequireGainMap(*none);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNoGainMap);
  EXPECT_THAT(refused.error().message, HasSubstr("has no usable gain-map metadata"));
}

TEST(HeifGainMapTest, MapWithoutTransformTakesTheBases) {
  const Bytes file =
      MakeFile({.base_orientation = heif_orientation_rotate_90_cw, .tmap = TmapOf(OneChannel())});
  auto read = OpenHeifGainMap(file, {});
  ASSERT_TRUE(read && read->map);
  EXPECT_EQ(read->base.width, kHeight);
  EXPECT_EQ(read->base.height, kWidth);
  EXPECT_EQ(read->map->width, 64);
  EXPECT_EQ(read->map->height, 96);
  EXPECT_THAT(read->problems, Contains(HasSubstr("it is turned by the base's")));
  const auto map = test::MapCodesOf(*read);
  const auto luma = test::SmallLumaOf(*read);
  ASSERT_TRUE(map && luma);
  ASSERT_EQ(map->width(), 64);
  ASSERT_EQ(luma->width(), kHeight);
  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 64; ++x) {
      // Both show the same gradient, the base at twice the size.
      ASSERT_NEAR(map->view().At(x, y), luma->view().At(2 * x, 2 * y), 4) << x << ' ' << y;
    }
  }
}

TEST(HeifGainMapTest, RefusesWhatDoesNotFit) {
  const Bytes square = MakeFile({.width = 96, .height = 96, .tmap = TmapOf(OneChannel())});
  const auto read = OpenHeifGainMap(square, {});
  ASSERT_TRUE(read && read->map);
  const auto refused = RequireGainMap(*read);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("another aspect"));

  // A map larger than the base and than the limit.
  const Bytes large = MakeFile({.width = 288, .height = 192, .tmap = TmapOf(OneChannel())});
  const auto too_large = OpenHeifGainMap(large, {.limits = {.max_pixels = 50'000}});
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(too_large.error().message, HasSubstr("288"));
}

TEST(HeifGainMapTest, PictureWithoutAMapSaysSo) {
  const Bytes file = MakeFile({});
  const auto read = OpenHeifGainMap(file, {});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->map);
  EXPECT_THAT(read->claims, ElementsAre());
  EXPECT_EQ(RequireGainMap(*read).error().code, ErrorCode::kNoGainMap);
}

TEST(HeifGainMapTest, DamagedFilesEnd) {
  const Bytes file = MakeFile({.aux_type = std::string(kSamsungAux),
                               .xmp = WriteMapXmp(OneChannel()),
                               .tmap = TmapOf(OneChannel())});
  for (std::size_t at = 0; at < file.size(); at += 13) {
    Bytes damaged = file;
    damaged[at] ^= 0x55;
    auto read = OpenHeifGainMap(damaged, {.limits = {.max_pixels = 1'000'000}});
    if (!read) continue;
    if (read->map) (void)test::MapCodesOf(*read);
    (void)test::SmallLumaOf(*read);
  }
}

}  // namespace
}  // namespace hdrp
