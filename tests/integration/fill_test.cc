// Edits that show something else in places: there the original's gain goes, smoothly, and what
// takes its place fits to what is around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "align/homography.h"
#include "decode/png_pixels.h"
#include "gainmap/gain.h"
#include "package/png_write.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using test::Edited;
using test::GainOf;
using test::MakeRequest;
using test::MakeScene;
using test::MustFail;
using test::MustProcess;
using test::OriginalJpeg;
using test::Scene;
using test::SdrJpeg;
using testing::ElementsAre;

/// Of normalised coordinates.
struct Box {
  double left, top, right, bottom;
  [[nodiscard]] bool Holds(double x, double y) const {
    return x >= left && x < right && y >= top && y < bottom;
  }
};

/// The edit with another scene's pixels in the box.
[[nodiscard]] Plane<std::uint8_t> Replaced(const Plane<std::uint8_t>& edit,
                                           const Plane<std::uint8_t>& other, const Box& box) {
  Plane<std::uint8_t> result = edit.Clone();
  for (int y = 0; y < edit.height(); ++y) {
    for (int x = 0; x < edit.width(); ++x) {
      if (!box.Holds((x + 0.5) / edit.width(), (y + 0.5) / edit.height())) continue;
      std::copy_n(other.Row(edit.height() - 1 - y) + 3 * x, 3, result.Row(y) + 3 * x);
    }
  }
  return result;
}

constexpr Box kReplaced = {0.3, 0.35, 0.6, 0.75};

class FillTest : public testing::Test {
 protected:
  static const Scene& Picture() {
    static const Scene scene = MakeScene(1200, 900);
    return scene;
  }
  static const Bytes& Original() {
    static const Bytes original = OriginalJpeg(Picture(), {});
    return original;
  }
  /// Toned, and with another scene turned over in the box.
  static Bytes EditWithReplacedPart() {
    const Plane<std::uint8_t> toned = Edited(Picture().sdr.view());
    return SdrJpeg(Replaced(toned, MakeScene(1200, 900, 9).sdr, kReplaced).view(), {});
  }
};

TEST_F(FillTest, ToneAloneLeavesTheMapAsItIs) {
  const Result result =
      MustProcess(MakeRequest(SdrJpeg(Edited(Picture().sdr.view()).view(), {}), Original()));
  EXPECT_TRUE(result.report.map_copied);
  EXPECT_FALSE(result.report.edited);
  EXPECT_FALSE(result.report.alignment);
  EXPECT_TRUE(result.pictures.empty());
}

TEST_F(FillTest, ReplacedPartsLoseTheReferencesGainAndTheRestKeepsIt) {
  for (const Fill fill : {Fill::kNeutral, Fill::kPredict}) {
    SCOPED_TRACE(static_cast<int>(fill));
    const Result result =
        MustProcess(MakeRequest(EditWithReplacedPart(), Original(), {.fill = fill}));
    ASSERT_TRUE(result.report.edited);
    EXPECT_EQ(result.report.edited->fill, fill);
    const double box = (kReplaced.right - kReplaced.left) * (kReplaced.bottom - kReplaced.top);
    EXPECT_NEAR(result.report.edited->share, box, 0.4 * box);
    const Plane<float> gain = GainOf(result.ultra_hdr);
    const Plane<float> truth = Resized(Picture().gain_stops.view(), gain.width(), gain.height());
    double of_box = 0, off_rest = 0, rest = 0;
    int in_box = 0;
    for (int y = 0; y < gain.height(); ++y) {
      for (int x = 0; x < gain.width(); ++x) {
        const double u = (x + 0.5) / gain.width(), v = (y + 0.5) / gain.height();
        const auto stops = static_cast<double>(gain.Row(y)[x]);
        if (Box{0.36, 0.42, 0.54, 0.68}.Holds(u, v)) {
          of_box += std::abs(stops);
          ++in_box;
        } else if (!Box{0.25, 0.3, 0.65, 0.8}.Holds(u, v)) {
          off_rest += std::abs(stops - static_cast<double>(truth.Row(y)[x]));
          rest += 1;
        }
      }
    }
    EXPECT_LT(off_rest / rest, 0.05);
    if (fill == Fill::kNeutral) {
      EXPECT_LT(of_box / in_box, 0.02);
    }
  }
}

