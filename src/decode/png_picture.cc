// PNG pictures through libpng: every colour type and depth, row by row; an interlaced file is held
// whole. Colour by the precedence of the PNG specification, third edition, 4.3: cICP, iCCP, sRGB,
// gAMA with cHRM.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <memory>
#include <optional>

#include "color/h273.h"
#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/picture.h"
#include "decode/png_reader.h"

namespace hdrp {
namespace {

/// Chunks that libpng need not parse: text it would inflate, and what we read ourselves. EXIF and
/// XMP may also stand behind the pixels, and a cICP chunk that libpng does not like it drops with a
/// warning, so that PQ would pass for sRGB.
constexpr std::string_view kIgnoredChunks{"tEXt\0zTXt\0iTXt\0eXIf\0cICP\0sPLT\0hIST\0", 35};
constexpr std::string_view kXmpKeyword{"XML:com.adobe.xmp\0", 18};

/// The packet of an iTXt chunk; empty where it is other text or compressed, which XMP part 3
/// forbids.
std::string_view XmpIn(ByteView chunk) {
  if (!StartsWith(chunk, kXmpKeyword)) return {};
  ByteReader reader(chunk.subspan(kXmpKeyword.size()));
  const auto compressed = reader.U8();
  if (!compressed || *compressed != 0 || !reader.Skip(1)) return {};
  std::string_view rest = AsText(reader.rest());
  for (int i = 0; i < 2; ++i) {  // the language tag and the translated keyword
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  return rest;
}

/// PNG specification, annex D.
std::uint32_t Crc(ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

/// The chunks that we read ourselves (borrowed), the first of each kind.
struct OwnChunks {
  std::optional<ByteView> cicp;
  ByteView exif;
  std::string_view xmp;
};

/// A walk over the chunks' lengths. A file that ends early has those found so far, and libpng
/// speaks about the rest; chunks with a wrong CRC are skipped, as libpng skips ancillary ones.
Expected<OwnChunks> FindChunks(ByteView file, const Limits& limits) {
  constexpr std::size_t kSignature = 8;
  OwnChunks found;
  bool before_pixels = true;
  ByteReader reader(file);
  if (!reader.Skip(kSignature)) return found;
  while (true) {
    const auto length = reader.U32();
    const ByteView named = reader.rest();  // what the CRC covers
    const auto type = reader.Read(4);
    if (!length || !type || AsText(*type) == "IEND") return found;
    const auto chunk = reader.Read(*length);
    const auto crc = reader.U32();
    if (!chunk || !crc) return found;
    const std::string_view name = AsText(*type);
    before_pixels = before_pixels && name != "IDAT";
    const bool is_cicp = name == "cICP" && before_pixels && !found.cicp;
    const bool is_exif = name == "eXIf" && found.exif.empty();
    const std::string_view xmp =
        name == "iTXt" && found.xmp.empty() ? XmpIn(*chunk) : std::string_view();
    if (!is_cicp && !is_exif && xmp.empty()) continue;
    HDRP_RETURN_IF_ERROR(CheckMetadataSize(chunk->size(), limits, kPngWhere));
    if (Crc(named.first(4 + chunk->size())) != *crc) continue;
    if (is_cicp) found.cicp = *chunk;
    if (is_exif) found.exif = *chunk;
    if (!xmp.empty()) found.xmp = xmp;
  }
}

Expected<ColorSpec> CicpColor(ByteView chunk) {
  if (chunk.size() != 4 || chunk[2] != h273::kMatrixIdentity || chunk[3] != 1) {
    return Fail(ErrorCode::kUnsupported, kPngWhere,
                "expected a cICP chunk of 4 bytes for RGB in full range (matrix 0, flag 1), found "
                "{} bytes, matrix {}, flag {}",
                chunk.size(), chunk.size() > 2 ? chunk[2] : 0, chunk.size() > 3 ? chunk[3] : 0);
  }
  return ColorFrom({chunk[0], chunk[1]}, {}, kPngWhere);
}

std::optional<Chromaticities> ChrmPrimaries(png_structp png, png_infop info) {
  std::array<double, 8> xy{};
  if (png_get_cHRM(png, info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) ==
      0) {
    return std::nullopt;
  }
  return Chromaticities{{xy[2], xy[3]}, {xy[4], xy[5]}, {xy[6], xy[7]}, {xy[0], xy[1]}};
}

bool AreRec709(const Chromaticities& found) {
  constexpr double kRounding = 0.002;  // of files that were written with three digits or fewer
  const auto near = [](const std::array<double, 2>& a, const std::array<double, 2>& b) {
    return std::abs(a[0] - b[0]) <= kRounding && std::abs(a[1] - b[1]) <= kRounding;
  };
  return near(found.red, kRec709Primaries.red) && near(found.green, kRec709Primaries.green) &&
         near(found.blue, kRec709Primaries.blue) && near(found.white, kRec709Primaries.white);
}

/// gAMA holds 1 / (the power that decodes). 0.45455 with sRGB's primaries or none is how writers
/// without an sRGB chunk say sRGB (the specification's own table pairs the two); with other
/// primaries (Adobe RGB) it is the power 2.2. A power that no Transfer stands for is refused: any
/// other reading would show wrong tones.
Expected<ColorSpec> GammaColor(double gamma, std::optional<Chromaticities> primaries) {
  constexpr double kTolerance = 0.01;
  const bool is_rec709 = !primaries || AreRec709(*primaries);
  const auto near = [gamma](double value) { return std::abs(gamma - value) <= kTolerance * value; };
  ColorSpec color{.primaries = is_rec709 ? kRec709Primaries : *primaries, .stated = true};
  if (near(1 / 2.2)) {
    color.transfer = is_rec709 ? Transfer::kSrgb : Transfer::kGamma22;
  } else if (near(1.0)) {
    color.transfer = Transfer::kLinear;
  } else if (near(1 / 2.8)) {
    color.transfer = Transfer::kGamma28;
  } else {
    return Fail(ErrorCode::kUnsupported, kPngWhere,
                "expected a gAMA chunk of 0.45455, 1 or 0.35714 (powers 2.2, 1 and 2.8), found {}",
                gamma);
  }
  return color;
}

Expected<ColorSpec> ReadColor(png_structp png, png_infop info,
                              const std::optional<ByteView>& cicp) {
  if (cicp) return CicpColor(*cicp);
  png_charp name = nullptr;
  int compression = 0;
  png_bytep profile = nullptr;
  png_uint_32 size = 0;
  if (png_get_iCCP(png, info, &name, &compression, &profile, &size) != 0 && size > 0) {
    return ColorSpec{.icc = Bytes(profile, profile + size), .stated = true};
  }
  if (png_get_valid(png, info, PNG_INFO_sRGB) != 0) return ColorSpec{.stated = true};
  const auto primaries = ChrmPrimaries(png, info);
  double gamma = 0;
  if (png_get_gAMA(png, info, &gamma) != 0) return GammaColor(gamma, primaries);
  if (primaries) return ColorSpec{.primaries = *primaries, .stated = true};
  return ColorSpec{};
}

/// libpng and, of an interlaced file, its rows.
struct PngRows {
  explicit PngRows(ByteView file) : reader(file) {}

  Expected<void> Read(int first_row, const AlphaRule& rule, PlaneView<float> band) {
    if (interlaced) {
      if (!whole_read) {
        HDRP_RETURN_IF_ERROR(reader.Run([&] {
          for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass) {
            for (int y = 0; y < pixels.height(); ++y) {
              png_read_row(reader.png, pixels.Row(y), nullptr);
            }
          }
        }));
        whole_read = true;
      }
      return FloatsFromCodes(Codes(0), first_row, rule, band);
    }
    for (int y = 0; y < band.height; ++y) {
      HDRP_RETURN_IF_ERROR(reader.Run([&] { png_read_row(reader.png, pixels.Row(0), nullptr); }));
      const PlaneView<float> row{band.Row(y), band.width, 1, band.channels, band.stride};
      HDRP_RETURN_IF_ERROR(FloatsFromCodes(Codes(first_row + y), first_row + y, rule, row));
    }
    return {};
  }

  [[nodiscard]] CodedRows Codes(int first_row) const {
    return {.data = pixels.view().data,
            .stride_bytes = pixels.view().stride,
            .sample_bytes = sample_bytes,
            .first_row = first_row,
            .layout = layout};
  }

  PngReader reader;
  SampleLayout layout;
  int sample_bytes = 1;
  bool interlaced = false;
  bool whole_read = false;
  Plane<std::uint8_t> pixels;  ///< libpng's rows as bytes: one, or all of an interlaced picture
};

}  // namespace

Expected<PictureRows> OpenPng(ByteView file, const PictureOptions& options) {
  auto rows = std::make_unique<PngRows>(file);
  PngReader& reader = rows->reader;
  if (reader.info == nullptr) {
    return Fail(ErrorCode::kInternal, kPngWhere, "libpng could not be set up");
  }
  png_structp png = reader.png;
  png_infop png_info = reader.info;
  HDRP_RETURN_IF_ERROR(reader.Run([&] {
    png_set_read_fn(png, &reader, PngReader::OnRead);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // ours are checked below
    png_set_chunk_malloc_max(png, options.limits.max_metadata_bytes);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER,
                                reinterpret_cast<png_const_bytep>(kIgnoredChunks.data()),
                                static_cast<int>(kIgnoredChunks.size() / 5));
    png_read_info(png, png_info);
  }));

