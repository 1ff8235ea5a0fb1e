// What libhdrp_codecs.so gives to the program: the formats whose libraries are costly to load (4 ms
// of CPU at every start, 5 % of a transplant). Program and module are built together; the version
// keeps apart those that were not.
#pragma once

#include <string_view>

#include "decode/codecs.h"
#include "package/picture_file.h"

namespace hdrp {

struct CodecModule {
  std::string_view version;
  decltype(&OpenWithCodec) open;
  decltype(&OpenGainMapWithCodec) open_gain_map;
  decltype(&WritePictureFile) write;
};
inline constexpr const char* kCodecModuleFile = "libhdrp_codecs.so";
inline constexpr const char* kCodecModuleName = "hdrp_codec_module";

}  // namespace hdrp