TEST_F(FillTest, NoSeamShowsWhereTheFillBegins) {
  // The steepest step between neighbouring samples of the map is the picture's own, or that of a
  // whole gain over the feather of 1 % of the long side, whose steepest part is 1.54 of the mean.
  const Plane<float> before = GainOf(MustProcess(MakeRequest(Original())).ultra_hdr);
  for (const Fill fill : {Fill::kNeutral, Fill::kPredict}) {
    SCOPED_TRACE(static_cast<int>(fill));
    // A flat grey plate: what is predicted for it has no edges of its own inside.
    Plane<std::uint8_t> plate(1200, 900, 3);
    for (int y = 0; y < 900; ++y) std::ranges::fill(plate.view().RowSpan(y), std::uint8_t{120});
    const Plane<std::uint8_t> toned = Edited(Picture().sdr.view());
    const Result result =
        MustProcess(MakeRequest(SdrJpeg(Replaced(toned, plate, kReplaced).view(), {}), Original(),
                                {.output = {.map_quality = 100}, .fill = fill}));
    ASSERT_TRUE(result.report.edited);
    const Plane<float> gain = GainOf(result.ultra_hdr);
    const auto steepest = [](const Plane<float>& stops) {
      double most = 0;
      for (int y = 1; y < stops.height(); ++y) {
        for (int x = 1; x < stops.width(); ++x) {
          const float here = stops.Row(y)[x];
          most = std::max({most, static_cast<double>(std::abs(here - stops.Row(y)[x - 1])),
                           static_cast<double>(std::abs(here - stops.Row(y - 1)[x]))});
        }
      }
      return most;
    };
    const double feather = std::max(1.0, 0.01 * gain.width());
    const double highest = result.report.metadata.gain_map_max[0];
    EXPECT_LT(steepest(gain), std::max(steepest(before), 1.6 * highest / feather) + 0.02);
  }
}

TEST_F(FillTest, TheUsersMaskIsUnitedWithWhatIsFound) {
  Plane<std::uint8_t> corner(120, 90);
  for (int y = 0; y < 30; ++y)
    std::ranges::fill(corner.view().RowSpan(y).first(40), std::uint8_t{255});
  Request request = MakeRequest(EditWithReplacedPart(), Original(), {.fill = Fill::kNeutral});
  const double found = MustProcess(request).report.edited->share;
  request.mask = InputFile{"mask.png", EncodePng(corner.view()).value()};
  const Result result = MustProcess(request);
  EXPECT_NEAR(result.report.edited->share, found + 1.0 / 9, 0.02);
  EXPECT_NEAR(static_cast<double>(GainOf(result.ultra_hdr).Row(30)[30]), 0, 0.05);
}

// An image model's answer: 3:4 becomes 8:11, the photograph smaller in the middle, and the margins
// made up.
TEST_F(FillTest, AnExtendedCanvasKeepsTheGainOfTheCommonPart) {
  const Scene scene = MakeScene(900, 1200, 3);
  constexpr int kWidth = 1000, kHeight = 1375;
  const Scene made_up = MakeScene(kWidth, kHeight, 12);
  // Where the edit's corners lie in the original.
  constexpr double kScale = 1 / 0.82;
  const Homography truth = {
      kScale * kWidth / 900 * 0.9, 0, 0, 0, kScale * kHeight / 1200 * 0.9, 0, 0, 0, 1};
  Homography placed = truth;
  placed[2] = 0.5 - truth[0] / 2;
  placed[5] = 0.5 - truth[4] / 2;
  Plane<std::uint8_t> edit(kWidth, kHeight, 3);
  const Plane<std::uint8_t> toned = Edited(scene.sdr.view());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const Point p = Apply(placed, {(x + 0.5) / kWidth, (y + 0.5) / kHeight});
      const bool inside = p.x >= 0 && p.x < 1 && p.y >= 0 && p.y < 1;
      const std::uint8_t* from =
          inside ? toned.Row(static_cast<int>(p.y * 1200)) + 3 * static_cast<int>(p.x * 900)
                 : made_up.sdr.Row(kHeight - 1 - y) + 3 * x;
      std::copy_n(from, 3, edit.Row(y) + 3 * x);
    }
  }
  const Result result = MustProcess(MakeRequest(SdrJpeg(edit.view(), {}), OriginalJpeg(scene, {})));
  ASSERT_TRUE(result.report.alignment);
  for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
    const Point found = Apply(result.report.alignment->to_reference, corner),
                right = Apply(placed, corner);
    EXPECT_NEAR(found.x, right.x, 0.005);
    EXPECT_NEAR(found.y, right.y, 0.005);
  }
  ASSERT_TRUE(result.report.edited);
  const double margins = 1 - 1 / (placed[0] * placed[4]);
  EXPECT_NEAR(result.report.edited->share, margins, 0.08);
  // The common part has the original's gain.
  const Plane<float> gain = GainOf(result.ultra_hdr);
  std::vector<double> off;
  for (int y = 0; y < gain.height(); ++y) {
    for (int x = 0; x < gain.width(); ++x) {
      const Point p = Apply(placed, {(x + 0.5) / gain.width(), (y + 0.5) / gain.height()});
      if (!Box{0.1, 0.1, 0.9, 0.9}.Holds(p.x, p.y)) continue;
      const float right =
          scene.gain_stops.Row(static_cast<int>(p.y * 1200))[static_cast<int>(p.x * 900)];
      off.push_back(std::abs(static_cast<double>(gain.Row(y)[x] - right)));
    }
  }
  std::ranges::sort(off);
  EXPECT_LT(off[off.size() / 2], 0.05);
}

