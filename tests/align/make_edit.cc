#include "make_edit.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "support/make_jpeg.h"

namespace hdrp::test {
namespace {

class Dice {
 public:
  explicit Dice(std::mt19937& random) : random_(random) {}
  [[nodiscard]] double Uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(random_()) / 4294967295.0;
  }
  [[nodiscard]] bool One(unsigned in) { return random_() % in == 0; }
  [[nodiscard]] unsigned Below(unsigned end) { return static_cast<unsigned>(random_() % end); }

 private:
  std::mt19937& random_;
};

/// Where the edit's pixels lie, and its size.
struct Geometry {
  cv::Matx33d to_picture;
  cv::Size size;
};

[[nodiscard]] cv::Matx33d Translation(double x, double y) { return {1, 0, x, 0, 1, y, 0, 0, 1}; }

[[nodiscard]] Geometry PlaceEdit(cv::Size picture, Dice& dice, MadeEdit& edit) {
  const double full_width = picture.width, full_height = picture.height;
  double crop = dice.Uniform(0.4, 1);
  double angle = dice.Uniform(-15, 15) * std::numbers::pi / 180;
  if (dice.One(4)) angle = 0;
  if (dice.One(6)) crop = 1;
  double width = full_width * crop;
  double height = full_height * std::min(1.0, crop * dice.Uniform(0.8, 1.25));
  // The turned rectangle has to fit in.
  const double c = std::abs(std::cos(angle)), s = std::abs(std::sin(angle));
  const double fit = std::min(
      {1.0, full_width / (width * c + height * s), full_height / (width * s + height * c)});
  width *= fit;
  height *= fit;
  const double middle_x =
      (width * c + height * s) / 2 + dice.Uniform(0, 1) * (full_width - width * c - height * s);
  const double middle_y =
      (width * s + height * c) / 2 + dice.Uniform(0, 1) * (full_height - width * s - height * c);
  double scale = std::exp(dice.Uniform(std::log(0.2), std::log(2.0)));
  scale = std::max(scale, 200 / std::min(width, height));
  // As the quarter turns leave it; they come last.
  cv::Size size(static_cast<int>(std::round(width * scale)),
                static_cast<int>(std::round(height * scale)));
  const cv::Matx33d to_crop(width / size.width, 0, 0, 0, height / size.height, 0, 0, 0, 1);
  cv::Matx33d tilt = cv::Matx33d::eye();
  if (dice.One(4)) {
    tilt(2, 0) = dice.Uniform(-0.06, 0.06) / width;
    tilt(2, 1) = dice.Uniform(-0.06, 0.06) / height;
    edit.kinds.insert("perspective");
  }
  const cv::Matx33d turn(std::cos(angle), -std::sin(angle), 0, std::sin(angle), std::cos(angle), 0,
                         0, 0, 1);
  cv::Matx33d place = Translation(middle_x - 0.5, middle_y - 0.5) * turn * tilt * to_crop *
                      Translation(-(size.width - 1) / 2.0, -(size.height - 1) / 2.0);
  const unsigned orientation = dice.One(2) ? 0 : dice.Below(8);
  if ((orientation & 1U) != 0) place = place * cv::Matx33d(-1, 0, size.width - 1, 0, 1, 0, 0, 0, 1);
  if ((orientation & 2U) != 0) {
    place = place * cv::Matx33d(1, 0, 0, 0, -1, size.height - 1, 0, 0, 1);
  }
  if ((orientation & 4U) != 0) {
    place = place * cv::Matx33d(0, 1, 0, 1, 0, 0, 0, 0, 1);
    std::swap(size.width, size.height);
  }
  edit.crop = fit * crop;
  if (edit.crop < 0.999) edit.kinds.insert("crop");
  if (angle != 0) edit.kinds.insert("rotation");
  if (orientation != 0) edit.kinds.insert("orientation");
  if (scale < 0.5) edit.kinds.insert("under half size");
  if (scale > 1) edit.kinds.insert("enlarged");
  edit.description = Formatted("crop {:.2f}, {:.1f} degrees, scale {:.2f}, orientation {}",
                               fit * crop, angle * 180 / std::numbers::pi, scale, orientation);
  return {place, size};
}

/// Warped without aliasing.
[[nodiscard]] cv::Mat Taken(const cv::Mat& picture, const Geometry& geometry,
                            int interpolation = cv::INTER_LINEAR) {
  const cv::Matx33d& t = geometry.to_picture;
  const double step = std::sqrt(std::abs(t(0, 0) * t(1, 1) - t(0, 1) * t(1, 0)));
  cv::Mat source, result;  // not the picture's own pixels, which are to stay
  if (step > 1.3) {
    cv::GaussianBlur(picture, source, {}, 0.45 * step);
  } else {
    source = picture;
  }
  cv::warpPerspective(source, result, t, geometry.size, interpolation | cv::WARP_INVERSE_MAP,
                      cv::BORDER_REFLECT);
  return result;
}

/// On floats, 1.0 = 255.
void Tone(cv::Mat& rgb, Dice& dice, MadeEdit& edit) {
  cv::pow(rgb, std::exp(dice.Uniform(-0.5, 0.5)), rgb);
  if (dice.One(2)) {
    const double strength = dice.Uniform(0, 1);
    cv::Mat squared = rgb.mul(rgb);
    rgb = (1 - strength) * rgb + strength * (3 * squared - 2 * squared.mul(rgb));
  }
  cv::multiply(
      rgb, cv::Scalar(dice.Uniform(0.8, 1.2), dice.Uniform(0.9, 1.1), dice.Uniform(0.8, 1.2)), rgb);
  const bool grey = dice.One(6);
  if (grey) edit.kinds.insert("black and white");
  cv::Mat luma, spread;
  cv::cvtColor(rgb, luma, cv::COLOR_RGB2GRAY);
  cv::cvtColor(luma, spread, cv::COLOR_GRAY2RGB);
  rgb = spread + (grey ? 0.0 : dice.Uniform(0.5, 1.6)) * (rgb - spread);
  if (dice.One(3)) {
    cv::Mat soft;
    cv::GaussianBlur(rgb, soft, {}, 1.2);
    rgb = rgb + dice.Uniform(0.3, 1) * (rgb - soft);
    edit.kinds.insert("sharpened");
  } else if (dice.One(3)) {
    cv::GaussianBlur(rgb, rgb, {}, dice.Uniform(0.5, 1.2));
    edit.kinds.insert("noise reduction");
  }
  if (dice.One(3)) {
    const double strength = dice.Uniform(0.2, 0.7);
    for (int y = 0; y < rgb.rows; ++y) {
      for (int x = 0; x < rgb.cols; ++x) {
        const double u = 2.0 * x / rgb.cols - 1, v = 2.0 * y / rgb.rows - 1;
        rgb.at<cv::Vec3f>(y, x) *= static_cast<float>(1 - strength * (u * u + v * v) / 2);
      }
    }
    edit.kinds.insert("vignette");
  }
}

/// Through JPEG.
[[nodiscard]] cv::Mat Coded(const cv::Mat& luma, int quality) {
  const PlaneView<const std::uint8_t> view{luma.ptr<std::uint8_t>(0), luma.cols, luma.rows, 1,
                                           luma.step};
  const auto decoded =
      DecodeJpeg(MakeJpeg(view, {.quality = quality}), {.output = JpegOutput::kGray});
  cv::Mat result(luma.size(), CV_8UC1);
  for (int y = 0; y < luma.rows; ++y) {
    std::ranges::copy(decoded->pixels.view().RowSpan(y), result.ptr<std::uint8_t>(y));
  }
  return result;
}

}  // namespace

