// The few EXIF facts the pipeline acts on. They decide how the picture is shown, so they come from
// a small reader of our own whose every step is checked, and not from a library's idea of EXIF.
#include <algorithm>
#include <cstddef>

#include "base/byte_reader.h"
#include "metadata/exif.h"
#include "metadata/exif_color.h"

namespace hdrp {
namespace {

// EXIF 2.32, sections 4.6.4 and 4.6.5.
constexpr std::uint16_t kMakeTag = 0x010F;
constexpr std::uint16_t kModelTag = 0x0110;
constexpr std::uint16_t kOrientationTag = 0x0112;
constexpr std::uint16_t kSoftwareTag = 0x0131;
constexpr std::uint16_t kDateTimeOriginalTag = 0x9003;
constexpr std::uint16_t kExifIfdTag = 0x8769;
constexpr std::uint16_t kMakerNoteTag = 0x927C;
constexpr std::uint16_t kColorSpaceTag = 0xA001;
constexpr std::uint16_t kInteroperabilityIfdTag = 0xA005;
constexpr std::uint16_t kInteroperabilityIndexTag = 0x0001;

/// TIFF 6.0, section 2; 13 (IFD) comes from its supplement 1, 129 (UTF-8) from EXIF 3.0.
enum TiffType : std::uint16_t {
  kByte = 1,
  kAscii = 2,
  kShort = 3,
  kLong = 4,
  kUndefined = 7,
  kIfd = 13,
  kUtf8 = 129,
};

/// Bytes of one value; 0 for the types no field of ours has.
[[nodiscard]] std::size_t SizeOf(std::uint16_t type) {
  switch (type) {
    case kByte:
    case kAscii:
    case kUndefined:
    case kUtf8:
      return 1;
    case kShort:
      return 2;
    case kLong:
    case kIfd:
      return 4;
    default:  // of bytes out of a file, not of an enum of ours
      return 0;
  }
}

struct Field {
  std::uint16_t type = 0;
  ByteView value;
  ByteOrder order = ByteOrder::kBigEndian;

  /// The first number of an unsigned integer field, of whatever width (TIFF 6.0 asks readers for
  /// that).
  [[nodiscard]] std::optional<std::uint32_t> Number() const {
    ByteReader reader(value, order);
    switch (type) {
      case kByte:
        return reader.U8();
      case kShort:
        return reader.U16();
      case kLong:
      case kIfd:
        return reader.U32();
      default:
        return std::nullopt;
    }
  }

  /// The characters before the terminating zero, without trailing spaces. They go to terminals and
  /// into reports: what is not printable ASCII becomes '?'.
  [[nodiscard]] std::string Text() const {
    if (type != kAscii && type != kUtf8) return {};
    std::string text(AsText(value));
    text.resize(std::min(text.size(), text.find('\0')));
    text.resize(text.find_last_not_of(' ') + 1);
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
  }
};

struct Tiff {
  ByteView bytes;
  ByteOrder order = ByteOrder::kBigEndian;
  std::uint32_t first_ifd = 0;

  [[nodiscard]] static std::optional<Tiff> Open(ByteView bytes) {
    Tiff tiff{.bytes = bytes};
    ByteReader reader(bytes);
    const auto order = reader.Read(2);
    if (!order) return std::nullopt;
    if (AsText(*order) == "II") {
      tiff.order = ByteOrder::kLittleEndian;
    } else if (AsText(*order) != "MM") {
      return std::nullopt;
    }
    reader.set_order(tiff.order);
    const auto magic = reader.U16();
    const auto first_ifd = reader.U32();
    if (magic != 42 || !first_ifd) return std::nullopt;
    tiff.first_ifd = *first_ifd;
    return tiff;
  }

