#include "decode/picture.h"

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "base/formatted.h"
#include "decode/opacity.h"
#include "decode/tiff/file.h"
#include "decode/tiff/header.h"
#include "decode/tiff/lines.h"
#include "decode/tiff/samples.h"

namespace hdrp {
namespace {

class TiffRows {
 public:
  [[nodiscard]] static Expected<TiffRows> Open(ByteView file, TiffLayout layout,
                                               const PictureOptions& options) {
    TiffRows rows(std::move(layout), options);
    const TiffLayout& l = rows.layout_;
    std::vector<int> stored{0};
    if (l.is_planar) {
      stored.clear();
      for (int c = 0; c < l.color_samples; ++c) stored.push_back(c);
      if (l.alpha != TiffAlpha::kNone) stored.push_back(l.alpha_sample);
      rows.alpha_at_ = static_cast<std::size_t>(l.color_samples);
    } else {
      rows.alpha_at_ = static_cast<std::size_t>(l.alpha_sample);
    }
    for (const int sample : stored) {
      HDRP_ASSIGN_OR_RETURN(TiffLines plane, TiffLines::Open(file, l, sample));
      rows.planes_.push_back(std::move(plane));
    }
    rows.pixel_samples_ = l.is_planar ? stored.size() : static_cast<std::size_t>(l.samples);
    rows.samples_.resize(l.width * rows.pixel_samples_);
    if (l.is_planar) rows.plane_.resize(l.width);
    return rows;
  }

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    HDRP_RETURN_IF_ERROR(stop_.Check(kTiffWhere));
    for (int y = 0; y < band.height; ++y) {
      HDRP_RETURN_IF_ERROR(ReadSamples());
      HDRP_RETURN_IF_ERROR(MakeRow(band.RowSpan(y)));
      ++next_row_;
    }
    return {};
  }

 private:
  TiffRows(TiffLayout layout, const PictureOptions& options)
      : layout_(std::move(layout)), flatten_(options.flatten), stop_(options.stop) {}

  /// The next row into samples_, interleaved.
  [[nodiscard]] Expected<void> ReadSamples() {
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      HDRP_ASSIGN_OR_RETURN(const auto row, planes_[p].Next());
      if (!layout_.is_planar) {
        TiffSamples(row, layout_, samples_);
        continue;
      }
      TiffSamples(row, layout_, plane_);
      for (std::size_t x = 0; x < plane_.size(); ++x) samples_[x * pixel_samples_ + p] = plane_[x];
    }
    return {};
  }

  [[nodiscard]] Expected<void> MakeRow(std::span<float> out) const {
    const auto channels = static_cast<std::size_t>(layout_.channels());
    for (std::size_t x = 0; x < layout_.width; ++x) {
      const float* in = samples_.data() + x * pixel_samples_;
      const auto pixel = out.subspan(x * channels, channels);
      if (!layout_.palette.empty()) {
        in = layout_.palette.data() + static_cast<std::size_t>(*in) * 3;
      }
      std::copy_n(in, channels, pixel.data());
      if (layout_.is_inverted) pixel[0] = 1 - pixel[0];
      if (layout_.alpha == TiffAlpha::kNone) continue;
      const float alpha = samples_[x * pixel_samples_ + alpha_at_];
      if (alpha >= 1) continue;
      if (flatten_ == Flatten::kRefuse) {
        return NotOpaque(kTiffWhere, static_cast<int>(x), next_row_, alpha);
      }
      const float own = layout_.alpha == TiffAlpha::kUnassociated ? alpha : 1;
      const float ground = flatten_ == Flatten::kWhite ? 1 - alpha : 0;
      for (float& value : pixel) value = value * own + ground;
    }
    return {};
  }

  TiffLayout layout_;
  Flatten flatten_;
  StopCondition stop_;
  std::vector<TiffLines> planes_;
  std::size_t pixel_samples_ = 0;  ///< in samples_
  std::size_t alpha_at_ = 0;       ///< in a pixel of samples_
  std::vector<float> samples_;
  std::vector<float> plane_;
  int next_row_ = 0;
};

[[nodiscard]] Expected<PictureRows> Open(ByteView file, const PictureOptions& options) {
  const TiffHandle handle(file);
  TIFF* tiff = handle.get();
  if (tiff == nullptr) return handle.Failed("the file cannot be opened");
  HDRP_ASSIGN_OR_RETURN(const int page, ChooseTiffPage(handle));

  PictureInfo info;
  HDRP_ASSIGN_OR_RETURN(TiffLayout layout, ReadTiffLayout(tiff, options.limits, info.warnings));
  layout.page = page;
  info.format = FileFormat::kTiff;
  info.width = static_cast<int>(layout.width);
  info.height = static_cast<int>(layout.height);
  info.channels = layout.channels();
  info.bits = layout.bits;
  info.is_float = layout.is_float;
  const auto stored = TiffField<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  info.orientation = OrientationFrom(stored).value_or(Orientation::kTopLeft);
  HDRP_RETURN_IF_ERROR(ReadTiffColor(tiff, options.limits, info));
  HDRP_ASSIGN_OR_RETURN(const std::optional<ByteView> xmp,
                        TiffBlob(tiff, TIFFTAG_XMLPACKET, options.limits));
  if (xmp) {
    info.xmp = AsText(*xmp);
    info.xmp.resize(info.xmp.find_last_not_of('\0') + 1);  // some writers end it as a C string
  }
  if (page > 0 || TIFFLastDirectory(tiff) == 0) {
    info.warnings.push_back(Formatted(
        "the file has further pages, reduced copies or masks; only page {} is read", page + 1));
  }

  HDRP_ASSIGN_OR_RETURN(TiffRows rows, TiffRows::Open(file, std::move(layout), options));
  return PictureRows{std::move(info), [rows = std::move(rows)](PlaneView<float> band) mutable {
                       return rows.Read(band);
                     }};
}

}  // namespace

Expected<PictureRows> OpenTiff(ByteView file, const PictureOptions& options) {
  try {
    return Open(file, options);
  } catch (const std::exception& error) {  // our own allocations
    return Fail(ErrorCode::kTooLarge, kTiffWhere, "{}", error.what());
  }
}

}  // namespace hdrp
