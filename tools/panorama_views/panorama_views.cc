// panorama_views FOLDER PANORAMA...: HDR pictures with known answers for `hdr-process evaluate`,
// from scene-linear equirectangular panoramas. For each panorama four views in fixed directions and
// two renderings: an exposure that puts the geometric mean of luminance at `key`, and a tone curve
// that leaves light alone up to `knee` and rolls off to white above it, as cameras do. What is
// written is the SDR rendering with the gain map of the clipped HDR view, an Ultra HDR JPEG.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "color/transfer.h"
#include "decode/picture.h"
#include "package/png_write.h"
#include "pipeline/process.h"

using namespace hdrp;

namespace {

constexpr int kWidth = 256;
constexpr int kHeight = 192;
constexpr double kFieldOfView = 65 * std::numbers::pi / 180;  ///< across
constexpr double kHeadroomLinear = 5.65685424949238;          ///< 2.5 stops
constexpr int kViews = 4;

struct Rendering {
  const char* name;
  double key, knee;
};
constexpr std::array kRenderings = {Rendering{"normal", 0.25, 0.4}, Rendering{"light", 0.35, 0.6}};

struct Direction {
  double yaw, pitch;  ///< radians
};

/// The same directions for every panorama of the same place in the list.
[[nodiscard]] Direction NextDirection(std::mt19937& random) {
  const auto share = [&random] { return static_cast<double>(random()) / 4294967296.0; };
  const double yaw = 2 * std::numbers::pi * share();
  return {yaw, -0.15 + 0.5 * share()};
}

[[nodiscard]] Expected<Plane<float>> ReadPanorama(ByteView file) {
  HDRP_ASSIGN_OR_RETURN(PictureRows picture, OpenRadiance(file, {}));
  Plane<float> pixels(picture.info.width, picture.info.height, 3);
  HDRP_RETURN_IF_ERROR(picture.read(pixels.view()));
  return pixels;
}

/// Bilinear; around in longitude, clamped at the poles.
[[nodiscard]] std::array<double, 3> Sample(const Plane<float>& panorama, double u, double v) {
  const double fx = std::floor(u);
  const double fy = std::floor(v);
  std::array<double, 3> rgb{};
  for (int dy = 0; dy < 2; ++dy) {
    const int y = std::clamp(static_cast<int>(fy) + dy, 0, panorama.height() - 1);
    for (int dx = 0; dx < 2; ++dx) {
      const int w = panorama.width();
      const int x = ((static_cast<int>(fx) + dx) % w + w) % w;
      const double weight = std::abs(1 - dx - (u - fx)) * std::abs(1 - dy - (v - fy));
      for (int c = 0; c < 3; ++c) {
        rgb[static_cast<std::size_t>(c)] +=
            weight * static_cast<double>(panorama.view().At(x, y, c));
      }
    }
  }
  return rgb;
}

/// A perspective view, scene-linear.
[[nodiscard]] Plane<float> View(const Plane<float>& panorama, const Direction& direction) {
  Plane<float> view(kWidth, kHeight, 3);
  const double focal = kWidth / 2.0 / std::tan(kFieldOfView / 2);
  const double cosine = std::cos(direction.pitch);
  const double sine = std::sin(direction.pitch);
  for (int j = 0; j < kHeight; ++j) {
    for (int i = 0; i < kWidth; ++i) {
      const double x = i + 0.5 - kWidth / 2.0;
      const double up = kHeight / 2.0 - j - 0.5;
      const double y = up * cosine + focal * sine;
      const double z = focal * cosine - up * sine;
      const double longitude = std::atan2(x, z) + direction.yaw;
      const double latitude = std::asin(y / std::sqrt(x * x + y * y + z * z));
      const std::array<double, 3> rgb =
          Sample(panorama, longitude / (2 * std::numbers::pi) * panorama.width() - 0.5,
                 (0.5 - latitude / std::numbers::pi) * panorama.height() - 0.5);
      for (int c = 0; c < 3; ++c) {
        view.view().At(i, j, c) =
            static_cast<float>(std::max(0.0, rgb[static_cast<std::size_t>(c)]));
      }
    }
  }
  return view;
}

[[nodiscard]] double Luminance(const float* rgb) {
  return 0.2126 * static_cast<double>(rgb[0]) + 0.7152 * static_cast<double>(rgb[1]) +
         0.0722 * static_cast<double>(rgb[2]);
}

/// Scales `view` so that the geometric mean of its luminance is `key`, and clips it at the headroom
/// by one factor per pixel, so that hue stays.
void Expose(Plane<float>& view, double key) {
  double sum = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) sum += std::log(Luminance(view.Row(y) + 3 * x) + 1e-6);
  }
  const double exposure = key / std::exp(sum / (kWidth * kHeight));
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      float* rgb = view.Row(y) + 3 * x;
      const double light = exposure * Luminance(rgb);
      const double factor = light > kHeadroomLinear ? exposure * kHeadroomLinear / light : exposure;
      for (int c = 0; c < 3; ++c) rgb[c] = static_cast<float>(factor * static_cast<double>(rgb[c]));
    }
  }
}

