#include "decode/picture.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

#include "decode/exr/chroma.h"
#include "decode/exr/file.h"
#include "decode/exr/header.h"
#include "decode/exr/lines.h"
#include "decode/opacity.h"

namespace hdrp {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// The display window's rows, top to bottom.
class ExrReader {
 public:
  explicit ExrReader(ByteView file) : file_(file) {}

  [[nodiscard]] Expected<PictureInfo> Open(const PictureOptions& options) {
    HDRP_RETURN_IF_ERROR(file_.Open());
    HDRP_ASSIGN_OR_RETURN(header_, ReadExrHeader(file_, options.limits, options.exr_layer));
    flatten_ = options.flatten;
    stop_ = options.stop;

    const std::vector<std::string_view> names(header_.channels.begin(), header_.channels.end());
    samples_ = names.size();
    channels_ = samples_ - (header_.has_alpha ? 1 : 0);
    lines_.emplace(file_, header_, names);
    if (header_.layout == ExrLayout::kLumaChroma) {
      chroma_.emplace(*lines_, header_);
    } else {
      row_.resize(static_cast<std::size_t>(header_.data.width()) * samples_);
    }

    PictureInfo info;
    info.format = FileFormat::kOpenExr;
    info.width = static_cast<int>(header_.display.width());
    info.height = static_cast<int>(header_.display.height());
    info.channels = static_cast<int>(channels_);
    info.bits = header_.bits;
    info.is_float = true;
    info.warnings = header_.warnings;
    info.color = header_.color;
    return info;
  }

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    HDRP_RETURN_IF_ERROR(stop_.Check(kExrWhere));
    for (int y = 0; y < band.height; ++y) {
      HDRP_RETURN_IF_ERROR(ReadRow(band.RowSpan(y)));
      ++next_row_;
    }
    return {};
  }

 private:
  [[nodiscard]] Expected<void> ReadRow(std::span<float> out) {
    const ExrWindow& data = header_.data;
    const ExrWindow& display = header_.display;
    const std::int64_t y = display.min_y + next_row_;
    // What the file does not hold is not known. (A renderer that cropped its picture to what it
    // rendered did not say that the rest is black.)
    const bool is_missing = y < data.min_y || y > data.max_y;
    if (is_missing || data != display) std::ranges::fill(out, kUnknown);
    if (is_missing) return {};
    if (data == display && !header_.has_alpha && !chroma_) return ReadWholeRow(y, out);
    HDRP_RETURN_IF_ERROR(LoadRow(y));
    const std::int64_t from = std::max(data.min_x, display.min_x);
    const std::int64_t to = std::min(data.max_x, display.max_x);
    for (std::int64_t x = from; x <= to; ++x) {
      const auto pixel =
          out.subspan(static_cast<std::size_t>(x - display.min_x) * channels_, channels_);
      const float alpha = Fetch(static_cast<std::size_t>(x - data.min_x), pixel);
      if (alpha >= 1) continue;
      switch (flatten_) {
        case Flatten::kRefuse:
          return NotOpaque(kExrWhere, static_cast<int>(x - display.min_x), next_row_, alpha);
        case Flatten::kBlack:  // colour is stored multiplied by alpha
          break;
        case Flatten::kWhite:
          for (float& value : pixel) value += 1 - alpha;
          break;
      }
    }
    return {};
  }

  /// What nearly every picture is: a line as it is.
  [[nodiscard]] Expected<void> ReadWholeRow(std::int64_t y, std::span<float> out) {
    HDRP_RETURN_IF_ERROR(lines_->Load(y));
    std::ranges::fill(out, 0.0F);  // channels that are missing
    for (std::size_t n = 0; n < channels_; ++n) lines_->Copy(n, out.subspan(n), channels_);
    return {};
  }

  /// A line of the data window.
  [[nodiscard]] Expected<void> LoadRow(std::int64_t y) {
    if (chroma_) {
      HDRP_ASSIGN_OR_RETURN(rgba_, chroma_->Line(y));
      return {};
    }
    HDRP_RETURN_IF_ERROR(lines_->Load(y));
    for (std::size_t n = 0; n < samples_; ++n) {
      lines_->Copy(n, std::span(row_).subspan(n), samples_);
    }
    return {};
  }

  /// Copies a pixel of that line; gives its alpha.
  [[nodiscard]] float Fetch(std::size_t column, std::span<float> pixel) const {
    if (chroma_) {
      const Imf::Rgba& value = rgba_[column];
      pixel[0] = value.r;
      pixel[1] = value.g;
      pixel[2] = value.b;
      return value.a;
    }
    const float* values = row_.data() + column * samples_;
    std::copy_n(values, channels_, pixel.data());
    return header_.has_alpha ? values[channels_] : 1.0F;
  }

  ExrFile file_;
  ExrHeader header_;
  std::optional<ExrLines> lines_;
  std::optional<ExrChroma> chroma_;  ///< for luminance and chroma
  Flatten flatten_ = Flatten::kRefuse;
  StopCondition stop_;
  std::size_t channels_ = 3;
  std::size_t samples_ = 0;  ///< channels and alpha
  std::vector<float> row_;   ///< a line; missing channels stay 0
  std::span<const Imf::Rgba> rgba_;
  int next_row_ = 0;
};

/// Sizes come from the file, and within the limits memory may still run out.
template <typename Body>
[[nodiscard]] auto Caught(const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kTooLarge, kExrWhere, "the file asks for more memory than there is");
  }
}

}  // namespace

Expected<PictureRows> OpenExr(ByteView file, const PictureOptions& options) {
  HDRP_RETURN_IF_ERROR(CheckExrAttributes(file));
  auto reader = std::make_unique<ExrReader>(file);
  HDRP_ASSIGN_OR_RETURN(auto info, Caught([&] { return reader->Open(options); }));
  return PictureRows{std::move(info),
                     [reader = std::move(reader)](PlaneView<float> band) -> Expected<void> {
                       return Caught([&] { return reader->Read(band); });
                     }};
}

}  // namespace hdrp
