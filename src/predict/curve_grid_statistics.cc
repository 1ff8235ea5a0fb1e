#include "predict/curve_grid_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>

namespace hdrp {
namespace {

constexpr int kSide = CurveGridShape::kThumbnail / 2;
constexpr auto kCount = static_cast<std::size_t>(kSide) * kSide;

using Samples = std::vector<float>;  // kSide x kSide

/// One cell's part of an axis.
struct Taps {
  int first = 0;
  std::vector<double> weights;  ///< their sum is 1
};

[[nodiscard]] std::vector<Taps> CellsAlong(int pixels) {
  std::vector<Taps> cells(CurveGridShape::kThumbnail);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double size = static_cast<double>(pixels) / CurveGridShape::kThumbnail;
    const double from = static_cast<double>(i) * size, to = from + size;
    Taps& cell = cells[i];
    cell.first = std::min(static_cast<int>(from), pixels - 1);
    double sum = 0;
    for (int k = cell.first; k < pixels && k < to; ++k) {
      const double inside = std::min(to, k + 1.0) - std::max(from, static_cast<double>(k));
      if (inside <= 0 && !cell.weights.empty()) break;
      cell.weights.push_back(std::max(inside, 0.0));
      sum += cell.weights.back();
    }
    for (double& weight : cell.weights) weight /= sum;
  }
  return cells;
}

struct Components {
  Samples luma, most, least, chroma, red_less_luma, blue_less_luma;
};

[[nodiscard]] Components ComponentsOf(const Plane<float>& halved) {
  Components result;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const float* rgb = halved.Row(y) + 3 * x;
      const float r = rgb[0], g = rgb[1], b = rgb[2];
      const float luma = 0.2126F * r + 0.7152F * g + 0.0722F * b;
      const auto [least, most] = std::minmax({r, g, b});
      result.luma.push_back(luma);
      result.most.push_back(most);
      result.least.push_back(least);
      result.chroma.push_back(most - least);
      result.red_less_luma.push_back(r - luma);
      result.blue_less_luma.push_back(b - luma);
    }
  }
  return result;
}

/// Nearest rank at each of the shares, which rise.
void AddAt(Samples samples, std::initializer_list<double> shares, std::vector<float>& out) {
  std::ranges::sort(samples);
  for (const double share : shares) {
    out.push_back(samples[static_cast<std::size_t>(share * (kCount - 1) + 0.5)]);
  }
}

[[nodiscard]] float Ramp(float v, float from, float to) {
  return std::clamp((v - from) / (to - from), 0.0F, 1.0F);
}

[[nodiscard]] float Mean(const Samples& values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v);
  return static_cast<float>(sum / static_cast<double>(values.size()));
}

[[nodiscard]] float MeanRamp(const Samples& samples, float from, float to) {
  Samples ramps(samples.size());
  std::ranges::transform(samples, ramps.begin(), [&](float v) { return Ramp(v, from, to); });
  return Mean(ramps);
}

[[nodiscard]] float MeanOf(const Samples& luma, int left, int top, int right, int bottom) {
  double sum = 0;
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      sum += static_cast<double>(luma[static_cast<std::size_t>(y * kSide + x)]);
    }
  }
  return static_cast<float>(sum / ((right - left) * (bottom - top)));
}

/// |difference| of neighbours, one below the other or side by side.
[[nodiscard]] Samples Steps(const Samples& luma, bool down) {
  Samples steps;
  for (int y = 0; y + (down ? 1 : 0) < kSide; ++y) {
    for (int x = 0; x + (down ? 0 : 1) < kSide; ++x) {
      const auto at = static_cast<std::size_t>(y * kSide + x);
      steps.push_back(std::abs(luma[at + (down ? kSide : 1)] - luma[at]));
    }
  }
  return steps;
}

[[nodiscard]] float DeviationOf(const Samples& samples, float mean) {
  double sum = 0;
  for (const float v : samples) {
    const double off = static_cast<double>(v) - static_cast<double>(mean);
    sum += off * off;
  }
  return static_cast<float>(std::sqrt(sum / kCount + 1e-12));
}

}  // namespace

