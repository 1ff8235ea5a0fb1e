#include "support/scene.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metadata/jpeg_structure.h"
#include "package/jpeg_encode.h"
#include "package/jpeg_r.h"

namespace hdrp::test {
namespace {

/// A hash of a lattice point in 0..1, the same on every machine.
float Lattice(unsigned x, unsigned y, unsigned seed) {
  unsigned h = x * 374761393U + y * 668265263U + seed * 2246822519U;
  h = (h ^ (h >> 13)) * 1274126177U;
  return static_cast<float>((h ^ (h >> 16)) & 0xFFFF) / 65535.0F;
}

/// Smooth noise in 0..1 at one frequency.
float Noise(float x, float y, unsigned seed) {
  const float fx = std::floor(x);
  const float fy = std::floor(y);
  const auto ix = static_cast<unsigned>(static_cast<int>(fx));
  const auto iy = static_cast<unsigned>(static_cast<int>(fy));
  const float tx = (x - fx) * (x - fx) * (3 - 2 * (x - fx));
  const float ty = (y - fy) * (y - fy) * (3 - 2 * (y - fy));
  const float top = std::lerp(Lattice(ix, iy, seed), Lattice(ix + 1, iy, seed), tx);
  const float low = std::lerp(Lattice(ix, iy + 1, seed), Lattice(ix + 1, iy + 1, seed), tx);
  return std::lerp(top, low, ty);
}

float Fractal(float x, float y, unsigned seed) {
  float sum = 0;
  float weight = 0.5F;
  for (unsigned octave = 0; octave < 4; ++octave) {
    sum += weight * Noise(x, y, seed + octave);
    x *= 2.03F;
    y *= 2.03F;
    weight *= 0.5F;
  }
  return sum;
}

struct Rgb {
  float r, g, b;
};

/// Scene radiance at (u, v) in 0..1, v downwards.
Rgb Radiance(float u, float v, float aspect, unsigned seed) {
  const float x = u * aspect;
  const float horizon = 0.55F + 0.08F * Fractal(x * 3, 0.5F, seed + 11);
  if (v < horizon) {
    const float dx = x - 0.72F * aspect;
    const float dy = v - 0.22F;
    const float distance = std::sqrt(dx * dx + dy * dy);
    const float sun = 7.0F / (1 + std::exp((distance - 0.055F) * 220));
    const float glow = 1.6F * std::exp(-distance * 5);
    const float cloud = std::clamp(2.2F * (Fractal(x * 4, v * 7, seed + 23) - 0.42F), 0.0F, 1.0F);
    const float sky = 0.25F + 0.5F * v;
    return {sky * 0.7F + glow + sun + cloud * 0.7F, sky * 0.9F + glow * 0.85F + sun + cloud * 0.68F,
            sky * 1.35F + glow * 0.6F + sun * 0.9F + cloud * 0.66F};
  }
  const float texture = 0.35F + 0.9F * Fractal(x * 24, v * 24, seed + 37);
  const float shade = 0.10F + 0.18F * Fractal(x * 5, v * 5, seed + 41);
  Rgb ground{shade * texture * 0.9F, shade * texture, shade * texture * 0.6F};
  // Lit windows on a coarse grid.
  const auto column = static_cast<unsigned>(x * 18);
  const auto row = static_cast<unsigned>(v * 18);
  const float cx = x * 18 - static_cast<float>(column);
  const float cy = v * 18 - static_cast<float>(row);
  if (v > 0.7F && Lattice(column, row, seed + 53) > 0.72F && cx > 0.3F && cx < 0.7F && cy > 0.25F &&
      cy < 0.75F) {
    const float lamp = 1.0F + 4.0F * Lattice(column, row, seed + 59);
    ground = {lamp, lamp * 0.8F, lamp * 0.5F};
  }
  return ground;
}

/// Display curve of the SDR rendering: linear in the mid-tones, rolling off to 1.
float ToneMapped(float value) {
  constexpr float kKnee = 0.55F;
  return value <= kKnee
             ? value
             : kKnee + (1 - kKnee) * (1 - std::exp(-(value - kKnee) / (1 - kKnee) * 0.8F));
}

float CodedFromLinear(float v) {
  return v <= 0.0031308F ? 12.92F * v : 1.055F * std::pow(v, 1 / 2.4F) - 0.055F;
}

float LinearFromCoded(float v) {
  return v <= 0.04045F ? v / 12.92F : std::pow((v + 0.055F) / 1.055F, 2.4F);
}

std::uint8_t Code(float coded) {
  return static_cast<std::uint8_t>(std::clamp(coded, 0.0F, 1.0F) * 255 + 0.5F);
}

float Luminance(float r, float g, float b) { return 0.2126F * r + 0.7152F * g + 0.0722F * b; }

/// EXIF with nothing but the orientation (big-endian TIFF, one entry).
Bytes OrientationExif(Orientation orientation) {
  return {
      'E', 'x', 'i', 'f',  0,    0, 'M', 'M', 0, 42, 0, 0, 0,
      8,   0,   1,   0x01, 0x12, 0, 3,   0,   0, 0,  1, 0, static_cast<std::uint8_t>(orientation),
      0,   0,   0,   0,    0,    0};
}

}  // namespace

Scene MakeScene(int width, int height, unsigned seed) {
  Scene scene{Plane<float>(width, height, 3), Plane<std::uint8_t>(width, height, 3),
              Plane<float>(width, height)};
  const float aspect = static_cast<float>(width) / static_cast<float>(height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float u = (static_cast<float>(x) + 0.5F) / static_cast<float>(width);
      const float v = (static_cast<float>(y) + 0.5F) / static_cast<float>(height);
      const Rgb light = Radiance(u, v, aspect, seed);
      const std::array<float, 3> hdr{light.r, light.g, light.b};
      std::array<float, 3> sdr{};
      for (int c = 0; c < 3; ++c) {
        const auto i = static_cast<std::size_t>(c);
        scene.hdr.view().At(x, y, c) = hdr[i];
        scene.sdr.view().At(x, y, c) = Code(CodedFromLinear(ToneMapped(hdr[i])));
        sdr[i] = LinearFromCoded(static_cast<float>(scene.sdr.view().At(x, y, c)) / 255);
      }
      constexpr float kOffset = 1.0F / 64;
      scene.gain_stops.view().At(x, y) = std::log2((Luminance(hdr[0], hdr[1], hdr[2]) + kOffset) /
                                                   (Luminance(sdr[0], sdr[1], sdr[2]) + kOffset));
    }
  }
  return scene;
}

