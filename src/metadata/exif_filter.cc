// EXIF under the policy, by exiv2. The orientation comes from our own reader (exif_read.cc) before
// and is looked at again after: whatever exiv2 makes of damaged bytes, the picture stays upright.
#include <exception>
#include <exiv2/exiv2.hpp>
#include <iterator>
#include <optional>
#include <utility>

#include "base/byte_writer.h"
#include "metadata/allow_list.h"
#include "metadata/exif.h"

namespace hdrp {
namespace {

constexpr auto kOrientationKey = "Exif.Image.Orientation";
constexpr auto kPositioningKey = "Exif.Image.YCbCrPositioning";
constexpr std::uint16_t kCentered = 1;  // EXIF's default; JFIF's only value

/// exiv2 complains on standard error unless told otherwise, once per process.
void SilenceExiv2() {
  static const bool silenced = [] {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    return true;
  }();
  (void)silenced;
}

void DropWhatIsNotAllowed(Exiv2::ExifData& exif) {
  for (auto datum = exif.begin(); datum != exif.end();) {
    datum =
        IsAllowedExif(datum->groupName(), datum->tagName()) ? std::next(datum) : exif.erase(datum);
  }
}

void SetShort(Exiv2::ExifData& exif, const char* key, std::uint16_t value) {
  const Exiv2::ExifKey exif_key(key);
  for (auto datum = exif.findKey(exif_key); datum != exif.end(); datum = exif.findKey(exif_key)) {
    exif.erase(datum);
  }
  const Exiv2::UShortValue exif_value(value);
  exif.add(exif_key, &exif_value);
}

/// The allowed part of the EXIF; nullopt when exiv2 cannot read or write it.
std::optional<Bytes> Allowed(ByteView tiff, Orientation orientation) try {
  SilenceExiv2();
  Exiv2::ExifData exif;
  const Exiv2::ByteOrder order = Exiv2::ExifParser::decode(exif, tiff.data(), tiff.size());
  DropWhatIsNotAllowed(exif);
  const bool has_orientation = exif.findKey(Exiv2::ExifKey(kOrientationKey)) != exif.end();
  if (has_orientation || orientation != Orientation::kTopLeft) {
    SetShort(exif, kOrientationKey, static_cast<std::uint16_t>(orientation));
  }
  if (exif.empty()) return Bytes();
  if (exif.findKey(Exiv2::ExifKey(kPositioningKey)) == exif.end()) {
    SetShort(exif, kPositioningKey, kCentered);
  }
  Bytes bytes;
  Exiv2::ExifParser::encode(bytes, order, exif);
  const auto written = ReadExif(bytes);
  if (!written || written->orientation != orientation) return std::nullopt;
  return bytes;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace

// YCbCrPositioning is there because EXIF requires the tag in every file.
Bytes OrientationOnlyExif(Orientation orientation) {
  if (orientation == Orientation::kTopLeft) return {};
  const auto short_field = [](ByteWriter& out, std::uint16_t tag, std::uint16_t value) {
    out.U16(tag);
    out.U16(3);  // type SHORT
    out.U32(1);  // count
    out.U16(value);
    out.U16(0);
  };
  ByteWriter out;
  out.Append("MM");
  out.U16(42);
  out.U32(8);  // offset of IFD0
  out.U16(2);  // fields
  short_field(out, 0x0112, static_cast<std::uint16_t>(orientation));
  short_field(out, 0x0213, kCentered);
  out.U32(0);  // no IFD1
  return std::move(out).Take();
}

FilteredMetadata FilterExif(ByteView tiff, ExifPolicy policy) {
  if (policy == ExifPolicy::kKeep) return {{tiff.begin(), tiff.end()}, {}};
  const auto facts = ReadExif(tiff);
  if (!facts) return {{}, {"EXIF was left out: " + facts.error().message}};
  if (policy == ExifPolicy::kStrip) return {OrientationOnlyExif(facts->orientation), {}};
  if (auto allowed = Allowed(tiff, facts->orientation)) return {std::move(*allowed), {}};
  return {OrientationOnlyExif(facts->orientation),
          {"EXIF could not be parsed and was left out except for the orientation"}};
}

}  // namespace hdrp
