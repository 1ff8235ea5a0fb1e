#include "decode/tiff/header.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/formatted.h"
#include "decode/chromaticity_check.h"

namespace hdrp {
namespace {

/// Reduced copies and masks may stand before the picture; more of them than this do not.
constexpr int kMaxSkippedPages = 16;
/// Per pixel. Hyperspectral files have hundreds; nothing of those is a picture to us.
constexpr int kMaxSamples = 16;

[[nodiscard]] std::string_view PhotometricName(std::uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MASK:
      return "a transparency mask";
    case PHOTOMETRIC_SEPARATED:
      return "CMYK or other inks";
    case PHOTOMETRIC_YCBCR:
      return "YCbCr";
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
      return "Lab";
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      return "LogLuv";
    case PHOTOMETRIC_CFA:
      return "raw sensor data";
    default:
      return "an unknown colour space";
  }
}

/// Fills in what the colour space says.
[[nodiscard]] Expected<void> ReadPhotometric(TIFF* tiff, TiffLayout& layout) {
  std::uint16_t photometric = 0;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) != 1) {
    return Fail(ErrorCode::kBadInput, kTiffWhere,
                "expected a PhotometricInterpretation, found none");
  }
  const auto compression = TiffField<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG) {
    photometric = PHOTOMETRIC_RGB;
  }
  switch (photometric) {
    case PHOTOMETRIC_RGB:
      layout.color_samples = 3;
      return {};
    case PHOTOMETRIC_MINISBLACK:
      layout.color_samples = 1;
      return {};
    case PHOTOMETRIC_MINISWHITE:
      layout.color_samples = 1;
      layout.is_inverted = true;
      return {};
    case PHOTOMETRIC_PALETTE:
      layout.color_samples = 1;
      break;
    default:
      return Fail(ErrorCode::kUnsupported, kTiffWhere,
                  "expected RGB, grey or a palette, found {} ({})", PhotometricName(photometric),
                  photometric);
  }
  std::array<std::uint16_t*, 3> map{};
  if (layout.bits > 8 || layout.is_float ||
      TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) != 1) {
    return Fail(ErrorCode::kBadInput, kTiffWhere,
                "expected a palette for samples of {} bits, found "
                "none",
                layout.bits);
  }
  const std::size_t entries = std::size_t{1} << layout.bits;
  // Some writers left the upper byte empty, against the specification; then no entry passes 255.
  std::uint16_t largest = 0;
  for (const std::uint16_t* channel : map) {
    largest = std::max(largest, *std::max_element(channel, channel + entries));
  }
  const float scale = largest > 255 ? 65535 : 255;
  for (std::size_t i = 0; i < entries; ++i) {
    for (const std::uint16_t* channel : map) layout.palette.push_back(channel[i] / scale);
  }
  return {};
}

[[nodiscard]] Expected<void> ReadSampleFormat(TIFF* tiff, TiffLayout& layout) {
  layout.bits = TiffField<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  const auto format = TiffField<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  layout.is_float = format == SAMPLEFORMAT_IEEEFP;
  const int bits = layout.bits;
  const bool is_read = layout.is_float
                           ? bits == 16 || bits == 24 || bits == 32
                           : (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID) &&
                                 (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16);
  if (!is_read) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected unsigned samples of up to 8 or of 16 bits, or floats of 16, 24 or 32 "
                "bits, found {} bits of sample format {}",
                bits, format);
  }
  return {};
}

/// Samples after the colour: alpha, or something unknown that a warning names.
[[nodiscard]] Expected<void> ReadExtraSamples(TIFF* tiff, TiffLayout& layout,
                                              std::vector<std::string>& warnings) {
  layout.samples = TiffField<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  if (layout.samples < layout.color_samples || layout.samples > kMaxSamples) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected {} to {} samples per pixel, found {}", layout.color_samples, kMaxSamples,
                layout.samples);
  }
  if (layout.bits < 8 && layout.samples > 1) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected one sample per pixel of {} bits, found {}", layout.bits, layout.samples);
  }
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1) count = 0;
  int unknown = layout.samples - layout.color_samples;
  for (int i = 0; i < std::min<int>(count, layout.samples - layout.color_samples); ++i) {
    if (layout.alpha != TiffAlpha::kNone) break;
    if (kinds[i] == EXTRASAMPLE_ASSOCALPHA) layout.alpha = TiffAlpha::kAssociated;
    if (kinds[i] == EXTRASAMPLE_UNASSALPHA) layout.alpha = TiffAlpha::kUnassociated;
    layout.alpha_sample = layout.color_samples + i;
  }
  if (layout.alpha != TiffAlpha::kNone) --unknown;
  if (unknown > 0) {
    warnings.push_back(
        Formatted("{} further samples per pixel of no stated meaning are left out", unknown));
  }
  return {};
}

}  // namespace

