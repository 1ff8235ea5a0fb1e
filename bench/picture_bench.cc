// picture_bench heic|avif SPEED FILE.jpg...: each base and its gain map (or a flat one) coded as by
// default, at AVIF's SPEED (0: by the size); CPU seconds of coding and reading back, bytes, and how
// far the base that is read back lies from the one that was coded.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "base/band_rows.h"
#include "base/file.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "decode/picture.h"
#include "package/picture_file.h"

namespace hdrp {
namespace {

constexpr Limits kLimits{.max_pixels = 1'000'000'000, .max_held_bytes = 4'000'000'000};

[[nodiscard]] double CpuSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;  // of all threads
}

struct Source {
  Plane<std::uint8_t> base;
  EncodedGainMap map;
};

[[nodiscard]] Expected<Source> ReadSource(const Bytes& file) {
  HDRP_ASSIGN_OR_RETURN(const GainMapJpeg jpeg, ReadGainMapJpeg(file, kLimits));
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg base, DecodeJpeg(jpeg.primary.In(file), {.limits = kLimits}));
  Source source;
  source.base = std::move(base.pixels);
  if (jpeg.map) {
    HDRP_ASSIGN_OR_RETURN(DecodedJpeg map,
                          DecodeJpeg(jpeg.map->stream.In(file),
                                     {.output = JpegOutput::kAsStored, .limits = kLimits}));
    source.map.codes = std::move(map.pixels);
    source.map.metadata = jpeg.map->metadata;
  } else {
    source.map.codes = Plane<std::uint8_t>(source.base.width() / 4, source.base.height() / 4);
    source.map.metadata.gain_map_max = {1, 1, 1};
    source.map.metadata.alternate_hdr_headroom = 1;
  }
  return source;
}

/// Of sRGB's codes; near enough where the profile is another's.
[[nodiscard]] double LightOf(const float* rgb) {
  const auto linear = [](double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}
[[nodiscard]] double LumaOf(const float* rgb) {
  return 255 * (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]);
}

/// SSIM of a block of luma, K1 and K2 as published.
class BlockSsim {
 public:
  void Add(double a, double b) {
    sum_a_ += a, sum_b_ += b, aa_ += a * a, bb_ += b * b, ab_ += a * b, count_ += 1;
  }
  [[nodiscard]] double Value() const {
    constexpr double kC1 = 6.5025, kC2 = 58.5225;
    const double a = sum_a_ / count_, b = sum_b_ / count_;
    const double va = aa_ / count_ - a * a, vb = bb_ / count_ - b * b, c = ab_ / count_ - a * b;
    return (2 * a * b + kC1) * (2 * c + kC2) / ((a * a + b * b + kC1) * (va + vb + kC2));
  }

 private:
  double sum_a_ = 0, sum_b_ = 0, aa_ = 0, bb_ = 0, ab_ = 0, count_ = 0;
};

struct Loss {
  double psnr = 0, ssim = 0, p99 = 0, median = 0;
};

[[nodiscard]] double Quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + at);
  return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

[[nodiscard]] Expected<Loss> LossOf(PictureRows& picture, PlaneView<const std::uint8_t> base) {
  constexpr int kBlock = 8;
  static_assert(kBandRows % kBlock == 0);
  const int width = picture.info.width;
  Plane<float> band(width, kBandRows, 3);
  std::vector<float> meant(static_cast<std::size_t>(width) * 3);
  std::vector<float> errors;  // in stops, where there is light
  double squares = 0, ssim = 0, blocks = 0;
  for (int first = 0; first < base.height; first += kBandRows) {
    PlaneView<float> rows = band.view();
    rows.height = std::min(kBandRows, base.height - first);
    HDRP_RETURN_IF_ERROR(picture.read(rows));
    for (int top = 0; top < rows.height; top += kBlock) {
      std::vector<BlockSsim> row(static_cast<std::size_t>(width + kBlock - 1) / kBlock);
      for (int y = top; y < std::min(top + kBlock, rows.height); ++y) {
        std::ranges::transform(base.RowSpan(first + y), meant.begin(),
                               [](std::uint8_t code) { return static_cast<float>(code) / 255; });
        for (int x = 0; x < width; ++x) {
          const float* a = &meant[3 * static_cast<std::size_t>(x)];
          const float* b = rows.Row(y) + 3 * static_cast<std::ptrdiff_t>(x);
          const double luma = LumaOf(a), found = LumaOf(b);
          squares += (luma - found) * (luma - found);
          row[static_cast<std::size_t>(x / kBlock)].Add(luma, found);
          if (const double light = LightOf(a); light > 0.02) {
            errors.push_back(
                static_cast<float>(std::abs(std::log2(std::max(LightOf(b), 1e-4) / light))));
          }
        }
      }
      for (const BlockSsim& block : row) ssim += block.Value(), blocks += 1;
    }
  }
  const double mean = squares / (static_cast<double>(width) * base.height);
  return Loss{10 * std::log10(255 * 255 / std::max(mean, 1e-9)), ssim / blocks,
              Quantile(errors, 0.99), Quantile(errors, 0.5)};
}

[[nodiscard]] Expected<void> Measure(FileFormat format, int speed, const std::string& name) {
  HDRP_ASSIGN_OR_RETURN(const Bytes file, ReadFile(name, kLimits));
  HDRP_ASSIGN_OR_RETURN(const Source source, ReadSource(file));
  const double start = CpuSeconds();
  HDRP_ASSIGN_OR_RETURN(const Bytes coded,
                        WritePictureFile(format, {.codes = source.base.view()},
                                         {.map = &source.map}, {.avif_speed = speed}));
  const double encode = CpuSeconds() - start;
  HDRP_ASSIGN_OR_RETURN(PictureRows picture, OpenPicture(coded, {.limits = kLimits}));
  HDRP_ASSIGN_OR_RETURN(const Loss loss, LossOf(picture, source.base.view()));
  std::printf("| %s | %d | %.1f MP | %.2f | %zu | %.2f | %.5f | %.3f | %.4f |\n",
              name.substr(name.rfind('/') + 1).c_str(), speed,
              source.base.width() * 1e-6 * source.base.height(), encode, coded.size() / 1000,
              loss.psnr, loss.ssim, loss.p99, loss.median);
  return {};
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) {
  using namespace hdrp;
  if (argc < 4) return 2;
  const FileFormat format = std::string(argv[1]) == "heic" ? FileFormat::kHeif : FileFormat::kAvif;
  std::puts("| picture | speed | size | CPU s | KB | PSNR of Y | SSIM of Y | p99 | median |");
  std::puts("|---|---|---|---|---|---|---|---|---|");
  for (int i = 3; i < argc; ++i) {
    if (const auto done = Measure(format, std::atoi(argv[2]), argv[i]); !done) {
      std::fprintf(stderr, "picture_bench: %s: %s\n", argv[i], done.error().message.c_str());
      return 1;
    }
  }
  return 0;
}
