// Any packet: what is made of it announces the gain map once, and nothing where it should not.
#include "metadata/xmp.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view packet = hdrp::AsText({data, size});
  const auto facts = hdrp::ReadXmp(packet);
  if (facts && facts->hdrgm) (void)hdrp::MetadataFromHdrgm(*facts->hdrgm);

  if (const auto merged = hdrp::WritePrimaryXmp(packet, 1234)) {
    const auto read = hdrp::ReadXmp(*merged);
    if (!read || read->hdrgm_version != "1.0" || read->hdrgm || read->motion_photo ||
        !read->directory || read->directory->size() != 2 ||
        read->directory->back().length != 1234U) {
      std::abort();
    }
  }
  if (const auto cleaned = hdrp::WithoutGainMapClaims(packet); cleaned && !cleaned->empty()) {
    const auto read = hdrp::ReadXmp(*cleaned);
    if (!read || read->hdrgm_version || read->hdrgm || read->directory || read->motion_photo) {
      std::abort();
    }
  }
  return 0;
}
