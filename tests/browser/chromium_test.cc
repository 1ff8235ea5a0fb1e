// A real browser engine shows our outputs as HDR, by the predicted factor, leaves the SDR view as
// it was, and shows the stripped base flat (the negative control: the probe discriminates).
#include "chromium.h"

#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "color/icc_write.h"
#include "metadata/jpeg_structure.h"
#include "package/float_image.h"
#include "package/jpeg_encode.h"
#include "package/jpeg_r.h"
#include "pipeline/process.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

Bytes PngWithProfile(PlaneView<const std::uint8_t> rgb, Bytes icc) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep data, std::size_t size) {
        auto& target = *static_cast<Bytes*>(png_get_io_ptr(writer));
        target.insert(target.end(), data, data + size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, static_cast<png_uint_32>(rgb.width), static_cast<png_uint_32>(rgb.height),
               8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_set_iCCP(png, info, "profile", PNG_COMPRESSION_TYPE_BASE, icc.data(),
               static_cast<png_uint_32>(icc.size()));
  png_write_info(png, info);
  for (int y = 0; y < rgb.height; ++y) png_write_row(png, rgb.Row(y));
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Result ProcessPair(Bytes edit, Bytes original, Options options = {}) {
  Request request;
  request.base = {"edit.jpg", std::move(edit)};
  if (!original.empty()) request.reference = InputFile{"original.jpg", std::move(original)};
  request.options = options;
  Expected<Result> result = Process(request);
  if (!result) ADD_FAILURE() << result.error().where << ": " << result.error().message;
  return result ? *std::move(result) : Result{};
}

/// An edit as PNG with a profile of its own, and an HDR rendition as OpenEXR.
Result DerivedFromExr(const Scene& scene) {
  const ScratchFolder scratch;
  const auto path = scratch / "scene.exr";
  auto exr = FloatImageWriter::Create(path, FileFormat::kOpenExr,
                                      {scene.hdr.width(), scene.hdr.height(), kRec709Primaries, 1});
  EXPECT_TRUE(exr && exr->Write(scene.hdr.view()) && exr->Finish());
  return ProcessPair(PngWithProfile(scene.sdr.view(), DisplayP3IccProfile()), ReadWhole(path));
}

/// The picture without any announcement and without the map.
Bytes Stripped(ByteView ultra_hdr) {
  const JpegStream stream = WalkJpeg(ultra_hdr, 0).value();
  return WritePlainJpeg({ultra_hdr, &stream}, ExifPolicy::kKeep).value().bytes;
}

/// A1-A3 and A2's control for one output and its stripped base.
void ExpectHdr(const std::vector<Shown>& file, const std::vector<Shown>& stripped,
               double headroom_stops) {
  ASSERT_EQ(file.size(), stripped.size());
  EXPECT_LE(file[0].max, 1.02);
  EXPECT_NEAR(file[0].mean, stripped[0].mean, 0.001);
  ASSERT_EQ(file[0].coded.size(), stripped[0].coded.size());
  double worst = 0;
  for (std::size_t i = 0; i < file[0].coded.size(); ++i) {
    worst = std::max(worst, std::abs(file[0].coded[i] - stripped[0].coded[i]));
  }
  EXPECT_LE(worst, 0.004) << "the SDR view changed";
  for (std::size_t i = 1; i < file.size(); ++i) {
    EXPECT_NEAR(stripped[i].max, stripped[0].max, 0.001) << "a plain base must stay flat";
    if (file[i - 1].headroom < headroom_stops) {
      EXPECT_GT(file[i].max, file[i - 1].max * 1.01) << "at headroom " << file[i].headroom;
    } else {
      EXPECT_NEAR(file[i].max / file[i - 1].max, 1, 0.001) << "at headroom " << file[i].headroom;
    }
  }
}

const std::vector<double> kHeadrooms = {0, 0.5, 1, 2, 3, 5};

TEST(Chromium, ExpandsOurOutputsAndLeavesSdrUntouched) {
  HDRP_NEEDS_PROGRAM("chromium", "chromium");
  const Scene scene = MakeScene(384, 256);
  const Bytes edit = SdrJpeg(Edited(scene.sdr.view()).view(), {});
  const Bytes original = OriginalJpeg(scene, {});
  std::map<std::string, Result> results;
  results["copied"] = ProcessPair(edit, original);
  results["boosted"] = ProcessPair(edit, original, {.boost_stops = 1.5});
  results["turned"] = ProcessPair(
      SdrJpeg(Edited(scene.sdr.view()).view(), {.orientation = Orientation::kRightTop}), original);
  results["neutral colour map"] = ProcessPair(edit, OriginalJpeg(scene, {.map_channels = 3}));
  results["predicted"] = ProcessPair(edit, {});
  results["derived, Display P3"] = DerivedFromExr(scene);

  std::vector<Picture> pictures;
  for (const auto& [name, result] : results) {
    pictures.push_back({name, result.ultra_hdr, 256, {}});
    pictures.push_back({name + " stripped", Stripped(result.ultra_hdr), 256, {}});
  }
  const ChromiumAnswer answer = AskChromium(pictures, kHeadrooms);
  ASSERT_EQ(answer.error, "");
  if (!answer.capable) {
    if (IsRequired("chromium")) FAIL() << "this Chromium has no globalHDRHeadroom";
    GTEST_SKIP() << "this Chromium has no globalHDRHeadroom";
  }
  for (const auto& [name, result] : results) {
    SCOPED_TRACE(name);
    ExpectHdr(answer.shown.at(name), answer.shown.at(name + " stripped"),
              result.report.metadata.alternate_hdr_headroom);
  }
}

/// The same file without the brand that lets readers look for a tmap item: not one sample differs.
Bytes WithoutToneMapBrand(Bytes file) {
  const std::string_view text = AsText(ByteView(file).first(64));
  const std::size_t at = text.find("tmap");
  EXPECT_NE(at, std::string_view::npos);
  if (at != std::string_view::npos)
    std::ranges::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), 4, 'x');
  return file;
}