cv::Mat LumaOf(const cv::Mat& rgb) {
  cv::Mat luma;
  cv::cvtColor(rgb, luma, cv::COLOR_RGB2GRAY);
  return luma;
}

MadeEdit MakeEdit(const cv::Mat& picture, std::mt19937& random) {
  Dice dice(random);
  MadeEdit edit;
  const Geometry geometry = PlaceEdit(picture.size(), dice, edit);
  edit.to_picture = geometry.to_picture;
  cv::Mat rgb;
  Taken(picture, geometry).convertTo(rgb, CV_32FC3, 1 / 255.0);
  Tone(rgb, dice, edit);
  cv::Mat codes;
  rgb.convertTo(codes, CV_8UC3, 255);
  if (dice.One(6)) {
    const int border =
        static_cast<int>(dice.Uniform(0.02, 0.08) * std::max(codes.cols, codes.rows));
    cv::copyMakeBorder(codes, codes, border, border, border, border, cv::BORDER_CONSTANT,
                       cv::Scalar::all(dice.One(2) ? 255 : 0));
    edit.to_picture = edit.to_picture * Translation(-border, -border);
    edit.kinds.insert("border");
  }
  const int quality = static_cast<int>(dice.Uniform(50, 95));
  edit.luma = Coded(LumaOf(codes), quality);
  edit.description += Formatted(", {} x {}, quality {}", codes.cols, codes.rows, quality);
  return edit;
}

