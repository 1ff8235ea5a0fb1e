// Deriving gain maps, against libultrahdr and against reading alone.
//
// derive_bench make WIDTH HEIGHT FOLDER      the procedural scene: hdr.exr (half, ZIP), sdr.jpg,
// and
//                                            as raw pixels for ultrahdr_app hdr.raw (half RGBA) and
//                                            sdr.raw (RGBA8888)
// derive_bench derive WIDTH HEIGHT FOLDER    hdr.raw + sdr.raw -> coded gain map; prints its bytes
// derive_bench read WIDTH HEIGHT FOLDER      OpenEXR's read of hdr.exr, and the coding of sdr.raw
// as
//                                            JPEG: what nobody can do without
// derive_bench pair WIDTH HEIGHT FOLDER      large.exr (half, ZIP) and large.tif (16 bits,
// Deflate),
//                                            written in bands, so that any size can be had
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfInputFile.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <vector>

#include "base/band_rows.h"
#include "base/file.h"
#include "color/icc.h"
#include "derive/map_coding.h"
#include "gainmap/fine_gain.h"
#include "gainmap/half.h"
#include "package/float_image.h"
#include "package/jpeg_encode.h"
#include "support/program.h"
#include "support/scene.h"
#include "verify/libultrahdr.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

struct Place {
  int width, height;
  fs::path folder;
};

void Make(const Place& place) {
  const test::Scene scene = test::MakeScene(place.width, place.height);
  test::WriteWhole(place.folder / "sdr.jpg", test::SdrJpeg(scene.sdr.view(), {}));
  auto exr = FloatImageWriter::Create(place.folder / "hdr.exr", FileFormat::kOpenExr,
                                      {place.width, place.height, kRec709Primaries, 1});
  if (!exr || !exr->Write(scene.hdr.view()) || !exr->Finish()) std::exit(1);
  std::ofstream hdr(place.folder / "hdr.raw", std::ios::binary);
  std::ofstream sdr(place.folder / "sdr.raw", std::ios::binary);
  const auto width = static_cast<std::size_t>(place.width);
  std::vector<float> light(4 * width, 1.0F);
  std::vector<std::uint16_t> halves(4 * width);
  std::vector<std::uint8_t> codes(4 * width, 255);
  for (int y = 0; y < place.height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        light[4 * x + c] = scene.hdr.Row(y)[3 * x + c];
        codes[4 * x + c] = scene.sdr.Row(y)[3 * x + c];
      }
    }
    HalfFromFloatRow(light, halves);
    hdr.write(reinterpret_cast<const char*>(halves.data()),
              static_cast<std::streamsize>(2 * halves.size()));
    sdr.write(reinterpret_cast<const char*>(codes.data()),
              static_cast<std::streamsize>(codes.size()));
  }
}

/// Waves of light with grain, and lamps far above SDR white: smooth enough to be quick, rough
/// enough that neither file shrinks to nothing.
class Waves {
 public:
  explicit Waves(const Place& place) : width_(place.width) {
    for (std::size_t i = 0; i < code_of_.size(); ++i) {
      const double v = static_cast<double>(i) / static_cast<double>(code_of_.size() - 1);
      const double code = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
      code_of_[i] = static_cast<std::uint16_t>(std::lround(65535 * code));
    }
    for (int x = 0; x < width_; ++x) across_.push_back(std::sin(static_cast<float>(x) * 0.011F));
  }

  /// The next row: light, and its clipped rendering as codes of 16 bits.
  void Row(int y, std::span<float> light, std::span<std::uint16_t> codes) {
    constexpr std::array kTint = {1.0F, 0.9F, 0.8F};
    const float down = std::sin(static_cast<float>(y) * 0.007F);
    for (std::size_t x = 0; x < across_.size(); ++x) {
      const float wave = across_[x] * down;
      const float lamp = wave > 0.9F ? 60 * (wave - 0.9F) : 0;
      for (std::size_t c = 0; c < 3; ++c) {
        random_ = random_ * 1664525U + 1013904223U;
        const float grain = 1 + 0.02F * static_cast<float>(random_ >> 16) / 65536;
        const float value = (0.4F + 0.35F * wave + lamp) * kTint[c] * grain;
        light[3 * x + c] = value;
        const float clipped = std::clamp(value, 0.0F, 1.0F);
        codes[3 * x + c] = code_of_[static_cast<std::size_t>(clipped * 65535 + 0.5F)];
      }
    }
  }

 private:
  int width_;
  std::vector<std::uint16_t> code_of_ = std::vector<std::uint16_t>(65536);
  std::vector<float> across_;
  std::uint32_t random_ = 1;
};