/// The picture on white paper of `width` x `height`, as large as it is.
Plane<std::uint8_t> OnPaper(const Plane<std::uint8_t>& picture, int width, int height) {
  Plane<std::uint8_t> paper(width, height, 3);
  for (int y = 0; y < height; ++y) std::ranges::fill(paper.view().RowSpan(y), std::uint8_t{255});
  const int left = (width - picture.width()) / 2, top = (height - picture.height()) / 2;
  for (int y = 0; y < picture.height(); ++y) {
    std::copy_n(picture.Row(y), 3 * picture.width(), paper.Row(top + y) + 3 * left);
  }
  return paper;
}

double MostGain(const Plane<float>& gain, const std::vector<Box>& where) {
  double most = 0;
  for (int y = 0; y < gain.height(); ++y) {
    for (int x = 0; x < gain.width(); ++x) {
      const double u = (x + 0.5) / gain.width(), v = (y + 0.5) / gain.height();
      if (std::ranges::none_of(where, [&](const Box& box) { return box.Holds(u, v); })) continue;
      most = std::max(most, std::abs(static_cast<double>(gain.Row(y)[x])));
    }
  }
  return most;
}

TEST_F(FillTest, FramesAndBarsAreNotLifted) {
  const Plane<std::uint8_t> toned = Edited(Picture().sdr.view());
  // All round; beside; and over the picture's own rim.
  Plane<std::uint8_t> rim = toned.Clone();
  for (int y = 0; y < 900; ++y) {
    for (int x = 0; x < 1200; ++x) {
      if (!Box{0.1, 0.1, 0.9, 0.9}.Holds(x / 1200.0, y / 900.0))
        std::fill_n(rim.Row(y) + 3 * x, 3, std::uint8_t{255});
    }
  }
  struct Case {
    std::string_view name;
    Plane<std::uint8_t> edit;
    std::vector<Box> white;
  };
  std::vector<Case> cases;
  cases.push_back({"frame",
                   OnPaper(toned, 1500, 1200),
                   {{0, 0, 1, 0.1}, {0, 0.9, 1, 1}, {0, 0, 0.08, 1}, {0.92, 0, 1, 1}}});
  cases.push_back({"bars", OnPaper(toned, 1600, 900), {{0, 0, 0.1, 1}, {0.9, 0, 1, 1}}});
  cases.push_back({"rim",
                   std::move(rim),
                   {{0, 0, 1, 0.07}, {0, 0.93, 1, 1}, {0, 0, 0.07, 1}, {0.93, 0, 1, 1}}});
  for (const Case& made : cases) {
    SCOPED_TRACE(made.name);
    const Result result = MustProcess(MakeRequest(SdrJpeg(made.edit.view(), {}), Original()));
    ASSERT_TRUE(result.report.edited);
    const Plane<float> gain = GainOf(result.ultra_hdr);
    EXPECT_LT(MostGain(gain, made.white), 0.05);
    EXPECT_GT(MostGain(gain, {{0.2, 0.2, 0.8, 0.8}}), 0.5);
  }
}

TEST_F(FillTest, ExplainingPicturesShowBothRasters) {
  Options options;
  options.explain = Explained::kEverything;
  const Result result = MustProcess(MakeRequest(EditWithReplacedPart(), Original(), options));
  std::vector<std::string_view> names;
  for (const ExplainingPicture& picture : result.pictures) {
    names.push_back(picture.name);
    if (picture.name == "agreement") {
      const Expected<Plane<std::uint8_t>> mask = DecodePngGray(picture.png, {});
      ASSERT_TRUE(mask);
      EXPECT_LE(mask->width(), kSmallGainSide);
      const auto at = [&](double x, double y) {
        return mask->Row(static_cast<int>(y * mask->height()))[static_cast<int>(x * mask->width())];
      };
      EXPECT_EQ(at(0.45, 0.55), 0);
      EXPECT_EQ(at(0.1, 0.1), 255);
      EXPECT_EQ(at(0.9, 0.9), 255);
    }
  }
  EXPECT_THAT(names, ElementsAre("overlay", "agreement", "gain_before", "gain_after"));
}

}  // namespace
}  // namespace hdrp