Plane<std::uint8_t> Edited(PlaneView<const std::uint8_t> sdr) {
  Plane<std::uint8_t> result(sdr.width, sdr.height, 3);
  for (int y = 0; y < sdr.height; ++y) {
    for (int x = 0; x < sdr.width; ++x) {
      std::array<float, 3> v{};
      for (int c = 0; c < 3; ++c) {
        const float in = static_cast<float>(sdr.At(x, y, c)) / 255;
        v[static_cast<std::size_t>(c)] = std::lerp(in, in * in * (3 - 2 * in), 0.5F);
      }
      const float luma = Luminance(v[0], v[1], v[2]);
      const std::array<float, 3> tint{1.04F, 1.0F, 0.93F};
      for (std::size_t c = 0; c < 3; ++c) {
        result.view().At(x, y, static_cast<int>(c)) =
            Code(tint[c] * (luma + 1.15F * (v[c] - luma)));
      }
    }
  }
  return result;
}

Bytes SdrJpeg(PlaneView<const std::uint8_t> displayed, const FixtureOptions& options) {
  const Plane<std::uint8_t> stored = Oriented(displayed, Inverse(options.orientation));
  Bytes jpeg = EncodeJpeg(stored.view(), {.quality = options.quality}).value();
  if (options.orientation == Orientation::kTopLeft) return jpeg;
  const Bytes exif = OrientationExif(options.orientation);
  const std::size_t length = exif.size() + 2;
  Bytes segment{0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8),
                static_cast<std::uint8_t>(length & 0xFF)};
  segment.insert(segment.end(), exif.begin(), exif.end());
  // After SOI and the 18 bytes of JFIF that libjpeg writes.
  jpeg.insert(jpeg.begin() + 20, segment.begin(), segment.end());
  return jpeg;
}

Bytes OriginalJpeg(const Scene& scene, const FixtureOptions& options) {
  const int width = (scene.sdr.width() + options.map_scale - 1) / options.map_scale;
  const int height = (scene.sdr.height() + options.map_scale - 1) / options.map_scale;
  const Log2Gain gain = ResizeGain(Log2Gain{scene.gain_stops.Clone()}, width, height);
  float top = 0;
  for (int y = 0; y < height; ++y) {
    for (const float stops : gain.stops.view().RowSpan(y)) top = std::max(top, stops);
  }
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(static_cast<double>(top));
  metadata.alternate_hdr_headroom = static_cast<double>(top);
  const EncodedGainMap map = EncodeGain(gain, MetadataFrom(FractionsOf(metadata), true));
  Plane<std::uint8_t> codes = Oriented(map.codes.view(), Inverse(options.orientation));
  if (options.map_channels == 3) {
    Plane<std::uint8_t> colour(codes.width(), codes.height(), 3);
    for (int y = 0; y < codes.height(); ++y) {
      for (int x = 0; x < codes.width(); ++x) {
        for (int c = 0; c < 3; ++c) colour.view().At(x, y, c) = codes.view().At(x, y);
      }
    }
    codes = std::move(colour);
  }
  const Bytes map_jpeg = EncodeJpeg(codes.view(), {.quality = 95}).value();
  const Bytes base = SdrJpeg(scene.sdr.view(), options);
  const JpegStream stream = WalkJpeg(base, 0).value();
  return WriteJpegR({base, &stream}, map_jpeg, map.metadata, ExifPolicy::kKeep).value().bytes;
}

}  // namespace hdrp::test
