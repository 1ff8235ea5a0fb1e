#include <tiffio.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "decode/chromaticity_check.h"
#include "decode/opacity.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "TIFF reader";
/// What libtiff may allocate at once (a decoded tile, a tag), and what a row of tiles may take.
constexpr std::uint64_t kMaxBlockBytes = 256ULL << 20;
constexpr std::uint64_t kMaxLibraryBytes = 2 * kMaxBlockBytes;
/// Reduced copies and masks may stand before the picture; more of them than this do not.
constexpr int kMaxSkippedPages = 16;
/// Per pixel. Hyperspectral files have hundreds; nothing of those is a picture to us.
constexpr int kMaxSamples = 16;

/// What libtiff reads, and its last complaint.
struct Source {
  explicit Source(ByteView file) : bytes(file), reader(file) {}
  ByteView bytes;
  ByteReader reader;
  std::string message;
};

int KeepMessage(TIFF* /*tiff*/, void* source, const char* /*module*/, const char* format,
                va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  static_cast<Source*>(source)->message = text.data();
  return 1;
}
int DropWarning(TIFF* /*tiff*/, void* /*unused*/, const char* /*module*/, const char* /*format*/,
                va_list /*arguments*/) {
  return 1;
}
tmsize_t ReadBytes(thandle_t source, void* target, tmsize_t count) {
  auto& reader = static_cast<Source*>(source)->reader;
  const auto wanted = static_cast<std::size_t>(std::max<tmsize_t>(count, 0));
  const auto view = reader.Read(std::min(wanted, reader.remaining()));
  if (!view || view->empty()) return 0;
  std::memcpy(target, view->data(), view->size());
  return static_cast<tmsize_t>(view->size());
}
tmsize_t WriteNothing(thandle_t /*source*/, void* /*bytes*/, tmsize_t /*count*/) { return -1; }
toff_t SeekTo(thandle_t source, toff_t offset, int whence) {
  auto& reader = static_cast<Source*>(source)->reader;
  std::uint64_t from = 0;
  if (whence == SEEK_CUR) from = reader.position();
  if (whence == SEEK_END) from = reader.position() + reader.remaining();
  constexpr auto kFailed = static_cast<toff_t>(-1);
  return reader.Seek(from + offset) ? reader.position() : kFailed;
}
int CloseNothing(thandle_t /*source*/) { return 0; }
toff_t SizeOf(thandle_t source) { return static_cast<Source*>(source)->bytes.size(); }
/// With the file mapped libtiff decodes strips where they lie, so that even a picture in one huge
/// strip costs no copy. It only reads there: its own maps are read-only.
int MapFile(thandle_t source, void** base, toff_t* size) {
  const ByteView bytes = static_cast<Source*>(source)->bytes;
  *base = const_cast<std::uint8_t*>(bytes.data());
  *size = bytes.size();
  return 1;
}
void UnmapNothing(thandle_t /*source*/, void* /*base*/, toff_t /*size*/) {}

/// One libtiff handle on the file. A picture in planes has one for each, so that each goes through
/// its own strips in order.
class TiffHandle {
 public:
  explicit TiffHandle(ByteView file) : source_(std::make_unique<Source>(file)) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    if (options == nullptr) return;
    TIFFOpenOptionsSetErrorHandlerExtR(options, KeepMessage, source_.get());
    TIFFOpenOptionsSetWarningHandlerExtR(options, DropWarning, nullptr);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(kMaxBlockBytes));
    TIFFOpenOptionsSetMaxCumulatedMemAlloc(options, static_cast<tmsize_t>(kMaxLibraryBytes));
    tiff_.reset(TIFFClientOpenExt("TIFF file", "r", source_.get(), ReadBytes, WriteNothing, SeekTo,
                                  CloseNothing, SizeOf, MapFile, UnmapNothing, options));
    TIFFOpenOptionsFree(options);
  }

  [[nodiscard]] TIFF* get() const { return tiff_.get(); }
  [[nodiscard]] std::unexpected<Error> Failed(std::string_view stage) const {
    return Fail(ErrorCode::kBadInput, kWhere, "{}: {}", stage,
                source_->message.empty() ? "libtiff gives no reason" : source_->message);
  }

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  std::unique_ptr<Source> source_;  // libtiff keeps its address
  std::unique_ptr<TIFF, Close> tiff_;
};

