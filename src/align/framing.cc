#include "align/framing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/aspect.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// Both pictures are compared at this long side; smaller ones at their own size.
constexpr int kComparedSide = 128;
/// Local contrast is measured against the surroundings of this radius, in compared pixels.
constexpr int kRadius = 5;
/// Standard deviations below this many codes are noise, not texture.
constexpr float kNoiseFloor = 2;
/// Blocks along the long side.
constexpr int kBlocks = 12;
/// Mean square of normalised contrast (0..1) from which a block has texture.
constexpr double kTexture = 0.15;
/// Blocks without texture cannot contradict: at least this share of all blocks votes, the missing
/// ones as agreement.
constexpr double kMinVotes = 0.2;

[[nodiscard]] Plane<float> AsFloat(PlaneView<const std::uint8_t> codes) {
  Plane<float> result(codes.width, codes.height);
  for (int y = 0; y < codes.height; ++y) std::ranges::copy(codes.RowSpan(y), result.Row(y));
  return result;
}

/// Means over windows of 2 * kRadius + 1 pixels a side, cut off at the borders.
[[nodiscard]] Plane<float> LocalMean(PlaneView<const float> in) {
  Plane<float> across(in.width, in.height);
  Plane<float> result(in.width, in.height);
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      const int first = std::max(0, x - kRadius);
      const int last = std::min(in.width - 1, x + kRadius);
      float sum = 0;
      for (int k = first; k <= last; ++k) sum += in.At(k, y);
      across.view().At(x, y) = sum / static_cast<float>(last - first + 1);
    }
  }
  for (int y = 0; y < in.height; ++y) {
    const int first = std::max(0, y - kRadius);
    const int last = std::min(in.height - 1, y + kRadius);
    for (int x = 0; x < in.width; ++x) {
      float sum = 0;
      for (int k = first; k <= last; ++k) sum += across.view().At(x, k);
      result.view().At(x, y) = sum / static_cast<float>(last - first + 1);
    }
  }
  return result;
}

/// (value - local mean) / local standard deviation: what tone and colour edits leave.
[[nodiscard]] Plane<float> NormalisedContrast(PlaneView<const float> luma) {
  const Plane<float> mean = LocalMean(luma);
  Plane<float> squares(luma.width, luma.height);
  for (int y = 0; y < luma.height; ++y) {
    std::ranges::transform(luma.RowSpan(y), squares.Row(y), [](float v) { return v * v; });
  }
  const Plane<float> mean_square = LocalMean(squares.view());
  Plane<float> result(luma.width, luma.height);
  for (int y = 0; y < luma.height; ++y) {
    for (int x = 0; x < luma.width; ++x) {
      const float m = mean.view().At(x, y);
      const float variance = std::max(0.0F, mean_square.view().At(x, y) - m * m);
      result.view().At(x, y) =
          (luma.At(x, y) - m) / std::sqrt(variance + kNoiseFloor * kNoiseFloor);
    }
  }
  return result;
}

/// Correlation over one block, or nothing where neither picture has texture there.
void VoteOfBlock(PlaneView<const float> a, PlaneView<const float> b, std::vector<double>& votes) {
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (int y = 0; y < a.height; ++y) {
    const float* p = a.Row(y);
    const float* q = b.Row(y);
    for (int x = 0; x < a.width; ++x) {
      aa += static_cast<double>(p[x] * p[x]);
      bb += static_cast<double>(q[x] * q[x]);
      ab += static_cast<double>(p[x] * q[x]);
    }
  }
  const double n = static_cast<double>(a.width) * a.height;
  if (std::max(aa, bb) / n < kTexture) return;
  votes.push_back(ab / std::sqrt(std::max(aa, kTexture * n) * std::max(bb, kTexture * n)));
}

[[nodiscard]] PlaneView<const float> Window(PlaneView<const float> plane, int x, int y, int width,
                                            int height) {
  return {plane.Row(y) + x, width, height, 1, plane.stride};
}

}  // namespace

Expected<void> CheckAspect(const Raster& edit, const Raster& reference) {
  const auto displayed = [](const Raster& raster) {
    return SwapsSides(raster.orientation) ? RasterSize{raster.height, raster.width}
                                          : RasterSize{raster.width, raster.height};
  };
  if (SameAspect(displayed(edit), displayed(reference))) return {};
  return Fail(ErrorCode::kMismatch, "framing",
              "the edit is {} x {} (EXIF orientation {}), the reference {} x {} (orientation {}): "
              "expected the same aspect ratio within 1 % as displayed",
              edit.width, edit.height, static_cast<int>(edit.orientation), reference.width,
              reference.height, static_cast<int>(reference.orientation));
}

double StructureAgreement(PlaneView<const std::uint8_t> edit, Orientation edit_orientation,
                          PlaneView<const std::uint8_t> reference,
                          Orientation reference_orientation) {
  const Plane<float> a = AsFloat(Oriented(edit, edit_orientation).view());
  const Plane<float> b = AsFloat(Oriented(reference, reference_orientation).view());
  const int long_side = std::min({kComparedSide, std::max(a.width(), a.height()),
                                  std::max(b.width(), b.height())});
  const double scale = static_cast<double>(long_side) / std::max(a.width(), a.height());
  const int width = std::max(1, static_cast<int>(std::lround(a.width() * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(a.height() * scale)));
  const Plane<float> p = NormalisedContrast(Resized(a.view(), width, height).view());
  const Plane<float> q = NormalisedContrast(Resized(b.view(), width, height).view());

  const int block = std::max(1, long_side / kBlocks);
  const int columns = std::max(1, (width + block / 2) / block);
  const int rows = std::max(1, (height + block / 2) / block);
  std::vector<double> votes;
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const int x = i * width / columns;
      const int y = j * height / rows;
      const int w = (i + 1) * width / columns - x;
      const int h = (j + 1) * height / rows - y;
      VoteOfBlock(Window(p.view(), x, y, w, h), Window(q.view(), x, y, w, h), votes);
    }
  }
  const auto least = static_cast<std::size_t>(std::ceil(kMinVotes * columns * rows));
  while (votes.size() < least) votes.push_back(1);
  // The median: local edits, however strong, move less than half of the blocks.
  const auto middle = votes.begin() + static_cast<std::ptrdiff_t>(votes.size() / 2);
  std::ranges::nth_element(votes, middle);
  return *middle;
}

}  // namespace hdrp
