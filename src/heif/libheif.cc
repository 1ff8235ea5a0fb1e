#include "heif/libheif.h"

#include <mutex>
#include <string_view>

namespace hdrp {

void LoadHeifCodecs() {
  static std::once_flag loaded;
  std::call_once(loaded, [] {
    constexpr std::string_view kFolder = HDRP_HEIF_PLUGINS;
    if (kFolder.empty()) return;
    (void)heif_load_plugins(kFolder.data(), nullptr, nullptr, 0);
  });
}

}  // namespace hdrp