TEST(Chromium, ExpandsOurAvif) {
  HDRP_NEEDS_PROGRAM("chromium", "chromium");
  const Scene scene = MakeScene(384, 256);
  const Bytes edit = SdrJpeg(Edited(scene.sdr.view()).view(), {});
  Options options;
  options.output.format = FileFormat::kAvif;
  std::map<std::string, Result> results;
  results["copied"] = ProcessPair(edit, OriginalJpeg(scene, {}), options);
  results["turned"] =
      ProcessPair(SdrJpeg(Edited(scene.sdr.view()).view(), {.orientation = Orientation::kRightTop}),
                  OriginalJpeg(scene, {}), options);
  std::vector<Picture> pictures;
  for (const auto& [name, result] : results) {
    pictures.push_back({name, result.ultra_hdr, 256, {}});
    pictures.push_back({name + " without map", WithoutToneMapBrand(result.ultra_hdr), 256, {}});
  }
  const ChromiumAnswer answer = AskChromium(pictures, kHeadrooms);
  ASSERT_EQ(answer.error, "");
  for (const auto& [name, result] : results) {
    SCOPED_TRACE(name);
    ExpectHdr(answer.shown.at(name), answer.shown.at(name + " without map"),
              result.report.metadata.alternate_hdr_headroom);
  }
}

/// 4 base greys x 4 map codes, 2 stops, offsets 1/64: every patch against the formula.
TEST(Chromium, ShowsEveryPatchOfTheChartAsTheFormulaSays) {
  HDRP_NEEDS_PROGRAM("chromium", "chromium");
  constexpr std::array<int, 4> kGreys = {64, 128, 192, 255};
  constexpr std::array<int, 4> kCodes = {0, 85, 170, 255};
  Plane<std::uint8_t> base(256, 256, 3);
  Plane<std::uint8_t> map(256, 256);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) {
      for (int c = 0; c < 3; ++c) {
        base.view().At(x, y, c) =
            static_cast<std::uint8_t>(kGreys[static_cast<std::size_t>(x / 64)]);
      }
      map.view().At(x, y) = static_cast<std::uint8_t>(kCodes[static_cast<std::size_t>(y / 64)]);
    }
  }
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(2);
  metadata.alternate_hdr_headroom = 2;
  const Bytes base_jpeg = EncodeJpeg(base.view(), {.quality = 100}).value();
  const Bytes map_jpeg = EncodeJpeg(map.view(), {.quality = 100}).value();
  const JpegStream stream = WalkJpeg(base_jpeg, 0).value();
  const Bytes file =
      WriteJpegR({base_jpeg, &stream}, map_jpeg, metadata, ExifPolicy::kKeep).value().bytes;

  std::vector<std::pair<double, double>> centres;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      centres.emplace_back(column / 4.0 + 0.125, row / 4.0 + 0.125);
    }
  }
  const ChromiumAnswer answer = AskChromium({{"chart", file, 256, centres}}, {0, 0.5, 1, 2, 5});
  ASSERT_EQ(answer.error, "");
  for (const Shown& shown : answer.shown.at("chart")) {
    const double weight = WeightOf(metadata, shown.headroom);
    for (std::size_t i = 0; i < 16; ++i) {
      const double coded = kGreys[i % 4] / 255.0;
      const double linear = std::pow((coded + 0.055) / 1.055, 2.4);
      const double expected =
          (linear + 1.0 / 64) * std::exp2(2 * kCodes[i / 4] / 255.0 * weight) - 1.0 / 64;
      EXPECT_LT(std::abs(std::log2(shown.points[i] / expected)), 0.01)
          << "patch " << i << " at headroom " << shown.headroom << ": " << shown.points[i];
    }
  }
}

TEST(Chromium, ShowsAPhonePhotoWithItsPhotoshopEdit) {
  HDRP_NEEDS_PROGRAM("chromium", "chromium");
  HDRP_NEEDS_CORPUS();
  const Result result = ProcessPair(ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg"),
                                    ReadCorpus("uhdr/pixel6pro_mishaal_01.jpg"));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const ChromiumAnswer answer = AskChromium(
      {{"file", result.ultra_hdr, 256, {}}, {"stripped", Stripped(result.ultra_hdr), 256, {}}},
      kHeadrooms);
  ASSERT_EQ(answer.error, "");
  ExpectHdr(answer.shown.at("file"), answer.shown.at("stripped"),
            result.report.metadata.alternate_hdr_headroom);
}

}  // namespace
}  // namespace hdrp::test
