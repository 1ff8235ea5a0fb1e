// The one table of containers: everything that names one, on command lines, in forms, HTTP, JSON
// and messages, comes from here. Who opens a format: decode/picture.cc and decode/gain_map_file.cc;
// who writes one: package/picture_file.cc and package/float_image.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hdrp {

enum class FileFormat : std::uint8_t {
  kUnknown,
  kJpeg,
  kPng,
  kTiff,
  kOpenExr,
  kRadiance,
  kPfm,
  kWebp,
  kHeif,
  kAvif,
  kJxl,
  kGif,
  kBmp
};

/// What is read of a format.
enum class Reads : std::uint8_t { kNothing, kPicture, kPictureAndGainMap };
/// What is written in it.
enum class Writes : std::uint8_t {
  kNothing,
  kGainMap,    ///< an SDR base with its gain map: what is delivered
  kFloatLight  ///< the HDR rendition as floats, for quality assurance
};

/// First bytes, and where the container is shared, those from byte 8 on.
struct Signature {
  std::string_view bytes = {};
  std::string_view at_8 = {};
};

struct FormatInfo {
  FileFormat format;
  std::string_view word;   ///< on command lines, in forms and JSON
  std::string_view label;  ///< in messages
  /// With a point; what is written has the first. Empty where there is no second.
  std::array<std::string_view, 2> extensions;
  std::string_view media_type;               ///< IANA's, where there is one
  std::array<Signature, 4> signatures = {};  ///< empty ones match nothing
  /// ISO/IEC 14496-12's brands that mean it, in a file's ftyp box; what is written has the first.
  /// Of two formats whose brands a file has, the one further down the table counts.
  std::array<std::string_view, 9> brands = {};
  Reads reads = Reads::kNothing;
  bool edit = false;      ///< can be an SDR edit
  bool original = false;  ///< can be an HDR original: by its gain map, or by itself
  Writes writes = Writes::kNothing;
  /// Of one that is written with a gain map.
  std::string_view product = {};  ///< what users call it
  std::string_view codec = {};    ///< that codes its pixels anew; empty: a JPEG's scans are kept
  int map_channels = 0;           ///< most that its gain map can have
};

