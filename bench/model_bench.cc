// model_bench ours MODEL WIDTH HEIGHT THREADS    the predictor's stage: open, run (tiles, if it
// takes them) model_bench bare MODEL WIDTH HEIGHT THREADS    the same tensors by ONNX Runtime
// itself, options untouched
//                                                but for the threads
// model_bench run MODEL WIDTH HEIGHT THREADS IN OUT
//     raw float32 to raw float32, native byte order: image (height x width x 3), thumbnail (side x
//     side x 3) where the model has one -> gain in stops (height x width)
#include <onnxruntime_cxx_api.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/file.h"
#include "predict/gain_model.h"
#include "predict/model_tiles.h"

namespace hdrp {
namespace {

struct Job {
  std::string model;
  int width = 0, height = 0, threads = 0;
};

[[noreturn]] void Die(const std::string& message) {
  std::fprintf(stderr, "model_bench: %s\n", message.c_str());
  std::exit(1);
}

[[nodiscard]] Bytes ModelBytes(const Job& job) {
  Limits limits;
  limits.max_file_bytes = kMaxModelBytes;
  Expected<Bytes> bytes = ReadFile(job.model, limits);
  if (!bytes) Die(bytes.error().message);
  return *std::move(bytes);
}

[[nodiscard]] Plane<float> Pattern(int width, int height) {
  Plane<float> plane(width, height, 3);
  std::uint32_t state = 1;
  for (int y = 0; y < height; ++y) {
    for (float& sample : plane.view().RowSpan(y)) {
      state = state * 1664525U + 1013904223U;
      sample = static_cast<float>(state >> 24U) / 255.0F;
    }
  }
  return plane;
}

[[nodiscard]] Plane<float> Ours(const Job& job, const Plane<float>& image,
                                const Plane<float>& thumbnail) {
  const Parallelism parallelism{.threads = job.threads, .stop = {}};
  const Expected<GainModel> model = OpenGainModel(ModelBytes(job), parallelism);
  if (!model) Die(model.error().where + ": " + model.error().message);
  Expected<Plane<float>> stops = model->run({image.view(), thumbnail.view()}, parallelism);
  if (!stops) Die(stops.error().message);
  return *std::move(stops);
}

void Bare(const Job& job, const Plane<float>& image, const Plane<float>& thumbnail) {
  const Ort::Env environment(ORT_LOGGING_LEVEL_ERROR);
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(job.threads);
  const Bytes file = ModelBytes(job);
  Ort::Session session(environment, file.data(), file.size(), options);
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  std::vector<std::vector<float>> tensors;
  std::vector<Ort::Value> inputs;
  for (const Plane<float>* plane : {&image, &thumbnail}) {
    const std::int64_t shape[] = {1, 3, plane->height(), plane->width()};
    tensors.push_back(PlanarTensor(plane->view(), 0, 0, {plane->width(), plane->height()}));
    inputs.push_back(Ort::Value::CreateTensor<float>(memory, tensors.back().data(),
                                                     tensors.back().size(), shape, 4));
  }
  const char* const names[] = {"image", "thumbnail"};
  const char* const gain = "gain";
  (void)session.Run(Ort::RunOptions{}, names, inputs.data(), session.GetInputCount(), &gain, 1);
}

/// Raw samples as planes, whatever is missing as 0.
void RunRaw(const Job& job, const char* in, const char* out) {
  std::ifstream file(in, std::ios::binary);
  const std::string raw{std::istreambuf_iterator<char>(file), {}};
  std::size_t at = 0;
  const auto take = [&](Plane<float>& plane) {
    const std::size_t row = static_cast<std::size_t>(plane.width()) * 3 * sizeof(float);
    for (int y = 0; y < plane.height() && at + row <= raw.size(); ++y, at += row) {
      std::memcpy(plane.Row(y), raw.data() + at, row);
    }
  };
  Plane<float> image(job.width, job.height, 3);
  Plane<float> thumbnail(256, 256, 3);
  take(image);
  take(thumbnail);
  if (at != raw.size()) Die("the input's size fits neither image nor image and thumbnail");
  const Plane<float> stops = Ours(job, image, thumbnail);
  std::ofstream result(out, std::ios::binary);
  for (int y = 0; y < stops.height(); ++y) {
    result.write(
        reinterpret_cast<const char*>(stops.Row(y)),
        static_cast<std::streamsize>(static_cast<std::size_t>(stops.width()) * sizeof(float)));
  }
  if (!result.flush()) Die("cannot write the output");
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: model_bench ours|bare|run MODEL WIDTH HEIGHT THREADS [IN OUT]\n");
    return 2;
  }
  const hdrp::Job job{argv[2], std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5])};
  const std::string verb = argv[1];
  if (verb == "run" && argc == 8) {
    hdrp::RunRaw(job, argv[6], argv[7]);
    return 0;
  }
  const hdrp::Plane<float> image = hdrp::Pattern(job.width, job.height);
  const hdrp::Plane<float> thumbnail = hdrp::Pattern(256, 256);
  if (verb == "ours") (void)hdrp::Ours(job, image, thumbnail);
  if (verb == "bare") hdrp::Bare(job, image, thumbnail);
  return 0;
}
