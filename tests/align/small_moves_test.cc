// The small moves that everybody makes: straightened by a fraction of a degree, trimmed by one per
// cent, a row cut off, a lens corrected. Found where they are, refused, or wrong? And what moved
// nothing is the same framing. HDR_PROCESS_EDITS says how many (make test-moves: 500),
// HDR_PROCESS_SEED makes others; the tables are docs/alignment.md's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>

#include "align/find/displacement.h"
#include "align/find/register.h"
#include "align/framing.h"
#include "align/placement.h"
#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "make_edit.h"
#include "pictures.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using test::Picture;
using test::Pictures;

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  [[nodiscard]] double Uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(random_()) / 4294967295.0;
  }
  [[nodiscard]] unsigned Below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  [[nodiscard]] double Sign() { return Below(2) == 0 ? -1 : 1; }

 private:
  std::mt19937 random_;
};

struct Move {
  std::string kind, description;
  FramingMap to_picture;
  cv::Size size;
};

/// A window of the picture (its middle and size, pixels), turned by degrees.
[[nodiscard]] Homography Window(cv::Size picture, cv::Point2d middle, cv::Size2d size,
                                double degrees) {
  const double angle = degrees * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
  Homography h = {c * size.width / picture.width,
                  -s * size.height / picture.width,
                  0,
                  s * size.width / picture.height,
                  c * size.height / picture.height,
                  0,
                  0,
                  0,
                  1};
  h[2] = middle.x / picture.width - (h[0] + h[1]) / 2;
  h[5] = middle.y / picture.height - (h[3] + h[4]) / 2;
  return h;
}

/// The share of the sides that a turned rectangle keeps inside.
[[nodiscard]] double Kept(cv::Size picture, double degrees) {
  const double angle = std::abs(degrees) * std::numbers::pi / 180;
  const double w = picture.width, h = picture.height;
  return std::min(w / (w * std::cos(angle) + h * std::sin(angle)),
                  h / (w * std::sin(angle) + h * std::cos(angle)));
}

[[nodiscard]] cv::Size Rounded(cv::Size2d size) {
  return {static_cast<int>(std::lround(size.width)), static_cast<int>(std::lround(size.height))};
}

[[nodiscard]] Move Turned(cv::Size picture, Dice& dice) {
  const double degrees = dice.Sign() * std::exp(dice.Uniform(std::log(0.05), std::log(2)));
  const double kept = Kept(picture, degrees);
  const cv::Size size = Rounded(cv::Size2d(picture) * kept);
  return {"turned", Formatted("{:.2f} degrees", degrees),
          Window(picture, cv::Point2d(picture.width, picture.height) / 2, size, degrees), size};
}

[[nodiscard]] Move Cropped(cv::Size picture, Dice& dice, bool centred) {
  const double share = dice.Uniform(0.95, 0.997);
  const cv::Size size = Rounded(cv::Size2d(picture) * share);
  const cv::Point2d spare(picture.width - size.width, picture.height - size.height);
  const double at_x = centred ? std::floor(spare.x / 2) : dice.Below(2) * spare.x,
               at_y = centred ? std::floor(spare.y / 2) : dice.Below(2) * spare.y;
  return {centred ? "cropped, centred" : "cropped, a corner", Formatted("{:.2f} %", 100 * share),
          Window(picture, {at_x + size.width / 2.0, at_y + size.height / 2.0}, size, 0), size};
}

[[nodiscard]] Move CutOff(cv::Size picture, Dice& dice) {
  const int pixels = 2 + static_cast<int>(dice.Below(31));
  const bool rows = dice.Below(2) == 0, first = dice.Below(2) == 0;
  cv::Size size = picture;
  (rows ? size.height : size.width) -= pixels;
  const cv::Point2d middle(size.width / 2.0 + (!rows && first ? pixels : 0),
                           size.height / 2.0 + (rows && first ? pixels : 0));
  return {"rows or columns cut off", Formatted("{} {}", pixels, rows ? "rows" : "columns"),
          Window(picture, middle, size, 0), size};
}