template <typename T>
[[nodiscard]] T FieldOf(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

enum class Alpha : std::uint8_t { kNone, kAssociated, kUnassociated };

/// How the samples lie in the file and what they are.
struct Layout {
  std::uint32_t width = 0, height = 0;
  int page = 0;
  int bits = 8;
  bool is_float = false;
  int samples = 3;        ///< per pixel as stored
  int color_samples = 3;  ///< of those, the first; 1 for grey and for palettes
  int alpha_sample = 0;   ///< where `alpha` is not kNone
  Alpha alpha = Alpha::kNone;
  bool is_planar = false;
  bool is_inverted = false;    ///< 0 is white
  std::vector<float> palette;  ///< RGB triples; empty where the samples are no indices

  [[nodiscard]] int channels() const { return palette.empty() ? color_samples : 3; }
};

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

[[nodiscard]] Expected<void> CheckCompression(TIFF* tiff) {
  constexpr std::array<std::uint16_t, 8> kRead = {
      COMPRESSION_NONE,     COMPRESSION_LZW,  COMPRESSION_DEFLATE, COMPRESSION_ADOBE_DEFLATE,
      COMPRESSION_PACKBITS, COMPRESSION_ZSTD, COMPRESSION_LZMA,    COMPRESSION_JPEG};
  const auto compression = FieldOf<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (std::ranges::find(kRead, compression) == kRead.end() ||
      TIFFIsCODECConfigured(compression) == 0) {
    return Fail(ErrorCode::kUnsupported, kWhere,
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

/// Fills in what the colour space says.
[[nodiscard]] Expected<void> ReadPhotometric(TIFF* tiff, Layout& layout) {
  std::uint16_t photometric = 0;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) != 1) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected a PhotometricInterpretation, found none");
  }
  const auto compression = FieldOf<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
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
      return Fail(ErrorCode::kUnsupported, kWhere, "expected RGB, grey or a palette, found {} ({})",
                  PhotometricName(photometric), photometric);
  }
  std::array<std::uint16_t*, 3> map{};
  if (layout.bits > 8 || layout.is_float ||
      TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) != 1) {
    return Fail(ErrorCode::kBadInput, kWhere,
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

[[nodiscard]] Expected<void> ReadSampleFormat(TIFF* tiff, Layout& layout) {
  layout.bits = FieldOf<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  const auto format = FieldOf<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  layout.is_float = format == SAMPLEFORMAT_IEEEFP;
  const int bits = layout.bits;
  const bool is_read = layout.is_float
                           ? bits == 16 || bits == 24 || bits == 32
                           : (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID) &&
                                 (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16);
  if (!is_read) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected unsigned samples of up to 8 or of 16 bits, or floats of 16, 24 or 32 "
                "bits, found {} bits of sample format {}",
                bits, format);
  }
  return {};
}

/// Samples after the colour: alpha, or something unknown that a warning names.
[[nodiscard]] Expected<void> ReadExtraSamples(TIFF* tiff, Layout& layout,
                                              std::vector<std::string>& warnings) {
  layout.samples = FieldOf<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  if (layout.samples < layout.color_samples || layout.samples > kMaxSamples) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected {} to {} samples per pixel, found {}",
                layout.color_samples, kMaxSamples, layout.samples);
  }
  if (layout.bits < 8 && layout.samples > 1) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected one sample per pixel of {} bits, found {}", layout.bits, layout.samples);
  }
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1) count = 0;
  int unknown = layout.samples - layout.color_samples;
  for (int i = 0; i < std::min<int>(count, layout.samples - layout.color_samples); ++i) {
    if (layout.alpha != Alpha::kNone) break;
    if (kinds[i] == EXTRASAMPLE_ASSOCALPHA) layout.alpha = Alpha::kAssociated;
    if (kinds[i] == EXTRASAMPLE_UNASSALPHA) layout.alpha = Alpha::kUnassociated;
    layout.alpha_sample = layout.color_samples + i;
  }
  if (layout.alpha != Alpha::kNone) --unknown;
  if (unknown > 0) {
    warnings.push_back(
        Formatted("{} further samples per pixel of no stated meaning are left out", unknown));
  }
  return {};
}

