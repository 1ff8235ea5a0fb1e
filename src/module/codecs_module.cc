// The only thing that libhdrp_codecs.so shows.
#include "base/version.h"
#include "module/codec_module.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::CodecModule hdrp_codec_module;
const hdrp::CodecModule hdrp_codec_module = {hdrp::kVersion, &hdrp::OpenWithCodec,
                                             &hdrp::OpenGainMapWithCodec, &hdrp::WritePictureFile};
}
