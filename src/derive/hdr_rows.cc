#include "derive/hdr_rows.h"

#include <algorithm>

#include "base/band_rows.h"
#include "base/formatted.h"
#include "gainmap/gain.h"

namespace hdrp {
Expected<HdrRows> HdrRows::Take(HdrLight light, const Raster& base,
                                const std::optional<FramingMap>& to_reference,
                                const StopCondition& stop) {
  HdrRows rendition(std::move(light));
  const Raster& source = rendition.light_.rows.raster;
  const bool same_raster = source.width == base.width && source.height == base.height &&
                           source.orientation == base.orientation;
  if (to_reference) {
    HDRP_RETURN_IF_ERROR(rendition.WarpFor(base, *to_reference, stop));
  } else if (!same_raster) {
    HDRP_RETURN_IF_ERROR(rendition.HoldFor(base, stop));
  }
  return rendition;
}

Expected<void> HdrRows::HoldFor(const Raster& base, const StopCondition& stop) {
  const Raster& source = light_.rows.raster;
  Plane<float> whole(source.width, source.height, 3);
  for (int first = 0; first < source.height; first += kBandRows) {
    HDRP_RETURN_IF_ERROR(stop.Check("HDR reference"));
    PlaneView<float> band = whole.view();
    band.data = whole.Row(first);
    band.height = std::min(kBandRows, source.height - first);
    HDRP_RETURN_IF_ERROR(light_.rows.read(band));
  }
  if (const Orientation turn = Relative(source.orientation, base.orientation);
      turn != Orientation::kTopLeft) {
    whole = Oriented(std::as_const(whole).view(), turn);
    steps_.push_back(Formatted("HDR rendition turned from orientation {} to {}",
                               static_cast<int>(source.orientation),
                               static_cast<int>(base.orientation)));
  }
  if (whole.width() != base.width || whole.height() != base.height) {
    steps_.push_back(Formatted("HDR rendition resampled from {} x {} to {} x {}", whole.width(),
                               whole.height(), base.width, base.height));
    whole = Resized(std::as_const(whole).view(), base.width, base.height);
  }
  held_ = std::move(whole);
  return {};
}

Expected<void> HdrRows::WarpFor(const Raster& base, const FramingMap& to_reference,
                                const StopCondition& stop) {
  const Raster& source = light_.rows.raster;
  warped_.emplace(Placement{base, source, to_reference});
  Plane<float> rows(source.width, kBandRows, 3);
  for (int first = 0; first < source.height; first += kBandRows) {
    HDRP_RETURN_IF_ERROR(stop.Check("HDR reference"));
    PlaneView<float> band = rows.view();
    band.height = std::min(kBandRows, source.height - first);
    HDRP_RETURN_IF_ERROR(light_.rows.read(band));
    warped_->Add(band);
  }
  steps_.push_back(Formatted("HDR rendition of {} x {} brought to the edit's framing", source.width,
                             source.height));
  return {};
}

Expected<void> HdrRows::Read(PlaneView<float> band) {
  if (warped_) {
    warped_->Rows(rows_read_, band);
    rows_read_ += band.height;
    return {};
  }
  if (held_.empty()) return light_.rows.read(band);
  for (int y = 0; y < band.height; ++y) {
    std::ranges::copy(std::as_const(held_).view().RowSpan(rows_read_++), band.RowSpan(y).begin());
  }
  return {};
}

}  // namespace hdrp