[[nodiscard]] Expected<Layout> ReadLayout(TIFF* tiff, const Limits& limits,
                                          std::vector<std::string>& warnings) {
  Layout layout;
  layout.width = FieldOf<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
  layout.height = FieldOf<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
  HDRP_RETURN_IF_ERROR(CheckSize(layout.width, layout.height, limits, kWhere));
  HDRP_RETURN_IF_ERROR(CheckCompression(tiff));
  HDRP_RETURN_IF_ERROR(ReadSampleFormat(tiff, layout));
  HDRP_RETURN_IF_ERROR(ReadPhotometric(tiff, layout));
  HDRP_RETURN_IF_ERROR(ReadExtraSamples(tiff, layout, warnings));
  layout.is_planar = layout.samples > 1 &&
                     FieldOf<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                         PLANARCONFIG_SEPARATE;
  return layout;
}

/// A tag's bytes; nullopt where there is none.
[[nodiscard]] Expected<std::optional<ByteView>> BlobOf(TIFF* tiff, std::uint32_t tag,
                                                       const Limits& limits) {
  std::uint32_t size = 0;
  const void* bytes = nullptr;
  if (TIFFGetField(tiff, tag, &size, &bytes) != 1 || bytes == nullptr || size == 0) {
    return std::nullopt;
  }
  if (size > limits.max_metadata_bytes) {
    return Fail(ErrorCode::kTooLarge, kWhere, "tag {} of {} bytes exceeds the limit of {}", tag,
                size, limits.max_metadata_bytes);
  }
  return ByteView(static_cast<const std::uint8_t*>(bytes), size);
}

[[nodiscard]] Expected<void> ReadColor(TIFF* tiff, const Limits& limits, PictureInfo& info) {
  ColorSpec& color = info.color;
  color.transfer = info.is_float ? Transfer::kLinear : Transfer::kSrgb;
  HDRP_ASSIGN_OR_RETURN(const auto profile, BlobOf(tiff, TIFFTAG_ICCPROFILE, limits));
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

/// A float of 24 bits (Adobe's TIFF Technical Note 3): sign, 7 bits of exponent, 16 of fraction.
[[nodiscard]] float FloatFrom24(std::uint32_t bits) {
  constexpr int kBias = 63;
  constexpr int kFractionBits = 16;
  const auto fraction = static_cast<float>(bits & 0xFFFF);
  const int exponent = static_cast<int>((bits >> kFractionBits) & 0x7F);
  const float sign = (bits & 0x800000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x7F) return sign * (fraction == 0 ? INFINITY : NAN);
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - kBias - kFractionBits);
  return sign * std::ldexp(fraction + 0x10000, exponent - kBias - kFractionBits);
}

[[nodiscard]] float FloatFrom16(std::uint32_t bits) {
  constexpr int kBias = 15;
  constexpr int kFractionBits = 10;
  const auto fraction = static_cast<float>(bits & 0x3FF);
  const int exponent = static_cast<int>((bits >> kFractionBits) & 0x1F);
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1F) return sign * (fraction == 0 ? INFINITY : NAN);
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - kBias - kFractionBits);
  return sign * std::ldexp(fraction + 0x400, exponent - kBias - kFractionBits);
}

