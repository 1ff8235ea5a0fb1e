// Small ONNX files made at test time: a protobuf writer that knows the few messages it takes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace hdrp::test {

inline constexpr int kOnnxFloat = 1;
inline constexpr int kOnnxFloat16 = 10;

struct OnnxPort {
  std::string name;
  std::vector<std::int64_t> shape;  ///< -1: free
  int type = kOnnxFloat;
};
struct OnnxTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  std::string external = {};  ///< the name of a file that holds them instead
};
struct OnnxNode {
  std::string op;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::vector<std::int64_t>> attributes = {};  ///< lists of whole numbers
  std::map<std::string, std::int64_t> numbers = {};                  ///< single ones
};
struct OnnxModel {
  std::vector<OnnxNode> nodes;
  std::vector<OnnxTensor> tensors;
  std::vector<OnnxPort> inputs, outputs;
  std::map<std::string, std::string> properties;
};

/// Opset 17.
[[nodiscard]] Bytes OnnxFile(const OnnxModel& model);

/// Properties that keep the contract: name "tiny", peak 2 stops, no reduction, any size, no tiles.
[[nodiscard]] std::map<std::string, std::string> TinyProperties();

/// gain = (R + 2 G + B) / 4.
[[nodiscard]] OnnxModel MixModel();

/// Three 3x3 convolutions with zero padding: what a pixel sees reaches 3 px far. Apron 4.
[[nodiscard]] OnnxModel BlurModel();

/// gain = MixModel's, times the mean of a thumbnail of side 16.
[[nodiscard]] OnnxModel ThumbnailModel();

}  // namespace hdrp::test
