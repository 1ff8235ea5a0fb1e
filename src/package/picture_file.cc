#include "package/picture_file.h"

#include <utility>

namespace hdrp {

Expected<Bytes> WritePictureFile(PictureFormat format, const PictureBase& base,
                                 const PictureGainMap& map, const PictureFileOptions& options) {
  switch (format) {
    case PictureFormat::kHeic:
      return WriteHeic(base, map, options);
    case PictureFormat::kAvif:
      return WriteAvif(base, map, options);
  }
  std::unreachable();
}

}  // namespace hdrp
