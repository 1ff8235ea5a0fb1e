// What a predictor has to beat.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/plane.h"
#include "base/rows.h"

namespace hdrp {

enum class Predictor : std::uint8_t {
  kIdentity,    ///< no gain anywhere
  kUniform,     ///< kUniformStops everywhere
  kSmoothstep,  ///< a curve of the coded luma, no filter
  kBilateral,   ///< bilateral brightness enhancement: `bright`'s formula as it was published,
                ///< at 256 pixels, without limit on the mean and without guards
  kBright,      ///< what `--model bright` delivers, guards included
  kChosen,      ///< what the command line's options ask for
};
inline constexpr std::array kPredictors = {Predictor::kIdentity,   Predictor::kUniform,
                                           Predictor::kSmoothstep, Predictor::kBilateral,
                                           Predictor::kBright,     Predictor::kChosen};
/// "identity", "uniform", "smoothstep", "bilateral", "bright", "chosen"
[[nodiscard]] std::string_view NameOf(Predictor predictor);

/// The mean gain of 28 phone photographs (docs/prediction.md): the best guess of somebody who knows
/// the average and not the picture. (Their median gain is 0, which is `identity`.)
inline constexpr double kUniformStops = 0.341;

/// Q * t^2 * (3 - 2t), t = clamp((Y - 0.5) / 0.5, 0, 1), Q = 2 stops; Y is coded luma in 0..1.
[[nodiscard]] double SmoothstepStops(double coded_luma);

/// The gain in stops at the picture's size. `coded` is RGB at BrightWorkingSize. Any predictor
/// but kBright and kChosen, which PredictGain serves. interrupted, timeout.
[[nodiscard]] Expected<Plane<float>> BaselineGain(Predictor predictor,
                                                  PlaneView<const std::uint8_t> coded,
                                                  const Parallelism& parallelism);

}  // namespace hdrp
