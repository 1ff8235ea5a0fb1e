// Edited regions on photographs: what was painted, removed, replaced or cloned is found, and what
// was only toned is not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "align/changes/edited_regions.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "support/corpus.h"
#include "support/luma_edits.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using Luma = Plane<std::uint8_t>;
using View = PlaneView<const std::uint8_t>;

/// Phone photographs at 1/4 scale: about 1000 pixels on the long side. All of them where
/// HDR_PROCESS_EDITS is set (make test-align), else every fifth.
[[nodiscard]] std::vector<Luma> Photos() {
  std::vector<Luma> photos;
  const auto add = [&](const std::string& relative) {
    Expected<DecodedJpeg> decoded =
        DecodeJpeg(test::ReadCorpus(relative),
                   {.output = JpegOutput::kGray, .scale_denominator = 4, .limits = {}, .stop = {}});
    ASSERT_TRUE(decoded) << decoded.error().message;
    photos.push_back(std::move(decoded->pixels));
  };
  for (const test::CorpusFile& file : test::CorpusFiles("phone")) add("phone/" + file.name);
  for (const std::string name : {"pixel6pro_mishaal_01.jpg", "pixel_lamps.jpg",
                                 "pixel_night_highrise.jpg", "pixel_desert_palms.jpg"}) {
    add("uhdr/" + name);
  }
  if (std::getenv("HDR_PROCESS_EDITS") == nullptr) {
    std::vector<Luma> few;
    for (std::size_t i = 0; i < photos.size(); i += 5) few.push_back(std::move(photos[i]));
    return few;
  }
  return photos;
}

/// As the pipeline looks at it.
[[nodiscard]] Luma Small(const Luma& luma) {
  const double scale = std::min(1.0, 512.0 / std::max(luma.width(), luma.height()));
  Plane<float> codes(luma.width(), luma.height());
  for (int y = 0; y < luma.height(); ++y) std::ranges::copy(luma.view().RowSpan(y), codes.Row(y));
  const Plane<float> small =
      Resized(std::as_const(codes).view(), static_cast<int>(std::lround(luma.width() * scale)),
              static_cast<int>(std::lround(luma.height() * scale)));
  return test::MappedLuma(Luma(small.width(), small.height()).view(), [&](double, int x, int y) {
    return static_cast<double>(small.Row(y)[x]);
  });
}

[[nodiscard]] double Uniform(std::mt19937& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random()) / 4294967295.0;
}

[[nodiscard]] Luma Blurred(View luma, double sigma) {
  const int reach = static_cast<int>(std::ceil(3 * sigma));
  const auto along = [&](View from, int dx, int dy) {
    return test::MappedLuma(from, [&](double, int x, int y) {
      double sum = 0, weights = 0;
      for (int k = -reach; k <= reach; ++k) {
        const int u = std::clamp(x + k * dx, 0, from.width - 1),
                  v = std::clamp(y + k * dy, 0, from.height - 1);
        const double weight = std::exp(-k * k / (2 * sigma * sigma));
        sum += weight * from.At(u, v);
        weights += weight;
      }
      return sum / weights;
    });
  };
  const Luma rows = along(luma, 1, 0);
  return along(std::as_const(rows).view(), 0, 1);
}

struct ToneEdit {
  std::string name;
  std::function<Luma(View)> apply;
};