/// Samples of a row, in the byte order of this machine (libtiff has swapped them), as numbers.
/// Indices of a palette stay what they are.
void SamplesFromRow(std::span<const std::uint8_t> row, const Layout& layout,
                    std::span<float> samples) {
  static_assert(std::endian::native == std::endian::little);
  ByteReader reader(row, ByteOrder::kLittleEndian);
  const auto largest = static_cast<float>((1 << std::min(layout.bits, 16)) - 1);
  const float unit = layout.palette.empty() ? largest : 1;
  switch (layout.bits) {
    case 8:
      for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = row[i] / unit;
      return;
    case 16:
      for (float& sample : samples) {
        const std::uint16_t code = reader.U16().value_or(0);
        sample = layout.is_float ? FloatFrom16(code) : code / unit;
      }
      return;
    case 24:
      for (float& sample : samples) {
        const std::uint32_t low = reader.U16().value_or(0);
        const std::uint32_t high = reader.U8().value_or(0);
        sample = FloatFrom24(high << 16 | low);
      }
      return;
    case 32:
      std::memcpy(samples.data(), row.data(), samples.size_bytes());
      return;
    default: {  // 1, 2, 4 bits, the first pixel in the upper bits; rows start at whole bytes
      const auto bits = static_cast<std::size_t>(layout.bits);
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t at = i * bits;
        const unsigned byte = row[at / 8];
        const unsigned code = (byte >> (8 - bits - at % 8)) & ((1U << bits) - 1);
        samples[i] = static_cast<float>(code) / unit;
      }
      return;
    }
  }
}

/// The rows of one plane (or of all samples of a chunky picture), top to bottom, as libtiff decodes
/// them: line by line out of strips, or out of one row of tiles at a time.
class PlaneRows {
 public:
  [[nodiscard]] static Expected<PlaneRows> Open(ByteView file, const Layout& layout, int sample) {
    PlaneRows rows(file, layout, sample);
    TIFF* tiff = rows.handle_.get();
    if (tiff == nullptr || TIFFSetDirectory(tiff, static_cast<tdir_t>(layout.page)) != 1) {
      return rows.handle_.Failed("the file cannot be read");
    }
    HDRP_RETURN_IF_ERROR(CheckCompression(tiff));
    const std::uint64_t samples = layout.is_planar ? 1 : static_cast<std::uint64_t>(layout.samples);
    rows.row_bytes_ = (layout.width * samples * static_cast<std::uint64_t>(layout.bits) + 7) / 8;
    if (TIFFIsTiled(tiff) != 0) return std::move(rows).WithTiles();
    // Line buffers are of the size libtiff says, which may only be larger.
    const auto line = static_cast<std::uint64_t>(std::max<tmsize_t>(TIFFScanlineSize(tiff), 0));
    if (line < rows.row_bytes_ || line > kMaxBlockBytes) {
      return Fail(ErrorCode::kUnsupported, kWhere, "expected rows of {} bytes, found {}",
                  rows.row_bytes_, line);
    }
    rows.buffer_.resize(line);
    return rows;
  }

  /// The next row; valid until the next call.
  [[nodiscard]] Expected<std::span<const std::uint8_t>> Next() {
    const std::uint32_t y = next_row_++;
    if (tile_height_ == 0) {
      if (TIFFReadScanline(handle_.get(), buffer_.data(), y, static_cast<std::uint16_t>(sample_)) !=
          1) {
        return handle_.Failed(Formatted("row {} cannot be read", y));
      }
      return std::span(buffer_).first(row_bytes_);
    }
    if (y % tile_height_ == 0) {
      HDRP_RETURN_IF_ERROR(ReadTiles(y));
    }
    return std::span(buffer_).subspan(y % tile_height_ * stride_, row_bytes_);
  }

 private:
  PlaneRows(ByteView file, const Layout& layout, int sample)
      : handle_(file), width_(layout.width), bits_(layout.bits), sample_(sample) {}

