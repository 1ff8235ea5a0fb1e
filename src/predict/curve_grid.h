// The learned predictor. A small network looks at a thumbnail and answers with a curve, gain over
// the brightest component, and a coarse grid of corrections by place and brightness; both are then
// evaluated for every pixel of the map, so that fine structure follows the picture's own edges.
// tools/train makes the weights; docs/prediction.md says how well they do.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// Sizes of the network, the same in tools/train/sizes.py.
struct CurveGridShape {
  static constexpr int kThumbnail = 96;    ///< px, side
  static constexpr int kStatistics = 39;   ///< of the thumbnail
  static constexpr int kFeatures = 32;     ///< channels of what the convolutions see
  static constexpr int kLiftHidden = 160;  ///< units between statistics and mean gain
  static constexpr int kCells = 12;        ///< of the grid, each way
  static constexpr int kBins = 8;          ///< of the grid, over the guide
  static constexpr int kKnots = 17;        ///< of the curve, over the guide
  static constexpr int kMostMembers = 16;  ///< networks whose answers are averaged
  static constexpr float kPeakStops = 4;   ///< no gain is larger
};

/// How one convolution of the encoder is made.
struct ConvolutionShape {
  int in, out, stride;
};
inline constexpr std::array<ConvolutionShape, 6> kEncoder = {
    {{3, 16, 2}, {16, 16, 2}, {16, 32, 1}, {32, 32, 2}, {32, 32, 1}, {32, 32, 1}}};

/// A convolution's or a dense layer's numbers; weights[tap][in][out], `tap` counting the 3 x 3 (or
/// the one) along rows. Between layers negative values become 0.
struct Layer {
  int in = 0, out = 0;
  std::vector<float> weights, bias;
};

struct CurveGridMember {
  std::array<Layer, kEncoder.size()> encoder;
  Layer level_in, level_out, shape_in, shape_out, grid_in, grid_whole, grid_out;
};

/// By how much the whole frame is lifted, from its statistics alone: the members' mean gain is
/// moved by `share` of the way to what these layers say, less `margin`.
struct CurveGridLift {
  Layer in, out;
  float share = 0, margin = 0;  ///< stops
};

struct CurveGrid {
  std::string name;                                                  ///< a-z, 0-9, '.', '_', '-'
  std::array<float, CurveGridShape::kStatistics> usual{}, spread{};  ///< of the statistics
  CurveGridLift lift;
  std::vector<CurveGridMember> members;
};

/// True for a file of weights, whole or not.
[[nodiscard]] bool IsCurveGridFile(ByteView file);

/// The file tools/train writes (docs/models.md has the layout). model_failed where a byte of it is
/// not what was written.
[[nodiscard]] Expected<CurveGrid> ReadCurveGrid(ByteView file);

/// Those of models/phone.weights, which are part of the program. The build makes the definition.
[[nodiscard]] ByteView ShippedWeights();

/// What the network says of one picture.
struct PredictedCurve {
  float level = 0;  ///< stops by which all of it is lifted; part of the curve
  std::array<float, CurveGridShape::kKnots> curve{};  ///< stops at guide k / 16
  Plane<float> grid;  ///< 12 x 12 of 8 bins, stops to add, in the upright picture
};

/// `coded`: the upright picture's own RGB or grey, 8 bit, of any size; training saw 256 px on the
/// long side (BrightWorkingSize). No result depends on the machine's number of threads.
[[nodiscard]] PredictedCurve LookAt(PlaneView<const std::uint8_t> coded, const CurveGrid& network);

/// Gain in stops, 0 to 4, for every pixel of `coded` (upright RGB or grey): with the guide
/// g = max(R, G, B) in 0..1, curve(g) + grid(x, y, g), the curve linear between its knots, the grid
/// linear in x, y and g.
[[nodiscard]] Log2Gain GainOf(const PredictedCurve& predicted, PlaneView<const std::uint8_t> coded);

/// Mean of the same over RGB in 0..1.
[[nodiscard]] float MeanGainOf(const PredictedCurve& predicted, PlaneView<const float> rgb);

}  // namespace hdrp
