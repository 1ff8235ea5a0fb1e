// Models as plug-ins: what is refused, what comes out, in tiles and on any number of threads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stop_token>

#include "predict/gain_model.h"
#include "support/onnx_file.h"
#include "support/program.h"

namespace hdrp {
namespace {

using ::testing::HasSubstr;

[[nodiscard]] Plane<float> Picture(int width, int height) {
  Plane<float> picture(width, height, 3);
  std::uint32_t state = 7;
  for (int y = 0; y < height; ++y) {
    for (float& sample : picture.view().RowSpan(y)) {
      state = state * 1664525U + 1013904223U;
      sample = static_cast<float>(state >> 24U) / 255.0F;
    }
  }
  return picture;
}

[[nodiscard]] Expected<GainModel> Open(const test::OnnxModel& model, int threads = 1) {
  return OpenGainModel(test::OnnxFile(model), {.threads = threads, .stop = {}});
}

[[nodiscard]] Plane<float> MustRun(const test::OnnxModel& model, const GainModelInput& input,
                                   int threads = 1) {
  const Expected<GainModel> opened = Open(model, threads);
  EXPECT_TRUE(opened) << opened.error().where << ": " << opened.error().message;
  if (!opened) return {};
  Expected<Plane<float>> stops = opened->run(input, {.threads = threads, .stop = {}});
  EXPECT_TRUE(stops) << stops.error().message;
  return stops ? *std::move(stops) : Plane<float>();
}

/// The largest difference; NaN counts as infinite.
[[nodiscard]] float Difference(const Plane<float>& a, const Plane<float>& b) {
  if (a.width() != b.width() || a.height() != b.height()) return INFINITY;
  float most = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      const float difference = std::abs(a.Row(y)[x] - b.Row(y)[x]);
      most = std::isfinite(difference) ? std::max(most, difference) : INFINITY;
    }
  }
  return most;
}

TEST(GainModel, GainIsTheOutputTimesThePeakAtAnySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {61, 63}, {200, 3}}) {
    const Plane<float> picture = Picture(width, height);
    const Plane<float> stops = MustRun(test::MixModel(), {picture.view(), {}});
    ASSERT_EQ(stops.width(), width);
    ASSERT_EQ(stops.height(), height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const auto at = [&](int c) { return picture.view().At(x, y, c); };
        ASSERT_NEAR(stops.Row(y)[x], 2 * (at(0) + 2 * at(1) + at(2)) / 4, 1e-6);
      }
    }
  }
}

TEST(GainModel, OutputIsClippedToTheRange) {
  test::OnnxModel model = test::MixModel();
  model.tensors[0].values = {8, -4, 0};
  Plane<float> picture(2, 1, 3);
  picture.view().At(0, 0, 0) = 1;
  picture.view().At(1, 0, 1) = 1;
  const Plane<float> stops = MustRun(model, {picture.view(), {}});
  EXPECT_EQ(stops.Row(0)[0], 2);
  EXPECT_EQ(stops.Row(0)[1], 0);
}

TEST(GainModel, SidesArePaddedToTheMultipleByRepeating) {
  test::OnnxModel model = test::MixModel();
  // Strided down by averaging and up again by repeating: fails at runtime unless sides are even.
  model.nodes = {
      {.op = "Conv", .inputs = {"image", "w"}, .outputs = {"mix"}},
      {"AveragePool", {"mix"}, {"half"}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}}, {}},
      {"ConvTranspose", {"half", "up"}, {"gain"}, {{"strides", {2, 2}}}, {}}};
  model.tensors.push_back({"up", {1, 1, 2, 2}, {1, 1, 1, 1}});
  model.properties["hdr_process.multiple"] = "2";
  Plane<float> picture(3, 1, 3);
  for (int x = 0; x < 3; ++x) {
    for (int c = 0; c < 3; ++c) picture.view().At(x, 0, c) = x == 2 ? 1.0F : 0.0F;
  }
  const Plane<float> stops = MustRun(model, {picture.view(), {}});
  ASSERT_EQ(stops.width(), 3);
  EXPECT_FLOAT_EQ(stops.Row(0)[1], 0);
  EXPECT_FLOAT_EQ(stops.Row(0)[2], 2);  // 1 would say that zeros were padded

  model.properties["hdr_process.multiple"] = "1";
  const Expected<GainModel> unpadded = Open(model);
  ASSERT_TRUE(unpadded);
  const Expected<Plane<float>> failed = unpadded->run({picture.view(), {}}, {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kModelFailed);
}