void MakePair(const Place& place) {
  auto exr = FloatImageWriter::Create(place.folder / "large.exr", FileFormat::kOpenExr,
                                      {place.width, place.height, kRec709Primaries, 1});
  TIFF* tiff = TIFFOpen((place.folder / "large.tif").c_str(), "wl");
  if (!exr || tiff == nullptr) std::exit(1);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, place.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, place.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, 1);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
  Waves waves(place);
  Plane<float> light(place.width, kBandRows, 3);
  std::vector<std::uint16_t> codes(3 * static_cast<std::size_t>(place.width));
  for (int first = 0; first < place.height; first += kBandRows) {
    PlaneView<float> band = light.view();
    band.height = std::min(kBandRows, place.height - first);
    for (int y = 0; y < band.height; ++y) {
      waves.Row(first + y, band.RowSpan(y), codes);
      const auto row = static_cast<std::uint32_t>(first + y);
      if (TIFFWriteScanline(tiff, codes.data(), row, 0) != 1) std::exit(1);
    }
    if (!exr->Write(band)) std::exit(1);
  }
  TIFFClose(tiff);
  if (!exr->Finish()) std::exit(1);
}

Bytes ReadRaw(const fs::path& path) {
  Expected<Bytes> bytes = ReadFile(path, {});
  if (!bytes) std::exit(1);
  return *std::move(bytes);
}

void RgbFromRgba(ByteView rgba, std::span<std::uint8_t> rgb) {
  for (std::size_t x = 0; 3 * x < rgb.size(); ++x) {
    for (std::size_t c = 0; c < 3; ++c) rgb[3 * x + c] = rgba[4 * x + c];
  }
}

void Derive(const Place& place) {
  const Bytes hdr = ReadRaw(place.folder / "hdr.raw");
  const Bytes sdr = ReadRaw(place.folder / "sdr.raw");
  std::vector<float> table(65536);
  for (std::uint32_t i = 0; i < 65536; ++i) table[i] = FloatFromHalf(static_cast<std::uint16_t>(i));
  const BaseColor color = SrgbColor();
  FineGainCollector collector(place.width, place.height, 1, {0.2126F, 0.7152F, 0.0722F});
  Plane<float> light(place.width, 1, 3);
  Plane<float> base(place.width, 1, 3);
  const auto width = static_cast<std::size_t>(place.width);
  std::vector<std::uint8_t> codes(3 * width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(place.height); ++y) {
    const std::uint8_t* row = hdr.data() + 8 * width * y;
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at = 8 * x + 2 * c;
        light.Row(0)[3 * x + c] = table[static_cast<std::size_t>(row[at] | (row[at + 1] << 8))];
      }
    }
    RgbFromRgba(ByteView(sdr).subspan(4 * width * y, 4 * width), codes);
    LinearFromCodes(codes, color, base.view().RowSpan(0));
    collector.Add(light.view(), std::as_const(base).view());
  }
  const FineGain gain = collector.Take();
  const auto metadata = MetadataFor(gain);
  if (!metadata) std::exit(1);
  const auto jpeg_bytes = fs::file_size(place.folder / "sdr.jpg");
  const auto coding = ChooseMapCoding(
      gain, *metadata,
      {.scale = std::nullopt,
       .quality = std::nullopt,
       .budget_bytes = static_cast<std::size_t>(kMapShareOfBase * static_cast<double>(jpeg_bytes))},
      {});
  if (!coding) std::exit(1);
  const EncodedGainMap map = EncodeFineGain(gain.units.view(), coding->scale, *metadata);
  const auto jpeg = EncodeJpeg(map.codes.view(), {.flat_step = coding->flat_step});
  if (!jpeg) std::exit(1);
  std::printf("1:%d, step %d, %zu bytes, p99 %.3f stops\n", coding->scale, coding->flat_step,
              jpeg->size(), coding->error.p99_stops);
}

void Read(const Place& place) {
  Imf::InputFile file((place.folder / "hdr.exr").c_str(), 0);
  const auto width = static_cast<std::size_t>(place.width);
  std::vector<std::uint16_t> halves(3 * width * static_cast<std::size_t>(place.height));
  Imf::FrameBuffer buffer;
  const char* const names[] = {"R", "G", "B"};
  for (std::size_t c = 0; c < 3; ++c) {
    buffer.insert(names[c], Imf::Slice::Make(Imf::HALF, halves.data() + c, Imath::V2i(0, 0),
                                             place.width, place.height, std::size_t{6}, 6 * width));
  }
  file.setFrameBuffer(buffer);
  file.readPixels(0, place.height - 1);

  const Bytes sdr = ReadRaw(place.folder / "sdr.raw");
  Plane<std::uint8_t> rgb(place.width, place.height, 3);
  for (int y = 0; y < place.height; ++y) {
    RgbFromRgba(ByteView(sdr).subspan(4 * width * static_cast<std::size_t>(y), 4 * width),
                rgb.view().RowSpan(y));
  }
  const auto jpeg = EncodeJpeg(rgb.view(), {.quality = 95});
  if (!jpeg) std::exit(1);
  std::printf("%zu bytes\n", jpeg->size());
}

int Run(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: derive_bench make|derive|read|pair WIDTH HEIGHT FOLDER\n");
    return 2;
  }
  const Place place{std::atoi(argv[2]), std::atoi(argv[3]), argv[4]};
  const std::string_view verb = argv[1];
  if (verb == "make") Make(place);
  if (verb == "derive") Derive(place);
  if (verb == "read") Read(place);
  if (verb == "pair") MakePair(place);
  return 0;
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) try {
  return hdrp::Run(argc, argv);
} catch (const std::exception& error) {
  std::fprintf(stderr, "derive_bench: %s\n", error.what());
  return 1;
}
