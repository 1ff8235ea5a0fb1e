// Lines of luminance and chroma as RGB: what the library's RgbaInputFile does, with its filters
// (ImfRgbaYca.h), from lines that ExrLines has checked.
#pragma once

#include <OpenEXR/ImfRgbaYca.h>

#include <array>
#include <span>
#include <vector>

#include "decode/exr/lines.h"

namespace hdrp {

class ExrChroma {
 public:
  /// `lines` has the channels Y, RY, BY and then maybe A; it and the header must outlive this.
  ExrChroma(ExrLines& lines, const ExrHeader& header);

  /// RGBA of line y of the data window (alpha 1 where there is none), valid until the next call.
  /// After the first call y has to be the next line each time.
  [[nodiscard]] Expected<std::span<const Imf::Rgba>> Line(std::int64_t y);

 private:
  using Row = std::vector<Imf::Rgba>;  ///< RGBA, or (RY, Y, BY, A)

  /// The last of yca_ becomes line y, chroma filtered horizontally.
  [[nodiscard]] Expected<void> AddYca(std::int64_t y);
  /// The last of rgba_ becomes line y, chroma filtered vertically.
  void AddRgba(std::int64_t y);

  ExrLines& lines_;
  const ExrHeader& header_;
  Imath::V3f weights_;          ///< of luminance
  std::vector<float> samples_;  ///< of a channel in a line
  Row padded_;                  ///< a line with the filter's margin at both ends
  std::vector<Row> yca_;        ///< lines top_, top_ + 1, ...
  std::int64_t top_ = 0;
  std::array<Row, 3> rgba_;  ///< the line above, the line, the line below
  Row out_;
  bool is_started_ = false;
};

}  // namespace hdrp
