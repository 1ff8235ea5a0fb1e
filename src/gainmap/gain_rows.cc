#include "gainmap/gain_rows.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace hdrp {

GainRows::GainRows(const EncodedGainMap& map, int base_width, int base_height)
    : codes_(map.codes.view()), base_height_(base_height) {
  assert(codes_.channels == 1 || codes_.channels == 3);
  for (int c = 0; c < codes_.channels; ++c) {
    stops_of_code_[static_cast<std::size_t>(c)] = StopsOfCodes(map.metadata, c);
  }
  columns_.reserve(static_cast<std::size_t>(base_width));
  for (int x = 0; x < base_width; ++x) {
    columns_.push_back(BilinearTapAt(x, base_width, codes_.width));
  }
}

/// The map's row at the height of row y, and its last sample once more, so that every column has a
/// right neighbour.
std::vector<float> GainRows::BlendedRow(int y) const {
  const BilinearTap tap = BilinearTapAt(y, base_height_, codes_.height);
  const auto channels = static_cast<std::size_t>(codes_.channels);
  const std::span<const std::uint8_t> upper = codes_.RowSpan(tap.first);
  const std::span<const std::uint8_t> lower =
      codes_.RowSpan(std::min(tap.first + 1, codes_.height - 1));
  std::vector<float> row(upper.size() + channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::array<float, 256>& stops_of_code = stops_of_code_[c];
    for (std::size_t i = c; i < upper.size(); i += channels) {
      const float above = stops_of_code[upper[i]];
      row[i] = above + tap.share * (stops_of_code[lower[i]] - above);
    }
  }
  std::copy_n(row.end() - static_cast<std::ptrdiff_t>(2 * channels), channels,
              row.end() - static_cast<std::ptrdiff_t>(channels));
  return row;
}

void GainRows::Row(int y, std::span<float> stops) const {
  const std::vector<float> row = BlendedRow(y);
  if (codes_.channels == 3) {
    assert(stops.size() == 3 * columns_.size());
    float* out = stops.data();
    for (const BilinearTap& tap : columns_) {
      const float* in = row.data() + 3 * static_cast<std::size_t>(tap.first);
      for (int c = 0; c < 3; ++c) *out++ = in[c] + tap.share * (in[c + 3] - in[c]);
    }
    return;
  }
  const std::size_t copies = stops.size() / columns_.size();
  assert(stops.size() == copies * columns_.size() && (copies == 1 || copies == 3));
  float* out = stops.data();
  for (const BilinearTap& tap : columns_) {
    const float* in = row.data() + tap.first;
    const float value = in[0] + tap.share * (in[1] - in[0]);
    for (std::size_t i = 0; i < copies; ++i) *out++ = value;
  }
}

}  // namespace hdrp
