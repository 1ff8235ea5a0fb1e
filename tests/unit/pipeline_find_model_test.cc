#include <gtest/gtest.h>

#include "pipeline/find_model.h"
#include "support/program.h"

namespace hdrp {
namespace {

TEST(FindModel, InstalledModelsAreTheDefault) {
  const test::ScratchFolder folder;
  const auto found = [&](const std::optional<std::string>& preset = std::nullopt) {
    const Expected<ModelChoice> choice =
        FindModel({.model = "", .folder = folder.path(), .preset = preset});
    return choice ? std::filesystem::path(choice->path).filename().string()
                  : choice.error().message;
  };
  EXPECT_EQ(found(), "");
  test::WriteWhole(folder / "gmnet-synthetic.onnx", {1});
  EXPECT_EQ(found(), "");
  EXPECT_EQ(found("synthetic"), "gmnet-synthetic.onnx");
  test::WriteWhole(folder / "gmnet-real.onnx", {1});
  EXPECT_EQ(found(), "gmnet-real.onnx");
  test::WriteWhole(folder / "trained.onnx", {1});
  EXPECT_EQ(found("synthetic"), "trained.onnx");
  test::WriteWhole(folder / "trained.weights", {1});
  EXPECT_EQ(found(), "trained.weights");
  const auto bright =
      FindModel({.model = "bright", .folder = folder.path(), .preset = std::nullopt});
  ASSERT_TRUE(bright);
  EXPECT_EQ(bright->path, "");
  EXPECT_TRUE(bright->bright);
}

TEST(FindModel, NamedModelsAreTakenAsTheyAre) {
  const auto plain = FindModel({.model = "some/model.onnx", .folder = {}, .preset = "real"});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->path, "some/model.onnx");
  EXPECT_EQ(plain->family, "");
  const auto gmnet = FindModel({.model = "gmnet=a=b.onnx", .folder = {}, .preset = std::nullopt});
  ASSERT_TRUE(gmnet);
  EXPECT_EQ(gmnet->path, "a=b.onnx");
  EXPECT_EQ(gmnet->family, "gmnet");
  EXPECT_EQ(FindModel({.model = "gmnet=x", .folder = {}, .preset = "synthetic"})->family,
            "gmnet-synthetic");
  const auto nothing = FindModel({.model = "gmnet=", .folder = {}, .preset = std::nullopt});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::kBadArgument);
}

}  // namespace
}  // namespace hdrp
