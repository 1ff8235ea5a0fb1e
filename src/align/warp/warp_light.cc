#include "align/warp/warp_light.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>

#include "gainmap/fine_gain.h"
#include "gainmap/half.h"

namespace hdrp {
namespace {

/// The reference's pixels per pixel of the edit, along the edit's axes.
[[nodiscard]] StepLengths ReferenceSteps(const Placement& placement, RasterSize reference) {
  return StepsAtMiddle(
      placement, {placement.edit.width, placement.edit.height},
      {static_cast<double>(reference.width), static_cast<double>(reference.height)});
}

/// What is held is at most kPlacesPerAxis times as fine as the edit, so that as many places a pixel
/// and axis see all of it.
constexpr int kPlacesPerAxis = 2;
[[nodiscard]] RasterSize HeldSize(const Placement& placement) {
  const Raster& reference = placement.reference;
  const StepLengths steps = ReferenceSteps(placement, {reference.width, reference.height});
  const double reduce = std::max(1.0, std::min(steps.along_x, steps.along_y) / kPlacesPerAxis);
  const auto side = [reduce](int pixels) {
    return std::clamp(static_cast<int>(std::lround(pixels / reduce)), 1, pixels);
  };
  return {side(reference.width), side(reference.height)};
}

/// Places looked at along one axis of a pixel of the edit.
[[nodiscard]] int PlacesFor(double step) { return step > 1.05 ? kPlacesPerAxis : 1; }

/// Returns whether there was anything to replace in the pixel.
[[nodiscard]] bool Clean(float* rgb) {
  bool replaced = false;
  for (int c = 0; c < 3; ++c) {
    if (std::isfinite(rgb[c])) continue;
    replaced = true;
    if (std::isinf(rgb[c])) rgb[c] = rgb[c] > 0 ? kInfinityStandIn : 0.0F;
  }
  return replaced;
}

/// One row averaged by area to `to` pixels.
void ReduceRow(std::span<const float> row, std::span<float> to) {
  const auto in = static_cast<double>(row.size() / 3);
  const std::size_t out = to.size() / 3;
  const double scale = in / static_cast<double>(out);
  for (std::size_t x = 0; x < out; ++x) {
    const double begin = static_cast<double>(x) * scale;
    const double end = std::min(begin + scale, in);
    float sum[3] = {};
    float total = 0;
    for (auto i = static_cast<std::size_t>(begin); static_cast<double>(i) < end; ++i) {
      const auto at = static_cast<double>(i);
      const auto weight = static_cast<float>(std::min(end, at + 1) - std::max(begin, at));
      for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * row[3 * i + c];
      total += weight;
    }
    for (std::size_t c = 0; c < 3; ++c) to[3 * x + c] = sum[c] / total;
  }
}

/// The placement's projective map as one of stored rasters, so that a row needs no more than
/// additions and one division a pixel.
[[nodiscard]] Homography StoredToStored(const Placement& placement) {
  using Rows = std::array<std::array<double, 3>, 3>;
  const auto of_turn = [](auto turn) -> Rows {  // affine: three points say all
    const Point origin = turn(Point{0, 0}), x = turn(Point{1, 0}), y = turn(Point{0, 1});
    return {{{x.x - origin.x, y.x - origin.x, origin.x},
             {x.y - origin.y, y.y - origin.y, origin.y},
             {0, 0, 1}}};
  };
  const auto product = [](const Rows& a, const Rows& b) {
    Rows result{};
    for (std::size_t r = 0; r < 3; ++r) {
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t k = 0; k < 3; ++k) result[r][c] += a[r][k] * b[k][c];
      }
    }
    return result;
  };
  const Homography& h = placement.to_reference.projective;
  const Rows displayed = {{{h[0], h[1], h[2]}, {h[3], h[4], h[5]}, {h[6], h[7], h[8]}}};
  const Rows before = of_turn([&](Point p) { return Displayed(p, placement.edit.orientation); });
  const Rows after = of_turn([&](Point p) { return Stored(p, placement.reference.orientation); });
  const Rows whole = product(after, product(displayed, before));
  return {whole[0][0], whole[0][1], whole[0][2], whole[1][0], whole[1][1],
          whole[1][2], whole[2][0], whole[2][1], whole[2][2]};
}

}  // namespace

