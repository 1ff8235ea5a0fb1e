#include "predict/gain_model.h"

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/formatted.h"
#include "base/silenced_stderr.h"
#include "predict/model_tiles.h"
#include "predict/onnx_walk.h"

namespace hdrp {
namespace {

constexpr std::string_view kStage = "predict";
constexpr const char* kImage = "image";
constexpr const char* kThumbnail = "thumbnail";
constexpr const char* kGain = "gain";

[[nodiscard]] std::unexpected<Error> Refuse(std::string_view where, std::string_view message) {
  return Fail(ErrorCode::kModelFailed, where, "{}", message);
}

void SayNothing(void*, OrtLoggingLevel, const char*, const char*, const char*, const char*) {}

/// One for the process, never destroyed: its library's own statics may be gone before ours.
[[nodiscard]] Ort::Env& Environment() {
  static Ort::Env* const environment = [] {
    auto made =
        std::make_unique<Ort::Env>(ORT_LOGGING_LEVEL_ERROR, "hdr-process", SayNothing, nullptr);
    made->DisableTelemetryEvents();
    return made.release();
  }();
  return *environment;
}

[[nodiscard]] Ort::SessionOptions OptionsFor(const Parallelism& parallelism) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(parallelism.threads == 0 ? cores : parallelism.threads);
  options.SetInterOpNumThreads(1);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  options.SetDeterministicCompute(true);
  options.AddConfigEntry("session.intra_op.allow_spinning", "0");
  return options;
}

/// A tensor of the model as its file declares it; free dimensions are -1.
struct Port {
  std::string name;
  std::vector<std::int64_t> shape;
  bool is_float = false;
};

[[nodiscard]] std::string Shown(const Port& port) {
  std::string shape;
  for (const std::int64_t side : port.shape) {
    shape +=
        Formatted("{}{}", shape.empty() ? "" : " x ", side < 0 ? "free" : std::to_string(side));
  }
  return Formatted("{} of {}", port.is_float ? "float32" : "another type",
                   shape.empty() ? "no dimensions" : shape);
}

[[nodiscard]] Port PortOf(const char* name, const Ort::TypeInfo& type) {
  Port port{name, {}, false};
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) return port;
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  port.is_float = tensor.GetElementType() == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
  port.shape = tensor.GetShape();
  return port;
}

[[nodiscard]] std::vector<Port> InputsOf(const Ort::Session& session) {
  Ort::AllocatorWithDefaultOptions allocator;
  std::vector<Port> ports;
  for (std::size_t i = 0; i < session.GetInputCount(); ++i) {
    ports.push_back(
        PortOf(session.GetInputNameAllocated(i, allocator).get(), session.GetInputTypeInfo(i)));
  }
  return ports;
}

[[nodiscard]] std::vector<Port> OutputsOf(const Ort::Session& session) {
  Ort::AllocatorWithDefaultOptions allocator;
  std::vector<Port> ports;
  for (std::size_t i = 0; i < session.GetOutputCount(); ++i) {
    ports.push_back(
        PortOf(session.GetOutputNameAllocated(i, allocator).get(), session.GetOutputTypeInfo(i)));
  }
  return ports;
}

/// The port is there, is float32, and each dimension is free or the wanted one; -1 wants a free
/// one.
[[nodiscard]] Expected<void> RequirePort(std::span<const Port> ports, std::string_view name,
                                         std::array<std::int64_t, 4> wanted) {
  const std::string where(name);
  const auto port = std::ranges::find(ports, name, &Port::name);
  if (port == ports.end()) {
    std::string names;
    for (const Port& other : ports) names += (names.empty() ? "" : ", ") + other.name;
    return Refuse(where, Formatted("expected a tensor of this name, found {}", names));
  }
  const bool fits =
      port->shape.size() == wanted.size() &&
      std::ranges::equal(port->shape, wanted, [](std::int64_t found, std::int64_t want) {
        return found < 0 || found == want;
      });
  if (port->is_float && fits) return {};
  return Refuse(
      where,
      Formatted("expected {}, found {}",
                Shown({.name = where, .shape = {wanted.begin(), wanted.end()}, .is_float = true}),
                Shown(*port)));
}

[[nodiscard]] Expected<void> RequirePorts(const Ort::Session& session,
                                          const GainModelContract& contract) {
  const std::vector<Port> inputs = InputsOf(session);
  const std::vector<Port> outputs = OutputsOf(session);
  HDRP_RETURN_IF_ERROR(RequirePort(inputs, kImage, {1, 3, -1, -1}));
  if (contract.thumbnail) {
    HDRP_RETURN_IF_ERROR(
        RequirePort(inputs, kThumbnail, {1, 3, *contract.thumbnail, *contract.thumbnail}));
  }
  HDRP_RETURN_IF_ERROR(RequirePort(outputs, kGain, {1, 1, -1, -1}));
  const std::size_t wanted = contract.thumbnail ? 2 : 1;
  if (inputs.size() != wanted) {
    return Refuse("inputs", Formatted("expected {}, found {}",
                                      contract.thumbnail ? "image and thumbnail" : "image alone",
                                      inputs.size()));
  }
  return {};
}

