#include "package/picture_file.h"

namespace hdrp {

Expected<Bytes> WriteAvif(const PictureBase&, const PictureGainMap&, const PictureFileOptions&) {
  return Fail(ErrorCode::kInternal, "avif", "not written yet");
}

}  // namespace hdrp
