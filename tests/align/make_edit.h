// What people do to pictures, with the truth of where everything went; and pictures that are not of
// one place.
#pragma once

#include <opencv2/core.hpp>
#include <random>
#include <set>
#include <string>

namespace hdrp::test {

struct MadeEdit {
  cv::Mat luma;                 ///< after JPEG
  cv::Matx33d to_picture;       ///< pixels (centres at whole numbers) of the edit to the picture's
  double crop = 1;              ///< share of the picture's sides that is left
  std::set<std::string> kinds;  ///< "crop", "mirrored" ...
  std::string description;
};

/// A random edit of an RGB picture: crop 40 to 100 %, scale 0.2 to 2 (no side under 200 px),
/// rotation up to 15 degrees, the 8 orientations, mild perspective, tone curve, white balance,
/// saturation, black and white, sharpening or noise reduction, vignette, border, JPEG of quality 50
/// to 95.
[[nodiscard]] MadeEdit MakeEdit(const cv::Mat& picture, std::mt19937& random);

/// Two places painted over: something removed, replaced by a part of `other`, cloned from nearby,
/// or lettered.
[[nodiscard]] cv::Mat Retouched(const cv::Mat& picture, const cv::Mat& other, std::mt19937& random);

/// Two luma views of one scene, the camera moved by `shift` (of the width, what is nearest): a far
/// picture, and parts of another before it at several depths.
struct Views {
  cv::Mat first, second;
};
[[nodiscard]] Views MakeParallax(const cv::Mat& far_picture, const cv::Mat& near_picture,
                                 double shift, std::mt19937& random);

/// Coded luma.
[[nodiscard]] cv::Mat LumaOf(const cv::Mat& rgb);

}  // namespace hdrp::test