Plane<float> ThumbnailOf(PlaneView<const std::uint8_t> coded) {
  constexpr int kTo = CurveGridShape::kThumbnail;
  const std::vector<Taps> across = CellsAlong(coded.width), down = CellsAlong(coded.height);
  Plane<float> thumbnail(kTo, kTo, 3);
  std::vector<double> row(static_cast<std::size_t>(coded.width) *
                          static_cast<std::size_t>(coded.channels));
  for (int y = 0; y < kTo; ++y) {
    std::ranges::fill(row, 0.0);
    const Taps& rows = down[static_cast<std::size_t>(y)];
    for (std::size_t k = 0; k < rows.weights.size(); ++k) {
      const std::uint8_t* from = coded.Row(rows.first + static_cast<int>(k));
      for (std::size_t x = 0; x < row.size(); ++x) row[x] += rows.weights[k] * from[x];
    }
    for (int x = 0; x < kTo; ++x) {
      const Taps& columns = across[static_cast<std::size_t>(x)];
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < columns.weights.size(); ++k) {
          const auto column = static_cast<std::size_t>(columns.first) + k;
          sum += columns.weights[k] * row[column * static_cast<std::size_t>(coded.channels) +
                                          static_cast<std::size_t>(coded.channels == 1 ? 0 : c)];
        }
        thumbnail.view().At(x, y, c) = static_cast<float>(sum / 255);
      }
    }
  }
  return thumbnail;
}

Plane<float> Halved(const Plane<float>& thumbnail) {
  Plane<float> halved(kSide, kSide, 3);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](int dx, int dy) {
          return thumbnail.view().At(2 * x + dx, 2 * y + dy, c);
        };
        halved.view().At(x, y, c) = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      }
    }
  }
  return halved;
}

std::array<float, CurveGridShape::kStatistics> StatisticsOf(const Plane<float>& halved) {
  const Components p = ComponentsOf(halved);
  std::vector<float> s;
  s.reserve(CurveGridShape::kStatistics);
  AddAt(p.luma, {.01, .05, .10, .25, .50, .75, .90, .95, .99}, s);
  AddAt(p.most, {.10, .25, .50, .75, .90, .99}, s);
  AddAt(p.chroma, {.25, .50, .75, .95}, s);
  s.push_back(MeanRamp(p.most, .94F, 1));
  s.push_back(MeanRamp(p.most, .8F, 1));
  s.push_back(MeanRamp(p.luma, .7F, .9F));
  s.push_back(MeanRamp(p.luma, .5F, .7F));
  s.push_back(1 - MeanRamp(p.luma, 0, .08F));
  s.push_back(1 - MeanRamp(p.luma, 0, .2F));
  s.push_back(MeanRamp(p.least, .75F, .95F));
  const float mean = Mean(p.luma);
  s.push_back(mean);
  s.push_back(DeviationOf(p.luma, mean));
  constexpr int kThird = kSide / 3, kQuarter = kSide / 4;
  for (int part = 0; part < 3; ++part) {
    s.push_back(MeanOf(p.luma, 0, part * kThird, kSide, (part + 1) * kThird));
  }
  s.push_back(MeanOf(p.luma, kQuarter, kQuarter, kSide - kQuarter, kSide - kQuarter));
  s.push_back(Mean(p.red_less_luma));
  s.push_back(Mean(p.blue_less_luma));
  const Samples steps_across = Steps(p.luma, false);
  s.push_back(Mean(steps_across));
  s.push_back(Mean(Steps(p.luma, true)));
  s.push_back(MeanRamp(steps_across, .05F, .15F));
  constexpr int kBlock = 8;
  std::vector<float> blocks;
  for (int y = 0; y < kSide; y += kBlock) {
    for (int x = 0; x < kSide; x += kBlock) {
      blocks.push_back(MeanOf(p.luma, x, y, x + kBlock, y + kBlock));
    }
  }
  s.push_back(std::ranges::max(blocks));
  s.push_back(std::ranges::min(blocks));
  std::array<float, CurveGridShape::kStatistics> result{};
  std::ranges::copy(s, result.begin());
  return result;
}

}  // namespace hdrp