Expected<int> ChooseTiffPage(const TiffHandle& handle) {
  for (int page = 0; page < kMaxSkippedPages; ++page) {
    const auto kind = TiffField<std::uint32_t>(handle.get(), TIFFTAG_SUBFILETYPE, 0);
    if ((kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0) return page;
    if (TIFFReadDirectory(handle.get()) != 1) break;
  }
  return Fail(ErrorCode::kUnsupported, kTiffWhere,
              "expected a picture at full resolution, found reduced copies and masks only");
}

Expected<void> CheckTiffCompression(TIFF* tiff) {
  constexpr std::array<std::uint16_t, 8> kRead = {
      COMPRESSION_NONE,     COMPRESSION_LZW,  COMPRESSION_DEFLATE, COMPRESSION_ADOBE_DEFLATE,
      COMPRESSION_PACKBITS, COMPRESSION_ZSTD, COMPRESSION_LZMA,    COMPRESSION_JPEG};
  const auto compression = TiffField<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (std::ranges::find(kRead, compression) == kRead.end() ||
      TIFFIsCODECConfigured(compression) == 0) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected no compression, LZW, Deflate, PackBits, Zstandard, LZMA or JPEG, found "
                "compression {}",
                compression);
  }
  if (compression == COMPRESSION_JPEG) {
    // libtiff gives RGB then; without it, YCbCr with the chroma apart.
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  return {};
}

Expected<TiffLayout> ReadTiffLayout(TIFF* tiff, const Limits& limits,
                                    std::vector<std::string>& warnings) {
  TiffLayout layout;
  layout.width = TiffField<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
  layout.height = TiffField<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
  HDRP_RETURN_IF_ERROR(CheckSize(layout.width, layout.height, limits, kTiffWhere));
  HDRP_RETURN_IF_ERROR(CheckTiffCompression(tiff));
  HDRP_RETURN_IF_ERROR(ReadSampleFormat(tiff, layout));
  HDRP_RETURN_IF_ERROR(ReadPhotometric(tiff, layout));
  HDRP_RETURN_IF_ERROR(ReadExtraSamples(tiff, layout, warnings));
  layout.is_planar = layout.samples > 1 &&
                     TiffField<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                         PLANARCONFIG_SEPARATE;
  return layout;
}

Expected<std::optional<ByteView>> TiffBlob(TIFF* tiff, std::uint32_t tag, const Limits& limits) {
  std::uint32_t size = 0;
  const void* bytes = nullptr;
  if (TIFFGetField(tiff, tag, &size, &bytes) != 1 || bytes == nullptr || size == 0) {
    return std::nullopt;
  }
  if (size > limits.max_metadata_bytes) {
    return Fail(ErrorCode::kTooLarge, kTiffWhere, "tag {} of {} bytes exceeds the limit of {}", tag,
                size, limits.max_metadata_bytes);
  }
  return ByteView(static_cast<const std::uint8_t*>(bytes), size);
}

Expected<void> ReadTiffColor(TIFF* tiff, const Limits& limits, PictureInfo& info) {
  ColorSpec& color = info.color;
  color.transfer = info.is_float ? Transfer::kLinear : Transfer::kSrgb;
  HDRP_ASSIGN_OR_RETURN(const std::optional<ByteView> profile,
                        TiffBlob(tiff, TIFFTAG_ICCPROFILE, limits));
  if (profile) {
    color.icc.assign(profile->begin(), profile->end());
    color.stated = true;
    return {};
  }
  const float* rgb = nullptr;
  if (!info.is_float || TIFFGetField(tiff, TIFFTAG_PRIMARYCHROMATICITIES, &rgb) != 1) return {};
  Chromaticities stated{{rgb[0], rgb[1]}, {rgb[2], rgb[3]}, {rgb[4], rgb[5]}};
  const float* white = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_WHITEPOINT, &white) == 1) stated.white = {white[0], white[1]};
  auto checked = CheckedChromaticities(stated);
  color.stated = checked.has_value();
  if (checked) {
    color.primaries = *checked;
  } else {
    info.warnings.push_back(std::move(checked.error()));
  }
  return {};
}

}  // namespace hdrp
