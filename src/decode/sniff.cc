#include "decode/sniff.h"

#include <algorithm>
#include <array>

#include "base/byte_reader.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {
namespace {

struct Signature {
  std::string_view bytes;
  FileFormat format;
};

constexpr std::array<Signature, 16> kSignatures = {{
    {kStreamStart, FileFormat::kJpeg},
    {"\x89PNG\r\n\x1A\n", FileFormat::kPng},
    {{"II*\0", 4}, FileFormat::kTiff},
    {{"MM\0*", 4}, FileFormat::kTiff},
    {{"II+\0", 4}, FileFormat::kTiff},  // BigTIFF
    {{"MM\0+", 4}, FileFormat::kTiff},
    {"\x76\x2F\x31\x01", FileFormat::kOpenExr},
    {"#?RADIANCE", FileFormat::kRadiance},
    {"#?RGBE", FileFormat::kRadiance},
    {"PF\n", FileFormat::kPfm},
    {"Pf\n", FileFormat::kPfm},
    {"\xFF\x0A", FileFormat::kJxl},
    {{"\0\0\0\x0CJXL \r\n\x87\n", 12}, FileFormat::kJxl},
    {"GIF87a", FileFormat::kGif},
    {"GIF89a", FileFormat::kGif},
    {"BM", FileFormat::kBmp},
}};

/// The formats that share the ISO base media container tell themselves apart by brands
/// (ISO/IEC 14496-12, 4.3): the major one and the list of compatible ones.
FileFormat SniffBrands(ByteView file) {
  ByteReader reader(file);
  const auto size = reader.U32();
  const auto type = reader.Read(4);
  if (!type || AsText(*type) != "ftyp" || *size < 16) return FileFormat::kUnknown;
  constexpr std::array<std::string_view, 2> kAvif = {"avif", "avis"};
  constexpr std::array<std::string_view, 9> kHeif = {"heic", "heix", "heim", "heis", "hevc",
                                                     "hevx", "mif1", "msf1", "mif2"};
  const auto holds = [](const auto& brands, std::string_view brand) {
    return std::ranges::find(brands, brand) != brands.end();
  };
  FileFormat found = FileFormat::kUnknown;
  constexpr std::size_t kVersionPosition = 12;
  const std::size_t end = std::min<std::size_t>(*size, 256);
  while (reader.position() < end) {
    const bool is_version = reader.position() == kVersionPosition;
    const auto brand = reader.Read(4);
    if (!brand) break;
    if (is_version) continue;
    if (holds(kAvif, AsText(*brand))) return FileFormat::kAvif;
    if (holds(kHeif, AsText(*brand))) found = FileFormat::kHeif;
  }
  return found;
}

}  // namespace

FileFormat Sniff(ByteView file) {
  for (const Signature& signature : kSignatures) {
    if (StartsWith(file, signature.bytes)) return signature.format;
  }
  if (StartsWith(file, "RIFF") && file.size() >= 12 && AsText(file.subspan(8, 4)) == "WEBP") {
    return FileFormat::kWebp;
  }
  return SniffBrands(file);
}

std::string_view NameOf(FileFormat format) {
  switch (format) {
    case FileFormat::kUnknown:
      return "unknown data";
    case FileFormat::kJpeg:
      return "JPEG";
    case FileFormat::kPng:
      return "PNG";
    case FileFormat::kTiff:
      return "TIFF";
    case FileFormat::kOpenExr:
      return "OpenEXR";
    case FileFormat::kRadiance:
      return "Radiance HDR";
    case FileFormat::kPfm:
      return "PFM";
    case FileFormat::kWebp:
      return "WebP";
    case FileFormat::kHeif:
      return "HEIF";
    case FileFormat::kAvif:
      return "AVIF";
    case FileFormat::kJxl:
      return "JPEG XL";
    case FileFormat::kGif:
      return "GIF";
    case FileFormat::kBmp:
      return "BMP";
  }
  return "unknown data";
}

}  // namespace hdrp
