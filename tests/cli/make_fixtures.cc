// Writes the pictures the command-line cases use: make_fixtures FOLDER.
#include <algorithm>
#include <filesystem>

#include "package/png_write.h"
#include "support/program.h"
#include "support/scene.h"

using namespace hdrp;
using namespace hdrp::test;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder(argv[1]);
  std::filesystem::create_directories(folder);
  const Scene scene = MakeScene(256, 192);
  const Scene other = MakeScene(256, 192, 77);
  WriteWhole(folder / "edit.jpg", SdrJpeg(Edited(scene.sdr.view()).view(), {}));
  WriteWhole(folder / "original.jpg", OriginalJpeg(scene, {}));
  WriteWhole(folder / "other.jpg", SdrJpeg(other.sdr.view(), {}));
  Plane<std::uint8_t> mask(64, 48);
  for (int y = 0; y < 20; ++y) std::ranges::fill(mask.view().RowSpan(y).first(30), 255);
  WriteWhole(folder / "mask.png", EncodePng(mask.view()).value());
  Plane<std::uint8_t> dark(64, 48, 3);
  WriteWhole(folder / "dark.jpg", SdrJpeg(dark.view(), {}));
  return 0;
}
