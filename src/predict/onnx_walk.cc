#include "predict/onnx_walk.h"

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

/// The messages of onnx.proto in which, at some depth, a tensor may lie.
enum class Kind : std::uint8_t {
  kModel,
  kGraph,
  kNode,
  kAttribute,
  kFunction,
  kTraining,
  kSparse,
  kTensor
};

/// What the field of a message holds; nullopt where no tensor can be in it. Numbers: onnx.proto.
[[nodiscard]] std::optional<Kind> KindOfField(Kind message, std::uint64_t field) {
  switch (message) {
    case Kind::kModel:
      if (field == 7) return Kind::kGraph;
      if (field == 20) return Kind::kTraining;
      if (field == 25) return Kind::kFunction;
      return std::nullopt;
    case Kind::kGraph:
      if (field == 1) return Kind::kNode;
      if (field == 5) return Kind::kTensor;
      if (field == 15) return Kind::kSparse;
      return std::nullopt;
    case Kind::kNode:
      if (field == 5) return Kind::kAttribute;
      return std::nullopt;
    case Kind::kAttribute:
      if (field == 5 || field == 10) return Kind::kTensor;
      if (field == 6 || field == 11) return Kind::kGraph;
      if (field == 22 || field == 23) return Kind::kSparse;
      return std::nullopt;
    case Kind::kFunction:
      if (field == 7) return Kind::kNode;
      if (field == 11) return Kind::kAttribute;
      return std::nullopt;
    case Kind::kTraining:
      if (field == 1 || field == 2) return Kind::kGraph;
      return std::nullopt;
    case Kind::kSparse:
      if (field == 1 || field == 2) return Kind::kTensor;
      return std::nullopt;
    case Kind::kTensor:
      return std::nullopt;
  }
  return std::nullopt;
}

[[nodiscard]] std::optional<std::uint64_t> Varint(ByteReader& reader) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::optional<std::uint8_t> byte = reader.U8();
    if (!byte) return std::nullopt;
    value |= static_cast<std::uint64_t>(*byte & 0x7FU) << shift;
    if (*byte < 0x80) return value;
  }
  return std::nullopt;
}

[[nodiscard]] bool Walk(ByteView message, Kind kind, int depth) {
  constexpr std::uint64_t kExternalData = 13;
  constexpr std::uint64_t kDataLocation = 14;
  constexpr int kMaxDepth = 3 * 32;  // graph, node, attribute
  if (depth > kMaxDepth) return true;
  ByteReader reader(message);
  while (const std::optional<std::uint64_t> tag = Varint(reader)) {
    const std::uint64_t field = *tag >> 3U;
    switch (*tag & 7U) {
      case 0: {
        const std::optional<std::uint64_t> value = Varint(reader);
        if (!value) return false;
        if (kind == Kind::kTensor && field == kDataLocation && *value != 0) return true;
        break;
      }
      case 1:
        if (!reader.Skip(8)) return false;
        break;
      case 2: {
        const std::optional<std::uint64_t> length = Varint(reader);
        if (!length || *length > reader.remaining()) return false;
        const std::optional<ByteView> content = reader.Read(static_cast<std::size_t>(*length));
        if (!content) return false;
        if (kind == Kind::kTensor && field == kExternalData) return true;
        const std::optional<Kind> inner = KindOfField(kind, field);
        if (inner && Walk(*content, *inner, depth + 1)) return true;
        break;
      }
      case 5:
        if (!reader.Skip(4)) return false;
        break;
      case 3:  // groups' beginnings and ends, which protobuf skips with what lies between
      case 4:
        break;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace

bool NamesOtherFiles(ByteView onnx) { return Walk(onnx, Kind::kModel, 0); }

}  // namespace hdrp
