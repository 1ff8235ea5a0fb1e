#include "predict/model_tiles.h"

#include <algorithm>
#include <cassert>

namespace hdrp {
namespace {

struct Span {
  int at = 0, length = 0;              ///< kept
  int input_at = 0, input_length = 0;  ///< with the apron
};

[[nodiscard]] int RoundedUp(int value, int step) { return (value + step - 1) / step * step; }

/// As few spans as kModelTileSide allows, their inputs about equally long. The first and the last
/// need an apron on one side only, and keep more.
[[nodiscard]] std::vector<Span> SpansOf(int side, int multiple, int apron) {
  // An even step keeps origins even, where strided layers need it.
  const int step = multiple % 2 == 0 ? multiple : 2 * multiple;
  const int most = kModelTileSide / step * step;
  const int seen_twice = 2 * apron;  // where two inputs meet
  const int count =
      side <= most ? 1 : (side - seen_twice + most - seen_twice - 1) / (most - seen_twice);
  const int length = RoundedUp((side + seen_twice * (count - 1) + count - 1) / count, step);
  std::vector<Span> spans;
  for (int at = 0; at < side;) {
    const int input_at = std::max(0, at - apron);
    const int input_end = std::min(side, input_at + length);
    const int end = input_end == side ? side : input_end - apron;
    spans.push_back({at, end - at, input_at, input_end - input_at});
    at = end;
  }
  return spans;
}

}  // namespace

RasterSize PaddedSize(RasterSize picture, const GainModelContract& contract) {
  return {RoundedUp(picture.width, contract.multiple),
          RoundedUp(picture.height, contract.multiple)};
}

std::vector<ModelTile> TilesOf(RasterSize padded, const GainModelContract& contract) {
  if (!contract.apron || std::max(padded.width, padded.height) <= kModelTileSide) {
    return {{0, 0, padded, 0, 0, padded}};
  }
  std::vector<ModelTile> tiles;
  for (const Span& row : SpansOf(padded.height, contract.multiple, *contract.apron)) {
    for (const Span& column : SpansOf(padded.width, contract.multiple, *contract.apron)) {
      tiles.push_back({column.at,
                       row.at,
                       {column.length, row.length},
                       column.input_at,
                       row.input_at,
                       {column.input_length, row.input_length}});
    }
  }
  return tiles;
}

std::vector<float> PlanarTensor(PlaneView<const float> image, int x, int y, RasterSize size) {
  assert(image.channels == 3);
  const auto width = static_cast<std::size_t>(size.width);
  const std::size_t plane = width * static_cast<std::size_t>(size.height);
  std::vector<float> tensor(3 * plane);
  for (int row = 0; row < size.height; ++row) {
    const float* from = image.Row(std::min(y + row, image.height - 1));
    float* to = tensor.data() + static_cast<std::size_t>(row) * width;
    for (int column = 0; column < size.width; ++column) {
      const auto pixel = 3 * static_cast<std::size_t>(std::min(x + column, image.width - 1));
      for (std::size_t c = 0; c < 3; ++c)
        to[c * plane + static_cast<std::size_t>(column)] = from[pixel + c];
    }
  }
  return tensor;
}

}  // namespace hdrp
