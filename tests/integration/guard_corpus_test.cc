// The guards on real pictures: which look like pages, what the defaults cost a perfect predictor,
// and how often the chroma model takes skin for skin. With HDR_PROCESS_PRINT set, the tables of
// docs/prediction.md are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "decode/picture.h"
#include "edit/prepare_edit.h"
#include "evaluate/scene.h"
#include "gainmap/gain.h"
#include "guard/guards.h"
#include "guard/skin.h"
#include "guard/text_page.h"
#include "package/jpeg_encode.h"
#include "pipeline/request.h"
#include "predict/area_reducer.h"
#include "predict/predict_gain.h"
#include "support/corpus.h"
#include "support/float_rows.h"

namespace hdrp::test {
namespace {

void Print(const std::string& line) {
  if (std::getenv("HDR_PROCESS_PRINT") != nullptr) std::puts(line.c_str());
}

PageEvidence EvidenceOf(PlaneView<const std::uint8_t> picture) {
  PageWatcher watcher(picture.width, picture.height, picture.channels);
  for (int y = 0; y < picture.height; ++y) watcher.AddRow(picture.Row(y));
  return watcher.Finish();
}

/// The picture as Predictive Mode sees it; empty where it is refused as an edit.
Plane<std::uint8_t> AsBase(const CorpusFile& file) {
  const InputFile edit{file.name, ReadWhole(file.path)};
  const Expected<PreparedEdit> base = PrepareEdit(edit, {.flatten = Flatten::kWhite}, {});
  if (!base) return {};
  Expected<DecodedJpeg> decoded = DecodeJpeg(base->file().bytes, {});
  return decoded ? std::move(decoded->pixels) : Plane<std::uint8_t>();
}

/// Charts, drawings and other pictures that no camera took, where a score is no mistake.
bool IsDrawn(const std::string& name) {
  return name.contains("text") || name.contains("test_chart") || name.contains("gainmapstego") ||
         name.contains("color-ring");
}

/// Mean of the absolute differences; both of one size.
double MeanDifference(const Plane<float>& a, const Plane<float>& b) {
  double sum = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      sum += std::abs(static_cast<double>(a.Row(y)[x]) - static_cast<double>(b.Row(y)[x]));
    }
  }
  return sum / a.width() / a.height();
}

TEST(GuardCorpusTest, OnlyPagesLookLikePages) {
  HDRP_NEEDS_CORPUS();
  int photographs = 0;
  for (const char* kind : {"sdr", "uhdr", "phone"}) {
    for (const CorpusFile& file : CorpusFiles(kind)) {
      const Plane<std::uint8_t> picture = AsBase(file);
      if (picture.empty()) continue;
      const PageEvidence found = EvidenceOf(picture.view());
      const double score = PageScore(found);
      Print(Formatted("| {}/{} | {:.3f} | {:.3f} | {:.3f} | {:.2f} |", kind, file.name, found.text,
                      found.flat, found.plain, score));
      if (file.name == "clic_text_screenshot.png") {
        EXPECT_EQ(score, 1);
      } else if (!IsDrawn(file.name)) {
        EXPECT_EQ(score, 0) << file.name;
        ++photographs;
      }
    }
  }
  EXPECT_GE(photographs, 50);
}

// Panoramas at three exposures, so that skies clip and branches stand before them.
TEST(GuardCorpusTest, PanoramasAtAnyExposureAreNoPages) {
  HDRP_NEEDS_CORPUS();
  for (const CorpusFile& file : CorpusFiles("hdri")) {
    const Bytes bytes = ReadWhole(file.path);
    const Expected<Plane<float>> light = ReadPicture(OpenRadiance, bytes);
    ASSERT_TRUE(light) << file.name;
    std::vector<float> samples;
    for (int y = 0; y < light->height(); ++y) {
      const auto row = light->view().RowSpan(y);
      samples.insert(samples.end(), row.begin(), row.end());
    }
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::ranges::nth_element(samples, middle);
    for (const float key : {0.1F, 0.25F, 0.5F}) {
      Plane<std::uint8_t> picture(light->width(), light->height(), light->channels());
      for (int y = 0; y < picture.height(); ++y) {
        std::ranges::transform(light->view().RowSpan(y), picture.Row(y), [&](float v) {
          const float linear = std::clamp(v * key / *middle, 0.0F, 1.0F);
          return static_cast<std::uint8_t>(std::lround(255 * std::pow(linear, 1 / 2.2F)));
        });
      }
      const PageEvidence found = EvidenceOf(picture.view());
      EXPECT_EQ(PageScore(found), 0) << file.name << " " << key;
      if (found.text > 0.05) {
        Print(Formatted("| {} at {} | {:.3f} | {:.3f} | {:.3f} | 0 |", file.name, key, found.text,
                        found.flat, found.plain));
      }
    }
  }
}

