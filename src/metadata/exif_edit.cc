// EXIF for a picture that had another place for it: with the orientation that the picture's own
// format states, and out of the directories of a TIFF picture. Both rebuild directories by hand, so
// that no library holds a picture of hundreds of megabytes or moves maker notes about.
// Sources: TIFF 6.0, section 2; BigTIFF: libtiff's design page; EXIF 2.32, 4.6.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/byte_reader.h"
#include "metadata/exif.h"

namespace hdrp {
namespace {

constexpr std::uint16_t kOrientationTag = 0x0112;
constexpr std::uint16_t kExifIfdTag = 0x8769;
constexpr std::uint16_t kMakerNoteTag = 0x927C;
constexpr std::uint16_t kInteropTag = 0xA005;
constexpr std::uint16_t kShort = 3;
constexpr std::uint16_t kLong = 4;

/// What allow_list.h lets through of IFD0, by number.
constexpr auto kImageTags = std::to_array<std::uint16_t>({
    0x010F,  // Make
    0x0110,  // Model
    kOrientationTag,
    0x011A,  // XResolution
    0x011B,  // YResolution
    0x0128,  // ResolutionUnit
    0x0132,  // DateTime
    0x013B,  // Artist
    0x8298,  // Copyright
});
/// Longer values are no facts about a photograph, and an EXIF segment could not hold many.
constexpr std::uint64_t kMaxValueBytes = 16'384;
constexpr std::size_t kMaxEntries = 1000;

/// TIFF 6.0, section 2; 0 for unknown types.
[[nodiscard]] std::uint64_t SizeOf(std::uint16_t type) {
  constexpr std::array<std::uint8_t, 19> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                   8, 4, 8, 4, 0, 0, 8, 8, 8};
  if (type == 129) return 1;  // EXIF 3.0: UTF-8
  return type < kSizes.size() ? kSizes[type] : 0;
}

struct Entry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint64_t count = 0;
  ByteView field;  ///< the 4 (BigTIFF: 8) bytes of value or offset
};

/// The header of a TIFF or BigTIFF and its directories, as they stand.
class TiffFile {
 public:
  [[nodiscard]] static std::optional<TiffFile> Open(ByteView bytes) {
    ByteReader reader(bytes);
    const auto order = reader.Read(2);
    if (!order || (AsText(*order) != "II" && AsText(*order) != "MM")) return std::nullopt;
    TiffFile file;
    file.bytes_ = bytes;
    file.order_ = AsText(*order) == "II" ? ByteOrder::kLittleEndian : ByteOrder::kBigEndian;
    reader.set_order(file.order_);
    const auto magic = reader.U16();
    if (magic != 42 && magic != 43) return std::nullopt;
    file.big_ = magic == 43;
    if (file.big_ && !reader.Skip(4)) return std::nullopt;  // size of offsets, 0
    const auto first = file.Word(reader);
    if (!first) return std::nullopt;
    file.first_ifd_ = *first;
    return file;
  }

  [[nodiscard]] ByteOrder order() const { return order_; }
  [[nodiscard]] bool big() const { return big_; }
  [[nodiscard]] std::uint64_t first_ifd() const { return first_ifd_; }

  struct Directory {
    std::vector<Entry> entries;
    std::uint64_t next = 0;
    std::size_t begin = 0;  ///< of the first entry
  };

  /// nullopt when it is not wholly in the file.
  [[nodiscard]] std::optional<Directory> ReadIfd(std::uint64_t offset) const {
    ByteReader reader(bytes_, order_);
    if (offset > bytes_.size() || !reader.Seek(static_cast<std::size_t>(offset))) {
      return std::nullopt;
    }
    std::optional<std::uint64_t> count;
    if (big_) {
      count = Word(reader);
    } else {
      count = reader.U16();
    }
    if (!count || *count > kMaxEntries) return std::nullopt;
    Directory directory{.entries = {}, .next = 0, .begin = reader.position()};
    for (std::uint64_t i = 0; i < *count; ++i) {
      Entry entry;
      const auto tag = reader.U16();
      const auto type = reader.U16();
      const auto values = Word(reader);
      const auto field = reader.Read(big_ ? 8 : 4);
      if (!tag || !type || !values || !field) return std::nullopt;
      directory.entries.push_back({*tag, *type, *values, *field});
    }
    // Some writers leave the last offset out.
    directory.next = Word(reader).value_or(0);
    return directory;
  }

