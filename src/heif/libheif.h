// What reader and writer share of libheif: the owners of its objects, and its codecs.
#pragma once

#include <libheif/heif.h>

#include <memory>

namespace hdrp {

template <auto kRelease>
struct HeifReleaser {
  template <typename Object>
  void operator()(Object* object) const {
    kRelease(object);
  }
};
using HeifContext = std::unique_ptr<heif_context, HeifReleaser<heif_context_free>>;
using HeifHandle = std::unique_ptr<heif_image_handle, HeifReleaser<heif_image_handle_release>>;
using HeifImage = std::unique_ptr<heif_image, HeifReleaser<heif_image_release>>;
using HeifNclx =
    std::unique_ptr<heif_color_profile_nclx, HeifReleaser<heif_nclx_color_profile_free>>;

/// libheif looks for its codecs in the host's /usr; in programs that run from a private root this
/// names the root's (src/CMakeLists.txt), the first time. A failure shows when a picture has no
/// decoder or encoder.
void LoadHeifCodecs();

}  // namespace hdrp
