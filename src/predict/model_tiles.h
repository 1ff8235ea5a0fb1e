// How a picture is cut for a model that may be run in tiles, and the tensors of a tile.
#pragma once

#include <vector>

#include "base/aspect.h"
#include "base/plane.h"
#include "predict/gain_model_contract.h"

namespace hdrp {

/// Tiles, apron included, are at most this wide and high: about 0.5 GB of GMNet's activations.
inline constexpr int kModelTileSide = 640;

struct ModelTile {
  int x = 0, y = 0;  ///< of the part that is kept
  RasterSize kept;
  int input_x = 0,
      input_y = 0;  ///< of what the model sees: the kept part and its apron, cut at borders
  RasterSize input;
};

/// The picture's size rounded up to the model's multiple.
[[nodiscard]] RasterSize PaddedSize(RasterSize picture, const GainModelContract& contract);

/// Tiles whose kept parts cover `padded` once. Origins and sides are multiples of the contract's
/// multiple, origins even. One tile where the picture is small or the model has no apron.
[[nodiscard]] std::vector<ModelTile> TilesOf(RasterSize padded, const GainModelContract& contract);

/// Three planes one after the other (1 x 3 x height x width) of the image's rectangle at x, y;
/// outside the image its nearest sample repeats.
[[nodiscard]] std::vector<float> PlanarTensor(PlaneView<const float> image, int x, int y,
                                              RasterSize size);

}  // namespace hdrp
