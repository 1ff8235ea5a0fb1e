#include "package/picture_check.h"

#include "metadata/exif.h"

namespace hdrp {

Expected<void> CheckPicture(const PictureBase& base, const PictureGainMap& map,
                            const PictureFileOptions& options, std::string_view where) {
  const auto is_coded = [](const PlaneView<const std::uint8_t>& plane) {
    return plane.data != nullptr && (plane.channels == 1 || plane.channels == 3);
  };
  if (!is_coded(base.codes) || map.map == nullptr || !is_coded(map.map->codes.view())) {
    return Fail(ErrorCode::kInternal, where, "expected a base and a map of 1 or 3 channels");
  }
  for (const int quality : {options.base_quality, options.map_quality}) {
    if (quality < 0 || quality > 100) {
      return Fail(ErrorCode::kBadArgument, where, "expected a quality of 1 to 100, found {}",
                  quality);
    }
  }
  if (auto broken = BrokenRules(map.map->metadata, MetadataUse::kWrite); !broken.empty()) {
    auto failed = Fail(ErrorCode::kUnsupported, where,
                       "the gain map's numbers cannot be written: {}", broken.front());
    failed.error().details = std::move(broken);
    return failed;
  }
  return {};
}

Bytes UprightExif(const PictureBase& base) {
  if (base.exif_tiff.empty()) return {};
  return ExifWithOrientation(base.exif_tiff, Orientation::kTopLeft).bytes;
}

bool IsGreyProfile(ByteView icc) {
  constexpr std::size_t kColorSpaceAt = 16;  // ICC.1:2010, 7.2.6
  return icc.size() > kColorSpaceAt && StartsWith(icc.subspan(kColorSpaceAt), "GRAY");
}

}  // namespace hdrp
