#include "support/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"

namespace hdrp::test {
namespace {

constexpr double kLongSide = 256;
constexpr std::array<double, 3> kLuminance = {0.2126, 0.7152, 0.0722};

[[nodiscard]] float LinearFromSrgb(int code) {
  const double v = code / 255.0;
  return static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
}

[[nodiscard]] Plane<float> ReducedLinear(PlaneView<const std::uint8_t> rgb) {
  Plane<float> linear(rgb.width, rgb.height, rgb.channels);
  std::array<float, 256> linear_of_code{};
  for (int code = 0; code < 256; ++code) {
    linear_of_code[static_cast<std::size_t>(code)] = LinearFromSrgb(code);
  }
  for (int y = 0; y < rgb.height; ++y) {
    std::ranges::transform(rgb.RowSpan(y), linear.Row(y),
                           [&](std::uint8_t code) { return linear_of_code[code]; });
  }
  const double scale = kLongSide / std::max(rgb.width, rgb.height);
  const auto side = [scale](int pixels) {
    return std::max(8, static_cast<int>(std::lround(pixels * scale)));
  };
  return Resized(linear.view(), side(rgb.width), side(rgb.height));
}

[[nodiscard]] Plane<std::uint8_t> Pixels(ByteView file, const JpegStream& stream,
                                         JpegOutput output) {
  auto decoded = DecodeJpeg(file.subspan(stream.begin, stream.end - stream.begin),
                            {.output = output, .limits = {}, .stop = {}});
  EXPECT_TRUE(decoded) << decoded.error().message;
  return decoded ? std::move(decoded->pixels) : Plane<std::uint8_t>(1, 1, 3);
}

}  // namespace

Plane<float> TargetStops(ByteView file) {
  const auto parsed = ReadGainMapJpeg(file, {});
  const auto map = parsed ? RequireGainMap(*parsed) : std::unexpected(parsed.error());
  if (!map) {
    ADD_FAILURE() << map.error().message;
    return Plane<float>(8, 8);
  }
  const GainMapMetadata& metadata = (*map)->metadata;
  const Plane<float> base = ReducedLinear(Pixels(file, parsed->primary, JpegOutput::kRgb).view());
  const Plane<std::uint8_t> codes = Pixels(file, (*map)->stream, JpegOutput::kAsStored);
  Plane<float> shares(codes.width(), codes.height(), codes.channels());
  for (int y = 0; y < codes.height(); ++y) {
    std::ranges::transform(codes.view().RowSpan(y), shares.Row(y),
                           [](std::uint8_t code) { return static_cast<float>(code) / 255; });
  }
  const Plane<float> m = Resized(shares.view(), base.width(), base.height());

  Plane<float> target(base.width(), base.height());
  for (int y = 0; y < base.height(); ++y) {
    for (int x = 0; x < base.width(); ++x) {
      double sdr_luminance = 0;
      double hdr_luminance = 0;
      for (int c = 0; c < 3; ++c) {
        const auto k = static_cast<std::size_t>(c);
        const double sdr = static_cast<double>(base.view().At(x, y, c));
        const double share = static_cast<double>(m.view().At(x, y, m.channels() == 1 ? 0 : c));
        const double gain =
            metadata.gain_map_min[k] + (metadata.gain_map_max[k] - metadata.gain_map_min[k]) *
                                           std::pow(share, 1 / metadata.gamma[k]);
        const double hdr =
            (sdr + metadata.base_offset[k]) * std::exp2(gain) - metadata.alternate_offset[k];
        sdr_luminance += kLuminance[k] * sdr;
        hdr_luminance += kLuminance[k] * std::max(hdr, 0.0);
      }
      target.Row(y)[x] =
          static_cast<float>(std::log2((hdr_luminance + 1.0 / 64) / (sdr_luminance + 1.0 / 64)));
    }
  }
  return target;
}

Score ScoreOf(PlaneView<const float> predicted, PlaneView<const float> target) {
  EXPECT_EQ(predicted.width, target.width);
  EXPECT_EQ(predicted.height, target.height);
  Score score;
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const double p = static_cast<double>(predicted.At(x, y));
      score.mean_absolute_error_stops += std::abs(p - static_cast<double>(target.At(x, y)));
      score.mean_predicted_stops += p;
    }
  }
  const double pixels = static_cast<double>(target.width) * target.height;
  return {score.mean_absolute_error_stops / pixels, score.mean_predicted_stops / pixels};
}

}  // namespace hdrp::test