  [[nodiscard]] Expected<PlaneRows> WithTiles() && {
    TIFF* tiff = handle_.get();
    tile_width_ = FieldOf<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
    tile_height_ = FieldOf<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
    const auto positive = [](tmsize_t size) {
      return static_cast<std::uint64_t>(std::max<tmsize_t>(size, 0));
    };
    tile_row_bytes_ = positive(TIFFTileRowSize(tiff));
    const std::uint64_t tile_bytes = positive(TIFFTileSize(tiff));
    if (tile_width_ == 0 || tile_height_ == 0 || tile_row_bytes_ == 0 ||
        tile_bytes != tile_row_bytes_ * tile_height_) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected tiles, found {} x {} pixels in {} bytes",
                  tile_width_, tile_height_, tile_bytes);
    }
    if (tile_width_ % 8 != 0 && bits_ < 8) {
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "expected tiles of whole bytes a row, found {} pixels of {} bits", tile_width_,
                  bits_);
    }
    // Tiles are wider than the picture by less than one tile; a row of them has whole ones.
    const std::uint64_t across = (std::uint64_t{width_} + tile_width_ - 1) / tile_width_;
    stride_ = across * tile_row_bytes_;
    if (tile_bytes > kMaxBlockBytes || stride_ * tile_height_ > kMaxBlockBytes) {
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "expected rows of tiles of at most {} MiB, found {} MiB", kMaxBlockBytes >> 20,
                  (stride_ * tile_height_) >> 20);
    }
    if (stride_ < row_bytes_) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected tiles of {} bytes a row, found {}",
                  row_bytes_, stride_);
    }
    tile_.resize(tile_bytes);
    return std::move(*this);
  }

  [[nodiscard]] Expected<void> ReadTiles(std::uint32_t y) {
    buffer_.resize(stride_ * tile_height_);
    std::size_t column = 0;
    for (std::uint32_t x = 0; x < width_; x += tile_width_) {
      if (TIFFReadTile(handle_.get(), tile_.data(), x, y, 0, static_cast<std::uint16_t>(sample_)) <
          0) {
        return handle_.Failed(Formatted("the tile at column {} of row {} cannot be read", x, y));
      }
      for (std::size_t row = 0; row < tile_height_; ++row) {
        std::memcpy(buffer_.data() + row * stride_ + column, tile_.data() + row * tile_row_bytes_,
                    tile_row_bytes_);
      }
      column += tile_row_bytes_;
      if (tile_width_ >= width_ - x) break;  // no overflow of x
    }
    return {};
  }

  TiffHandle handle_;
  std::uint32_t width_;
  int bits_;
  int sample_;
  std::uint32_t next_row_ = 0;
  std::size_t row_bytes_ = 0;
  Bytes buffer_;                                    ///< a line, or a row of tiles
  std::uint32_t tile_width_ = 0, tile_height_ = 0;  ///< 0 for strips
  std::size_t tile_row_bytes_ = 0;
  std::size_t stride_ = 0;  ///< of a row of tiles
  Bytes tile_;
};

class TiffRows {
 public:
  [[nodiscard]] static Expected<TiffRows> Open(ByteView file, Layout layout,
                                               const PictureOptions& options) {
    TiffRows rows(std::move(layout), options);
    const Layout& l = rows.layout_;
    std::vector<int> stored{0};
    if (l.is_planar) {
      stored.clear();
      for (int c = 0; c < l.color_samples; ++c) stored.push_back(c);
      if (l.alpha != Alpha::kNone) stored.push_back(l.alpha_sample);
      rows.alpha_at_ = static_cast<std::size_t>(l.color_samples);
    } else {
      rows.alpha_at_ = static_cast<std::size_t>(l.alpha_sample);
    }
    for (const int sample : stored) {
      HDRP_ASSIGN_OR_RETURN(auto plane, PlaneRows::Open(file, l, sample));
      rows.planes_.push_back(std::move(plane));
    }
    rows.pixel_samples_ = l.is_planar ? stored.size() : static_cast<std::size_t>(l.samples);
    rows.samples_.resize(l.width * rows.pixel_samples_);
    if (l.is_planar) rows.plane_.resize(l.width);
    return rows;
  }

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    HDRP_RETURN_IF_ERROR(stop_.Check(kWhere));
    for (int y = 0; y < band.height; ++y) {
      HDRP_RETURN_IF_ERROR(ReadSamples());
      HDRP_RETURN_IF_ERROR(MakeRow(band.RowSpan(y)));
      ++next_row_;
    }
    return {};
  }

 private:
  TiffRows(Layout layout, const PictureOptions& options)
      : layout_(std::move(layout)), flatten_(options.flatten), stop_(options.stop) {}

  /// The next row into samples_, interleaved.
  [[nodiscard]] Expected<void> ReadSamples() {
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      HDRP_ASSIGN_OR_RETURN(const auto row, planes_[p].Next());
      if (!layout_.is_planar) {
        SamplesFromRow(row, layout_, samples_);
        continue;
      }
      SamplesFromRow(row, layout_, plane_);
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
      if (layout_.alpha == Alpha::kNone) continue;
      const float alpha = samples_[x * pixel_samples_ + alpha_at_];
      if (alpha >= 1) continue;
      if (flatten_ == Flatten::kRefuse) {
        return NotOpaque(kWhere, static_cast<int>(x), next_row_, alpha);
      }
      const float own = layout_.alpha == Alpha::kUnassociated ? alpha : 1;
      const float ground = flatten_ == Flatten::kWhite ? 1 - alpha : 0;
      for (float& value : pixel) value = value * own + ground;
    }
    return {};
  }

  Layout layout_;
  Flatten flatten_;
  StopCondition stop_;
  std::vector<PlaneRows> planes_;
  std::size_t pixel_samples_ = 0;  ///< in samples_
  std::size_t alpha_at_ = 0;       ///< in a pixel of samples_
  std::vector<float> samples_;
  std::vector<float> plane_;
  int next_row_ = 0;
};

