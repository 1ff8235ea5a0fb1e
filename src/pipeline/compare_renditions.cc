#include "pipeline/compare_renditions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "align/small_luminance.h"
#include "align/unknown_places.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/follow_base.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;
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
[[nodiscard]] double AgreementOf(const Compared& compared, const Plane<std::uint8_t>& unknown) {
  CellBox box{0, 0, compared.base_codes.width(), compared.base_codes.height()};
  if (!unknown.empty()) {
    const std::optional<CellBox> known = KnownBox(unknown.view());
    if (!known) return 0;
    box = *known;
  }
  return StructureAgreement(Cropped(compared.base_codes.view(), box), Orientation::kTopLeft,
                            Cropped(compared.hdr_codes.view(), box), Orientation::kTopLeft);
}

}  // namespace

Expected<Compared> CompareRenditions(const Renditions& renditions, HdrLight light,
                                     const Comparable& where) {
  const auto& [base, color, original, request] = renditions;
  const Raster raster{base.width(), base.height(), base.orientation()};
  if (!where.to_reference) {
    if (Expected<void> aspect = CheckAspect(raster, light.rows.raster); !aspect) {
      return Within(original.file.name, std::move(aspect.error()));
    }
  }
  Expected<HdrRendition> rendition =
      HdrRendition::Take(std::move(light), raster, where.to_reference, request.parallelism.stop);
  if (!rendition) return Within(original.file.name, std::move(rendition.error()));
  Expected<JpegRowReader> reader = JpegRowReader::Open(base.parsed.primary.In(base.file->bytes),
                                                       {.output = JpegOutput::kAsStored,
                                                        .limits = request.limits,
                                                        .stop = request.parallelism.stop});
  if (!reader) return Within(base.file->name, std::move(reader.error()));
  Plane<std::uint8_t> edited;  // as stored
  if (where.edited != nullptr && !where.edited->empty()) {
    edited = Oriented(where.edited->view(), Inverse(raster.orientation));
  }
  const bool partial = where.to_reference || !edited.empty();

  const std::array<float, 3> luminance = {static_cast<float>(color.luminance[0]),
                                          static_cast<float>(color.luminance[1]),
                                          static_cast<float>(color.luminance[2])};
  FineGainCollector collector(base.width(), base.height(), request.options.gain_map_channels,
                              luminance);
  SmallLuminance small_hdr(base.width(), base.height(), luminance);
  UnknownPlaces unknown(base.width(), base.height());
  SmallLuminance small_base(base.width(), base.height(), luminance);
  Plane<std::uint8_t> codes(base.width(), kBandRows, reader->channels());
  Plane<float> base_linear(base.width(), kBandRows, 3);
  Plane<float> hdr_linear(base.width(), kBandRows, 3);
  // Of the base, where the gain has to follow it.
  Plane<std::uint8_t> roots =
      where.to_reference ? Plane<std::uint8_t>(base.width(), base.height()) : Plane<std::uint8_t>();
  std::uint64_t nan_pixels = 0;
  while (reader->rows_read() < base.height()) {
    const int first = reader->rows_read();
    const int rows = std::min(kBandRows, base.height() - first);
    const auto first_rows = [rows](auto view) {
      view.height = rows;
      return view;
    };
    const PlaneView<std::uint8_t> coded = first_rows(codes.view());
    const PlaneView<float> sdr = first_rows(base_linear.view());
    const PlaneView<float> hdr = first_rows(hdr_linear.view());
    if (Expected<void> ok = reader->Read(coded); !ok) return Within(base.file->name, ok.error());
    if (Expected<void> ok = rendition->Read(hdr); !ok) {
      return Within(original.file.name, std::move(ok.error()));
    }
    for (int y = 0; y < rows; ++y) LinearFromCodes(coded.RowSpan(y), color, sdr.RowSpan(y));
    unknown.Add(hdr);
    if (partial) {
      // What is not there has no say in the mid-tones, and no gain.
      for (int y = 0; y < rows && !where.to_reference; ++y)
        nan_pixels += PixelsWithNan(hdr.RowSpan(y));
      for (int y = 0; y < rows && !edited.empty(); ++y) {
        const auto mask_row =
            static_cast<std::int64_t>(first + y) * edited.height() / base.height();
        Erase(hdr.RowSpan(y), std::as_const(edited).view().RowSpan(static_cast<int>(mask_row)));
      }
      small_hdr.Add(hdr);
      for (int y = 0; y < rows; ++y) TakeWhereNan(hdr.RowSpan(y), sdr.RowSpan(y));
      collector.Add(hdr, sdr);
    } else {
      collector.Add(hdr, sdr);  // first: it replaces what is not finite
      small_hdr.Add(hdr);
    }
    for (int y = 0; y < rows && !roots.empty(); ++y) {
      RootLuminance(sdr.RowSpan(y), luminance, roots.view().RowSpan(first + y));
    }
    small_base.Add(sdr);
  }
  Plane<std::uint8_t> unknown_cells = unknown.Take();
  Compared result{collector.Take(),
                  MidToneRatio(small_hdr.plane(), small_base.plane(), unknown_cells),
                  LogCodes(small_base.plane().view()),
                  LogCodes(small_hdr.plane().view()),
                  0,
                  *std::move(rendition)};
  if (!roots.empty()) FollowBase(result.gain, std::as_const(roots).view());
  result.gain.non_finite_pixels += nan_pixels + result.rendition.non_finite_pixels();
  if (!partial) result.agreement = AgreementOf(result, unknown_cells);
  result.unknown = std::move(unknown_cells);
  return result;
}

}  // namespace hdrp