/// SamePictureEdits without what paints, and what needs more than a curve.
[[nodiscard]] std::vector<ToneEdit> ToneEdits() {
  std::vector<ToneEdit> edits;
  for (const test::LumaEdit& edit : test::SamePictureEdits()) {
    if (edit.name != "a fifth painted over") edits.push_back({edit.name, edit.apply});
  }
  edits.push_back({"a face dodged by a stop", [](View luma) {
                     return test::MappedLuma(luma, [&](double v, int x, int y) {
                       const double u = (x - 0.4 * luma.width) / (0.15 * luma.width);
                       const double w = (y - 0.5 * luma.height) / (0.15 * luma.width);
                       return v * (1 + std::exp(-(u * u + w * w) / 2));
                     });
                   }});
  edits.push_back({"sky darkened by a gradient", [](View luma) {
                     return test::MappedLuma(luma, [&](double v, int, int y) {
                       return v * std::min(1.0, 0.35 + 1.3 * y / luma.height);
                     });
                   }});
  edits.push_back({"sharpened", [](View luma) {
                     const Luma soft = Blurred(luma, 1.5);
                     return test::MappedLuma(luma, [&](double v, int x, int y) {
                       return v + 1.2 * (v - soft.Row(y)[x]);
                     });
                   }});
  edits.push_back({"clarity", [](View luma) {
                     const Luma soft = Blurred(luma, 12);
                     return test::MappedLuma(luma, [&](double v, int x, int y) {
                       return v + 0.8 * (v - soft.Row(y)[x]);
                     });
                   }});
  edits.push_back({"noise reduction", [](View luma) { return Blurred(luma, 1.2); }});
  return edits;
}

struct ContentEdit {
  std::string name;
  /// Value in the region; `other` is another photograph.
  std::function<double(View luma, View other, int x, int y, int left, int top, int width,
                       int height, int variant)>
      at;
};

[[nodiscard]] std::vector<ContentEdit> ContentEdits() {
  return {
      {"removed",  // what is around drawn over it
       [](View luma, View, int x, int y, int left, int top, int width, int height, int) {
         const auto code = [&](int u, int v) {
           return static_cast<double>(
               luma.At(std::clamp(u, 0, luma.width - 1), std::clamp(v, 0, luma.height - 1)));
         };
         const double s = static_cast<double>(x - left) / width,
                      t = static_cast<double>(y - top) / height;
         const double across = (1 - s) * code(left - 4, y) + s * code(left + width + 4, y);
         const double down = (1 - t) * code(x, top - 4) + t * code(x, top + height + 4);
         return (across + down) / 2;
       }},
      {"replaced",  // by a part of another photograph
       [](View, View other, int x, int y, int, int, int, int, int) {
         return static_cast<double>(other.At(x % other.width, y % other.height));
       }},
      {"cloned",  // from another part of the same
       [](View luma, View, int x, int y, int left, int, int width, int, int) {
         const int shift = left > luma.width / 2 ? -width : width;
         return static_cast<double>(luma.At(std::clamp(x + shift, 0, luma.width - 1), y));
       }},
      {"lettered",  // a plate with bars like letters
       [](View, View, int x, int y, int left, int top, int width, int height, int variant) {
         const int cell = std::max(4, height / 5);
         const bool ink = ((x - left) / (cell / 2)) % 3 == 1 && ((y - top) / cell) % 2 == 1 &&
                          x - left < width - cell;
         return ink ? (variant % 2 == 0 ? 20.0 : 245.0) : (variant % 2 == 0 ? 235.0 : 15.0);
       }},
  };
}

constexpr double kSeenCodes = 20;

struct Scored {
  double both = 0, either = 0;
  [[nodiscard]] double Iou() const { return either == 0 ? 1 : both / either; }
};
[[nodiscard]] Scored Compared(const Luma& found, const Luma& truth) {
  Scored scored;
  for (int y = 0; y < found.height(); ++y) {
    for (int x = 0; x < found.width(); ++x) {
      const bool f = found.Row(y)[x] > 127, t = truth.Row(y)[x] > 127;
      scored.both += f && t ? 1 : 0;
      scored.either += f || t ? 1 : 0;
    }
  }
  return scored;
}

