#include "decode/exr/chroma.h"

#include <algorithm>
#include <cstdint>

#include "color/matrix.h"

namespace hdrp {
namespace {

namespace yca = Imf::RgbaYca;

/// Lines above and below that a line depends on: the filter, and one more to correct saturation.
constexpr std::int64_t kReach = yca::N2 + 1;

[[nodiscard]] Imath::V3f LuminanceWeights(const Chromaticities& primaries) {
  const auto weights = XyzFromRgb(primaries)[1];
  return {static_cast<float>(weights[0]), static_cast<float>(weights[1]),
          static_cast<float>(weights[2])};
}

}  // namespace

ExrChroma::ExrChroma(ExrLines& lines, const ExrHeader& header)
    : lines_(lines), header_(header), weights_(LuminanceWeights(header.color.primaries)) {
  const auto width = static_cast<std::size_t>(header.data.width());
  samples_.resize(width);
  padded_.resize(width + yca::N - 1);
  yca_.assign(2 * kReach + 1, Row(width));
  rgba_.fill(Row(width));
  out_.resize(width);
}

Expected<std::span<const Imf::Rgba>> ExrChroma::Line(std::int64_t y) {
  for (std::int64_t line = is_started_ ? y + kReach : y - kReach; line <= y + kReach; ++line) {
    HDRP_RETURN_IF_ERROR(AddYca(line));
  }
  top_ = y - kReach;
  for (std::int64_t line = is_started_ ? y + 1 : y - 1; line <= y + 1; ++line) AddRgba(line);
  is_started_ = true;
  const std::array<const Imf::Rgba*, 3> around{rgba_[0].data(), rgba_[1].data(), rgba_[2].data()};
  yca::fixSaturation(weights_, static_cast<int>(out_.size()), around.data(), out_.data());
  return out_;
}

Expected<void> ExrChroma::AddYca(std::int64_t y) {
  std::ranges::rotate(yca_, yca_.begin() + 1);
  Row& row = yca_.back();
  // Beyond the edges the nearest line with chroma: the first, and the last but one.
  if (y < header_.data.min_y) y = header_.data.min_y;
  if (y > header_.data.max_y) y = std::max(header_.data.min_y, header_.data.max_y - 1);
  HDRP_RETURN_IF_ERROR(lines_.Load(y));

  const std::size_t width = row.size();
  const std::span line = std::span(padded_).subspan(yca::N2, width);
  std::ranges::fill(line, Imf::Rgba(0, 0, 0, 1));
  const auto copy = [&](std::size_t channel, std::size_t sampling, auto member) {
    lines_.Copy(channel, samples_, sampling);
    for (std::size_t x = 0; x < width; x += sampling) line[x].*member = samples_[x];
  };
  copy(0, 1, &Imf::Rgba::g);
  if (header_.has_alpha) copy(3, 1, &Imf::Rgba::a);
  if (y % 2 != 0) {
    std::ranges::copy(line, row.begin());
    return {};
  }
  copy(1, 2, &Imf::Rgba::r);
  copy(2, 2, &Imf::Rgba::b);
  std::fill_n(padded_.begin(), yca::N2, line.front());
  std::fill_n(padded_.end() - yca::N2, yca::N2, line[width < 2 ? 0 : width - 2]);
  yca::reconstructChromaHoriz(static_cast<int>(width), padded_.data(), row.data());
  return {};
}

void ExrChroma::AddRgba(std::int64_t y) {
  std::ranges::rotate(rgba_, rgba_.begin() + 1);
  Row& row = rgba_.back();
  const auto width = static_cast<int>(row.size());
  const auto at = static_cast<std::size_t>(y - top_);
  if (y % 2 == 0) {
    yca::YCAtoRGBA(weights_, width, yca_[at].data(), row.data());
    return;
  }
  std::array<const Imf::Rgba*, yca::N> around{};
  for (std::size_t i = 0; i < around.size(); ++i) around[i] = yca_[at - yca::N2 + i].data();
  yca::reconstructChromaVert(width, around.data(), row.data());
  yca::YCAtoRGBA(weights_, width, row.data(), row.data());
}

}  // namespace hdrp
