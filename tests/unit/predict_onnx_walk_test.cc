#include <gtest/gtest.h>

#include "predict/onnx_walk.h"
#include "support/onnx_file.h"

namespace hdrp {
namespace {

/// A length-delimited field of fewer than 2^14 bytes, its length in two bytes.
[[nodiscard]] Bytes Field(unsigned number, const Bytes& content) {
  Bytes field;
  const unsigned tag = number << 3U | 2U;
  if (tag >= 128) field.push_back(static_cast<std::uint8_t>(tag | 0x80U));
  field.push_back(static_cast<std::uint8_t>(tag >= 128 ? tag >> 7U : tag));
  field.push_back(static_cast<std::uint8_t>(content.size() | 0x80U));
  field.push_back(static_cast<std::uint8_t>(content.size() >> 7U));
  field.insert(field.end(), content.begin(), content.end());
  return field;
}

[[nodiscard]] Bytes Joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Bytes kElsewhere = {14 << 3, 1};  // TensorProto.data_location = EXTERNAL

TEST(OnnxWalk, WholeModelsNameNoOthers) {
  EXPECT_FALSE(NamesOtherFiles(test::OnnxFile(test::BlurModel())));
  EXPECT_FALSE(NamesOtherFiles(test::OnnxFile(test::ThumbnailModel())));
  EXPECT_FALSE(NamesOtherFiles({}));
  EXPECT_FALSE(NamesOtherFiles(AsBytes("some text that is no model")));
}

TEST(OnnxWalk, TensorsAreFoundWhereverTheyLie) {
  EXPECT_TRUE(NamesOtherFiles(Field(7, Field(5, kElsewhere))));                      // initializer
  EXPECT_TRUE(NamesOtherFiles(Field(7, Field(5, Field(13, {})))));                   // its place
  EXPECT_TRUE(NamesOtherFiles(Field(7, Field(15, Field(1, kElsewhere)))));           // sparse
  EXPECT_TRUE(NamesOtherFiles(Field(7, Field(1, Field(5, Field(5, kElsewhere))))));  // constant
  EXPECT_TRUE(NamesOtherFiles(
      Field(7, Field(1, Field(5, Field(6, Field(5, kElsewhere)))))));                 // in a branch
  EXPECT_TRUE(NamesOtherFiles(Field(25, Field(7, Field(5, Field(5, kElsewhere))))));  // function
  EXPECT_TRUE(NamesOtherFiles(Field(20, Field(1, Field(5, kElsewhere)))));            // training
  EXPECT_FALSE(NamesOtherFiles(Field(7, Field(11, kElsewhere))));  // an input is no tensor
}

TEST(OnnxWalk, AGroupHidesNothing) {
  const Bytes group = {0xA3, 0x06, 0xA4, 0x06};  // field 100, begin and end
  EXPECT_TRUE(NamesOtherFiles(Joined(group, Field(7, Joined(group, Field(5, kElsewhere))))));
}

TEST(OnnxWalk, DepthIsBounded) {
  Bytes graph;
  for (int level = 0; level < 30; ++level) graph = Field(1, Field(5, Field(6, graph)));
  EXPECT_FALSE(NamesOtherFiles(Field(7, graph)));
  for (int level = 0; level < 10; ++level) graph = Field(1, Field(5, Field(6, graph)));
  EXPECT_TRUE(NamesOtherFiles(Field(7, graph)));
}

}  // namespace
}  // namespace hdrp
