// In the program: loads libhdrp_codecs.so at the first picture that needs it.
#include "module/codecs_module.h"
#include "module/load_module.h"

namespace hdrp {
namespace {

[[nodiscard]] const Expected<const CodecModule*>& Module() {
  static const Expected<const CodecModule*> module = LoadModule<CodecModule>(
      kCodecModuleFile, kCodecModuleName,
      {ErrorCode::kUnsupported, "picture codecs", "WebP, HEIF, AVIF and JPEG XL need"});
  return module;
}

}  // namespace

Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                    const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const CodecModule* module, Module());
  return module->open(format, file, options);
}

Expected<GainMapFile> OpenGainMapWithCodec(FileFormat format, ByteView file,
                                           const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const CodecModule* module, Module());
  return module->open_gain_map(format, file, options);
}

Expected<Bytes> WritePictureFile(FileFormat format, const PictureBase& base,
                                 const PictureGainMap& map, const PictureFileOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const CodecModule* module, Module());
  return module->write(format, base, map, options);
}

}  // namespace hdrp
