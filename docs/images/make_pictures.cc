// make_pictures FOLDER: the README's pictures, from the procedural scene and a real run.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "package/png_write.h"
#include "pipeline/process.h"
#include "support/program.h"
#include "support/scene.h"

using namespace hdrp;
using namespace hdrp::test;

namespace {

constexpr int kWidth = 360;
constexpr int kHeight = 240;

std::uint8_t Code(double linear) {
  const double v = std::clamp(linear, 0.0, 1.0);
  return static_cast<std::uint8_t>(
      255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055) + 0.5);
}

double Linear(std::uint8_t code) {
  const double v = code / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

}  // namespace

/// One strip: the edit, its gain map, then the edit and the HDR rendition 2.5 stops darker, where
/// only the HDR one still has its highlights.
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Scene scene = MakeScene(kWidth, kHeight, 5);
  Request request;
  request.base = {"edit.jpg", SdrJpeg(Edited(scene.sdr.view()).view(), {})};
  request.reference = InputFile{"original.jpg", OriginalJpeg(scene, {.map_scale = 1})};
  const Result result = Process(request).value();
  const GainMapJpeg parsed = ReadGainMapJpeg(result.ultra_hdr, {}).value();
  const Plane<std::uint8_t> base = DecodeJpeg(result.ultra_hdr, {}).value().pixels;
  const EncodedGainMap map{
      DecodeJpeg(ByteView(result.ultra_hdr).subspan(parsed.map->stream.begin),
                 {.output = JpegOutput::kAsStored})
          .value()
          .pixels,
      parsed.map->metadata};
  const Log2Gain gain = DecodeGain(map);

  Plane<std::uint8_t> strip(4 * kWidth, kHeight, 3);
  const double exposure = std::exp2(-2.5);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double sdr = Linear(base.view().At(x, y, c));
        const double hdr =
            (sdr + map.metadata.base_offset[0]) * std::exp2(gain.stops.view().At(x, y)) -
            map.metadata.alternate_offset[0];
        strip.view().At(x, y, c) = base.view().At(x, y, c);
        strip.view().At(kWidth + x, y, c) = map.codes.view().At(x, y);
        strip.view().At(2 * kWidth + x, y, c) = Code(sdr * exposure);
        strip.view().At(3 * kWidth + x, y, c) = Code(hdr * exposure);
      }
    }
  }
  WriteWhole(std::filesystem::path(argv[1]) / "strip.png", EncodePng(strip.view()).value());
  return 0;
}
