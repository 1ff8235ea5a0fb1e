// Asks headless Chromium what light a picture gives at several display headrooms.
//
// Method: an <img> drawn into a float16 2D canvas whose globalHDRHeadroom is set, read back as
// float16 and linearised. Pictures stand in the page as data: URLs, so no server and no
// driver is needed; the page's text is read with --dump-dom.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace hdrp::test {

/// What one picture shows at one headroom. Luminance is linear, 1.0 = SDR white.
struct Shown {
  double headroom = 0;  ///< stops
  double max = 0;
  double mean = 0;
  double share_above_white = 0;  ///< of pixels with Y > 1.02
  /// Y at asked points (see Picture::points).
  std::vector<double> points;
  /// Coded display-P3 values at headroom 0 only, for pixel comparisons: RGB interleaved, row-major.
  std::vector<double> coded;
};

struct Picture {
  std::string name;
  Bytes file;
  int max_side = 512;  ///< the canvas is at most this wide; larger pictures are averaged down
  std::vector<std::pair<double, double>> points;  ///< normalised positions
};

struct ChromiumAnswer {
  bool capable = false;  ///< the canvas attribute exists
  std::string error;     ///< not empty where the page failed
  std::map<std::string, std::vector<Shown>> shown;
};

[[nodiscard]] ChromiumAnswer AskChromium(const std::vector<Picture>& pictures,
                                         const std::vector<double>& headrooms);

}  // namespace hdrp::test
