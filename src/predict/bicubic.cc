#include "predict/bicubic.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

namespace hdrp {
namespace {

constexpr double kA = -0.75;

/// Keys 1981, "Cubic convolution interpolation for digital image processing", eq. 4 with free a.
[[nodiscard]] double Cubic(double distance) {
  const double x = std::abs(distance);
  if (x <= 1) return ((kA + 2) * x - (kA + 3)) * x * x + 1;
  if (x < 2) return ((kA * x - 5 * kA) * x + 8 * kA) * x - 4 * kA;
  return 0;
}

}  // namespace

std::vector<BicubicReducer::Taps> BicubicReducer::TapsOf(int from, int to) {
  std::vector<Taps> taps;
  for (int i = 0; i < to; ++i) {
    const double at = (i + 0.5) * from / to - 0.5;
    Taps tap{.first = static_cast<int>(std::floor(at)) - 1, .weights = {}};
    for (std::size_t k = 0; k < 4; ++k) {
      tap.weights[k] = static_cast<float>(Cubic(at - (tap.first + static_cast<int>(k))));
    }
    taps.push_back(tap);
  }
  return taps;
}

BicubicReducer::BicubicReducer(RasterSize from, int channels, RasterSize to)
    : from_(from),
      channels_(static_cast<std::size_t>(channels)),
      columns_(TapsOf(from.width, to.width)),
      rows_(TapsOf(from.height, to.height)),
      resized_(to.width, to.height, channels) {
  for (std::vector<float>& row : recent_) row.resize(columns_.size() * channels_);
}

void BicubicReducer::AddRow(const std::uint8_t* row) {
  assert(rows_added_ < from_.height);
  float* to = recent_[static_cast<std::size_t>(rows_added_) % 4].data();
  for (const Taps& tap : columns_) {
    for (std::size_t c = 0; c < channels_; ++c) {
      float sum = 0;
      for (int k = 0; k < 4; ++k) {
        const int x = std::clamp(tap.first + k, 0, from_.width - 1);
        sum += tap.weights[static_cast<std::size_t>(k)] *
               row[static_cast<std::size_t>(x) * channels_ + c];
      }
      *to++ = sum;
    }
  }
  const int added = rows_added_++;
  const auto needed = [&](int y) {
    return std::min(rows_[static_cast<std::size_t>(y)].first + 3, from_.height - 1);
  };
  while (rows_finished_ < resized_.height() && needed(rows_finished_) <= added) {
    FinishRow(rows_finished_++);
  }
}

void BicubicReducer::FinishRow(int y) {
  const Taps& tap = rows_[static_cast<std::size_t>(y)];
  const std::span<float> to = resized_.view().RowSpan(y);
  for (std::size_t i = 0; i < to.size(); ++i) {
    float sum = 0;
    for (int k = 0; k < 4; ++k) {
      const int row = std::clamp(tap.first + k, 0, from_.height - 1);
      sum +=
          tap.weights[static_cast<std::size_t>(k)] * recent_[static_cast<std::size_t>(row) % 4][i];
    }
    to[i] = std::clamp(sum / 255.0F, 0.0F, 1.0F);
  }
}

Plane<float> BicubicReducer::Take() {
  assert(rows_added_ == from_.height && rows_finished_ == resized_.height());
  return std::move(resized_);
}

Plane<float> BicubicResized(PlaneView<const std::uint8_t> coded, RasterSize to) {
  BicubicReducer reducer({coded.width, coded.height}, coded.channels, to);
  for (int y = 0; y < coded.height; ++y) reducer.AddRow(coded.Row(y));
  return reducer.Take();
}

}  // namespace hdrp
