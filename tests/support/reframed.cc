#include "support/reframed.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hdrp::test {
namespace {

/// Catmull-Rom weights of the four samples around a place.
[[nodiscard]] std::array<double, 4> Cubic(double t) {
  return {t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t),
          t * (0.5 + t * (2 - 1.5 * t)), t * t * (-0.5 + 0.5 * t)};
}

template <typename T>
void AddSample(PlaneView<const T> picture, Point place, std::array<double, 3>& sum) {
  const double u = place.x * picture.width - 0.5, v = place.y * picture.height - 0.5;
  const double i = std::floor(u), j = std::floor(v);
  const std::array<double, 4> across = Cubic(u - i), down = Cubic(v - j);
  for (int dy = 0; dy < 4; ++dy) {
    const int y = std::clamp(static_cast<int>(j) + dy - 1, 0, picture.height - 1);
    for (int dx = 0; dx < 4; ++dx) {
      const int x = std::clamp(static_cast<int>(i) + dx - 1, 0, picture.width - 1);
      const double weight =
          across[static_cast<std::size_t>(dx)] * down[static_cast<std::size_t>(dy)];
      for (int c = 0; c < picture.channels; ++c) {
        sum[static_cast<std::size_t>(c)] += weight * static_cast<double>(picture.At(x, y, c));
      }
    }
  }
}

template <typename T>
[[nodiscard]] Plane<float> Sampled(PlaneView<const T> picture, const Homography& to_picture,
                                   int width, int height) {
  constexpr int kPlaces = 2;
  Plane<float> result(width, height, picture.channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::array<double, 3> sum{};
      for (int k = 0; k < kPlaces * kPlaces; ++k) {
        const Point in_edit{(x + (k % kPlaces + 0.5) / kPlaces) / width,
                            (y + (k / kPlaces + 0.5) / kPlaces) / height};
        AddSample(picture, Apply(to_picture, in_edit), sum);
      }
      for (int c = 0; c < picture.channels; ++c) {
        result.view().At(x, y, c) =
            static_cast<float>(sum[static_cast<std::size_t>(c)] / (kPlaces * kPlaces));
      }
    }
  }
  return result;
}

}  // namespace

Homography CroppedAndTurned(double scale, double degrees, double aspect) {
  const double angle = degrees * 3.14159265358979323846 / 180;
  const double c = scale * std::cos(angle), s = scale * std::sin(angle);
  // Turned in pixels, written in shares of the sides.
  Homography h = {c, -s / aspect, 0, s * aspect, c, 0, 0, 0, 1};
  h[2] = 0.5 - (h[0] + h[1]) / 2;
  h[5] = 0.5 - (h[3] + h[4]) / 2;
  return h;
}

Homography CroppedTo(double left, double top, double right, double bottom) {
  return {right - left, 0, left, 0, bottom - top, top, 0, 0, 1};
}

Plane<float> Reframed(PlaneView<const float> picture, const Homography& to_picture, int width,
                      int height) {
  return Sampled(picture, to_picture, width, height);
}

Plane<std::uint8_t> Reframed(PlaneView<const std::uint8_t> picture, const Homography& to_picture,
                             int width, int height) {
  const Plane<float> exact = Sampled(picture, to_picture, width, height);
  Plane<std::uint8_t> codes(width, height, picture.channels);
  for (int y = 0; y < height; ++y) {
    std::ranges::transform(exact.view().RowSpan(y), codes.Row(y), [](float v) {
      return static_cast<std::uint8_t>(std::clamp(v, 0.0F, 255.0F) + 0.5F);
    });
  }
  return codes;
}

Plane<std::uint8_t> AwayFromEdges(PlaneView<const float> values, float range) {
  constexpr int kReach = 5;
  const int width = values.width, height = values.height;
  Plane<float> least(width, height), most(width, height);
  for (int y = 0; y < height; ++y) {
    const float* row = values.Row(y);
    for (int x = 0; x < width; ++x) {
      const auto [low, high] =
          std::minmax_element(row + std::max(0, x - kReach), row + std::min(width, x + kReach + 1));
      least.Row(y)[x] = *low;
      most.Row(y)[x] = *high;
    }
  }
  Plane<std::uint8_t> away(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      float low = least.Row(y)[x], high = most.Row(y)[x];
      for (int v = std::max(0, y - kReach); v <= std::min(height - 1, y + kReach); ++v) {
        low = std::min(low, least.Row(v)[x]);
        high = std::max(high, most.Row(v)[x]);
      }
      away.Row(y)[x] = high - low <= range ? 1 : 0;
    }
  }
  return away;
}

Plane<float> LuminanceOf(PlaneView<const float> rgb) {
  Plane<float> y_plane(rgb.width, rgb.height);
  for (int y = 0; y < rgb.height; ++y) {
    for (int x = 0; x < rgb.width; ++x) {
      y_plane.view().At(x, y) =
          0.2126F * rgb.At(x, y, 0) + 0.7152F * rgb.At(x, y, 1) + 0.0722F * rgb.At(x, y, 2);
    }
  }
  return y_plane;
}

double LuminancePercentile(PlaneView<const float> rgb, double share) {
  const Plane<float> luminance = LuminanceOf(rgb);
  std::vector<float> values;
  for (int y = 0; y < rgb.height; ++y) {
    std::ranges::copy(luminance.view().RowSpan(y), std::back_inserter(values));
  }
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return static_cast<double>(*at);
}

}  // namespace hdrp::test