TEST(GuardCorpusTest, AScreenshotStaysAPageThroughJpegCoding) {
  HDRP_NEEDS_CORPUS();
  for (const CorpusFile& file : CorpusFiles("sdr")) {
    if (file.name != "clic_text_screenshot.png") continue;
    const Plane<std::uint8_t> page = AsBase(file);
    const Plane<std::uint8_t> sideways = Oriented(page.view(), Orientation::kRightTop);
    EXPECT_GE(PageScore(EvidenceOf(sideways.view())), 0.95);
    for (const int quality : {75, 85, 95}) {
      for (const bool subsample : {false, true}) {
        Request request;
        request.base = {
            "page.jpg",
            EncodeJpeg(page.view(), {.quality = quality, .subsample_chroma = subsample}).value()};
        const Expected<EditJpeg> base = ReadEditJpeg(request.base, {});
        ASSERT_TRUE(base);
        const Expected<PredictedGain> predicted =
            PredictGain(*base, request.options.predict, {request.limits, request.parallelism});
        ASSERT_TRUE(predicted);
        const Plane<float> zero(predicted->gain.stops.width(), predicted->gain.stops.height());
        EXPECT_LE(MeanDifference(predicted->gain.stops, zero), 0.1) << quality;
      }
    }
  }
}

/// Smooth noise of +-`stops`.
Plane<float> SmoothNoise(int width, int height, float stops) {
  std::mt19937 random(11);
  Plane<float> coarse(12, 9);
  for (int y = 0; y < 9; ++y) {
    for (float& sample : coarse.view().RowSpan(y)) {
      sample = stops * (2 * static_cast<float>(random() & 0xFFFF) / 0xFFFF - 1);
    }
  }
  return Resized(std::as_const(coarse).view(), width, height);
}

TEST(GuardCorpusTest, TheDefaultsCostAPerfectPredictorNothing) {
  HDRP_NEEDS_CORPUS();
  std::vector<CorpusFile> pairs = CorpusFiles("phone");
  for (const CorpusFile& file : CorpusFiles("uhdr")) {
    if (file.name.starts_with("pixel")) pairs.push_back(file);
  }
  double before = 0;
  double after = 0;
  for (const CorpusFile& file : pairs) {
    SCOPED_TRACE(file.name);
    Request request;
    request.base = {file.name, ReadWhole(file.path)};
    const Expected<Scene> pair = ReadScene(request);
    ASSERT_TRUE(pair) << pair.error().message;
    const Plane<float>& target = pair->target_stops;
    const Plane<std::uint8_t> picture = AsBase(file);
    AreaReducer reducer({picture.width(), picture.height()}, 3, {target.width(), target.height()});
    for (int y = 0; y < picture.height(); ++y) reducer.AddRow(picture.Row(y));
    const Plane<std::uint8_t> base = reducer.Take();
    const Plane<float> luma = CodedLuma(base.view());

    Log2Gain model{SmoothNoise(target.width(), target.height(), 0.2F)};
    for (int y = 0; y < target.height(); ++y) {
      for (int x = 0; x < target.width(); ++x) {
        // No model darkens: else the clamp would hide what the others cost.
        float& stops = model.stops.Row(y)[x];
        stops = std::max(0.0F, stops + target.Row(y)[x]);
      }
    }
    const double error = MeanDifference(model.stops, target);
    const GuardScene scene{base.view(), luma.view(), PageScore(EvidenceOf(picture.view()))};
    const Expected<GuardedGain> guarded =
        ApplyGuards({model.stops.Clone()}, scene, GuardStrengths());
    ASSERT_TRUE(guarded);
    const double guarded_error = MeanDifference(guarded->gain.stops, target);
    std::string effects;
    for (const GuardEffect& effect : guarded->effects) {
      if (effect.mean_change_stops > 0) {
        effects += Formatted(" {} {:.4f}", NameOf(effect.guard), effect.mean_change_stops);
      }
    }
    Print(Formatted("| {} | {:.4f} | {:.4f} |{} |", file.name, error, guarded_error, effects));
    EXPECT_LE(guarded_error, error + 0.02);
    before += error;
    after += guarded_error;
  }
  ASSERT_GE(pairs.size(), 15U);
  EXPECT_LE(after, 1.05 * before);
  Print(Formatted("| mean of {} | {:.4f} | {:.4f} | |", pairs.size(),
                  before / static_cast<double>(pairs.size()),
                  after / static_cast<double>(pairs.size())));
}