  /// The value's bytes in the file's order; nullopt when they are not in the file, or too many.
  [[nodiscard]] std::optional<ByteView> ValueOf(const Entry& entry) const {
    const std::uint64_t unit = SizeOf(entry.type);
    if (unit == 0 || entry.count > kMaxValueBytes / unit) return std::nullopt;
    const auto size = static_cast<std::size_t>(entry.count * unit);
    if (size <= entry.field.size()) return entry.field.first(size);
    ByteReader field(entry.field, order_);
    const auto offset = Word(field);
    ByteReader reader(bytes_);
    if (!offset || *offset > bytes_.size() || !reader.Seek(static_cast<std::size_t>(*offset))) {
      return std::nullopt;
    }
    return reader.Read(size);
  }

  /// An entry that holds one offset.
  [[nodiscard]] std::optional<std::uint64_t> OffsetIn(const Entry& entry) const {
    if (entry.count != 1) return std::nullopt;
    ByteReader field(entry.field, order_);
    if (SizeOf(entry.type) == 8) return Word(field);
    return field.U32();
  }

 private:
  /// 32 bits, in a BigTIFF 64.
  [[nodiscard]] std::optional<std::uint64_t> Word(ByteReader& reader) const {
    const auto first = reader.U32();
    if (!first || !big_) return first;
    const auto second = reader.U32();
    if (!second) return std::nullopt;
    const bool high_first = order_ == ByteOrder::kBigEndian;
    return (std::uint64_t{high_first ? *first : *second} << 32) | (high_first ? *second : *first);
  }

  ByteView bytes_;
  ByteOrder order_ = ByteOrder::kBigEndian;
  bool big_ = false;
  std::uint64_t first_ifd_ = 0;
};

/// Appends TIFF structures in one byte order.
class TiffBytes {
 public:
  TiffBytes(ByteOrder order, Bytes bytes) : order_(order), bytes_(std::move(bytes)) {}
  explicit TiffBytes(ByteOrder order)
      : TiffBytes(order, Bytes(2, order == ByteOrder::kBigEndian ? 'M' : 'I')) {
    Number(42, 2);
    Number(0, 4);
  }

  void Number(std::uint32_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = order_ == ByteOrder::kBigEndian ? size - 1 - i : i;
      bytes_.push_back(static_cast<std::uint8_t>((value >> (8 * at)) & 0xFF));
    }
  }
  void Append(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  /// Offsets in a TIFF are even.
  std::uint32_t Align() {
    if (bytes_.size() % 2 != 0) bytes_.push_back(0);
    return static_cast<std::uint32_t>(bytes_.size());
  }
  void SetFirstIfd(std::uint32_t offset) {
    TiffBytes number(order_, {});
    number.Number(offset, 4);
    std::ranges::copy(number.bytes_, bytes_.begin() + 4);
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] Bytes Take() && { return std::move(bytes_); }

 private:
  ByteOrder order_;
  Bytes bytes_;
};

struct Value {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  ByteView bytes;
};

/// A classic directory whose long values follow it; returns its offset. The fields in ascending
/// order, as TIFF wants them.
std::uint32_t AppendIfd(TiffBytes& out, std::vector<Value> values) {
  std::ranges::stable_sort(values, {}, &Value::tag);
  const std::uint32_t begin = out.Align();
  std::size_t values_at = begin + 2 + 12 * values.size() + 4;
  out.Number(static_cast<std::uint32_t>(values.size()), 2);
  for (const Value& value : values) {
    out.Number(value.tag, 2);
    out.Number(value.type, 2);
    out.Number(value.count, 4);
    if (value.bytes.size() > 4) {
      out.Number(static_cast<std::uint32_t>(values_at), 4);
      values_at += (value.bytes.size() + 1) / 2 * 2;
    } else {
      out.Append(value.bytes);
      for (std::size_t i = value.bytes.size(); i < 4; ++i) out.Number(0, 1);
    }
  }
  out.Number(0, 4);  // no further directory
  for (const Value& value : values) {
    if (value.bytes.size() <= 4) continue;
    out.Append(value.bytes);
    out.Align();
  }
  return begin;
}

[[nodiscard]] Bytes NumberBytes(ByteOrder order, std::uint32_t value, std::size_t size) {
  TiffBytes out(order, {});
  out.Number(value, size);
  return std::move(out).Take();
}

/// The types that a value may have in a file of 32-bit offsets.
[[nodiscard]] bool IsClassic(std::uint16_t type) { return SizeOf(type) != 0 && type < 16; }

[[nodiscard]] std::optional<Value> ValueFrom(const TiffFile& file, const Entry& entry) {
  const auto bytes = file.ValueOf(entry);
  if (!bytes || !IsClassic(entry.type)) return std::nullopt;
  return Value{entry.tag, entry.type, static_cast<std::uint32_t>(entry.count), *bytes};
}

