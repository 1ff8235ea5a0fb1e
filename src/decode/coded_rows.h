// From a codec's rows of codes to the rows of picture.h: division by the largest code, alpha under
// the caller's rule, and the checks that every reader's rows need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "decode/picture.h"

namespace hdrp {

/// What a codec's interleaved samples are.
struct SampleLayout {
  int color_channels = 3;
  bool has_alpha = false;      ///< one more sample behind the colours
  bool premultiplied = false;  ///< the colours already carry the alpha
  double largest = 255;        ///< the sample that stands for 1

  [[nodiscard]] int samples() const { return color_channels + (has_alpha ? 1 : 0); }
};

/// Rows as codecs leave them in memory (borrowed).
struct CodedRows {
  const std::uint8_t* data = nullptr;
  std::size_t stride_bytes = 0;
  int sample_bytes = 1;  ///< 1, or 2 in the machine's byte order
  int first_row = 0;     ///< of the picture: the one that stands at `data`
  SampleLayout layout;
};

/// What a reader does with alpha, and what it calls itself in errors.
struct AlphaRule {
  Flatten flatten = Flatten::kRefuse;
  std::string_view where;
};

/// Rows [first_row, first_row + band.height) of the picture, all of which stand in `rows`.
/// unsupported at the first pixel that is not opaque, by the rule.
[[nodiscard]] Expected<void> FloatsFromCodes(const CodedRows& rows, int first_row,
                                             const AlphaRule& rule, PlaneView<float> band);

/// The same for one row of float samples (`y` is for the message).
[[nodiscard]] Expected<void> FlattenFloats(std::span<const float> samples,
                                           const SampleLayout& layout, const AlphaRule& rule, int y,
                                           std::span<float> colors);

/// The rows whose next ones `read(first_row, band)` gives: adds the checks of the band's shape and
/// of the stop condition.
[[nodiscard]] PictureRows RowsFrom(
    PictureInfo info, StopCondition stop,
    std::move_only_function<Expected<void>(int first_row, PlaneView<float> band)> read);

}  // namespace hdrp
