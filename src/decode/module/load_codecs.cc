// In the program: loads libhdrp_codecs.so at the first picture that needs it.
#include <dlfcn.h>

#include "base/version.h"
#include "decode/codecs.h"

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

}  // namespace

Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                    const PictureOptions& options) {
  static const Expected<const CodecModule*> module = Load();
  if (!module) return std::unexpected(module.error());
  return (*module)->open(format, file, options);
}

}  // namespace hdrp
