// Predictive Mode by models: small ones made here, in the flow and in the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "metadata/digest.h"
#include "package/png_write.h"
#include "predict/curve_grid.h"
#include "predict/predict_gain.h"
#include "support/corpus.h"
#include "support/onnx_file.h"
#include "support/program.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ModelFlow : public ::testing::Test {
 protected:
  [[nodiscard]] std::string Save(const std::string& name, const test::OnnxModel& model) {
    test::WriteWhole(folder_ / name, test::OnnxFile(model));
    return (folder_ / name).string();
  }
  [[nodiscard]] std::string SaveEdit(int width, int height) {
    const std::string path = (folder_ / "edit.jpg").string();
    test::WriteWhole(path, Edit(width, height));
    return path;
  }
  [[nodiscard]] static Bytes Edit(int width, int height) {
    return test::SdrJpeg(test::MakeScene(width, height).sdr.view(), {});
  }
  [[nodiscard]] test::ProgramRun Run(std::vector<std::string> more) {
    std::vector<std::string> command = {test::OurProgram(),
                                        "--img",
                                        (folder_ / "edit.jpg").string(),
                                        "--out",
                                        (folder_ / "out").string() + "/",
                                        "--force"};
    command.insert(command.end(), more.begin(), more.end());
    return test::RunProgram(command);
  }
  [[nodiscard]] static Options With(const std::string& path, int max_edge = kDefaultModelEdge) {
    Options options;
    options.predict.model = {.path = path, .family = {}, .max_edge = max_edge};
    return options;
  }
  test::ScratchFolder folder_;
};

TEST_F(ModelFlow, TheReportNamesTheModel) {
  const std::string path = Save("m.onnx", test::MixModel());
  const Result result = test::MustProcess(test::MakeRequest(Edit(801, 603), {}, With(path)));
  EXPECT_EQ(result.report.predicted->predictor, "tiny");
  ASSERT_TRUE(result.report.predicted->model);
  EXPECT_EQ(result.report.predicted->model->sha256, Sha256Hex(test::OnnxFile(test::MixModel())));
  EXPECT_EQ(result.report.predicted->model->width, 512);
  EXPECT_EQ(result.report.predicted->model->height, 385);
  EXPECT_GT(result.report.metadata.alternate_hdr_headroom, 1.5);
  EXPECT_LE(result.report.metadata.alternate_hdr_headroom, 2.0);
}

TEST_F(ModelFlow, ResolutionIsWhatWasAskedFor) {
  test::OnnxModel model = test::MixModel();
  model.properties["hdr_process.apron"] = "0";
  const std::string one = Save("one.onnx", model);
  model.properties["hdr_process.base_scale"] = "2";
  const std::string half = Save("half.onnx", model);
  const Bytes edit = Edit(1301, 401);
  const auto width = [&](const std::string& path, int edge) {
    return test::MustProcess(test::MakeRequest(edit, {}, With(path, edge)))
        .report.predicted->model->width;
  };
  EXPECT_EQ(width(one, 512), 512);
  EXPECT_EQ(width(one, 1024), 1024);
  EXPECT_EQ(width(one, 0), 1301);
  EXPECT_EQ(width(half, 512), 512);
  EXPECT_EQ(width(half, 1024), 651);
  EXPECT_EQ(width(half, 0), 651);
}

