// In the program: loads libhdrp_codecs.so at the first picture that needs it.
#include <dlfcn.h>

#include "base/version.h"
#include "module/codec_module.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "picture codecs";

/// The program's run path names its own folder, so the plain name finds the module there. It
/// stays loaded: readers that it made may live until the end.
[[nodiscard]] Expected<const CodecModule*> Load() {
  void* library = dlopen(kCodecModuleFile, RTLD_NOW | RTLD_LOCAL);
  const void* module = library == nullptr ? nullptr : dlsym(library, kCodecModuleName);
  if (module == nullptr) {
    const char* reason = dlerror();
    return Fail(ErrorCode::kUnsupported, kWhere,
                "WebP, HEIF, AVIF and JPEG XL need {} beside the program: {}", kCodecModuleFile,
                reason == nullptr ? "it is of another kind" : reason);
  }
  const auto* found = static_cast<const CodecModule*>(module);
  if (found->version != kVersion) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected {} of version {}, found version {}",
                kCodecModuleFile, kVersion, found->version);
  }
  return found;
}

[[nodiscard]] const Expected<const CodecModule*>& Module() {
  static const Expected<const CodecModule*> module = Load();
  return module;
}

}  // namespace

Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                    const PictureOptions& options) {
  if (!Module()) return std::unexpected(Module().error());
  return (*Module())->open(format, file, options);
}

Expected<GainMapPicture> OpenGainMapWithCodec(FileFormat format, ByteView file,
                                              const PictureOptions& options) {
  if (!Module()) return std::unexpected(Module().error());
  return (*Module())->open_gain_map(format, file, options);
}

Expected<Bytes> WritePictureFile(PictureFormat format, const PictureBase& base,
                                 const PictureGainMap& map, const PictureFileOptions& options) {
  if (!Module()) return std::unexpected(Module().error());
  return (*Module())->write(format, base, map, options);
}

}  // namespace hdrp
