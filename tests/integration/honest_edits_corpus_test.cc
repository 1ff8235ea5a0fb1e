// Photographs that were toned, sharpened, smoothed or exported for the web show what their
// originals show: next to nothing of them is taken for edited, and loses the original's gain.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "support/corpus.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using Rgb = Plane<float>;  // codes, 3 channels

template <typename Change>
[[nodiscard]] Rgb Mapped(const Rgb& picture, Change change) {
  Rgb result(picture.width(), picture.height(), 3);
  for (int y = 0; y < picture.height(); ++y) {
    for (int i = 0; i < 3 * picture.width(); ++i) {
      result.Row(y)[i] = std::clamp(change(picture.Row(y)[i], y, i), 0.0F, 255.0F);
    }
  }
  return result;
}

[[nodiscard]] float LumaAt(const Rgb& picture, int y, int i) {
  const float* rgb = picture.Row(y) + i / 3 * 3;
  return 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
}

/// By reducing it and enlarging it again.
[[nodiscard]] Rgb Soft(const Rgb& picture, int by) {
  const Rgb small = Resized(picture.view(), picture.width() / by, picture.height() / by);
  return Resized(small.view(), picture.width(), picture.height());
}

[[nodiscard]] Rgb Sharpened(const Rgb& picture, int by, float amount) {
  const Rgb soft = Soft(picture, by);
  return Mapped(picture, [&](float v, int y, int i) { return v + amount * (v - soft.Row(y)[i]); });
}

struct HonestEdit {
  std::string name;
  std::function<Rgb(const Rgb&)> apply;
  int quality = 92;
};

[[nodiscard]] std::vector<HonestEdit> HonestEdits() {
  const auto curve = [](auto shape) {
    return [shape](const Rgb& picture) {
      return Mapped(picture, [&](float v, int, int) { return 255 * shape(v / 255); });
    };
  };
  const auto saturated = [](float amount) {
    return [amount](const Rgb& picture) {
      return Mapped(picture, [&](float v, int y, int i) {
        const float luma = LumaAt(picture, y, i);
        return luma + amount * (v - luma);
      });
    };
  };
  return {
      {"sharpened", [](const Rgb& p) { return Sharpened(p, 2, 1.2F); }},
      {"noise reduction", [](const Rgb& p) { return Soft(p, 2); }},
      {"clarity", [](const Rgb& p) { return Sharpened(p, 16, 0.6F); }},
      {"social export",
       [](const Rgb& p) {
         return Sharpened(Resized(p.view(), p.width() * 4 / 5, p.height() * 4 / 5), 2, 0.8F);
       },
       75},
      {"dark", curve([](float v) { return v * v; })},
      {"bright", curve([](float v) { return std::sqrt(v); })},
      {"contrast", curve([](float v) { return 1 / (1 + std::exp(-9 * (v - 0.5F))); })},
      {"clipped", curve([](float v) { return 1.35F * v; })},
      {"black and white", saturated(0)},
      {"saturated", saturated(1.7F)},
  };
}

[[nodiscard]] Plane<std::uint8_t> Coded(const Rgb& picture) {
  Plane<std::uint8_t> codes(picture.width(), picture.height(), 3);
  for (int y = 0; y < codes.height(); ++y) {
    std::ranges::transform(picture.view().RowSpan(y), codes.Row(y),
                           [](float v) { return static_cast<std::uint8_t>(v + 0.5F); });
  }
  return codes;
}

[[nodiscard]] std::vector<std::string> Photographs() {
  std::vector<std::string> names;
  for (const test::CorpusFile& file : test::CorpusFiles("phone")) {
    names.push_back("phone/" + file.name);
  }
  for (const std::string name :
       {"pixel6pro_mishaal_01.jpg", "pixel_lamps.jpg", "pixel_night_highrise.jpg",
        "pixel_desert_palms.jpg", "iphone17pro_small_iso_apple.jpg", "huawei_HdrVivid.jpg"}) {
    names.push_back("uhdr/" + name);
  }
  return names;
}

/// Every sixth photograph; all where HDR_PROCESS_EDITS is set.
TEST(HonestEditsCorpusTest, KeepTheirOriginalsGain) {
  HDRP_NEEDS_CORPUS();
  const std::vector<std::string> names = Photographs();
  const std::size_t step = std::getenv("HDR_PROCESS_EDITS") == nullptr ? 6 : 1;
  std::vector<double> shares;
  for (std::size_t i = step - 1; i < names.size(); i += step) {
    const Bytes original = test::ReadCorpus(names[i]);
    const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(original, {});
    ASSERT_TRUE(parsed) << parsed.error().message;
    const int long_side = std::max(parsed->primary.frame.width, parsed->primary.frame.height);
    const auto decoded = DecodeJpeg(original, {.output = JpegOutput::kRgb,
                                               .scale_denominator = long_side >= 4000   ? 4
                                                                    : long_side >= 2000 ? 2
                                                                                        : 1,
                                               .limits = {},
                                               .stop = {}});
    ASSERT_TRUE(decoded) << decoded.error().message;
    Rgb picture(decoded->pixels.width(), decoded->pixels.height(), 3);
    for (int y = 0; y < picture.height(); ++y) {
      std::ranges::copy(decoded->pixels.view().RowSpan(y), picture.Row(y));
    }
    for (const HonestEdit& edit : HonestEdits()) {
      const Plane<std::uint8_t> codes = Coded(edit.apply(picture));
      const Orientation orientation = parsed->exif.orientation;
      const Bytes jpeg = test::SdrJpeg(Oriented(codes.view(), orientation).view(),
                                       {.orientation = orientation, .quality = edit.quality});
      const Expected<Result> result = Process(test::MakeRequest(jpeg, original));
      ASSERT_TRUE(result) << names[i] << ", " << edit.name << ": " << result.error().message;
      const double share = result->report.edited ? result->report.edited->share : 0;
      if (share > 0) std::printf("%.4f %s, %s\n", share, names[i].c_str(), edit.name.c_str());
      EXPECT_LE(share, 0.02) << names[i] << ", " << edit.name;
      shares.push_back(share);
    }
  }
  std::ranges::sort(shares);
  std::printf("median %.4f worst %.4f of %zu\n", shares[shares.size() / 2], shares.back(),
              shares.size());
  EXPECT_EQ(shares[shares.size() / 2], 0);
}

}  // namespace
}  // namespace hdrp
