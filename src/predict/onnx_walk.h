// A look into an ONNX file before the runtime sees it.
#pragma once

#include "base/bytes.h"

namespace hdrp {

/// True where a tensor anywhere in the model says that its data lies in another file (onnx.proto,
/// TensorProto.data_location and external_data), or where graphs nest more than 32 deep. ONNX
/// Runtime would open whatever path stands there. Bytes that are no ONNX file give false: the
/// runtime refuses those.
[[nodiscard]] bool NamesOtherFiles(ByteView onnx);

}  // namespace hdrp
