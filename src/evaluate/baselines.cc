#include "evaluate/baselines.h"

#include <algorithm>
#include <utility>

#include "predict/area_reducer.h"
#include "predict/bright.h"

namespace hdrp {
namespace {

[[nodiscard]] Plane<float> Constant(PlaneView<const std::uint8_t> picture, double stops) {
  Plane<float> gain(picture.width, picture.height);
  for (int y = 0; y < picture.height; ++y) {
    std::ranges::fill(gain.view().RowSpan(y), static_cast<float>(stops));
  }
  return gain;
}

[[nodiscard]] Plane<float> Smoothstep(Plane<float> luma) {
  for (int y = 0; y < luma.height(); ++y) {
    for (float& sample : luma.view().RowSpan(y)) {
      sample = static_cast<float>(SmoothstepStops(static_cast<double>(sample)));
    }
  }
  return luma;
}

}  // namespace

std::string_view NameOf(Predictor predictor) {
  switch (predictor) {
    case Predictor::kIdentity:
      return "identity";
    case Predictor::kUniform:
      return "uniform";
    case Predictor::kSmoothstep:
      return "smoothstep";
    case Predictor::kBilateral:
      return "bilateral";
    case Predictor::kBright:
      return "bright";
    case Predictor::kChosen:
      return "chosen";
  }
  std::unreachable();
}

double SmoothstepStops(double coded_luma) {
  constexpr double kTopStops = 2;
  const double t = std::clamp((coded_luma - 0.5) / 0.5, 0.0, 1.0);
  return kTopStops * t * t * (3 - 2 * t);
}

Expected<Plane<float>> BaselineGain(Predictor predictor, PlaneView<const std::uint8_t> coded,
                                    const Parallelism& parallelism) {
  switch (predictor) {
    case Predictor::kIdentity:
      return Constant(coded, 0);
    case Predictor::kUniform:
      return Constant(coded, kUniformStops);
    case Predictor::kSmoothstep:
      return Smoothstep(CodedLuma(coded));
    case Predictor::kBilateral: {
      HDRP_ASSIGN_OR_RETURN(const Plane<float> luma,
                            BilateralLuma(CodedLuma(coded).view(), parallelism));
      BrightStyle style = kHighlightsStyle;
      style.max_mean_stops = style.q_stops;
      return BrightGain(luma.view(), style).stops;
    }
    case Predictor::kBright:
    case Predictor::kChosen:
      return Fail(ErrorCode::kInternal, "evaluate", "expected a baseline, found {}",
                  NameOf(predictor));
  }
  std::unreachable();
}

}  // namespace hdrp
