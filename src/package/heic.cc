#include "package/picture_file.h"

namespace hdrp {

Expected<Bytes> WriteHeic(const PictureBase&, const PictureGainMap&, const PictureFileOptions&) {
  return Fail(ErrorCode::kInternal, "heic", "not written yet");
}

}  // namespace hdrp
