// A learned predictor: an ONNX file that keeps the contract "gain-map/1" (docs/models.md). The only
// door to ONNX Runtime.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"
#include "base/rows.h"
#include "predict/gain_model_contract.h"

namespace hdrp {

/// What a model looks at: coded RGB in 0..1, three interleaved channels, stored raster.
struct GainModelInput {
  PlaneView<const float> image;      ///< the base at the local size, any size
  PlaneView<const float> thumbnail;  ///< side x side where the contract has one; else unused
};

/// An opened model. `run` gives the gain in stops, one channel, of the image's size: at least 0 and
/// at most peak_stops. A model with an apron is run in tiles that overlap by it, so that memory is
/// bounded; the result is that of the whole picture. It does not depend on the thread count.
/// model_failed where the runtime fails or the output is of the wrong size or not finite;
/// interrupted or timeout on request.
struct GainModel {
  GainModelContract contract;
  std::function<Expected<Plane<float>>(const GainModelInput&, const Parallelism&)> run;
};

/// Larger model files are refused unread.
inline constexpr std::uint64_t kMaxModelBytes = 1ULL << 30;

/// Opens the model in `file`, which need not outlive the call; `parallelism.threads` is what it
/// will run on. model_failed where the bytes are no ONNX model or do not keep the contract. Defined
/// by predict/gain_model.cc, and in the program in its place by module/load_models.cc.
[[nodiscard]] Expected<GainModel> OpenGainModel(ByteView file, const Parallelism& parallelism);

}  // namespace hdrp