/// A TIFF with IFD0 and, out of it, the Exif IFD, of those values that may be wanted.
[[nodiscard]] Bytes WithoutPicture(const TiffFile& file, const TiffFile::Directory& ifd0) {
  TiffBytes out(file.order());
  std::vector<Value> image;
  Bytes exif_offset;
  for (const Entry& entry : ifd0.entries) {
    if (entry.tag == kExifIfdTag && exif_offset.empty()) {
      const auto offset = file.OffsetIn(entry);
      const auto directory = offset ? file.ReadIfd(*offset) : std::nullopt;
      if (!directory) continue;
      std::vector<Value> photo;
      for (const Entry& field : directory->entries) {
        if (field.tag == kMakerNoteTag || field.tag == kInteropTag) continue;
        if (const auto value = ValueFrom(file, field)) photo.push_back(*value);
      }
      if (photo.empty()) continue;
      exif_offset = NumberBytes(file.order(), AppendIfd(out, std::move(photo)), 4);
      image.push_back({kExifIfdTag, kLong, 1, exif_offset});
    } else if (std::ranges::contains(kImageTags, entry.tag)) {
      if (const auto value = ValueFrom(file, entry)) image.push_back(*value);
    }
  }
  if (image.empty()) return {};
  out.SetFirstIfd(AppendIfd(out, std::move(image)));
  return std::move(out).Take();
}

/// The same bytes with a copy of IFD0 behind them that holds this orientation alone: every other
/// offset, those in maker notes too, stays right.
[[nodiscard]] Bytes WithNewIfd0(ByteView exif, const TiffFile& file,
                                const TiffFile::Directory& ifd0, Orientation orientation) {
  std::vector<Entry> entries = ifd0.entries;
  std::erase_if(entries, [](const Entry& entry) { return entry.tag == kOrientationTag; });
  Bytes field = NumberBytes(file.order(), static_cast<std::uint32_t>(orientation), 2);
  field.resize(4);
  const auto after =
      std::ranges::find_if(entries, [](const Entry& entry) { return entry.tag > kOrientationTag; });
  entries.insert(after, {kOrientationTag, kShort, 1, field});

  TiffBytes out(file.order(), {exif.begin(), exif.end()});
  const std::uint32_t begin = out.Align();
  out.Number(static_cast<std::uint32_t>(entries.size()), 2);
  for (const Entry& entry : entries) {
    out.Number(entry.tag, 2);
    out.Number(entry.type, 2);
    out.Number(static_cast<std::uint32_t>(entry.count), 4);
    out.Append(entry.field);
  }
  out.Number(static_cast<std::uint32_t>(ifd0.next), 4);
  out.SetFirstIfd(begin);
  return std::move(out).Take();
}

}  // namespace

FilteredMetadata ExifWithOrientation(ByteView exif, Orientation orientation) {
  if (exif.empty()) return {OrientationOnlyExif(orientation), {}};
  const auto file = TiffFile::Open(exif);
  const auto ifd0 = file && !file->big() ? file->ReadIfd(file->first_ifd()) : std::nullopt;
  if (!ifd0) {
    return {OrientationOnlyExif(orientation),
            {"EXIF could not be parsed and was left out except for the orientation"}};
  }
  const auto is_orientation = [](const Entry& entry) { return entry.tag == kOrientationTag; };
  const auto stated = std::ranges::count_if(ifd0->entries, is_orientation);
  if (stated == 0 && orientation == Orientation::kTopLeft) return {{exif.begin(), exif.end()}, {}};
  const auto found = std::ranges::find_if(ifd0->entries, is_orientation);
  if (stated != 1 || found->type != kShort || found->count != 1) {
    return {WithNewIfd0(exif, *file, *ifd0, orientation), {}};
  }
  Bytes bytes(exif.begin(), exif.end());
  const auto index = static_cast<std::size_t>(found - ifd0->entries.begin());
  const Bytes number = NumberBytes(file->order(), static_cast<std::uint32_t>(orientation), 2);
  std::ranges::copy(number,
                    bytes.begin() + static_cast<std::ptrdiff_t>(ifd0->begin + 12 * index + 8));
  return {std::move(bytes), {}};
}

FilteredMetadata ExifFromTiffFile(ByteView tiff_file) {
  const auto file = TiffFile::Open(tiff_file);
  const auto ifd0 = file ? file->ReadIfd(file->first_ifd()) : std::nullopt;
  if (!ifd0) return {{}, {"EXIF was left out: the TIFF's first directory cannot be read"}};
  const Bytes small = WithoutPicture(*file, *ifd0);
  if (small.empty()) return {};
  return FilterExif(small, ExifPolicy::kAllow);
}

}  // namespace hdrp