TEST(EditedRegionsCorpusTest, ToneIsNoContent) {
  HDRP_NEEDS_CORPUS();
  const std::vector<Luma> photos = Photos();
  double sum = 0, worst = 0;
  int count = 0;
  for (const ToneEdit& edit : ToneEdits()) {
    double of_edit = 0, top = 0;
    int none = 0;
    for (const Luma& photo : photos) {
      const Luma toned = edit.apply(photo.view());
      const Luma mask = EditedRegions(Small(toned).view(), Small(photo).view());
      double found = 0;
      for (int y = 0; y < mask.height(); ++y)
        found += static_cast<double>(std::ranges::count(mask.view().RowSpan(y), 255));
      found /= static_cast<double>(mask.width()) * mask.height();
      of_edit += found;
      top = std::max(top, found);
      none += found == 0 ? 1 : 0;
    }
    std::printf("%-28s mean %.4f  worst %.4f  untouched %d of %zu\n", edit.name.c_str(),
                of_edit / static_cast<double>(photos.size()), top, none, photos.size());
    sum += of_edit;
    count += static_cast<int>(photos.size());
    worst = std::max(worst, top);
  }
  std::printf("mean %.4f worst %.4f\n", sum / count, worst);
  EXPECT_LT(sum / count, 0.02);
}

TEST(EditedRegionsCorpusTest, ContentIsFoundWhateverTheTone) {
  HDRP_NEEDS_CORPUS();
  const std::vector<Luma> photos = Photos();
  const std::vector<ToneEdit> tones = ToneEdits();
  std::mt19937 random(5);
  double sum = 0;
  int count = 0;
  for (const ContentEdit& edit : ContentEdits()) {
    double of_edit = 0;
    std::vector<double> scores;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      for (int variant = 0; variant < 3; ++variant) {
        const View photo = photos[i].view();
        const View other = photos[(i + 7) % photos.size()].view();
        int width = 0, height = 0, left = 0, top = 0;
        const auto place = [&] {
          width = static_cast<int>(Uniform(random, 0.1, 0.45) * photo.width);
          height = static_cast<int>(Uniform(random, 0.1, 0.45) * photo.height);
          left = static_cast<int>(Uniform(random, 0.02, 0.98) * (photo.width - width));
          top = static_cast<int>(Uniform(random, 0.02, 0.98) * (photo.height - height));
        };
        const bool ellipse = edit.name != "lettered" && variant != 0;
        const auto inside = [&](int x, int y) {
          if (!ellipse) return x >= left && x < left + width && y >= top && y < top + height;
          const double u = (x - left - width / 2.0) / (width / 2.0),
                       w = (y - top - height / 2.0) / (height / 2.0);
          return u * u + w * w < 1;
        };
        // An object is something to be seen: places where the edit changes next to nothing are
        // none.
        const auto change = [&] {
          double changed = 0;
          for (int y = top; y < top + height; ++y) {
            for (int x = left; x < left + width; ++x) {
              changed += std::abs(edit.at(photo, other, x, y, left, top, width, height, variant) -
                                  photo.At(x, y));
            }
          }
          return changed / (static_cast<double>(width) * height);
        };
        for (int tries = 0; tries == 0 || (tries < 50 && change() < kSeenCodes); ++tries) place();
        const Luma painted = test::MappedLuma(photo, [&](double v, int x, int y) {
          return inside(x, y) ? edit.at(photo, other, x, y, left, top, width, height, variant) : v;
        });
        const Luma truth = test::MappedLuma(
            photo, [&](double, int x, int y) { return inside(x, y) ? 255.0 : 0.0; });
        const ToneEdit& tone = tones[random() % tones.size()];
        const Luma mask =
            EditedRegions(Small(tone.apply(painted.view())).view(), Small(photos[i]).view());
        const double iou = Compared(mask, Small(truth)).Iou();
        scores.push_back(iou);
        of_edit += iou;
        if (iou < 0.5)
          std::printf("  %s photo %zu variant %d %s %dx%d: %.2f\n", edit.name.c_str(), i, variant,
                      tone.name.c_str(), width, height, iou);
      }
    }
    std::ranges::sort(scores);
    std::printf("%-10s mean %.3f  median %.3f  tenth %.3f\n", edit.name.c_str(),
                of_edit / static_cast<double>(scores.size()), scores[scores.size() / 2],
                scores[scores.size() / 10]);
    sum += of_edit;
    count += static_cast<int>(scores.size());
  }
  std::printf("mean %.3f\n", sum / count);
  EXPECT_GE(sum / count, 0.7);
}

}  // namespace
}  // namespace hdrp
