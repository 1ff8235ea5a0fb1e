// make_edit ORIGINAL.jpg FILE: what a photographer hands in: 80 % of the original's sides,
// straightened by 4 degrees, at the original's size.
#include "decode/jpeg_pixels.h"
#include "package/jpeg_encode.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/reframed.h"

int main(int argc, char** argv) {
  using namespace hdrp;
  if (argc != 3) return 2;
  const Expected<DecodedJpeg> original = DecodeJpeg(test::ReadWhole(argv[1]), {});
  if (!original) return 1;
  const int width = original->pixels.width(), height = original->pixels.height();
  const Plane<std::uint8_t> edit = test::Reframed(
      original->pixels.view(), test::CroppedAndTurned(0.8, 4, static_cast<double>(width) / height),
      width, height);
  const Expected<Bytes> jpeg = EncodeJpeg(edit.view(), {.quality = 92});
  if (!jpeg) return 1;
  test::WriteWhole(argv[2], *jpeg);
  return 0;
}
