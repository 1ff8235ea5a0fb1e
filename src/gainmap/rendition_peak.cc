#include "gainmap/rendition_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "gainmap/light_bins.h"

namespace hdrp {

std::uint64_t PixelsAbovePeak(std::uint64_t pixels) {
  constexpr std::uint64_t kOneOf = 100'000;
  constexpr std::uint64_t kAtLeast = 16;
  constexpr std::uint64_t kOneOfSmallPictures = 1000;
  return std::max(pixels / kOneOf, std::min(kAtLeast, pixels / kOneOfSmallPictures));
}

RenditionPeak::RenditionPeak(const EncodedGainMap& map, int base_width, int base_height)
    : rows_(map, base_width, base_height),
      constants_(ApplyConstantsOf(map.metadata, 1.0)),
      gain_(static_cast<std::size_t>(rows_.channels()) * static_cast<std::size_t>(base_width)),
      hdr_(3 * static_cast<std::size_t>(base_width)),
      histogram_(kLightBins) {}

void RenditionPeak::Add(PlaneView<const float> base_linear) {
  assert(hdr_.size() == 3 * static_cast<std::size_t>(base_linear.width));
  for (int y = 0; y < base_linear.height; ++y) {
    rows_.Row(rows_added_++, gain_);
    ApplyGainRow(base_linear.RowSpan(y), gain_, constants_, hdr_);
    for (std::size_t i = 0; i < hdr_.size(); i += 3) {
      const float light = std::max({hdr_[i], hdr_[i + 1], hdr_[i + 2], 0.0F});
      ++histogram_[LightBinOf(light)];
    }
  }
}

double RenditionPeak::Stops() const {
  const std::uint64_t pixels =
      static_cast<std::uint64_t>(rows_added_) * static_cast<std::uint64_t>(hdr_.size() / 3);
  const std::uint64_t allowed = PixelsAbovePeak(pixels);
  std::uint64_t above = 0;
  std::size_t bin = histogram_.size() - 1;
  for (; bin > 0; --bin) {
    above += histogram_[bin];
    if (above > allowed) break;
  }
  return std::log2(MiddleOfLightBin(bin));
}

}  // namespace hdrp