/// Light itself up to the knee, then a hyperbola of slope 1 there that reaches 1 at `top`.
[[nodiscard]] double ToneCurve(double light, double knee, double top) {
  if (light <= knee) return light;
  const double over = light - knee;
  const double room = 1 - knee;
  const double reach = top - knee;
  const double bend = reach > room ? (reach / room - 1) / reach : 0;
  return std::min(1.0, knee + over / (1 + bend * over));
}

[[nodiscard]] Plane<std::uint8_t> SdrOf(const Plane<float>& hdr, double knee) {
  std::vector<double> lights;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) lights.push_back(Luminance(hdr.Row(y) + 3 * x));
  }
  std::ranges::sort(lights);
  const double top = std::max(1.0, lights[lights.size() * 999 / 1000]);
  Plane<std::uint8_t> sdr(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const float* rgb = hdr.Row(y) + 3 * x;
      const double light = Luminance(rgb);
      const double factor = light > 0 ? ToneCurve(light, knee, top) / light : 1;
      for (int c = 0; c < 3; ++c) {
        const double coded =
            SrgbFromLinear(std::clamp(factor * static_cast<double>(rgb[c]), 0.0, 1.0));
        sdr.view().At(x, y, c) = static_cast<std::uint8_t>(std::lround(255 * coded));
      }
    }
  }
  return sdr;
}

[[nodiscard]] Bytes PfmOf(const Plane<float>& hdr) {
  const std::string header =
      "PF\n" + std::to_string(kWidth) + " " + std::to_string(kHeight) + "\n-1.0\n";
  Bytes file(header.begin(), header.end());
  for (int y = kHeight; y-- > 0;) {
    const auto* row = reinterpret_cast<const std::uint8_t*>(hdr.Row(y));
    file.insert(file.end(), row, row + 3 * kWidth * sizeof(float));
  }
  return file;
}

[[nodiscard]] Expected<Bytes> UltraHdrOf(Plane<float> view, const Rendering& rendering) {
  Expose(view, rendering.key);
  HDRP_ASSIGN_OR_RETURN(Bytes png, EncodePng(SdrOf(view, rendering.knee).view()));
  Request request;
  request.base = {"view.png", std::move(png)};
  request.reference = InputFile{"view.pfm", PfmOf(view)};
  request.options.framing.align = AlignMode::kNone;  // the view is its own rendering
  request.options.derive.anchor = false;
  request.options.derive.map_scale = 1;
  request.options.output.map_quality = 100;
  request.options.output.base_quality = 98;
  HDRP_ASSIGN_OR_RETURN(Result result, Process(request));
  return std::move(result.ultra_hdr);
}

[[nodiscard]] Expected<void> WriteViews(const std::filesystem::path& folder,
                                        const std::filesystem::path& panorama_file,
                                        std::mt19937& random) {
  HDRP_ASSIGN_OR_RETURN(const Bytes file, ReadFile(panorama_file, {}));
  HDRP_ASSIGN_OR_RETURN(const Plane<float> panorama, ReadPanorama(file));
  for (int i = 0; i < kViews; ++i) {
    const Direction direction = NextDirection(random);
    for (const Rendering& rendering : kRenderings) {
      const Expected<Bytes> picture = UltraHdrOf(View(panorama, direction), rendering);
      const std::string name =
          panorama_file.stem().string() + "_" + std::to_string(i) + "_" + rendering.name + ".jpg";
      if (!picture) {  // a view without highlights has no gain map to be written
        std::printf("left out %s: %s\n", name.c_str(), picture.error().message.c_str());
        continue;
      }
      HDRP_ASSIGN_OR_RETURN(PendingFile pending, PendingFile::Write(folder / name, *picture));
      HDRP_RETURN_IF_ERROR(pending.Commit(true));
    }
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: panorama_views FOLDER PANORAMA.hdr...\n", stderr);
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  std::mt19937 random(21496);
  for (int i = 2; i < argc; ++i) {
    if (const Expected<void> done = WriteViews(argv[1], argv[i], random); !done) {
      std::fprintf(stderr, "panorama_views: %s: %s\n", argv[i], done.error().message.c_str());
      return 1;
    }
  }
  return 0;
}
