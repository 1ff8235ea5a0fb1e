#include "support/onnx_file.h"

#include <bit>
#include <string_view>

namespace hdrp::test {
namespace {

/// One protobuf message in the making. Field numbers are those of onnx.proto.
class Message {
 public:
  Message& Number(unsigned field, std::int64_t value) {
    Varint(field << 3U);
    Varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& Text(unsigned field, std::string_view text) {
    Varint(field << 3U | 2U);
    Varint(text.size());
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  Message& Sub(unsigned field, const Message& message) {
    return Text(field, AsText(message.bytes_));
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80U));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  Bytes bytes_;
};

[[nodiscard]] Message PortMessage(const OnnxPort& port) {
  Message shape;
  for (const std::int64_t side : port.shape) {
    Message dimension;
    if (side < 0) {
      dimension.Text(2, "free");
    } else {
      dimension.Number(1, side);
    }
    shape.Sub(1, dimension);
  }
  Message tensor;
  tensor.Number(1, port.type).Sub(2, shape);
  return Message().Text(1, port.name).Sub(2, Message().Sub(1, tensor));
}

[[nodiscard]] Message TensorMessage(const OnnxTensor& tensor) {
  Message message;
  for (const std::int64_t side : tensor.shape) message.Number(1, side);
  message.Number(2, kOnnxFloat).Text(8, tensor.name);
  if (!tensor.external.empty()) {
    constexpr int kExternal = 1;
    message.Sub(13, Message().Text(1, "location").Text(2, tensor.external));
    return message.Number(14, kExternal);
  }
  std::string raw;
  for (const float value : tensor.values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8)
      raw.push_back(static_cast<char>(bits >> shift & 0xFFU));
  }
  return message.Text(9, raw);
}

[[nodiscard]] Message NodeMessage(const OnnxNode& node) {
  constexpr int kInt = 2;
  constexpr int kInts = 7;
  Message message;
  for (const std::string& input : node.inputs) message.Text(1, input);
  for (const std::string& output : node.outputs) message.Text(2, output);
  message.Text(4, node.op);
  for (const auto& [name, values] : node.attributes) {
    Message attribute;
    attribute.Text(1, name);
    for (const std::int64_t value : values) attribute.Number(8, value);
    message.Sub(5, attribute.Number(20, kInts));
  }
  for (const auto& [name, value] : node.numbers) {
    message.Sub(5, Message().Text(1, name).Number(3, value).Number(20, kInt));
  }
  return message;
}

/// Values of no pattern, of both signs, small enough that three layers stay within 0..1.
[[nodiscard]] std::vector<float> Weights(std::size_t count, unsigned seed) {
  std::vector<float> weights;
  std::uint32_t state = seed;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    weights.push_back(static_cast<float>(state >> 16U) / 65536.0F * 0.14F - 0.02F);
  }
  return weights;
}

}  // namespace

Bytes OnnxFile(const OnnxModel& model) {
  Message graph;
  for (const OnnxNode& node : model.nodes) graph.Sub(1, NodeMessage(node));
  graph.Text(2, "graph");
  for (const OnnxTensor& tensor : model.tensors) graph.Sub(5, TensorMessage(tensor));
  for (const OnnxPort& port : model.inputs) graph.Sub(11, PortMessage(port));
  for (const OnnxPort& port : model.outputs) graph.Sub(12, PortMessage(port));
  Message file;
  file.Number(1, 8).Sub(7, graph).Sub(8, Message().Number(2, 17));
  for (const auto& [key, value] : model.properties) {
    file.Sub(14, Message().Text(1, key).Text(2, value));
  }
  return file.bytes();
}

std::map<std::string, std::string> TinyProperties() {
  return {{"hdr_process.contract", "gain-map/1"},
          {"hdr_process.name", "tiny"},
          {"hdr_process.peak_stops", "2"},
          {"hdr_process.base_scale", "1"},
          {"hdr_process.multiple", "1"}};
}

OnnxModel MixModel() {
  return {.nodes = {{.op = "Conv", .inputs = {"image", "w"}, .outputs = {"gain"}}},
          .tensors = {{"w", {1, 3, 1, 1}, {0.25F, 0.5F, 0.25F}}},
          .inputs = {{"image", {1, 3, -1, -1}}},
          .outputs = {{"gain", {1, 1, -1, -1}}},
          .properties = TinyProperties()};
}

OnnxModel BlurModel() {
  OnnxModel model = MixModel();
  const std::map<std::string, std::vector<std::int64_t>> padding = {{"pads", {1, 1, 1, 1}}};
  model.nodes = {{"Conv", {"image", "w0"}, {"f0"}, padding, {}},
                 {"Conv", {"f0", "w1"}, {"f1"}, padding, {}},
                 {"Conv", {"f1", "w2"}, {"gain"}, padding, {}}};
  model.tensors = {{"w0", {4, 3, 3, 3}, Weights(108, 1)},
                   {"w1", {4, 4, 3, 3}, Weights(144, 2)},
                   {"w2", {1, 4, 3, 3}, Weights(36, 3)}};
  model.properties["hdr_process.apron"] = "4";
  return model;
}

OnnxModel ThumbnailModel() {
  OnnxModel model = MixModel();
  model.nodes = {{.op = "Conv", .inputs = {"image", "w"}, .outputs = {"mix"}},
                 {"ReduceMean", {"thumbnail"}, {"mean"}, {{"axes", {1, 2, 3}}}, {{"keepdims", 1}}},
                 {.op = "Mul", .inputs = {"mix", "mean"}, .outputs = {"gain"}}};
  model.inputs.push_back({"thumbnail", {1, 3, 16, 16}});
  model.properties["hdr_process.thumbnail"] = "16";
  return model;
}

}  // namespace hdrp::test
