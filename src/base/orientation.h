// The eight EXIF orientations as a group, so that any two can be composed or inverted.
// Source: EXIF 2.32, tag 0x0112. Orientation k says how the stored raster becomes the displayed
// one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace hdrp {

enum class Orientation : std::uint8_t {
  kTopLeft = 1,      ///< as stored
  kTopRight = 2,     ///< mirrored left-right
  kBottomRight = 3,  ///< rotated by 180 degrees
  kBottomLeft = 4,   ///< mirrored top-bottom
  kLeftTop = 5,      ///< transposed
  kRightTop = 6,     ///< to be rotated by 90 degrees clockwise
  kRightBottom = 7,  ///< transposed along the other diagonal
  kLeftBottom = 8,   ///< to be rotated by 90 degrees counter-clockwise
};

[[nodiscard]] constexpr std::optional<Orientation> OrientationFrom(unsigned value) {
  if (value < 1 || value > 8) return std::nullopt;
  return static_cast<Orientation>(value);
}

/// The operation as three switches applied to the stored raster in this order: first transpose
/// (x <-> y), then mirror left-right, then mirror top-bottom.
struct OrientationSteps {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;
  friend constexpr bool operator==(const OrientationSteps&, const OrientationSteps&) = default;
};

inline constexpr std::array<OrientationSteps, 9> kOrientationSteps = {{
    {},
    {false, false, false},
    {false, true, false},
    {false, true, true},
    {false, false, true},
    {true, false, false},
    {true, true, false},
    {true, true, true},
    {true, false, true},
}};

[[nodiscard]] constexpr OrientationSteps StepsOf(Orientation orientation) {
  return kOrientationSteps[static_cast<std::size_t>(orientation)];
}
[[nodiscard]] constexpr bool SwapsSides(Orientation orientation) {
  return StepsOf(orientation).transpose;
}

/// First `first`, then `second`, as one orientation.
[[nodiscard]] constexpr Orientation Compose(Orientation first, Orientation second) {
  const OrientationSteps a = StepsOf(first);
  const OrientationSteps b = StepsOf(second);
  // Moving b's transpose in front of a's mirrors swaps those mirrors.
  OrientationSteps c;
  c.transpose = a.transpose != b.transpose;
  c.flip_x = (b.transpose ? a.flip_y : a.flip_x) != b.flip_x;
  c.flip_y = (b.transpose ? a.flip_x : a.flip_y) != b.flip_y;
  for (unsigned k = 1; k <= 8; ++k) {
    if (kOrientationSteps[k] == c) return static_cast<Orientation>(k);
  }
  std::unreachable();
}

[[nodiscard]] constexpr Orientation Inverse(Orientation orientation) {
  for (unsigned k = 1; k <= 8; ++k) {
    const auto candidate = static_cast<Orientation>(k);
    if (Compose(orientation, candidate) == Orientation::kTopLeft) return candidate;
  }
  std::unreachable();
}

/// The operation that turns a raster stored for display orientation `from` into the raster of the
/// same picture stored for display orientation `to`.
[[nodiscard]] constexpr Orientation Relative(Orientation from, Orientation to) {
  return Compose(from, Inverse(to));
}

}  // namespace hdrp
