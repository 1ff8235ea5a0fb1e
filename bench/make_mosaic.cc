// make_mosaic ORIGINAL.jpg WIDTH HEIGHT FILE: the picture and its mirror images side by side until
// the size is filled, as a JPEG: more pixels of the same texture, as hard to code as the original.
// (An enlarged picture is smooth, and easier.)
#include <cstdlib>

#include "decode/jpeg_pixels.h"
#include "package/jpeg_encode.h"
#include "support/corpus.h"
#include "support/program.h"

namespace {

/// Where a mirrored row of tiles of `size` shows the pixel at `position`.
int Mirrored(int position, int size) {
  const int place = position % (2 * size);
  return place < size ? place : 2 * size - 1 - place;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hdrp;
  if (argc != 5) return 2;
  const Expected<DecodedJpeg> original = DecodeJpeg(test::ReadWhole(argv[1]), {});
  const int width = std::atoi(argv[2]), height = std::atoi(argv[3]);
  if (!original || width < 1 || height < 1) return 1;
  const PlaneView<const std::uint8_t> tile = original->pixels.view();
  Plane<std::uint8_t> mosaic(width, height, tile.channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < tile.channels; ++c) {
        mosaic.view().At(x, y, c) = tile.At(Mirrored(x, tile.width), Mirrored(y, tile.height), c);
      }
    }
  }
  const Expected<Bytes> jpeg = EncodeJpeg(mosaic.view(), {.quality = 92, .subsample_chroma = true});
  if (!jpeg) return 1;
  test::WriteWhole(argv[4], *jpeg);
  return 0;
}
