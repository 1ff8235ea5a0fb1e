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

/// What the file shows: as SDR, its map's codes, and as HDR (linear, 1.0 = SDR white).
struct Shown {
  Plane<std::uint8_t> sdr, map;
  Plane<float> hdr;
};

/// The map as large as the base, one channel.
Shown ShownBy(const Bytes& file) {
  const GainMapJpeg parsed = ReadGainMapJpeg(file, {}).value();
  Shown result{DecodeJpeg(file, {}).value().pixels,
               DecodeJpeg(ByteView(file).subspan(parsed.map->stream.begin),
                          {.output = JpegOutput::kAsStored})
                   .value()
                   .pixels,
               Plane<float>(kWidth, kHeight, 3)};
  const GainMapMetadata& numbers = parsed.map->metadata;
  const Log2Gain gain = DecodeGain({result.map.Clone(), numbers});
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) {
        result.hdr.view().At(x, y, c) =
            static_cast<float>((Linear(result.sdr.view().At(x, y, c)) + numbers.base_offset[0]) *
                                   std::exp2(gain.stops.view().At(x, y)) -
                               numbers.alternate_offset[0]);
      }
    }
  }
  return result;
}

/// Pictures side by side, each drawn by a function of x, y and channel.
class Strip {
 public:
  explicit Strip(int pictures) : pixels_(pictures * kWidth, kHeight, 3) {}
  template <typename Draw>
  void Add(Draw code_at) {
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        for (int c = 0; c < 3; ++c) pixels_.view().At(filled_ + x, y, c) = code_at(x, y, c);
      }
    }
    filled_ += kWidth;
  }
  void AddDark(const Shown& shown, double exposure) {
    Add([&](int x, int y, int c) { return Code(shown.hdr.view().At(x, y, c) * exposure); });
  }
  void Write(const std::filesystem::path& path) const {
    WriteWhole(path, EncodePng(pixels_.view()).value());
  }

 private:
  Plane<std::uint8_t> pixels_;
  int filled_ = 0;
};

/// README's: the edit, its gain map, then the edit and the HDR rendition 2.5 stops darker, where
/// only the HDR one still has its highlights.
void DrawProcess(const InputFile& original, const InputFile& edit,
                 const std::filesystem::path& to) {
  Request request;
  request.base = edit;
  request.reference = original;
  const Shown shown = ShownBy(Process(request).value().ultra_hdr);
  const double exposure = std::exp2(-2.5);
  Strip strip(4);
  strip.Add([&](int x, int y, int c) { return shown.sdr.view().At(x, y, c); });
  strip.Add([&](int x, int y, int) { return shown.map.view().At(x, y); });
  strip.Add(
      [&](int x, int y, int c) { return Code(Linear(shown.sdr.view().At(x, y, c)) * exposure); });
  strip.AddDark(shown, exposure);
  strip.Write(to);
}

/// docs/alignment.md's: an edit one stop darker; then, 1.5 stops darker, the HDR rendition of the
/// original and of both meanings of --keep.
void DrawKeep(const InputFile& original, Plane<std::uint8_t> edit,
              const std::filesystem::path& to) {
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(edit.view().RowSpan(y), edit.Row(y),
                           [](std::uint8_t code) { return Code(Linear(code) / 2); });
  }
  const double exposure = std::exp2(-1.5);
  Strip strip(4);
  strip.Add([&](int x, int y, int c) { return edit.view().At(x, y, c); });
  strip.AddDark(ShownBy(original.bytes), exposure);
  for (const Keep keep : {Keep::kGain, Keep::kHdr}) {
    Request request;
    request.base = {"edit.jpg", SdrJpeg(edit.view(), {})};
    request.reference = original;
    request.options.keep = keep;
    request.options.gain_map_scale = 1;
    strip.AddDark(ShownBy(Process(request).value().ultra_hdr), exposure);
  }
  strip.Write(to);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const Scene scene = MakeScene(kWidth, kHeight, 5);
  const InputFile original{"original.jpg", OriginalJpeg(scene, {.map_scale = 1})};
  DrawProcess(original, {"edit.jpg", SdrJpeg(Edited(scene.sdr.view()).view(), {})},
              folder / "strip.png");
  DrawKeep(original, scene.sdr.Clone(), folder / "keep.png");
  return 0;
}