cv::Mat Retouched(const cv::Mat& picture, const cv::Mat& other, std::mt19937& random) {
  Dice dice(random);
  const cv::Size size = picture.size();
  cv::Mat result = picture.clone();
  for (int i = 0; i < 2; ++i) {
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1), paint;
    const cv::Point middle(static_cast<int>(dice.Uniform(0.2, 0.8) * size.width),
                           static_cast<int>(dice.Uniform(0.2, 0.8) * size.height));
    const cv::Size axes(static_cast<int>(dice.Uniform(0.05, 0.18) * size.width),
                        static_cast<int>(dice.Uniform(0.05, 0.18) * size.height));
    cv::ellipse(mask, middle, axes, dice.Uniform(0, 180), 0, 360, cv::Scalar(255), cv::FILLED);
    switch (dice.Below(4)) {
      case 0: {  // what is around, drawn over it
        const double reach = std::max(axes.width, axes.height);
        cv::Mat kept, colours, weights;
        result.convertTo(colours, CV_32FC3);
        colours.setTo(cv::Scalar::all(0), mask);
        cv::Mat(mask == 0).convertTo(kept, CV_32F, 1.0 / 255);
        cv::resize(colours, colours, {}, 0.125, 0.125, cv::INTER_AREA);
        cv::resize(kept, kept, {}, 0.125, 0.125, cv::INTER_AREA);
        cv::GaussianBlur(colours, colours, {}, reach / 8 / 2);
        cv::GaussianBlur(kept, weights, {}, reach / 8 / 2);
        cv::cvtColor(weights + 1e-4, weights, cv::COLOR_GRAY2BGR);
        cv::resize(colours / weights, colours, size, 0, 0, cv::INTER_LINEAR);
        colours.convertTo(paint, CV_8UC3);
        break;
      }
      case 1:
        cv::resize(other, paint, size, 0, 0, cv::INTER_AREA);
        break;
      case 2:  // from beside it
        paint =
            Taken(result,
                  {Translation((middle.x > size.width / 2 ? 1 : -1) * 2.1 * axes.width, 0), size});
        break;
      default:
        paint = cv::Mat(size, CV_8UC3, cv::Scalar::all(dice.Uniform(0, 60)));
        for (int y = 0; y < size.height; y += 40) {
          cv::putText(paint, "HDR in every picture, HDR in every picture", {middle.x - 500, y},
                      cv::FONT_HERSHEY_SIMPLEX, 1.2, cv::Scalar::all(dice.Uniform(180, 255)), 3);
        }
    }
    paint.copyTo(result, mask);
  }
  return result;
}

Views MakeParallax(const cv::Mat& far_picture, const cv::Mat& near_picture, double shift,
                   std::mt19937& random) {
  Dice dice(random);
  const cv::Size size = far_picture.size();
  cv::Mat near_same;
  cv::resize(near_picture, near_same, size, 0, 0, cv::INTER_AREA);
  Views views{far_picture.clone(), {}};
  // The far part moves a little, too, as the camera turns.
  const auto moved = [&](double x) { return Geometry{Translation(x, 0), size}; };
  views.second = Taken(far_picture, moved(0.3 * shift * size.width));
  const int parts = 3 + static_cast<int>(dice.Below(3));
  for (int i = 0; i < parts; ++i) {
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1), near_mask, near_part;
    const cv::Point middle(static_cast<int>(dice.Uniform(0.15, 0.85) * size.width),
                           static_cast<int>(dice.Uniform(0.35, 0.85) * size.height));
    const cv::Size axes(static_cast<int>(dice.Uniform(0.12, 0.22) * size.width),
                        static_cast<int>(dice.Uniform(0.15, 0.3) * size.height));
    cv::ellipse(mask, middle, axes, dice.Uniform(0, 180), 0, 360, cv::Scalar(255), cv::FILLED);
    near_same.copyTo(views.first, mask);
    const Geometry nearer = moved(-dice.Uniform(0.6, 1) * shift * size.width);
    Taken(mask, nearer, cv::INTER_NEAREST).copyTo(near_mask);
    near_part = Taken(near_same, nearer);
    near_part.copyTo(views.second, near_mask);
  }
  views.first = Coded(LumaOf(views.first), 85);
  views.second = Coded(LumaOf(views.second), 85);
  return views;
}

}  // namespace hdrp::test