  /// The first field with this tag; nullopt when it is missing or its value is not in the bytes.
  [[nodiscard]] std::optional<Field> Find(std::uint32_t ifd, std::uint16_t tag) const {
    ByteReader reader(bytes, order);
    if (!reader.Seek(ifd)) return std::nullopt;
    const auto entries = reader.U16();
    for (unsigned i = 0; entries && i < *entries; ++i) {
      const auto entry_tag = reader.U16();
      const auto type = reader.U16();
      const auto count = reader.U32();
      const auto inline_value = reader.Read(4);
      if (!entry_tag || !type || !count || !inline_value) return std::nullopt;
      if (*entry_tag != tag) continue;
      const std::uint64_t size = std::uint64_t{*count} * SizeOf(*type);
      if (size <= inline_value->size()) {
        return Field{*type, inline_value->first(static_cast<std::size_t>(size)), order};
      }
      const auto offset = ByteReader(*inline_value, order).U32();
      ByteReader value(bytes);
      if (!offset || !value.Seek(*offset) || size > value.remaining()) return std::nullopt;
      return Field{*type, value.rest().first(static_cast<std::size_t>(size)), order};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string TextAt(std::uint32_t ifd, std::uint16_t tag) const {
    const auto field = Find(ifd, tag);
    return field ? field->Text() : std::string();
  }
  [[nodiscard]] std::optional<std::uint32_t> NumberAt(std::uint32_t ifd, std::uint16_t tag) const {
    const auto field = Find(ifd, tag);
    return field ? field->Number() : std::nullopt;
  }
};

/// DCF 2.0 (JEITA CP-3461B), 5.2: an option file says R03 and leaves ColorSpace uncalibrated. Some
/// cameras and editors write 2 there, which no edition of EXIF defines, for the same.
[[nodiscard]] ExifColor ColorOf(const Tiff& tiff, std::uint32_t exif_ifd) {
  constexpr std::uint32_t kSrgb = 1;
  constexpr std::uint32_t kAdobeRgbOfSome = 2;
  const auto space = tiff.NumberAt(exif_ifd, kColorSpaceTag);
  if (space == kSrgb) return ExifColor::kSrgb;
  if (space == kAdobeRgbOfSome) return ExifColor::kAdobeRgb;
  const auto interoperability = tiff.NumberAt(exif_ifd, kInteroperabilityIfdTag);
  if (interoperability && tiff.TextAt(*interoperability, kInteroperabilityIndexTag) == "R03") {
    return ExifColor::kAdobeRgb;
  }
  return space ? ExifColor::kUncalibrated : ExifColor::kUnsaid;
}

}  // namespace

Expected<ExifFacts> ReadExif(ByteView bytes) {
  const auto tiff = Tiff::Open(bytes);
  if (!tiff) {
    return Fail(ErrorCode::kBadInput, "EXIF",
                "expected a TIFF header (II or MM, 42, an offset) in {} bytes, found none",
                bytes.size());
  }
  ExifFacts facts;
  facts.make = tiff->TextAt(tiff->first_ifd, kMakeTag);
  facts.model = tiff->TextAt(tiff->first_ifd, kModelTag);
  facts.software = tiff->TextAt(tiff->first_ifd, kSoftwareTag);
  if (tiff->Find(tiff->first_ifd, kOrientationTag)) {
    const auto value = tiff->NumberAt(tiff->first_ifd, kOrientationTag);
    const auto orientation = value ? OrientationFrom(*value) : std::nullopt;
    facts.orientation = orientation.value_or(Orientation::kTopLeft);
    facts.orientation_invalid = !orientation;
  }
  if (const auto exif_ifd = tiff->NumberAt(tiff->first_ifd, kExifIfdTag)) {
    facts.date_time_original = tiff->TextAt(*exif_ifd, kDateTimeOriginalTag);
    const auto note = tiff->Find(*exif_ifd, kMakerNoteTag);
    if (note) facts.apple = ReadAppleMakerNote(note->value);
  }
  return facts;
}

ExifColor ReadExifColor(ByteView bytes) {
  const auto tiff = Tiff::Open(bytes);
  const auto exif_ifd = tiff ? tiff->NumberAt(tiff->first_ifd, kExifIfdTag) : std::nullopt;
  return exif_ifd ? ColorOf(*tiff, *exif_ifd) : ExifColor::kUnsaid;
}

}  // namespace hdrp
