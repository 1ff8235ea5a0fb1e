// Both pictures become small displayed rasters of local contrast: luma minus the mean of its
// neighbourhood, in units of the neighbourhood's standard deviation. Tone and colour edits nearly
// cancel in it. Block by block it is then correlated; a low quantile of the blocks' correlations is
// the answer, so that retouched areas do not count while a crop, which moves nearly every block,
// does.
//
// The constants were chosen together with kMinStructureAgreement (docs/formulas.md).

#include <algorithm>
#include <cmath>
#include <vector>

#include "align/framing.h"
#include "align/tone/luma_codes.h"
#include "base/aspect.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

constexpr int kLongSide = 128;
constexpr int kNeighbourhood = 4;  // pixels each way
constexpr float kNoiseCodes = 2;   // standard deviation below which contrast fades out
constexpr int kBlock = 16;         // pixels a side
constexpr double kTexture = 0.15;  // mean square of local contrast (0..1) of a textured block
constexpr double kQuantile = 0.4;
constexpr double kEnoughBlocks = 0.2;  // share with texture below which the rest counts as agreeing

[[nodiscard]] RasterSize CommonSize(PlaneView<const std::uint8_t> edit, Orientation orientation,
                                    PlaneView<const std::uint8_t> reference) {
  RasterSize size{edit.width, edit.height};
  if (SwapsSides(orientation)) std::swap(size.width, size.height);
  const int long_side = std::max(size.width, size.height);
  const int wanted = std::min({kLongSide, long_side, std::max(reference.width, reference.height)});
  const double scale = static_cast<double>(wanted) / long_side;
  return Scaled(size, scale);
}

[[nodiscard]] Plane<float> Displayed(PlaneView<const std::uint8_t> luma, Orientation orientation,
                                     RasterSize size) {
  const Plane<float> codes = Floats(luma);
  if (SwapsSides(orientation)) std::swap(size.width, size.height);
  const Plane<float> reduced = Resized(codes.view(), size.width, size.height);
  return Oriented(reduced.view(), orientation);
}

/// Mean over the neighbourhood of each pixel, as far as it lies inside.
[[nodiscard]] Plane<float> LocalMean(const Plane<float>& plane) {
  const auto mean_along = [](const Plane<float>& source, int dx, int dy) {
    Plane<float> result(source.width(), source.height());
    for (int y = 0; y < source.height(); ++y) {
      for (int x = 0; x < source.width(); ++x) {
        const int position = dx * x + dy * y;
        const int last = dx * source.width() + dy * source.height() - 1;
        const int from = std::max(-kNeighbourhood, -position);
        const int to = std::min(kNeighbourhood, last - position);
        float sum = 0;
        for (int k = from; k <= to; ++k) sum += source.view().At(x + k * dx, y + k * dy);
        result.Row(y)[x] = sum / static_cast<float>(to - from + 1);
      }
    }
    return result;
  };
  return mean_along(mean_along(plane, 1, 0), 0, 1);
}

[[nodiscard]] Plane<float> LocalContrast(const Plane<float>& codes) {
  Plane<float> squares(codes.width(), codes.height());
  for (int y = 0; y < codes.height(); ++y) {
    std::ranges::transform(codes.view().RowSpan(y), squares.Row(y), [](float c) { return c * c; });
  }
  const Plane<float> means = LocalMean(codes);
  const Plane<float> square_means = LocalMean(squares);
  Plane<float> result(codes.width(), codes.height());
  for (int y = 0; y < codes.height(); ++y) {
    for (int x = 0; x < codes.width(); ++x) {
      const float mean = means.Row(y)[x];
      const float variance = std::max(0.0F, square_means.Row(y)[x] - mean * mean);
      result.Row(y)[x] = (codes.Row(y)[x] - mean) / std::sqrt(variance + kNoiseCodes * kNoiseCodes);
    }
  }
  return result;
}

/// Mean products of two rasters of local contrast over one block.
struct BlockMoments {
  double edit_square = 0, reference_square = 0, product = 0;

  [[nodiscard]] bool HasTexture() const {
    return std::max(edit_square, reference_square) >= kTexture;
  }
  /// Where one of the two is flat the result is near 0: a contradiction.
  [[nodiscard]] double Correlation() const {
    return product /
           std::sqrt(std::max(edit_square, kTexture) * std::max(reference_square, kTexture));
  }
};

struct Block {
  int left, right, top, bottom;
};

[[nodiscard]] BlockMoments MomentsOf(const Plane<float>& edit, const Plane<float>& reference,
                                     const Block& block) {
  BlockMoments sums;
  for (int y = block.top; y < block.bottom; ++y) {
    for (int x = block.left; x < block.right; ++x) {
      const double e = static_cast<double>(edit.Row(y)[x]);
      const double r = static_cast<double>(reference.Row(y)[x]);
      sums.edit_square += e * e;
      sums.reference_square += r * r;
      sums.product += e * r;
    }
  }
  const double area = (block.right - block.left) * (block.bottom - block.top);
  return {sums.edit_square / area, sums.reference_square / area, sums.product / area};
}

}  // namespace

double StructureAgreement(PlaneView<const std::uint8_t> edit, Orientation edit_orientation,
                          PlaneView<const std::uint8_t> reference,
                          Orientation reference_orientation) {
  const RasterSize size = CommonSize(edit, edit_orientation, reference);
  const Plane<float> of_edit = LocalContrast(Displayed(edit, edit_orientation, size));
  const Plane<float> of_reference =
      LocalContrast(Displayed(reference, reference_orientation, size));

  const auto count = [](int pixels) { return std::max(1, (pixels + kBlock / 2) / kBlock); };
  const int columns = count(size.width);
  const int rows = count(size.height);
  std::vector<double> correlations;
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const BlockMoments moments =
          MomentsOf(of_edit, of_reference,
                    {i * size.width / columns, (i + 1) * size.width / columns,
                     j * size.height / rows, (j + 1) * size.height / rows});
      if (moments.HasTexture()) correlations.push_back(moments.Correlation());
    }
  }

  const auto enough = static_cast<std::size_t>(std::ceil(kEnoughBlocks * columns * rows));
  if (correlations.size() < enough) correlations.resize(enough, 1.0);
  const auto rank = static_cast<std::ptrdiff_t>(
      std::lround(kQuantile * static_cast<double>(correlations.size() - 1)));
  std::ranges::nth_element(correlations, correlations.begin() + rank);
  return correlations[static_cast<std::size_t>(rank)];
}

}  // namespace hdrp