TEST(GainModel, TilesGiveTheWholePicture) {
  const Plane<float> picture = Picture(1501, 777);
  test::OnnxModel whole = test::BlurModel();
  whole.properties.erase("hdr_process.apron");
  const Plane<float> expected = MustRun(whole, {picture.view(), {}});
  EXPECT_LE(Difference(MustRun(test::BlurModel(), {picture.view(), {}}), expected), 1e-6F);
  // With too narrow an apron the seams show: the comparison can tell.
  test::OnnxModel narrow = test::BlurModel();
  narrow.properties["hdr_process.apron"] = "0";
  EXPECT_GT(Difference(MustRun(narrow, {picture.view(), {}}), expected), 1e-3F);
}

TEST(GainModel, ThreadCountChangesNothing) {
  const Plane<float> picture = Picture(1301, 700);
  const Plane<float> one = MustRun(test::BlurModel(), {picture.view(), {}}, 1);
  for (const int threads : {2, 3, 5}) {
    EXPECT_EQ(Difference(MustRun(test::BlurModel(), {picture.view(), {}}, threads), one), 0)
        << threads;
  }
}

TEST(GainModel, ThumbnailIsSeen) {
  const Plane<float> picture = Picture(40, 30);
  Plane<float> thumbnail(16, 16, 3);
  for (int y = 0; y < 16; ++y) std::ranges::fill(thumbnail.view().RowSpan(y), 0.5F);
  const Plane<float> plain = MustRun(test::MixModel(), {picture.view(), {}});
  const Plane<float> dimmed = MustRun(test::ThumbnailModel(), {picture.view(), thumbnail.view()});
  EXPECT_NEAR(dimmed.Row(11)[13], plain.Row(11)[13] / 2, 1e-6);
}

TEST(GainModel, NotFiniteOutputIsRefused) {
  test::OnnxModel model = test::MixModel();
  model.tensors[0].values = {INFINITY, -INFINITY, 0};
  Plane<float> picture = Picture(4, 4);
  for (int y = 0; y < 4; ++y) std::ranges::fill(picture.view().RowSpan(y), 1.0F);
  const Expected<GainModel> opened = Open(model);
  ASSERT_TRUE(opened);
  const Expected<Plane<float>> stops = opened->run({picture.view(), {}}, {});
  ASSERT_FALSE(stops);
  EXPECT_EQ(stops.error().code, ErrorCode::kModelFailed);
  EXPECT_THAT(stops.error().message, HasSubstr("expected finite samples"));
}

TEST(GainModel, EndsWhenAsked) {
  const Plane<float> picture = Picture(8, 8);
  const Expected<GainModel> opened = Open(test::MixModel());
  ASSERT_TRUE(opened);
  std::stop_source source;
  source.request_stop();
  const auto stopped =
      opened->run({picture.view(), {}}, {.threads = 1, .stop = {source.get_token(), {}}});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
}

// One tile, so that only the runtime itself can notice; without that the run would end well.
TEST(GainModel, EndsInTheMiddleOfATile) {
  test::OnnxModel model = test::MixModel();
  model.nodes = {{.op = "Conv", .inputs = {"image", "w"}, .outputs = {"f0"}}};
  for (int i = 0; i < 200; ++i) {
    model.nodes.push_back({.op = "Sin",
                           .inputs = {"f" + std::to_string(i)},
                           .outputs = {"f" + std::to_string(i + 1)}});
  }
  model.nodes.push_back({.op = "Relu", .inputs = {"f200"}, .outputs = {"gain"}});
  const Plane<float> picture = Picture(2048, 2048);
  const Expected<GainModel> opened = Open(model);
  ASSERT_TRUE(opened) << opened.error().message;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  const auto stopped = opened->run({picture.view(), {}}, {.threads = 1, .stop = {{}, deadline}});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kTimeout);
}

TEST(GainModel, BytesThatAreNoModelAreRefused) {
  const Bytes good = test::OnnxFile(test::BlurModel());
  const std::string text = "not a model at all\n";
  Bytes torn = good;
  torn.resize(good.size() / 2);
  for (const Bytes& bytes : {Bytes(), Bytes(text.begin(), text.end()), torn, Bytes(1000, 0xFF)}) {
    const auto opened = OpenGainModel(bytes, {});
    ASSERT_FALSE(opened) << bytes.size();
    EXPECT_EQ(opened.error().code, ErrorCode::kModelFailed);
  }
}

// A model is one file: it must not make the program read others, wherever it is run.
TEST(GainModel, WeightsInOtherFilesAreRefused) {
  const test::ScratchFolder folder;
  test::WriteWhole(folder / "weights", Bytes(4, 0));
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const std::string& place : {std::string("weights"), (folder / "weights").string()}) {
    test::OnnxModel model = test::MixModel();
    model.nodes[0].outputs = {"mix"};
    model.nodes.push_back({.op = "PRelu", .inputs = {"mix", "slope"}, .outputs = {"gain"}});
    model.tensors.push_back({.name = "slope", .shape = {1, 1, 1}, .values = {}, .external = place});
    const Expected<GainModel> opened = Open(model);
    EXPECT_FALSE(opened) << place;
    if (opened) continue;
    EXPECT_EQ(opened.error().code, ErrorCode::kModelFailed);
    EXPECT_THAT(opened.error().message, HasSubstr("found one that names others"));
  }
  std::filesystem::current_path(before);
}

