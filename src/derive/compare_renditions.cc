#include "derive/compare_renditions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "align/changes/unknown_places.h"
#include "align/framing.h"
#include "align/tone/small_luminance.h"
#include "base/band_rows.h"
#include "edit/edit_rows.h"
#include "gainmap/follow_base.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

/// NaN into the row's pixels that the mask covers.
void Erase(std::span<float> rgb, std::span<const std::uint8_t> mask_row) {
  const std::size_t width = rgb.size() / 3;
  for (std::size_t x = 0; x < width; ++x) {
    if (mask_row[x * mask_row.size() / width] != 0)
      std::ranges::fill(rgb.subspan(3 * x, 3), kNothing);
  }
}

[[nodiscard]] bool HasNan(std::span<const float> pixel) {
  return std::ranges::any_of(pixel, [](float v) { return std::isnan(v); });
}

[[nodiscard]] std::uint64_t PixelsWithNan(std::span<const float> rgb) {
  std::uint64_t pixels = 0;
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) pixels += HasNan(rgb.subspan(i, 3)) ? 1U : 0U;
  return pixels;
}

void TakeWhereNan(std::span<float> hdr, std::span<const float> base) {
  for (std::size_t i = 0; i + 2 < hdr.size(); i += 3) {
    const auto pixel = hdr.subspan(i, 3);
    if (HasNan(pixel)) std::ranges::copy(base.subspan(i, 3), pixel.begin());
  }
}

/// 255 times the root, which is about what eyes see.
void RootLuminance(std::span<const float> rgb, const std::array<float, 3>& weights,
                   std::span<std::uint8_t> roots) {
  for (std::size_t x = 0; x < roots.size(); ++x) {
    const auto pixel = rgb.subspan(3 * x, 3);
    const float luminance = pixel[0] * weights[0] + pixel[1] * weights[1] + pixel[2] * weights[2];
    roots[x] = static_cast<std::uint8_t>(255 * std::sqrt(std::clamp(luminance, 0.0F, 1.0F)) + 0.5F);
  }
}

/// Of what is known: where it is not, the base's own light stands for the rendition's.
[[nodiscard]] std::optional<double> MidToneRatio(const Plane<float>& hdr, const Plane<float>& base,
                                                 const Plane<std::uint8_t>& unknown) {
  if (unknown.empty()) return MidToneRatioStops(hdr.view(), base.view());
  Plane<float> known = hdr.Clone();
  for (int y = 0; y < known.height(); ++y) {
    for (int x = 0; x < known.width(); ++x) {
      if (unknown.Row(y)[x] != 0) known.Row(y)[x] = kNothing;
    }
  }
  return MidToneRatioStops(std::as_const(known).view(), base.view());
}

/// Of the rectangle of what is known, so that two pictures do not agree by what is not there.
[[nodiscard]] double AgreementOf(const RenditionComparison& compared,
                                 const Plane<std::uint8_t>& unknown) {
  CellBox box{0, 0, compared.edit_codes.width(), compared.edit_codes.height()};
  if (!unknown.empty()) {
    const std::optional<CellBox> known = KnownBox(unknown.view());
    if (!known) return 0;
    box = *known;
  }
  return StructureAgreement(Cropped(compared.edit_codes.view(), box), Orientation::kTopLeft,
                            Cropped(compared.hdr_codes.view(), box), Orientation::kTopLeft);
}

/// What is gathered while both renditions' rows pass.
class Comparer {
 public:
  Comparer(const EditAndOriginal& pair, const ComparedPlaces& where)
      : raster_(pair.edit.raster()),
        luminance_({static_cast<float>(pair.color.luminance[0]),
                    static_cast<float>(pair.color.luminance[1]),
                    static_cast<float>(pair.color.luminance[2])}),
        reframed_(where.to_reference.has_value()),
        gain_(raster_.width, raster_.height, pair.options.map_channels, luminance_),
        small_hdr_(raster_.width, raster_.height, luminance_),
        small_edit_(raster_.width, raster_.height, luminance_),
        unknown_(raster_.width, raster_.height) {
    if (where.edited != nullptr && !where.edited->empty()) {
      edited_ = Oriented(where.edited->view(), Inverse(raster_.orientation));
    }
    if (reframed_) roots_ = Plane<std::uint8_t>(raster_.width, raster_.height);
  }

