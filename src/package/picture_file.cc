#include "package/picture_file.h"

namespace hdrp {

Expected<Bytes> WritePictureFile(FileFormat format, const PictureBase& base,
                                 const PictureGainMap& map, const PictureFileOptions& options) {
  switch (format) {
    case FileFormat::kHeif:
      return WriteHeic(base, map, options);
    case FileFormat::kAvif:
      return WriteAvif(base, map, options);
    default:
      return Fail(ErrorCode::kInternal, "package", "{} is not coded from pixels", NameOf(format));
  }
}

}  // namespace hdrp