[[nodiscard]] Move Shifted(cv::Size picture, Dice& dice) {
  const double share = 0.98;
  const cv::Size size = Rounded(cv::Size2d(picture) * share);
  const cv::Point2d by(dice.Uniform(-0.01, 0.01) * picture.width,
                       dice.Uniform(-0.01, 0.01) * picture.height);
  return {"shifted", Formatted("{:.1f}, {:.1f} px", by.x, by.y),
          Window(picture, cv::Point2d(picture.width, picture.height) / 2 + by, size, 0), size};
}

[[nodiscard]] Move Scaled(cv::Size picture, Dice& dice) {
  const double share = 1 - dice.Uniform(0.001, 0.01);
  return {"scaled", Formatted("{:.2f} %", 100 / share),
          Window(picture, cv::Point2d(picture.width, picture.height) / 2,
                 cv::Size2d(picture) * share, 0),
          picture};
}

[[nodiscard]] Move LensCorrected(cv::Size picture, Dice& dice) {
  const double radial = dice.Sign() * dice.Uniform(0.002, 0.03);
  const double degrees = dice.Below(2) == 0 ? 0 : dice.Uniform(-1.5, 1.5);
  // What a bend outwards does not show has to be cropped away.
  const double kept = Kept(picture, degrees) / (1 + std::max(radial, 0.0)) *
                      (dice.Below(2) == 0 ? 1 : dice.Uniform(0.93, 1));
  const cv::Size size = Rounded(cv::Size2d(picture) * kept);
  const Homography h =
      Window(picture, cv::Point2d(picture.width, picture.height) / 2, size, degrees);
  return {"lens corrected",
          Formatted("{:.4f}, {:.2f} degrees, {:.1f} %", radial, degrees, 100 * kept),
          FramingMap(h, radial, static_cast<double>(picture.width) / picture.height), size};
}

[[nodiscard]] Move MakeMove(cv::Size picture, Dice& dice) {
  switch (dice.Below(6)) {
    case 0:
      return Cropped(picture, dice, true);
    case 1:
      return Cropped(picture, dice, false);
    case 2:
      return CutOff(picture, dice);
    case 3:
      return Shifted(picture, dice);
    case 4:
      return Scaled(picture, dice);
    default:
      return Turned(picture, dice);
  }
}

[[nodiscard]] cv::Mat Taken(const cv::Mat& picture, const Move& move) {
  cv::Mat places(move.size, CV_32FC2), result;
  for (int y = 0; y < move.size.height; ++y) {
    for (int x = 0; x < move.size.width; ++x) {
      const Point p =
          Apply(move.to_picture, {(x + 0.5) / move.size.width, (y + 0.5) / move.size.height});
      places.at<cv::Point2f>(y, x) = {static_cast<float>(p.x * picture.cols - 0.5),
                                      static_cast<float>(p.y * picture.rows - 0.5)};
    }
  }
  cv::remap(picture, result, places, cv::noArray(), cv::INTER_CUBIC, cv::BORDER_REFLECT);
  return result;
}

/// A curve of some kind, on codes.
[[nodiscard]] cv::Mat Toned(const cv::Mat& luma, Dice& dice) {
  const double power = std::exp(dice.Uniform(-0.4, 0.4)), gain = dice.Uniform(0.8, 1.3);
  cv::Mat curve(1, 256, CV_8UC1), result;
  for (int code = 0; code < 256; ++code) {
    curve.at<std::uint8_t>(code) =
        cv::saturate_cast<std::uint8_t>(255 * gain * std::pow(code / 255.0, power));
  }
  cv::LUT(luma, curve, result);
  return result;
}

/// As the program reads it: reduced by the JPEG decoder to at least `side` pixels.
struct Reduced {
  Plane<std::uint8_t> codes;
  Extent extent;
  [[nodiscard]] LumaView view() const { return {codes.view(), extent}; }
};
[[nodiscard]] Reduced Read(ByteView jpeg, cv::Size size, int side) {
  int scale = 8;
  while (scale > 1 && std::max(size.width, size.height) / scale < side) scale /= 2;
  auto decoded = DecodeJpeg(
      jpeg, {.output = JpegOutput::kGray, .scale_denominator = scale, .limits = {}, .stop = {}});
  return {
      std::move(decoded->pixels),
      {0, 0, static_cast<double>(size.width) / scale, static_cast<double>(size.height) / scale}};
}

