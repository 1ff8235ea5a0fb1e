#include "decode/sniff.h"

#include <algorithm>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

[[nodiscard]] bool Begins(ByteView file, const Signature& signature) {
  constexpr std::size_t kSecond = 8;
  if (signature.bytes.empty() || !StartsWith(file, signature.bytes)) return false;
  return signature.at_8.empty() ||
         (file.size() >= kSecond && StartsWith(file.subspan(kSecond), signature.at_8));
}

/// The formats that share the ISO base media container tell themselves apart by brands
/// (ISO/IEC 14496-12, 4.3): the major one and the list of compatible ones.
[[nodiscard]] FileFormat SniffBrands(ByteView file) {
  ByteReader reader(file);
  const auto size = reader.U32();
  const auto type = reader.Read(4);
  if (!type || AsText(*type) != "ftyp" || *size < 16) return FileFormat::kUnknown;
  std::size_t found = 0;  // one past its row
  constexpr std::size_t kVersionPosition = 12;
  const std::size_t end = std::min<std::size_t>(*size, 256);
  while (reader.position() < end) {
    const bool is_version = reader.position() == kVersionPosition;
    const auto brand = reader.Read(4);
    if (!brand) break;
    if (is_version) continue;
    for (std::size_t i = found; i < kFileFormats.size(); ++i) {
      if (std::ranges::contains(kFileFormats[i].brands, AsText(*brand))) found = i + 1;
    }
  }
  return found == 0 ? FileFormat::kUnknown : kFileFormats[found - 1].format;
}

}  // namespace

FileFormat Sniff(ByteView file) {
  for (const FormatInfo& info : kFileFormats) {
    for (const Signature& signature : info.signatures) {
      if (Begins(file, signature)) return info.format;
    }
  }
  return SniffBrands(file);
}

}  // namespace hdrp
