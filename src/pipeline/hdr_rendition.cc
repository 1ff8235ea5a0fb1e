#include "pipeline/hdr_rendition.h"

#include <algorithm>
#include <format>

#include "align/framing.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

[[nodiscard]] bool IsHdr(const PictureInfo& info) {
  const Transfer transfer = info.color.transfer;
  if (info.is_float) return true;
  // An integer picture with a profile is what the profile's colours make it: SDR.
  return info.color.icc.empty() && (transfer == Transfer::kPq || transfer == Transfer::kHlg ||
                                    (transfer == Transfer::kLinear && info.bits >= 16));
}

[[nodiscard]] PlaneView<float> FirstRows(Plane<float>& plane, int rows) {
  PlaneView<float> view = plane.view();
  view.height = rows;
  return view;
}

}  // namespace

Expected<HdrRendition> HdrRendition::Open(const InputFile& file, const BaseRaster& base,
                                          double scale, const Request& request) {
  Expected<PictureRows> picture =
      OpenPicture(file.bytes, {.limits = request.limits,
                               .stop = request.parallelism.stop,
                               .flatten = request.options.flatten});
  if (!picture) return Within(file.name, std::move(picture.error()));
  const PictureInfo& info = picture->info;
  if (!IsHdr(info)) {
    return Fail(ErrorCode::kNoGainMap, file.name,
                "expected an HDR picture (float, PQ or HLG) or a gain-map JPEG as reference, found "
                "an SDR {} of {} bits",
                NameOf(info.format), info.bits);
  }
  if (Expected<void> aspect =
          CheckAspect({base.width, base.height, base.orientation},
                      {info.width, info.height, info.orientation});
      !aspect) {
    return Within(file.name, std::move(aspect.error()));
  }
  Expected<RowLineariser> lineariser =
      RowLineariser::Create(info.color, {info.channels, info.bits, info.is_float},
                            {.target = base.primaries, .scale = scale});
  if (!lineariser) return Within(file.name, std::move(lineariser.error()));

  HdrRendition rendition(*std::move(picture), *std::move(lineariser));
  rendition.samples_ = Plane<float>(rendition.info().width, kBandRows, rendition.info().channels);
  const bool same_raster = rendition.info().width == base.width &&
                           rendition.info().height == base.height &&
                           rendition.info().orientation == base.orientation;
  if (!same_raster) {
    if (Expected<void> held = rendition.HoldFor(base, request.parallelism.stop); !held) {
      return Within(file.name, std::move(held.error()));
    }
  }
  return rendition;
}

bool HdrRendition::has_free_scale() const {
  const Transfer transfer = info().color.transfer;
  if (!info().color.icc.empty()) return true;
  return transfer != Transfer::kPq && transfer != Transfer::kHlg && !info().color.white_nits;
}

Expected<void> HdrRendition::ReadLinear(PlaneView<float> band) {
  for (int first = 0; first < band.height; first += kBandRows) {
    const PlaneView<float> rows = FirstRows(samples_, std::min(kBandRows, band.height - first));
    if (Expected<void> ok = picture_.read(rows); !ok) return ok;
    for (int y = 0; y < rows.height; ++y) {
      lineariser_.Row(rows.RowSpan(y), band.RowSpan(first + y));
    }
  }
  return {};
}

Expected<void> HdrRendition::HoldFor(const BaseRaster& base, const StopCondition& stop) {
  const PictureInfo& source = info();
  Plane<float> whole(source.width, source.height, 3);
  for (int first = 0; first < source.height; first += kBandRows) {
    if (Expected<void> go_on = stop.Check("HDR reference"); !go_on) return go_on;
    PlaneView<float> band = whole.view();
    band.data = whole.Row(first);
    band.height = std::min(kBandRows, source.height - first);
    if (Expected<void> ok = ReadLinear(band); !ok) return ok;
  }
  if (const Orientation turn = Relative(source.orientation, base.orientation);
      turn != Orientation::kTopLeft) {
    whole = Oriented(std::as_const(whole).view(), turn);
    steps_.push_back(std::format("HDR rendition turned from orientation {} to {}",
                                 static_cast<int>(source.orientation),
                                 static_cast<int>(base.orientation)));
  }
  if (whole.width() != base.width || whole.height() != base.height) {
    steps_.push_back(std::format("HDR rendition resampled from {} x {} to {} x {}", whole.width(),
                                 whole.height(), base.width, base.height));
    whole = Resized(std::as_const(whole).view(), base.width, base.height);
  }
  held_ = std::move(whole);
  return {};
}

Expected<void> HdrRendition::Read(PlaneView<float> band) {
  if (held_.empty()) return ReadLinear(band);
  for (int y = 0; y < band.height; ++y) {
    std::ranges::copy(std::as_const(held_).view().RowSpan(rows_read_++), band.RowSpan(y).begin());
  }
  return {};
}

}  // namespace hdrp
