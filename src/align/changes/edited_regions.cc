#include "align/changes/edited_regions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "align/changes/box.h"
#include "align/tone/luma_codes.h"
#include "align/tone/tone_curve.h"

namespace hdrp {
namespace {

constexpr int kWindow = 5;           // pixels each way, over which structure is compared
constexpr int kSurroundings = 8;     // pixels each way, whose mean is taken away first
constexpr float kNoise = 3;          // codes; standard deviation below which there is no structure
constexpr float kDiffers = 0.5F;     // of evidence (0..1)
constexpr int kToneReach = 40;       // pixels each way, over which local tone is taken to be even
constexpr float kToneTrust = 0.02F;  // share of agreeing structure there from which it is known
constexpr float kLevelLeast = 10, kLevelMost = 30;  // codes off the local tone: no evidence .. full
constexpr int kOpen = 3;   // pixels each way; what is smaller is a misaligned edge, not an object
constexpr int kClose = 6;  // gaps within one object
constexpr double kLeastArea = 0.001;  // share of the picture
constexpr double kEnclosed = 0.3;     // share of a border that is an edge of what differs

constexpr std::uint8_t kSame = 0, kOffLevel = 128, kDiffering = 255;

using FloatPlane = Plane<float>;

[[nodiscard]] FloatPlane Toned(PlaneView<const std::uint8_t> reference,
                               const std::array<float, 256>& curve) {
  FloatPlane result(reference.width, reference.height);
  for (int y = 0; y < reference.height; ++y) {
    std::ranges::transform(reference.RowSpan(y), result.Row(y),
                           [&](std::uint8_t code) { return curve[code]; });
  }
  return result;
}

template <typename Of>
[[nodiscard]] FloatPlane Combined(const FloatPlane& a, const FloatPlane& b, Of of) {
  FloatPlane result(a.width(), a.height());
  for (int y = 0; y < a.height(); ++y) {
    std::ranges::transform(a.view().RowSpan(y), b.view().RowSpan(y), result.Row(y), of);
  }
  return result;
}

[[nodiscard]] float Product(float a, float b) { return a * b; }

/// Codes less their surroundings' mean, in which soft gradients are nothing.
[[nodiscard]] FloatPlane Detail(const FloatPlane& codes) {
  return Combined(codes, BoxMean(codes, kSurroundings), std::minus<>());
}

struct Structure {
  FloatPlane differs;  ///< 0..1: structure of one that the other has not
  FloatPlane agrees;   ///< 0..1: structure of both
};

/// Around each pixel.
[[nodiscard]] FloatPlane Energy(const FloatPlane& detail) {
  return BoxMean(Combined(detail, detail, Product), kWindow);
}

/// Of two planes of detail; `ee`: the edit's energy.
[[nodiscard]] Structure CompareDetail(const FloatPlane& edit, const FloatPlane& ee,
                                      const FloatPlane& reference) {
  const FloatPlane rr = Energy(reference);
  const FloatPlane er = BoxMean(Combined(edit, reference, Product), kWindow);
  Structure result{FloatPlane(edit.width(), edit.height()),
                   FloatPlane(edit.width(), edit.height())};
  constexpr float kNoiseEnergy = kNoise * kNoise;
  for (int y = 0; y < edit.height(); ++y) {
    for (int x = 0; x < edit.width(); ++x) {
      const float e = ee.Row(y)[x], r = rr.Row(y)[x];
      const float larger = std::max(e, r);
      const float present = larger / (larger + 4 * kNoiseEnergy);
      const float correlation =
          std::max(0.0F, er.Row(y)[x]) / std::sqrt((e + kNoiseEnergy) * (r + kNoiseEnergy));
      result.differs.Row(y)[x] = present * (1 - correlation * correlation);
      result.agrees.Row(y)[x] = present * correlation;
    }
  }
  return result;
}

/// How far the edit's level is from what the curve and, around structure of both, the local tone
/// explain: what was dodged, burnt or vignetted has another level together with that structure.
/// 0..1.
[[nodiscard]] FloatPlane OffLevel(const FloatPlane& edit, const FloatPlane& toned,
                                  const FloatPlane& agrees) {
  const FloatPlane level = BoxMean(Combined(edit, toned, std::minus<>()), kWindow);
  const FloatPlane known = BoxMean(agrees, kToneReach);
  const FloatPlane tone = BoxMean(Combined(agrees, level, Product), kToneReach);
  FloatPlane result(edit.width(), edit.height());
  for (int y = 0; y < edit.height(); ++y) {
    for (int x = 0; x < edit.width(); ++x) {
      const float unexplained =
          std::abs(level.Row(y)[x] - tone.Row(y)[x] / (known.Row(y)[x] + kToneTrust));
      result.Row(y)[x] =
          (1 - agrees.Row(y)[x]) *
          std::clamp((unexplained - kLevelLeast) / (kLevelMost - kLevelLeast), 0.0F, 1.0F);
    }
  }
  return result;
}

struct Evidence {
  FloatPlane differs;  ///< 0..1, in structure
  FloatPlane level;    ///< 0..1, in level
};

[[nodiscard]] Evidence Compare(PlaneView<const std::uint8_t> edit_codes,
                               PlaneView<const std::uint8_t> reference_codes) {
  const FloatPlane edit = Floats(edit_codes);
  const FloatPlane toned = Toned(reference_codes, ToneCurve(edit_codes, reference_codes));
  const FloatPlane detail = Detail(edit);
  const FloatPlane energy = Energy(detail);
  // What the curve clips is no structure any more, and what it flattens by mistake is.
  const Structure as_toned = CompareDetail(detail, energy, Detail(toned));
  const Structure as_is = CompareDetail(detail, energy, Detail(Floats(reference_codes)));
  const auto least = [](float a, float b) { return std::min(a, b); };
  const auto most = [](float a, float b) { return std::max(a, b); };
  const FloatPlane agrees = Combined(as_toned.agrees, as_is.agrees, most);
  return {Combined(as_toned.differs, as_is.differs, least), OffLevel(edit, toned, agrees)};
}

/// Connected places of equal value (four neighbours), numbered.
struct Places {
  std::vector<int> of_pixel;
  int count = 0;
};
[[nodiscard]] Places PlacesOf(const Plane<std::uint8_t>& mask) {
  const int width = mask.width(), height = mask.height();
  Places places{
      std::vector<int>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), -1), 0};
  std::vector<int> open;
  for (int start = 0; start < width * height; ++start) {
    if (places.of_pixel[static_cast<std::size_t>(start)] >= 0) continue;
    const std::uint8_t value = mask.Row(start / width)[start % width];
    open.assign(1, start);
    places.of_pixel[static_cast<std::size_t>(start)] = places.count;
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      const int x = at % width, y = at / width;
      const auto visit = [&](int nx, int ny) {
        if (nx < 0 || ny < 0 || nx >= width || ny >= height || mask.Row(ny)[nx] != value) return;
        int& place = places.of_pixel[static_cast<std::size_t>(ny * width + nx)];
        if (place >= 0) return;
        place = places.count;
        open.push_back(ny * width + nx);
      };
      visit(x - 1, y);
      visit(x + 1, y);
      visit(x, y - 1);
      visit(x, y + 1);
    }
    ++places.count;
  }
  return places;
}

