#include "decode/coded_rows.h"

#include <cstring>
#include <utility>
#include <vector>

namespace hdrp {
namespace {

/// A float alpha within a sixth of a 16-bit code of 1 is 1: lossy codecs leave such crumbs. Integer
/// codes of up to 16 bits are opaque only at the largest one.
constexpr double kOpaqueShare = 1 - 1.0 / (6 * 65535);

/// One pixel's colour on the ground that the rule names; all as codes.
double Composed(double color, double alpha, const SampleLayout& layout, Flatten flatten) {
  const double foreground = layout.premultiplied ? color : color * alpha / layout.largest;
  return flatten == Flatten::kWhite ? foreground + (layout.largest - alpha) : foreground;
}

template <typename Sample>
Expected<void> FlattenRow(std::span<const Sample> samples, const SampleLayout& layout,
                          const AlphaRule& rule, int y, std::span<float> colors) {
  const auto count = static_cast<std::size_t>(layout.color_channels);
  const auto step = static_cast<std::size_t>(layout.samples());
  const float largest = static_cast<float>(layout.largest);
  for (std::size_t x = 0; x * step < samples.size(); ++x) {
    const Sample* pixel = &samples[x * step];
    float* out = &colors[x * count];
    const double alpha = layout.has_alpha ? static_cast<double>(pixel[count]) : layout.largest;
    if (alpha >= kOpaqueShare * layout.largest) {
      for (std::size_t c = 0; c < count; ++c) out[c] = static_cast<float>(pixel[c]) / largest;
      continue;
    }
    if (rule.flatten == Flatten::kRefuse) {
      return Fail(ErrorCode::kUnsupported, rule.where,
                  "the pixel at ({}, {}) is not opaque (alpha {} of {}), and an Ultra HDR file has "
                  "no alpha; --flatten composes the picture on black or white",
                  x, y, alpha, layout.largest);
    }
    for (std::size_t c = 0; c < count; ++c) {
      out[c] = static_cast<float>(
          Composed(static_cast<double>(pixel[c]), alpha, layout, rule.flatten) / layout.largest);
    }
  }
  return {};
}

}  // namespace

Expected<void> FloatsFromCodes(const CodedRows& rows, int first_row, const AlphaRule& rule,
                               PlaneView<float> band) {
  const std::size_t count =
      static_cast<std::size_t>(band.width) * static_cast<std::size_t>(rows.layout.samples());
  std::vector<std::uint16_t> wide(rows.sample_bytes == 2 ? count : 0);
  for (int y = 0; y < band.height; ++y) {
    const std::uint8_t* row =
        rows.data + static_cast<std::size_t>(first_row + y - rows.first_row) * rows.stride_bytes;
    if (rows.sample_bytes == 2) {
      std::memcpy(wide.data(), row, 2 * count);
      HDRP_RETURN_IF_ERROR(FlattenRow(std::span<const std::uint16_t>(wide), rows.layout, rule,
                                      first_row + y, band.RowSpan(y)));
    } else {
      HDRP_RETURN_IF_ERROR(
          FlattenRow(std::span(row, count), rows.layout, rule, first_row + y, band.RowSpan(y)));
    }
  }
  return {};
}

Expected<void> FlattenFloats(std::span<const float> samples, const SampleLayout& layout,
                             const AlphaRule& rule, int y, std::span<float> colors) {
  return FlattenRow(samples, layout, rule, y, colors);
}

PictureRows RowsFrom(
    PictureInfo info, StopCondition stop,
    std::move_only_function<Expected<void>(int first_row, PlaneView<float> band)> read) {
  PictureRows rows;
  rows.read = [width = info.width, height = info.height, channels = info.channels,
               where = NameOf(info.format), stop = std::move(stop), read = std::move(read),
               next = 0](PlaneView<float> band) mutable -> Expected<void> {
    if (band.width != width || band.channels != channels || band.height > height - next) {
      return Fail(ErrorCode::kInternal, where,
                  "a band of {} x {} x {} was asked of the {} rows left of {} x {} x {}",
                  band.width, band.height, band.channels, height - next, width, height, channels);
    }
    HDRP_RETURN_IF_ERROR(stop.Check(where));
    auto done = read(next, band);
    next += band.height;
    return done;
  };
  rows.info = std::move(info);
  return rows;
}

}  // namespace hdrp
