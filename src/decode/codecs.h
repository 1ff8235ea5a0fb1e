// The formats whose libraries are costly to load (4 ms of CPU at every start, 5 % of a
// transplant): WebP, HEIF, AVIF and JPEG XL. The program keeps them in a module beside it and loads
// that at the first such picture; whatever else links hdrp_decode has them linked in.
#pragma once

#include <string_view>

#include "decode/picture.h"

namespace hdrp {

/// Opens a picture of one of these formats. Defined by decode/codecs.cc, and in the program in its
/// place by decode/module/load_codecs.cc.
[[nodiscard]] Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                                  const PictureOptions& options);

/// What the module exports, by the name below. Program and module are built together; the version
/// keeps apart those that were not.
struct CodecModule {
  std::string_view version;
  Expected<PictureRows> (*open)(FileFormat format, ByteView file, const PictureOptions& options);
};
inline constexpr const char* kCodecModuleFile = "libhdrp_codecs.so";
inline constexpr const char* kCodecModuleName = "hdrp_codec_module";

}  // namespace hdrp
