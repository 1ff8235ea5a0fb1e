// Where the edit shows something else than the reference, or the user's mask says so, the
// reference's gain is feathered out and something else takes its place.
#pragma once

#include <cstdint>
#include <optional>

#include "base/input_file.h"
#include "base/rows.h"
#include "edit/edit_jpeg.h"
#include "obtain/map_in_progress.h"
#include "place/framing.h"
#include "predict/predict_options.h"

namespace hdrp {

/// What takes the place of the reference's gain where the edit shows something else.
enum class Fill : std::uint8_t {
  kPredict,  ///< the predictor's gain, fitted to the gain around it
  kNeutral,  ///< no gain
};

struct FillOptions {
  Fill fill = Fill::kPredict;
  const InputFile* mask = nullptr;  ///< the user's, a PNG, white where something was edited
  const PredictOptions& predict;
  const Resources& resources;
};

struct FilledRegions {
  double share = 0;  ///< of the edit, 0..1
  Fill fill = Fill::kPredict;
};

struct FilledMap {
  MapInProgress map;
  std::optional<FilledRegions> filled;  ///< where there was something to fill
};

/// The map with `fill` where `framing` says edited and under the user's mask, but with no gain in a
/// frame (align/changes/added_frame.h); untouched where there is neither. no_gain_map where nothing
/// of the gain is left; mismatch for a mask of another aspect.
[[nodiscard]] Expected<FilledMap> FillEdited(MapInProgress map, const Framing& framing,
                                             const EditJpeg& edit, const FillOptions& options);

}  // namespace hdrp
