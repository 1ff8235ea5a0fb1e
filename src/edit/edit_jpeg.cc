#include "edit/edit_jpeg.h"

#include "color/icc_write.h"
#include "decode/gain_map_file.h"
#include "decode/sniff.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {

Expected<EditJpeg> ReadEditJpeg(const InputFile& file, const Limits& limits) {
  // Pictures of other formats were made a JPEG of before they come here.
  if (Sniff(file.bytes) != FileFormat::kJpeg) {
    return NotA("JPEG, PNG, TIFF, WebP, HEIC, AVIF or JPEG XL", file);
  }
  HDRP_ASSIGN_OR_RETURN(GainMapJpeg parsed, Within(file.name, ReadGainMapJpeg(file.bytes, limits)));
  return EditJpeg{&file, std::move(parsed)};
}

bool IsAdobeRgbByExif(const GainMapJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.primary);
  return icc && icc->empty() && ExifColorOf(jpeg) == ExifColor::kAdobeRgb;
}

ExifColor ExifColorOf(const GainMapJpeg& jpeg) {
  const auto exif = jpeg.primary.Find(kApp1, kExifNamespace);
  return exif.empty() ? ExifColor::kUnsaid
                      : ReadExifColor(exif.front()->payload.subspan(kExifNamespace.size()));
}

Expected<BaseColor> BaseColorOf(const GainMapJpeg& jpeg) {
  HDRP_ASSIGN_OR_RETURN(const Bytes icc, JoinIcc(jpeg.primary));
  if (IsAdobeRgbByExif(jpeg)) return ReadIccProfile(AdobeRgbIccProfile());
  return icc.empty() ? SrgbColor() : ReadIccProfile(icc);
}

}  // namespace hdrp
