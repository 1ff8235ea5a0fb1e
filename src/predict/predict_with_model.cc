#include "predict/predict_with_model.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "metadata/digest.h"
#include "predict/area_reducer.h"
#include "predict/bicubic.h"
#include "predict/gain_model.h"
#include "predict/guided_upsample.h"
#include "predict/map_size.h"

namespace hdrp {
namespace {

/// A model that cannot be tiled sees at most this long an edge: its memory grows with the area.
constexpr int kMaxUntiledEdge = 1024;

[[nodiscard]] Expected<GainModel> Opened(ByteView file, const std::string& family,
                                         const Parallelism& parallelism) {
  HDRP_ASSIGN_OR_RETURN(GainModel model, OpenGainModel(file, parallelism));
  const std::string& name = model.contract.name;
  if (!family.empty() && name != family && !name.starts_with(family + "-")) {
    return Fail(ErrorCode::kModelFailed, "", "expected the model {}, found {}", family, name);
  }
  return model;
}

/// What the model sees of the base, and how it comes about.
struct LocalSize {
  RasterSize size;
  bool halved = false;  ///< by bicubic interpolation; else by area, or not at all
};

[[nodiscard]] LocalSize LocalSizeOf(RasterSize base, const GainModelContract& contract, int cap) {
  const int scale = contract.base_scale;
  const RasterSize native{(base.width + scale - 1) / scale, (base.height + scale - 1) / scale};
  const int edge = std::max(native.width, native.height);
  if (cap == 0 || edge <= cap) return {native, scale == 2};
  const auto reduced = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * cap / edge)));
  };
  return {{reduced(native.width), reduced(native.height)}, false};
}

/// Codes in 0..1, three channels; grey repeats.
[[nodiscard]] Plane<float> AsColour(PlaneView<const float> samples) {
  Plane<float> colour(samples.width, samples.height, 3);
  const int last = samples.channels - 1;
  for (int y = 0; y < samples.height; ++y) {
    for (int x = 0; x < samples.width; ++x) {
      for (int c = 0; c < 3; ++c) colour.view().At(x, y, c) = samples.At(x, y, std::min(c, last));
    }
  }
  return colour;
}

[[nodiscard]] Plane<float> Scaled(PlaneView<const std::uint8_t> codes) {
  Plane<float> scaled(codes.width, codes.height, codes.channels);
  for (int y = 0; y < codes.height; ++y) {
    std::ranges::transform(codes.RowSpan(y), scaled.Row(y),
                           [](std::uint8_t code) { return static_cast<float>(code) / 255.0F; });
  }
  return scaled;
}

/// CodedLuma of codes that are floats already.
[[nodiscard]] Plane<float> LumaOf(PlaneView<const float> colour) {
  Plane<float> luma(colour.width, colour.height);
  for (int y = 0; y < colour.height; ++y) {
    for (int x = 0; x < colour.width; ++x) {
      luma.Row(y)[x] = 0.2126F * colour.At(x, y, 0) + 0.7152F * colour.At(x, y, 1) +
                       0.0722F * colour.At(x, y, 2);
    }
  }
  return luma;
}

struct SmallEdit {
  Plane<float> local, thumbnail;  ///< 0..1, three channels
  EditForGuards for_guards;
};

/// The thumbnail ignores the aspect: averaged by area where the edit is larger, bicubic where it is
/// smaller.
[[nodiscard]] Expected<SmallEdit> ReadSmallEdit(const EditJpeg& edit,
                                                const GainModelContract& contract,
                                                const LocalSize& local,
                                                const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader, OpenEditRows(edit, resources));
  const RasterSize size{reader.width(), reader.height()};
  const int channels = reader.channels();
  const int side = contract.thumbnail.value_or(1);
  GuardsWatch watch(size, channels, PredictedMapSize(size));
  AreaReducer thumbnail(size, channels, {std::min(size.width, side), std::min(size.height, side)});
  std::optional<AreaReducer> averaged;
  std::optional<BicubicReducer> halved;
  if (local.halved) {
    halved.emplace(size, channels, local.size);
  } else {
    averaged.emplace(size, channels, local.size);
  }
  HDRP_RETURN_IF_ERROR(ForEachEditRow(reader, edit, [&](const std::uint8_t* row) {
    watch.AddRow(row);
    thumbnail.AddRow(row);
    if (averaged) averaged->AddRow(row);
    if (halved) halved->AddRow(row);
  }));
  return SmallEdit{
      AsColour(halved ? halved->Take().view() : Scaled(averaged->Take().view()).view()),
      AsColour(BicubicResized(thumbnail.Take().view(), {side, side}).view()), watch.Take()};
}

[[nodiscard]] Plane<float> AtMapSize(Plane<float> gain, const SmallEdit& edit) {
  const RasterSize map{edit.for_guards.luma.width(), edit.for_guards.luma.height()};
  if (gain.width() == map.width && gain.height() == map.height) return gain;
  if (gain.width() >= map.width && gain.height() >= map.height) {
    return Resized(gain.view(), map.width, map.height);
  }
  return GuidedUpsampled(gain.view(), LumaOf(edit.local.view()).view(),
                         edit.for_guards.luma.view());
}

}  // namespace

Expected<ModelGain> PredictWithModel(const EditJpeg& edit, const ModelChoice& choice, ByteView file,
                                     const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(const GainModel model, Opened(file, choice.family, resources.parallelism));
  const GainModelContract& contract = model.contract;
  const LocalSize local = LocalSizeOf({edit.width(), edit.height()}, contract, choice.max_edge);
  if (!contract.apron && std::max(local.size.width, local.size.height) > kMaxUntiledEdge) {
    return Fail(ErrorCode::kBadArgument, "--model-resolution",
                "expected 512 or 1024: {} cannot be run in tiles, and {} x {} is too large for one",
                contract.name, local.size.width, local.size.height);
  }
  HDRP_ASSIGN_OR_RETURN(SmallEdit small, ReadSmallEdit(edit, contract, local, resources));
  HDRP_ASSIGN_OR_RETURN(Plane<float> gain, model.run({small.local.view(), small.thumbnail.view()},
                                                     resources.parallelism));
  return ModelGain{{AtMapSize(std::move(gain), small)},
                   std::move(small.for_guards),
                   contract.name,
                   {Sha256Hex(file), local.size.width, local.size.height}};
}

}  // namespace hdrp