  /// The next rows of both, from row `first` on; the HDR rendition's are changed.
  void Add(PlaneView<float> hdr, PlaneView<float> sdr, int first) {
    unknown_.Add(hdr);
    if (partial()) {
      EraseEdited(hdr, first);
      small_hdr_.Add(hdr);
      for (int y = 0; y < hdr.height; ++y) TakeWhereNan(hdr.RowSpan(y), sdr.RowSpan(y));
      gain_.Add(hdr, sdr);
    } else {
      gain_.Add(hdr, sdr);  // first: it replaces what is not finite
      small_hdr_.Add(hdr);
    }
    for (int y = 0; y < sdr.height && !roots_.empty(); ++y) {
      RootLuminance(sdr.RowSpan(y), luminance_, roots_.view().RowSpan(first + y));
    }
    small_edit_.Add(sdr);
  }

  [[nodiscard]] RenditionComparison Take(HdrRows rendition) && {
    Plane<std::uint8_t> unknown = unknown_.Take();
    RenditionComparison result{gain_.Take(),
                               MidToneRatio(small_hdr_.plane(), small_edit_.plane(), unknown),
                               LogCodes(small_edit_.plane().view()),
                               LogCodes(small_hdr_.plane().view()),
                               0,
                               std::move(rendition)};
    if (!roots_.empty()) FollowBase(result.gain, std::as_const(roots_).view());
    result.gain.non_finite_pixels += nan_pixels_ + result.rendition.non_finite_pixels();
    if (!partial()) result.agreement = AgreementOf(result, unknown);
    result.unknown = std::move(unknown);
    return result;
  }

 private:
  [[nodiscard]] bool partial() const { return reframed_ || !edited_.empty(); }

  /// What is not there has no say in the mid-tones, and no gain.
  void EraseEdited(PlaneView<float> hdr, int first) {
    for (int y = 0; y < hdr.height && !reframed_; ++y) nan_pixels_ += PixelsWithNan(hdr.RowSpan(y));
    for (int y = 0; y < hdr.height && !edited_.empty(); ++y) {
      const auto mask_row =
          static_cast<std::int64_t>(first + y) * edited_.height() / raster_.height;
      Erase(hdr.RowSpan(y), std::as_const(edited_).view().RowSpan(static_cast<int>(mask_row)));
    }
  }

  Raster raster_;
  std::array<float, 3> luminance_;
  bool reframed_;
  FineGainCollector gain_;
  SmallLuminance small_hdr_, small_edit_;
  UnknownPlaces unknown_;
  Plane<std::uint8_t> edited_;  ///< as stored; empty where nothing was
  Plane<std::uint8_t> roots_;   ///< of the edit, where the gain has to follow it; else empty
  std::uint64_t nan_pixels_ = 0;
};

}  // namespace

Expected<RenditionComparison> CompareRenditions(const EditAndOriginal& pair, HdrLight light,
                                                const ComparedPlaces& where) {
  const EditJpeg& edit = pair.edit;
  const std::string& original = pair.original.file.name;
  if (!where.to_reference) {
    HDRP_RETURN_IF_ERROR(Within(original, CheckAspect(edit.raster(), light.rows.raster)));
  }
  HDRP_ASSIGN_OR_RETURN(HdrRows rendition,
                        Within(original, HdrRows::Take(std::move(light), edit.raster(),
                                                       where.to_reference, pair.resources.stop())));
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader, OpenEditRows(edit, pair.resources));
  Comparer comparer(pair, where);
  Plane<std::uint8_t> codes(edit.width(), kBandRows, reader.channels());
  Plane<float> edit_linear(edit.width(), kBandRows, 3);
  Plane<float> hdr_linear(edit.width(), kBandRows, 3);
  while (reader.rows_read() < edit.height()) {
    const int first = reader.rows_read();
    PlaneView<std::uint8_t> coded = codes.view();
    PlaneView<float> sdr = edit_linear.view(), hdr = hdr_linear.view();
    coded.height = sdr.height = hdr.height = std::min(kBandRows, edit.height() - first);
    HDRP_RETURN_IF_ERROR(Within(edit.name(), reader.Read(coded)));
    HDRP_RETURN_IF_ERROR(Within(original, rendition.Read(hdr)));
    for (int y = 0; y < sdr.height; ++y) {
      LinearFromCodes(coded.RowSpan(y), pair.color, sdr.RowSpan(y));
    }
    comparer.Add(hdr, sdr, first);
  }
  return std::move(comparer).Take(std::move(rendition));
}

}  // namespace hdrp