WarpedLight::WarpedLight(const Placement& placement) : placement_(placement) {
  const RasterSize held = HeldSize(placement);
  held_ = Plane<std::uint16_t>(held.width, held.height, 3);
  cleaned_.resize(static_cast<std::size_t>(placement.reference.width) * 3);
  reduced_.resize(static_cast<std::size_t>(held.width) * 3);
  sums_.resize(reduced_.size());
}

void WarpedLight::Add(PlaneView<const float> linear_rgb) {
  assert(linear_rgb.width == placement_.reference.width && linear_rgb.channels == 3);
  for (int y = 0; y < linear_rgb.height; ++y) {
    std::ranges::copy(linear_rgb.RowSpan(y), cleaned_.begin());
    for (std::size_t i = 0; i < cleaned_.size(); i += 3)
      non_finite_pixels_ += Clean(&cleaned_[i]) ? 1U : 0U;
    if (held_.width() == linear_rgb.width) {
      AddReduced(cleaned_.data());
    } else {
      ReduceRow(cleaned_, reduced_);
      AddReduced(reduced_.data());
    }
  }
}

void WarpedLight::AddReduced(const float* row) {
  const int height = placement_.reference.height;
  const double scale = static_cast<double>(height) / held_.height();
  // Where the row in progress ends, in rows of the reference; a row of it touches two at most.
  const double end = (rows_finished_ + 1) * scale;
  const double inside = std::min(1.0, end - rows_added_);
  ++rows_added_;
  const auto add = [&](double share) {
    const auto weight = static_cast<float>(share / scale);
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += weight * row[i];
  };
  constexpr double kNothing = 1e-6;
  if (inside > kNothing) add(inside);
  if (rows_added_ < end - kNothing && rows_added_ < height) return;
  FinishRow();
  if (inside < 1 - kNothing && rows_finished_ < held_.height()) add(1 - inside);
}

void WarpedLight::FinishRow() {
  std::uint16_t* halves = held_.Row(rows_finished_++);
  HalfFromFloatRow(sums_, {halves, sums_.size()});
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    if (std::isnan(sums_[i])) halves[i] = kHalfNan;
  }
  std::ranges::fill(sums_, 0.0F);
}

void WarpedLight::Rows(int first, PlaneView<float> linear_rgb) const {
  assert(rows_finished_ == held_.height());
  constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
  const Homography to_stored = StoredToStored(placement_);
  // About the middle it bends the stored raster as it bends the displayed one.
  const double radial = placement_.to_reference.radial;
  const double aspect =
      static_cast<double>(placement_.reference.width) / placement_.reference.height;
  const StepLengths steps = ReferenceSteps(placement_, {held_.width(), held_.height()});
  const int across = PlacesFor(steps.along_x), down = PlacesFor(steps.along_y);
  const auto share = 1.0F / static_cast<float>(across * down);
  for (int y = 0; y < linear_rgb.height; ++y) {
    float* out = linear_rgb.Row(y);
    for (int x = 0; x < linear_rgb.width; ++x, out += 3) {
      std::fill_n(out, 3, 0.0F);
      for (int place = 0; place < across * down; ++place) {
        const double u = (x + (place % across + 0.5) / across) / placement_.edit.width;
        const double v = (first + y + (place / across + 0.5) / down) / placement_.edit.height;
        Point p = Apply(to_stored, {u, v});
        if (radial != 0) p = Bent(p, radial, aspect);
        if (!(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1)) {
          std::fill_n(out, 3, kNothing);
          break;
        }
        AddLightAt(p, share, out);
      }
    }
  }
}

void WarpedLight::AddLightAt(Point place, float share, float* rgb) const {
  const PlaceTap across = PlaceTapAt(place.x, held_.width());
  const PlaceTap down = PlaceTapAt(place.y, held_.height());
  const std::uint16_t* upper = held_.Row(down.first);
  const std::uint16_t* lower = held_.Row(down.second);
  for (int c = 0; c < 3; ++c) {
    const auto mix = [&](const std::uint16_t* row) {
      const float a = FloatFromHalf(row[across.first * 3 + c]);
      return a + across.share * (FloatFromHalf(row[across.second * 3 + c]) - a);
    };
    const float top = mix(upper);
    rgb[c] += share * (top + down.share * (mix(lower) - top));
  }
}

}  // namespace hdrp