struct Followed {
  Expected<Registration> found;  ///< with a map that moves nothing where it is the same framing
  bool same = false;
  double tolerance = 0;  ///< share of the long side
};

/// The program's own decision (pipeline/frame_reference.cc), on the original's luma as a JPEG.
[[nodiscard]] Followed Follow(ByteView edit, cv::Size size, ByteView original, cv::Size whole,
                              int map_pixel) {
  const double tolerance = std::max(0.5 * map_pixel / std::max(whole.width, whole.height),
                                    1.0 / std::max(size.width, size.height));
  const Reduced small_edit = Read(edit, size, 256), small_original = Read(original, whole, 256);
  const double agreement = StructureAgreement(small_edit.codes.view(), Orientation::kTopLeft,
                                              small_original.codes.view(), Orientation::kTopLeft);
  const bool aspect = SameAspect({size.width, size.height}, {whole.width, whole.height});
  const Placed placed =
      aspect ? DisplacementOf(small_edit.view(), small_original.view(), tolerance).placed
             : Placed::kMoved;
  if (agreement >= kMinStructureAgreement && placed == Placed::kSame) {
    return {Registration{}, true, tolerance};
  }
  const Reduced large_edit = Read(edit, size, kRegisteredSide),
                large_original = Read(original, whole, kRegisteredSide);
  Expected<Registration> found = Register(large_edit.view(), large_original.view());
  const double sides = static_cast<double>(size.width) / size.height;
  const bool same = found ? MostShift(found->to_reference, sides) <= tolerance
                          : agreement >= kMinStructureAgreement && placed == Placed::kUnknown;
  if (aspect && same) {
    return {Registration{}, true, tolerance};
  }
  return {std::move(found), false, tolerance};
}

/// The farthest that any place lies from where it is, pixels of the picture.
[[nodiscard]] double MostError(const FramingMap& found, const FramingMap& truth, cv::Size picture) {
  double most = 0;
  for (int i = 0; i < 81; ++i) {
    const Point at{i % 9 / 8.0, i / 9 / 8.0}, a = Apply(found, at), b = Apply(truth, at);
    most = std::max(most, std::hypot((a.x - b.x) * picture.width, (a.y - b.y) * picture.height));
  }
  return most;
}

struct Tally {
  int moves = 0, right = 0, refused = 0, same = 0;
  double error = 0, worst = 0;  ///< share of the diagonal
};

[[nodiscard]] Bytes Jpeg(const cv::Mat& luma, int quality) {
  return test::MakeJpeg(test::ViewOf(luma), {.quality = quality});
}

template <typename Make>
[[nodiscard]] Tally Survey(std::uint32_t seed, int count, double limit, Make make) {
  Dice dice(seed);
  std::map<std::string, Tally> rows;
  for (int i = 0; i < count; ++i) {
    const Picture& picture = Pictures()[dice.Below(static_cast<unsigned>(Pictures().size()))];
    const cv::Mat luma = test::LumaOf(picture.rgb);
    const Move move = make(luma.size(), dice);
    const cv::Mat edit = Toned(Taken(luma, move), dice);
    const Followed followed = Follow(Jpeg(edit, 80 + static_cast<int>(dice.Below(16))), edit.size(),
                                     Jpeg(luma, 95), luma.size(), picture.map_pixel);
    const double diagonal = std::hypot(luma.cols, luma.rows);
    const double error =
        followed.found ? MostError(followed.found->to_reference, move.to_picture, luma.size()) : 0;
    constexpr double kRounding = 1 + 1e-9;  // two rows are just half a pixel of some maps
    const double allowed = std::max(
        limit * diagonal, followed.same ? followed.tolerance * std::max(luma.cols, luma.rows) : 0);
    const bool right = followed.found && error <= kRounding * allowed;
    for (Tally* row : {&rows[" all"], &rows[move.kind]}) {
      ++row->moves;
      row->right += right ? 1 : 0;
      row->refused += followed.found ? 0 : 1;
      row->same += followed.same ? 1 : 0;
      row->error += error / diagonal;
      row->worst = std::max(row->worst, error / diagonal);
    }
    if (right) continue;
    std::printf(
        "%s: %s, %s: %s\n", picture.name.c_str(), move.kind.c_str(), move.description.c_str(),
        followed.found
            ? Formatted("off by {:.3f} % of the diagonal{}, bent by {:.4f}", 100 * error / diagonal,
                        followed.same ? ", as the same" : "", followed.found->to_reference.radial)
                  .c_str()
            : followed.found.error().message.c_str());
  }
  std::printf(
      "| moves | number | right | as the same framing | refused | wrong | mean error, %% of the "
      "diagonal | worst |\n|---|---|---|---|---|---|---|---|\n");
  for (const auto& [name, row] : rows) {
    std::printf("| %s | %d | %d | %d | %d | %d | %.4f | %.3f |\n", name.c_str(), row.moves,
                row.right, row.same, row.refused, row.moves - row.right - row.refused,
                100 * row.error / std::max(1, row.moves - row.refused), 100 * row.worst);
  }
  return rows[" all"];
}

