#include "pictures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "decode/jpeg_pixels.h"
#include "support/corpus.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

[[nodiscard]] cv::Mat MatOf(const Plane<std::uint8_t>& rgb) {
  cv::Mat mat(rgb.height(), rgb.width(), CV_8UC3);
  for (int y = 0; y < rgb.height(); ++y) {
    std::copy_n(rgb.Row(y), 3 * rgb.width(), mat.ptr<std::uint8_t>(y));
  }
  return mat;
}

}  // namespace

int Count() {
  const char* given = std::getenv("HDR_PROCESS_EDITS");
  return given == nullptr ? 12 : std::atoi(given);
}

std::uint32_t Seed(std::uint32_t usual) {
  const char* given = std::getenv("HDR_PROCESS_SEED");
  return usual + (given == nullptr ? 0 : 1000 * static_cast<std::uint32_t>(std::atoi(given)));
}

PlaneView<const std::uint8_t> ViewOf(const cv::Mat& codes) {
  return {codes.ptr<std::uint8_t>(0), codes.cols, codes.rows, 1, codes.step};
}

const std::vector<Picture>& Pictures() {
  static const std::vector<Picture> pictures = [] {
    std::vector<Picture> found;
    const auto add = [&](const std::string& relative) {
      auto decoded = DecodeJpeg(
          ReadCorpus(relative),
          {.output = JpegOutput::kRgb, .scale_denominator = 2, .limits = {}, .stop = {}});
      EXPECT_TRUE(decoded) << relative;
      if (decoded) found.push_back({relative, MatOf(decoded->pixels)});
    };
    if (CorpusFolder()) {
      for (const CorpusFile& file : CorpusFiles("phone")) add("phone/" + file.name);
      for (const std::string name :
           {"pixel6pro_mishaal_01.jpg", "pixel_lamps.jpg", "pixel_night_highrise.jpg",
            "pixel_desert_palms.jpg", "huawei_HdrVivid.jpg", "vearutop_old_acr.orig.jpg"}) {
        add("uhdr/" + name);
      }
    }
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
      found.push_back({"scene " + std::to_string(seed), MatOf(MakeScene(1600, 1200, seed).sdr), 4});
    }
    return found;
  }();
  return pictures;
}

}  // namespace hdrp::test
