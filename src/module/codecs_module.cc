// The only thing that libhdrp_codecs.so shows.
#include "module/codecs_module.h"

#include "base/version.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::CodecModule hdrp_codec_module;
const hdrp::CodecModule hdrp_codec_module = {hdrp::kVersion, &hdrp::OpenWithCodec,
                                             &hdrp::OpenGainMapWithCodec, &hdrp::WritePictureFile};
}