/// The first page that is no reduced copy and no mask.
[[nodiscard]] Expected<int> ChoosePage(const TiffHandle& handle) {
  for (int page = 0; page < kMaxSkippedPages; ++page) {
    const auto kind = FieldOf<std::uint32_t>(handle.get(), TIFFTAG_SUBFILETYPE, 0);
    if ((kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0) return page;
    if (TIFFReadDirectory(handle.get()) != 1) break;
  }
  return Fail(ErrorCode::kUnsupported, kWhere,
              "expected a picture at full resolution, found reduced copies and masks only");
}

[[nodiscard]] Expected<PictureRows> Open(ByteView file, const PictureOptions& options) {
  const TiffHandle handle(file);
  TIFF* tiff = handle.get();
  if (tiff == nullptr) return handle.Failed("the file cannot be opened");
  HDRP_ASSIGN_OR_RETURN(const auto page, ChoosePage(handle));

  PictureInfo info;
  HDRP_ASSIGN_OR_RETURN(auto layout, ReadLayout(tiff, options.limits, info.warnings));
  layout.page = page;
  info.format = FileFormat::kTiff;
  info.width = static_cast<int>(layout.width);
  info.height = static_cast<int>(layout.height);
  info.channels = layout.channels();
  info.bits = layout.bits;
  info.is_float = layout.is_float;
  const auto stored = FieldOf<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  info.orientation = OrientationFrom(stored).value_or(Orientation::kTopLeft);
  HDRP_RETURN_IF_ERROR(ReadColor(tiff, options.limits, info));
  HDRP_ASSIGN_OR_RETURN(const auto xmp, BlobOf(tiff, TIFFTAG_XMLPACKET, options.limits));
  if (xmp) {
    info.xmp = AsText(*xmp);
    info.xmp.resize(info.xmp.find_last_not_of('\0') + 1);  // some writers end it as a C string
  }
  if (page > 0 || TIFFLastDirectory(tiff) == 0) {
    info.warnings.push_back(Formatted(
        "the file has further pages, reduced copies or masks; only page {} is read", page + 1));
  }

  HDRP_ASSIGN_OR_RETURN(auto rows, TiffRows::Open(file, std::move(layout), options));
  return PictureRows{std::move(info), [rows = std::move(rows)](PlaneView<float> band) mutable {
                       return rows.Read(band);
                     }};
}

}  // namespace

Expected<PictureRows> OpenTiff(ByteView file, const PictureOptions& options) {
  try {
    return Open(file, options);
  } catch (const std::exception& error) {  // our own allocations
    return Fail(ErrorCode::kTooLarge, kWhere, "{}", error.what());
  }
}

}  // namespace hdrp
