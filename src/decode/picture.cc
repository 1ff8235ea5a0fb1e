#include "decode/picture.h"

#include <string_view>
#include <utility>

#include "color/hdr_profile.h"
#include "decode/codecs.h"
#include "decode/exif_color.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "picture";
constexpr std::string_view kRead =
    "JPEG, PNG, TIFF, OpenEXR, Radiance HDR, PFM, WebP, HEIF, AVIF and JPEG XL are read";

[[nodiscard]] Expected<PictureRows> Open(ByteView file, const PictureOptions& options) {
  if (file.empty()) return Fail(ErrorCode::kBadInput, kWhere, "expected a picture, found no bytes");
  if (file.size() > options.limits.max_file_bytes) {
    return Fail(ErrorCode::kTooLarge, kWhere, "file of {} bytes exceeds the limit of {}",
                file.size(), options.limits.max_file_bytes);
  }
  const FileFormat format = Sniff(file);
  switch (format) {
    case FileFormat::kJpeg:
      return OpenJpeg(file, options);
    case FileFormat::kPng:
      return OpenPng(file, options);
    case FileFormat::kTiff:
      return OpenTiff(file, options);
    case FileFormat::kOpenExr:
      return OpenExr(file, options);
    case FileFormat::kRadiance:
      return OpenRadiance(file, options);
    case FileFormat::kPfm:
      return OpenPfm(file, options);
    case FileFormat::kWebp:
    case FileFormat::kHeif:
    case FileFormat::kAvif:
    case FileFormat::kJxl:
      return OpenWithCodec(format, file, options);
    case FileFormat::kGif:
    case FileFormat::kBmp:
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "expected a picture format that is read, found "
                  "{}; {}",
                  NameOf(format), kRead);
    case FileFormat::kUnknown:
      break;
  }
  return Fail(ErrorCode::kBadInput, kWhere, "expected a picture, found unknown data; {}", kRead);
}

}  // namespace

Expected<PictureRows> OpenPicture(ByteView file, const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(PictureRows picture, Open(file, options));
  PictureInfo& info = picture.info;
  // A TIFF file is the structure that EXIF is made of.
  const ByteView exif = info.format == FileFormat::kTiff ? file : ByteView(info.exif);
  TakeExifColor(ReadExifColor(exif), info);
  info.color = WithProfileRead(std::move(info.color));
  return picture;
}

}  // namespace hdrp