TEST(SmallMovesTest, AreFollowed) {
  const Tally all = Survey(test::Seed(2040), test::Count(), 0.0003, MakeMove);
  EXPECT_EQ(all.moves, all.right + all.refused) << "wrong ones";
  EXPECT_LE(all.refused, 0.02 * all.moves + 1);
}

TEST(SmallMovesTest, LensCorrectionsAreFollowed) {
  const Tally all = Survey(test::Seed(2041), std::max(6, test::Count() / 5), 0.001, LensCorrected);
  EXPECT_EQ(all.moves, all.right + all.refused) << "wrong ones";
  EXPECT_LE(all.refused, 0.1 * all.moves + 1);
}

TEST(SmallMovesTest, ToneMovesNothing) {
  Dice dice(test::Seed(2042));
  int same = 0, quick = 0;
  const int count = std::max(8, test::Count() / 5);
  for (int i = 0; i < count; ++i) {
    const Picture& picture = Pictures()[dice.Below(static_cast<unsigned>(Pictures().size()))];
    const cv::Mat luma = test::LumaOf(picture.rgb);
    cv::Mat edit = Toned(luma, dice);
    const unsigned kind = dice.Below(4);
    if (kind == 1) {  // an export for the web
      const double scale = dice.Uniform(1000, 1700) / std::max(edit.cols, edit.rows);
      cv::resize(edit, edit, Rounded(cv::Size2d(edit.size()) * scale), 0, 0, cv::INTER_AREA);
    } else if (kind == 2) {  // clipped
      edit.convertTo(edit, CV_8UC1, dice.Uniform(1.3, 2));
    } else if (kind == 3) {  // sharpened
      cv::Mat soft;
      cv::GaussianBlur(edit, soft, {}, 2);
      cv::addWeighted(edit, 2, soft, -1, 0, edit);
    }
    const Bytes jpeg = Jpeg(edit, 60 + static_cast<int>(dice.Below(36)));
    const Bytes original = Jpeg(luma, 95);
    const Followed followed = Follow(jpeg, edit.size(), original, luma.size(), picture.map_pixel);
    same += followed.same ? 1 : 0;
    const Displacement at_once =
        DisplacementOf(Read(jpeg, edit.size(), 256).view(), Read(original, luma.size(), 256).view(),
                       followed.tolerance);
    quick += at_once.placed == Placed::kSame ? 1 : 0;
    if (!followed.same || at_once.placed != Placed::kSame) {
      std::printf("%s, kind %u: %s; field %.2f of the tolerance, %d of %d in place, %d astray\n",
                  picture.name.c_str(), kind, followed.same ? "the same in the end" : "moved",
                  at_once.most / followed.tolerance, at_once.in_place, at_once.textured,
                  at_once.astray);
    }
  }
  std::printf("tone alone: %d of %d the same framing, %d at once\n", same, count, quick);
  EXPECT_EQ(same, count);
}

}  // namespace
}  // namespace hdrp