  rows->interlaced = png_get_interlace_type(png, png_info) != PNG_INTERLACE_NONE;
  const png_uint_32 width = png_get_image_width(png, png_info);
  const png_uint_32 height = png_get_image_height(png, png_info);
  HDRP_RETURN_IF_ERROR(CheckSize(width, height, options.limits, kPngWhere));

  HDRP_ASSIGN_OR_RETURN(const auto chunks, FindChunks(file, options.limits));
  HDRP_ASSIGN_OR_RETURN(auto color, ReadColor(png, png_info, chunks.cicp));
  const int type = png_get_color_type(png, png_info);
  PictureInfo info;
  info.format = FileFormat::kPng;
  info.width = static_cast<int>(width);
  info.height = static_cast<int>(height);
  info.channels = (type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1;
  // The samples of a palette are 8 bit, however few of them there are.
  info.bits = type == PNG_COLOR_TYPE_PALETTE ? 8 : png_get_bit_depth(png, png_info);
  info.color = std::move(color);
  TakeExif(chunks.exif, info);
  info.xmp = chunks.xmp;
  info.orientation = OrientationOf(info.exif);

  HDRP_RETURN_IF_ERROR(reader.Run([&] {
    png_set_expand(png);  // palettes to RGB, 1, 2 and 4 bits to 8, tRNS to alpha
    if constexpr (std::endian::native == std::endian::little) png_set_swap(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, png_info);
  }));
  rows->sample_bytes = png_get_bit_depth(png, png_info) == 16 ? 2 : 1;
  rows->layout = {
      .color_channels = info.channels,
      .has_alpha = (png_get_color_type(png, png_info) & PNG_COLOR_MASK_ALPHA) != 0,
      .largest = rows->sample_bytes == 2 ? 65535.0 : 255.0,
  };
  if (rows->interlaced) {
    const auto pixel_bytes =
        static_cast<std::uint64_t>(rows->layout.samples() * rows->sample_bytes);
    const std::uint64_t bytes = pixel_bytes * width * height;
    HDRP_RETURN_IF_ERROR(CheckHeld(bytes, options.limits, kPngWhere));
  }
  rows->pixels = Plane<std::uint8_t>(info.width, rows->interlaced ? info.height : 1,
                                     rows->layout.samples() * rows->sample_bytes);
  info.warnings = reader.Warnings();

  auto read = [rows = std::move(rows), rule = AlphaRule{options.flatten, kPngWhere}](
                  int first_row, PlaneView<float> band) {
    return rows->Read(first_row, rule, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
