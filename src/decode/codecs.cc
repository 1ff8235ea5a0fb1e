#include "decode/codecs.h"

namespace hdrp {

Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                    const PictureOptions& options) {
  switch (format) {
    case FileFormat::kWebp:
      return OpenWebp(file, options);
    case FileFormat::kHeif:
      return OpenHeif(file, options);
    case FileFormat::kAvif:
      return OpenAvif(file, options);
    case FileFormat::kJxl:
      return OpenJxl(file, options);
    default:
      return Fail(ErrorCode::kInternal, "picture codecs", "{} is not theirs", NameOf(format));
  }
}

Expected<GainMapFile> OpenGainMapWithCodec(FileFormat format, ByteView file,
                                           const PictureOptions& options) {
  switch (format) {
    case FileFormat::kHeif:
      return OpenHeifGainMap(file, options);
    case FileFormat::kAvif:
      return OpenAvifGainMap(file, options);
    default:
      return Fail(ErrorCode::kInternal, "picture codecs", "{} has no gain maps here",
                  NameOf(format));
  }
}

}  // namespace hdrp