TEST_F(ModelFlow, TinyAndOddPicturesWork) {
  const std::string path = Save("t.onnx", test::ThumbnailModel());
  test::OnnxModel half = test::BlurModel();
  half.properties["hdr_process.base_scale"] = "2";
  half.properties["hdr_process.multiple"] = "2";
  const std::string blur = Save("b.onnx", half);
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 40}, {61, 63}, {300, 7}}) {
    SCOPED_TRACE(width);
    Plane<std::uint8_t> white(width, height, 3);
    for (int y = 0; y < height; ++y) std::ranges::fill(white.view().RowSpan(y), std::uint8_t{255});
    const Bytes edit = test::SdrJpeg(white.view(), {});
    for (const std::string& model : {path, blur}) {
      const Request request = test::MakeRequest(edit, {}, With(model));
      const Expected<EditJpeg> base = ReadEditJpeg(request.base, request.limits);
      ASSERT_TRUE(base);
      const Expected<PredictedGain> predicted =
          PredictGain(*base, request.options.predict, {request.limits, request.parallelism});
      ASSERT_TRUE(predicted) << predicted.error().message;
      const Plane<float>& stops = predicted->gain.stops;
      EXPECT_EQ(predicted->by.predictor, "tiny");
      EXPECT_LE(stops.width(), width);
      for (int y = 0; y < stops.height(); ++y) {
        for (const float gain : stops.view().RowSpan(y)) {
          ASSERT_GE(gain, 0);
          ASSERT_LE(gain, 2);
          // White under white: 2 stops, which the guard against lifting everything makes 1.2.
          if (model == path) {
            ASSERT_NEAR(gain, 1.2, 0.01);
          }
        }
      }
    }
  }
}

TEST_F(ModelFlow, ThreadsChangeNothing) {
  test::OnnxModel model = test::BlurModel();
  model.tensors[2].values.assign(36, 0.015F);  // within 0..1
  Request request = test::MakeRequest(Edit(1500, 1100), {}, With(Save("m.onnx", model), 0));
  request.parallelism.threads = 1;
  const Bytes one = test::MustProcess(request).ultra_hdr;
  for (const int threads : {2, 5}) {
    request.parallelism.threads = threads;
    EXPECT_EQ(test::MustProcess(request).ultra_hdr, one) << threads;
  }
}

TEST_F(ModelFlow, AModelThatCannotTileIsNotRunAtFullSize) {
  const std::string path = Save("m.onnx", test::MixModel());
  const Error error = test::MustFail(test::MakeRequest(Edit(1300, 60), {}, With(path, 0)));
  EXPECT_EQ(error.code, ErrorCode::kBadArgument);
  EXPECT_EQ(error.where, "--model-resolution");
}

TEST_F(ModelFlow, ADarkPredictionIsNoMap) {
  test::OnnxModel model = test::MixModel();
  model.tensors[0].values = {0.01F, 0, 0};
  const Error error =
      test::MustFail(test::MakeRequest(Edit(256, 192), {}, With(Save("m.onnx", model))));
  EXPECT_EQ(error.code, ErrorCode::kNoGainMap);
}

TEST_F(ModelFlow, TheProgramSaysNothingButItsOwn) {
  const std::string path = Save("m.onnx", test::ThumbnailModel());
  (void)SaveEdit(400, 300);
  const test::ProgramRun run = Run({"--model", path});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
  EXPECT_THAT(run.err, HasSubstr("predicted by tiny; verified"));
  EXPECT_THAT(run.out, IsEmpty());
  const Expected<Bytes> meta = ReadFile(folder_ / "out/edit_meta.json", {});
  ASSERT_TRUE(meta);
  const auto json = nlohmann::json::parse(*meta);
  EXPECT_EQ(json["predictor"], "tiny");
  EXPECT_EQ(json["model"]["sha256"], Sha256Hex(test::OnnxFile(test::ThumbnailModel())));
  EXPECT_THAT(std::string(AsText(*meta)), Not(HasSubstr("m.onnx")));
}