struct Region {
  std::string file, kind, note;
  double x = 0, y = 0, w = 0, h = 0;
};

std::vector<Region> SkinRegions() {
  const Bytes bytes = ReadWhole(SourceFolder() / "tests/data/skin_regions.tsv");
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::vector<Region> regions;
  std::string line;
  std::getline(lines, line);  // the columns' names
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    Region region;
    cells >> region.file >> region.x >> region.y >> region.w >> region.h >> region.kind >> std::ws;
    std::getline(cells, region.note);
    regions.push_back(region);
  }
  return regions;
}

TEST(GuardCorpusTest, SkinIsToldByChromaAsWellAsDocumented) {
  HDRP_NEEDS_CORPUS();
  double found[2] = {0, 0};
  int count[2] = {0, 0};
  for (const Region& region : SkinRegions()) {
    SCOPED_TRACE(region.file + ": " + region.note);
    const CorpusFile file{"", region.file, *CorpusFolder() / region.file, {}};
    const Plane<std::uint8_t> picture = AsBase(file);
    ASSERT_FALSE(picture.empty());
    const RasterSize small{(picture.width() + 3) / 4, (picture.height() + 3) / 4};
    AreaReducer reducer({picture.width(), picture.height()}, 3, small);
    for (int y = 0; y < picture.height(); ++y) reducer.AddRow(picture.Row(y));
    const Plane<std::uint8_t> base = reducer.Take();
    const int x0 = static_cast<int>(region.x * small.width);
    const int y0 = static_cast<int>(region.y * small.height);
    const int x1 = static_cast<int>((region.x + region.w) * small.width);
    const int y1 = static_cast<int>((region.y + region.h) * small.height);
    ASSERT_TRUE(x1 > x0 && y1 > y0 && x1 <= small.width && y1 <= small.height);
    double share = 0;
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        const auto at = [&](int c) { return base.view().At(x, y, c); };
        share += SkinLikeness(at(0), at(1), at(2)) > 0.5F ? 1 : 0;
      }
    }
    share /= static_cast<double>(x1 - x0) * (y1 - y0);
    Print(Formatted("| {} | {} | {:.2f} |", region.kind, region.note, share));
    const bool skin = region.kind == "skin";
    EXPECT_TRUE(skin || region.kind == "not_skin");
    found[skin ? 1 : 0] += share;
    ++count[skin ? 1 : 0];
  }
  ASSERT_GE(count[0], 10);
  ASSERT_GE(count[1], 10);
  Print(Formatted("mean share: skin {:.3f} of {}, not skin {:.3f} of {}", found[1] / count[1],
                  count[1], found[0] / count[0], count[0]));
  EXPECT_GE(found[1] / count[1], 0.75);
  EXPECT_LE(found[0] / count[0], 0.12);
}

}  // namespace
}  // namespace hdrp::test
