// make_scene WIDTH HEIGHT FILE: the procedural scene's SDR rendering as a JPEG.
#include <cstdlib>

#include "support/program.h"
#include "support/scene.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const hdrp::test::Scene scene = hdrp::test::MakeScene(std::atoi(argv[1]), std::atoi(argv[2]));
  hdrp::test::WriteWhole(argv[3], hdrp::test::SdrJpeg(scene.sdr.view(), {}));
  return 0;
}