TEST_F(ModelFlow, BrokenModelsAreRefusedWithTheWayOut) {
  (void)SaveEdit(400, 300);
  const Bytes whole = test::OnnxFile(test::MixModel());
  test::WriteWhole(folder_ / "torn.onnx", {whole.begin(), whole.begin() + 40});
  const std::string text = "hello";
  test::WriteWhole(folder_ / "text.onnx", {text.begin(), text.end()});
  test::OnnxModel foreign = test::MixModel();
  foreign.properties.clear();
  (void)Save("foreign.onnx", foreign);
  for (const char* const name : {"torn.onnx", "text.onnx", "foreign.onnx"}) {
    const test::ProgramRun run = Run({"--model", (folder_ / name).string()});
    EXPECT_EQ(run.status, 8) << name;
    EXPECT_THAT(run.err, HasSubstr("model_failed")) << name;
    EXPECT_THAT(run.err, HasSubstr("--style highlights predicts without a model")) << name;
    EXPECT_LE(std::ranges::count(run.err, '\n'), 2) << run.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out/edit_gainmap.jpg"));
  }
  for (const std::string& path : {folder_.path().string(), (folder_ / "missing.onnx").string()}) {
    const test::ProgramRun run = Run({"--model", path});
    EXPECT_EQ(run.status, 2) << run.err;
    EXPECT_THAT(run.err, HasSubstr("bad_argument"));
  }
}

TEST_F(ModelFlow, InstalledModelIsUsedAndABrokenOneHeardOf) {
  (void)SaveEdit(400, 300);
  const std::string models = (folder_ / "models").string();
  std::filesystem::create_directory(models);
  const auto said = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {"--model-dir", models};
    all.insert(all.end(), more.begin(), more.end());
    const test::ProgramRun run = Run(all);
    return std::to_string(run.status) + ": " + run.err;
  };
  EXPECT_THAT(said({}), HasSubstr("predicted by phone"));
  test::OnnxModel model = test::MixModel();
  model.properties["hdr_process.name"] = "gmnet-real";
  (void)Save("models/gmnet-real.onnx", model);
  EXPECT_THAT(said({}), HasSubstr("predicted by gmnet-real"));
  EXPECT_THAT(said({"--model", "bright"}), HasSubstr("predicted by bright"));
  EXPECT_THAT(
      said({"--model", "gmnet=" + models + "/gmnet-real.onnx", "--gmnet-preset", "synthetic"}),
      HasSubstr("expected the model gmnet-synthetic, found gmnet-real"));
  (void)Save("models/gmnet-synthetic.onnx", model);  // the wrong file under this name
  EXPECT_THAT(said({"--gmnet-preset", "synthetic"}),
              HasSubstr("expected the model gmnet-synthetic"));
  model.properties["hdr_process.name"] = "mine";
  (void)Save("models/trained.onnx", model);
  EXPECT_THAT(said({}), HasSubstr("predicted by mine"));
  test::WriteWhole(folder_ / "models/trained.onnx", {1, 2, 3});
  EXPECT_THAT(said({}), HasSubstr("8: "));
  EXPECT_THAT(said({"--style", "highlights"}), HasSubstr("predicted by bright")) << "was asked for";
  const ByteView weights = ShippedWeights();
  test::WriteWhole(folder_ / "models/trained.weights", {weights.begin(), weights.end()});
  EXPECT_THAT(said({}), HasSubstr("predicted by phone"));
  test::WriteWhole(folder_ / "models/trained.weights", {weights.begin(), weights.end() - 1});
  EXPECT_THAT(said({}), HasSubstr("8: "));
}

// The reference's gain is what counts: a model that fails is heard of, and `bright` fills.
TEST_F(ModelFlow, ABrokenModelDoesNotStopAFill) {
  const Bytes original = test::OriginalJpeg(test::MakeScene(400, 300), {});
  test::WriteWhole(folder_ / "torn.weights", {'H', 'D', 'R', 'P', 'G', 'R', 'I', 'D'});
  Request request =
      test::MakeRequest(Edit(400, 300), original, With((folder_ / "torn.weights").string()));
  Plane<std::uint8_t> mask(40, 30);
  for (int y = 10; y < 20; ++y) std::ranges::fill(mask.view().RowSpan(y), std::uint8_t{255});
  request.mask = InputFile{"mask.png", *EncodePng(mask.view())};
  const Result result = test::MustProcess(request);
  EXPECT_THAT(result.report.warnings, testing::Contains(HasSubstr("filled by bright instead")));
}

}  // namespace
}  // namespace hdrp
