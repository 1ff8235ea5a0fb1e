// The gain map and the small luma of any bytes read as AVIF, small enough to stay quick.
#include <cstdlib>

#include "decode/gain_map_picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::PictureOptions options{
      .limits = {.max_pixels = 1'000'000, .max_metadata_bytes = 1U << 20}};
  auto file = hdrp::OpenAvifGainMap({data, size}, options);
  if (!file) return 0;
  if (file->map) {
    const auto map = file->read_map();
    if (map && (map->width() != file->map->width || map->height() != file->map->height ||
                map->channels() != file->map->channels)) {
      std::abort();
    }
  }
  (void)hdrp::RequireGainMap(*file);
  (void)file->read_small_luma();
  return 0;
}