/// Tells a running model to end when the run has to: the runtime itself asks nobody.
class TerminateOnStop {
 public:
  TerminateOnStop(const StopCondition& stop, Ort::RunOptions& run) {
    if (!stop.token.stop_possible() && !stop.deadline) return;
    watcher_ = std::jthread([this, &stop, &run](const std::stop_token& done) {
      std::unique_lock lock(mutex_);
      while (!done.stop_requested()) {
        if (!stop.Check(kStage)) {
          run.SetTerminate();
          return;
        }
        waiting_.wait_for(lock, done, std::chrono::milliseconds(20), [] { return false; });
      }
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::jthread watcher_;  // last: ends before what it waits on
};

[[nodiscard]] Ort::Value TensorOf(std::vector<float>& samples, RasterSize size) {
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  const std::array<std::int64_t, 4> shape{1, 3, size.height, size.width};
  return Ort::Value::CreateTensor<float>(memory, samples.data(), samples.size(), shape.data(),
                                         shape.size());
}

/// Writes the kept part of a tile's output, as stops. model_failed where a sample is not finite.
[[nodiscard]] Expected<void> Keep(const float* gain, const ModelTile& tile, double peak_stops,
                                  PlaneView<float> stops) {
  const auto peak = static_cast<float>(peak_stops);
  const int end_y = std::min(tile.y + tile.kept.height, stops.height);
  const int end_x = std::min(tile.x + tile.kept.width, stops.width);
  for (int y = tile.y; y < end_y; ++y) {
    const float* from = gain + static_cast<std::ptrdiff_t>(y - tile.input_y) * tile.input.width;
    for (int x = tile.x; x < end_x; ++x) {
      const float value = from[x - tile.input_x];
      if (!std::isfinite(value)) {
        return Refuse(kGain, Formatted("expected finite samples, found {} at {}, {}", value, x, y));
      }
      stops.Row(y)[x] = std::clamp(value, 0.0F, 1.0F) * peak;
    }
  }
  return {};
}

struct OpenedModel {
  Ort::Session session;
  GainModelContract contract;
};

[[nodiscard]] Expected<Plane<float>> RunTiles(OpenedModel& model, const GainModelInput& input,
                                              const Parallelism& parallelism) {
  const GainModelContract& contract = model.contract;
  const RasterSize padded = PaddedSize({input.image.width, input.image.height}, contract);
  const int side = contract.thumbnail.value_or(1);
  std::vector<float> thumbnail;
  if (contract.thumbnail) thumbnail = PlanarTensor(input.thumbnail, 0, 0, {side, side});

  Ort::RunOptions run;
  const TerminateOnStop watch(parallelism.stop, run);
  Plane<float> stops(input.image.width, input.image.height);
  for (const ModelTile& tile : TilesOf(padded, contract)) {
    HDRP_RETURN_IF_ERROR(parallelism.stop.Check(kStage));
    std::vector<float> image = PlanarTensor(input.image, tile.input_x, tile.input_y, tile.input);
    std::vector<Ort::Value> inputs;
    inputs.push_back(TensorOf(image, tile.input));
    if (contract.thumbnail) inputs.push_back(TensorOf(thumbnail, {side, side}));
    const std::array names{kImage, kThumbnail};
    const std::vector<Ort::Value> outputs =
        model.session.Run(run, names.data(), inputs.data(), inputs.size(), &kGain, 1);
    const std::vector<std::int64_t> shape = outputs.at(0).GetTensorTypeAndShapeInfo().GetShape();
    if (shape != std::vector<std::int64_t>{1, 1, tile.input.height, tile.input.width}) {
      return Refuse(kGain, Formatted("expected 1 x 1 x {} x {}, found {}", tile.input.height,
                                     tile.input.width,
                                     Shown({.name = {}, .shape = shape, .is_float = true})));
    }
    HDRP_RETURN_IF_ERROR(
        Keep(outputs.at(0).GetTensorData<float>(), tile, contract.peak_stops, stops.view()));
  }
  return stops;
}

/// The first line of what the runtime says, without the place in its own source.
[[nodiscard]] std::string Reason(const Ort::Exception& error) {
  std::string text = error.what();
  text.resize(std::min(text.find('\n'), std::min<std::size_t>(text.size(), 300)));
  return text;
}

}  // namespace

Expected<GainModel> OpenGainModel(ByteView file, const Parallelism& parallelism) {
  const SilencedStderr silence;
  try {
    if (file.empty()) return Refuse("model", "expected an ONNX file, found an empty one");
    if (NamesOtherFiles(file)) {
      return Refuse("model",
                    "expected an ONNX file that holds its weights, found one that names others");
    }
    auto model = std::make_shared<OpenedModel>(
        Ort::Session(Environment(), file.data(), file.size(), OptionsFor(parallelism)),
        GainModelContract{});
    Ort::AllocatorWithDefaultOptions allocator;
    const Ort::ModelMetadata metadata = model->session.GetModelMetadata();
    const auto property = [&](std::string_view name) -> std::optional<std::string> {
      const auto value =
          metadata.LookupCustomMetadataMapAllocated(std::string(name).c_str(), allocator);
      return value ? std::optional<std::string>(value.get()) : std::nullopt;
    };
    HDRP_ASSIGN_OR_RETURN(model->contract, ReadGainModelContract(property));
    HDRP_RETURN_IF_ERROR(RequirePorts(model->session, model->contract));
    return GainModel{
        model->contract,
        [model](const GainModelInput& input, const Parallelism& running) -> Expected<Plane<float>> {
          try {
            return RunTiles(*model, input, running);
          } catch (const Ort::Exception& error) {
            // A run that was told to end fails too; then the reason is the telling.
            HDRP_RETURN_IF_ERROR(running.stop.Check(kStage));
            return Refuse(model->contract.name, "the model cannot be run: " + Reason(error));
          }
        }};
  } catch (const Ort::Exception& error) {
    return Refuse("model",
                  "expected an ONNX file that can be run, found otherwise: " + Reason(error));
  }
}

}  // namespace hdrp