/// In the order in which people are offered them. BigTIFF has the last two of TIFF's signatures.
inline constexpr auto kFileFormats = std::to_array<FormatInfo>({
    {.format = FileFormat::kJpeg,
     .word = "jpeg",
     .label = "JPEG",
     .extensions = {".jpg", ".jpeg"},
     .media_type = "image/jpeg",
     .signatures = {{{"\xFF\xD8\xFF"}}},
     .reads = Reads::kPictureAndGainMap,
     .edit = true,
     .original = true,
     .writes = Writes::kGainMap,
     .product = "Ultra HDR",
     .map_channels = 3},
    {.format = FileFormat::kHeif,
     .word = "heic",
     .label = "HEIF",
     .extensions = {".heic", ".heif"},
     .media_type = "image/heic",
     .brands = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "mif2"},
     .reads = Reads::kPictureAndGainMap,
     .edit = true,
     .original = true,
     .writes = Writes::kGainMap,
     .product = "HDR HEIC",
     .codec = "HEVC",
     .map_channels = 1},
    {.format = FileFormat::kAvif,
     .word = "avif",
     .label = "AVIF",
     .extensions = {".avif", ""},
     .media_type = "image/avif",
     .brands = {"avif", "avis"},
     .reads = Reads::kPictureAndGainMap,
     .edit = true,
     .original = true,
     .writes = Writes::kGainMap,
     .product = "HDR AVIF",
     .codec = "AV1",
     .map_channels = 3},
    {.format = FileFormat::kPng,
     .word = "png",
     .label = "PNG",
     .extensions = {".png", ""},
     .media_type = "image/png",
     .signatures = {{{"\x89PNG\r\n\x1A\n"}}},
     .reads = Reads::kPicture,
     .edit = true,
     .original = true},
    {.format = FileFormat::kTiff,
     .word = "tiff",
     .label = "TIFF",
     .extensions = {".tiff", ".tif"},
     .media_type = "image/tiff",
     .signatures = {{{{"II*\0", 4}}, {{"MM\0*", 4}}, {{"II+\0", 4}}, {{"MM\0+", 4}}}},
     .reads = Reads::kPicture,
     .edit = true,
     .original = true,
     .writes = Writes::kFloatLight},
    {.format = FileFormat::kOpenExr,
     .word = "exr",
     .label = "OpenEXR",
     .extensions = {".exr", ""},
     .media_type = "image/x-exr",
     .signatures = {{{"\x76\x2F\x31\x01"}}},
     .reads = Reads::kPicture,
     .original = true,
     .writes = Writes::kFloatLight},
    {.format = FileFormat::kRadiance,
     .word = "radiance",
     .label = "Radiance HDR",
     .extensions = {".hdr", ""},
     .media_type = "image/vnd.radiance",
     .signatures = {{{"#?RADIANCE"}, {"#?RGBE"}}},
     .reads = Reads::kPicture,
     .original = true},
    {.format = FileFormat::kPfm,
     .word = "pfm",
     .label = "PFM",
     .extensions = {".pfm", ""},
     .media_type = "image/x-portable-floatmap",
     .signatures = {{{"PF\n"}, {"Pf\n"}}},
     .reads = Reads::kPicture,
     .original = true},
    {.format = FileFormat::kWebp,
     .word = "webp",
     .label = "WebP",
     .extensions = {".webp", ""},
     .media_type = "image/webp",
     .signatures = {{{"RIFF", "WEBP"}}},
     .reads = Reads::kPicture,
     .edit = true},
    {.format = FileFormat::kJxl,
     .word = "jxl",
     .label = "JPEG XL",
     .extensions = {".jxl", ""},
     .media_type = "image/jxl",
     .signatures = {{{"\xFF\x0A"}, {{"\0\0\0\x0CJXL \r\n\x87\n", 12}}}},
     .reads = Reads::kPicture,
     .edit = true,
     .original = true},
    {.format = FileFormat::kGif,
     .word = "gif",
     .label = "GIF",
     .extensions = {".gif", ""},
     .media_type = "image/gif",
     .signatures = {{{"GIF87a"}, {"GIF89a"}}}},
    {.format = FileFormat::kBmp,
     .word = "bmp",
     .label = "BMP",
     .extensions = {".bmp", ""},
     .media_type = "image/bmp",
     .signatures = {{{"BM"}}}},
});
inline constexpr FormatInfo kUnknownFormat{.format = FileFormat::kUnknown,
                                           .word = "unknown",
                                           .label = "unknown data",
                                           .extensions = {},
                                           .media_type = "application/octet-stream"};

[[nodiscard]] constexpr const FormatInfo& InfoOf(FileFormat format) {
  for (const FormatInfo& info : kFileFormats) {
    if (info.format == format) return info;
  }
  return kUnknownFormat;
}
/// "JPEG", "PNG", ... ; "unknown data" for kUnknown.
[[nodiscard]] constexpr std::string_view NameOf(FileFormat format) { return InfoOf(format).label; }
[[nodiscard]] constexpr std::string_view WordOf(FileFormat format) { return InfoOf(format).word; }
[[nodiscard]] constexpr std::string_view ExtensionOf(FileFormat format) {
  return InfoOf(format).extensions.front();
}

/// How many of the table are written so; kFormatsWritten<Writes::kGainMap>[i] is the i-th of them,
/// and kWordsWritten their words.
template <Writes kind>
inline constexpr std::size_t kNumberWritten = [] {
  std::size_t number = 0;
  for (const FormatInfo& info : kFileFormats) number += info.writes == kind ? 1 : 0;
  return number;
}();
template <Writes kind>
inline constexpr auto kFormatsWritten = [] {
  std::array<FileFormat, kNumberWritten<kind>> formats{};
  std::size_t at = 0;
  for (const FormatInfo& info : kFileFormats) {
    if (info.writes == kind) formats[at++] = info.format;
  }
  return formats;
}();
template <Writes kind>
inline constexpr auto kWordsWritten = [] {
  std::array<std::string_view, kNumberWritten<kind>> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = WordOf(kFormatsWritten<kind>[i]);
  return words;
}();

}  // namespace hdrp