/// Places off in level alone become part of what differs where that surrounds them: a soft change
/// of tone ends without an edge, what was pasted does not. Small places are dropped.
void Settle(Plane<std::uint8_t>& mask) {
  const int width = mask.width(), height = mask.height();
  const Places places = PlacesOf(mask);
  struct Border {
    int to_differing = 0, to_rest = 0;
  };
  std::vector<Border> borders(static_cast<std::size_t>(places.count));
  const auto border_at = [&](int x, int y) -> Border& {
    return borders[static_cast<std::size_t>(
        places.of_pixel[static_cast<std::size_t>(y * width + x)])];
  };
  const auto meet = [&](int x, int y, int u, int v) {
    const std::uint8_t here = mask.Row(y)[x], there = mask.Row(v)[u];
    if (here == there) return;
    (there == kDiffering ? border_at(x, y).to_differing : border_at(x, y).to_rest) += 1;
    (here == kDiffering ? border_at(u, v).to_differing : border_at(u, v).to_rest) += 1;
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (x + 1 < width) meet(x, y, x + 1, y);
      if (y + 1 < height) meet(x, y, x, y + 1);
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t& value = mask.Row(y)[x];
      const Border& border = border_at(x, y);
      if (value == kOffLevel) {
        const bool enclosed =
            border.to_differing > kEnclosed * (border.to_differing + border.to_rest);
        value = enclosed ? kDiffering : kSame;
      }
    }
  }
}

/// Places smaller than kLeastArea, holes among them, become what is around them.
void DropSmall(Plane<std::uint8_t>& mask) {
  const Places places = PlacesOf(mask);
  std::vector<int> pixels(static_cast<std::size_t>(places.count));
  for (const int place : places.of_pixel) ++pixels[static_cast<std::size_t>(place)];
  const double least = kLeastArea * static_cast<double>(places.of_pixel.size());
  for (int y = 0; y < mask.height(); ++y) {
    for (int x = 0; x < mask.width(); ++x) {
      const int place = places.of_pixel[static_cast<std::size_t>(y * mask.width() + x)];
      std::uint8_t& value = mask.Row(y)[x];
      if (pixels[static_cast<std::size_t>(place)] < least) {
        value = value == kSame ? kDiffering : kSame;
      }
    }
  }
}

[[nodiscard]] Plane<std::uint8_t> Above(const FloatPlane& evidence) {
  Plane<std::uint8_t> mask(evidence.width(), evidence.height());
  for (int y = 0; y < evidence.height(); ++y) {
    std::ranges::transform(evidence.view().RowSpan(y), mask.Row(y),
                           [](float e) { return e > kDiffers ? kDiffering : kSame; });
  }
  return mask;
}

}  // namespace

Plane<std::uint8_t> EditedRegions(PlaneView<const std::uint8_t> edit,
                                  PlaneView<const std::uint8_t> reference) {
  const Evidence evidence = Compare(edit, reference);
  Plane<std::uint8_t> mask = Above(evidence.differs);
  mask = BoxMax(BoxMin(mask, kOpen), kOpen);
  mask = BoxMin(BoxMax(mask, kClose), kClose);
  const Plane<std::uint8_t> off = Above(evidence.level);
  for (int y = 0; y < mask.height(); ++y) {
    for (int x = 0; x < mask.width(); ++x) {
      if (mask.Row(y)[x] == kSame && off.Row(y)[x] != kSame) mask.Row(y)[x] = kOffLevel;
    }
  }
  Settle(mask);
  // A window sees what differs from half of its reach away.
  mask = BoxMax(BoxMin(mask, kOpen + kWindow / 2), kOpen);
  DropSmall(mask);
  return mask;
}

}  // namespace hdrp
