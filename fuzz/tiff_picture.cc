// Pictures of any bytes, small enough to stay quick, read to the end in bands.
#include <algorithm>

#include "decode/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kBandRows = 7;
  auto picture = hdrp::OpenTiff(hdrp::ByteView(data, size), {.limits = {.max_pixels = 1'000'000},
                                                             .flatten = hdrp::Flatten::kWhite});
  if (!picture) return 0;
  const hdrp::PictureInfo& info = picture->info;
  hdrp::Plane<float> band(info.width, kBandRows, info.channels);
  for (int y = 0; y < info.height; y += kBandRows) {
    hdrp::PlaneView<float> view = band.view();
    view.height = std::min(kBandRows, info.height - y);
    if (!picture->read(view)) break;
  }
  return 0;
}
