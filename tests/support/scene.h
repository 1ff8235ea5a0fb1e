// A procedural HDR photograph with known ground truth: a sky gradient with a sun, hills, water with
// sparkles, lit windows. Every fixture the project ships or tests with is made from it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/orientation.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp::test {

struct Scene {
  Plane<float> hdr;         ///< linear RGB, Rec. 709 primaries, 1.0 = SDR white, up to about 8
  Plane<std::uint8_t> sdr;  ///< its SDR rendering, sRGB codes
  Plane<float> gain_stops;  ///< log2((Y_hdr + 1/64) / (Y_sdr + 1/64)), Y_sdr of the codes
};

/// Deterministic; the same picture at any size. `seed` moves hills, clouds and windows.
[[nodiscard]] Scene MakeScene(int width, int height, unsigned seed = 1);

/// A photographer's edit of an SDR picture: S-curve, warmer, more saturated. Geometry stays.
[[nodiscard]] Plane<std::uint8_t> Edited(PlaneView<const std::uint8_t> sdr);

struct FixtureOptions {
  Orientation orientation = Orientation::kTopLeft;  ///< stored turned, with this EXIF tag
  int map_scale = 4;
  int map_channels = 1;
  int quality = 92;
};

/// The scene's SDR (or its edit) as a plain JPEG: JFIF, EXIF orientation where it is not 1.
[[nodiscard]] Bytes SdrJpeg(PlaneView<const std::uint8_t> displayed, const FixtureOptions& options);

/// The scene as an Ultra HDR JPEG (the HDR original of the tests).
[[nodiscard]] Bytes OriginalJpeg(const Scene& scene, const FixtureOptions& options);

}  // namespace hdrp::test