TEST(GainModel, EveryTruncationEndsInAnError) {
  const Bytes good = test::OnnxFile(test::MixModel());
  for (std::size_t length = 0; length < good.size(); ++length) {
    const auto opened = OpenGainModel(ByteView(good).first(length), {});
    if (opened) continue;  // what was cut off was not needed
    EXPECT_EQ(opened.error().code, ErrorCode::kModelFailed) << length;
  }
}

TEST(GainModel, EveryDamagedByteEndsInAnErrorOrAGain) {
  const Bytes good = test::OnnxFile(test::BlurModel());
  const Plane<float> picture = Picture(5, 4);
  // Of the weights, which are most of the file, one byte in 16.
  for (std::size_t at = 0; at < good.size(); at += at < 200 || at + 500 > good.size() ? 1U : 16U) {
    Bytes damaged = good;
    damaged[at] ^= 0x15;
    const auto opened = OpenGainModel(damaged, {});
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::kModelFailed) << at;
      continue;
    }
    const Plane<float> thumbnail(16, 16, 3);
    const auto stops = opened->run({picture.view(), thumbnail.view()}, {});
    if (!stops) {
      EXPECT_EQ(stops.error().code, ErrorCode::kModelFailed) << at;
    }
  }
}

TEST(GainModel, ContractIsChecked) {
  struct Row {
    std::string key;
    std::string value;  ///< "-": the property is taken away
    std::string message;
  };
  const Row rows[] = {
      {"contract", "-", "expected \"gain-map/1\", found nothing"},
      {"contract", "gain-map/2", "found \"gain-map/2\""},
      {"name", "-", "expected a name"},
      {"name", "", "expected a name"},
      {"name", "../../x", "expected a name"},
      {"name", "bright", "expected a name"},
      {"peak_stops", "-", "expected stops above 0"},
      {"peak_stops", "0", "expected stops above 0"},
      {"peak_stops", "nan", "expected stops above 0"},
      {"peak_stops", "2.3x", "expected stops above 0"},
      {"peak_stops", "11", "expected stops above 0"},
      {"base_scale", "-", "from 1 to 2"},
      {"base_scale", "3", "from 1 to 2"},
      {"multiple", "-", "from 1 to 64"},
      {"multiple", "0", "from 1 to 64"},
      {"multiple", "99999999999", "from 1 to 64"},
      {"apron", "-2", "from 0 to 256"},
      {"apron", "3", "an even multiple"},
      {"thumbnail", "8", "from 16 to 1024"},
      {"thumbnail", "256", "thumbnail"},  // the model has no such input
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.key + " = " + row.value);
    test::OnnxModel model = test::MixModel();
    const std::string key = "hdr_process." + row.key;
    if (row.value == "-") {
      model.properties.erase(key);
    } else {
      model.properties[key] = row.value;
    }
    const auto opened = Open(model);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kModelFailed);
    EXPECT_THAT(opened.error().where + ": " + opened.error().message, HasSubstr(row.message));
  }
}

TEST(GainModel, PortsAreChecked) {
  const auto message = [](const test::OnnxModel& model) {
    const auto opened = Open(model);
    return opened ? std::string("opened") : opened.error().where + ": " + opened.error().message;
  };
  test::OnnxModel model = test::MixModel();
  model.nodes[0].outputs[0] = model.outputs[0].name = "map";
  EXPECT_THAT(message(model), HasSubstr("gain: expected a tensor of this name, found map"));

  model = test::MixModel();
  model.nodes[0].inputs[0] = model.inputs[0].name = "x";
  EXPECT_THAT(message(model), HasSubstr("image: expected a tensor of this name, found x"));

  model = test::MixModel();
  model.inputs[0].shape = {1, 3, 64, 64};
  EXPECT_THAT(
      message(model),
      HasSubstr(
          "image: expected float32 of 1 x 3 x free x free, found float32 of 1 x 3 x 64 x 64"));

  model = test::MixModel();
  model.nodes = {{"Cast", {"image"}, {"wide"}, {}, {{"to", test::kOnnxFloat}}},
                 {.op = "Conv", .inputs = {"wide", "w"}, .outputs = {"gain"}}};
  model.inputs[0].type = test::kOnnxFloat16;
  EXPECT_THAT(message(model),
              HasSubstr("image: expected float32 of 1 x 3 x free x free, found another type"));

  model = test::ThumbnailModel();
  model.properties.erase("hdr_process.thumbnail");
  EXPECT_THAT(message(model), HasSubstr("inputs: expected image alone, found 2"));
}

}  // namespace
}  // namespace hdrp
