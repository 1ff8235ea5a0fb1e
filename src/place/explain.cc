#include "place/explain.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "align/tone/rank_curve.h"
#include "package/png_write.h"

namespace hdrp {
namespace {

/// For each code of the reference the edit's that is as rare where both show the same: what an edit
/// does to tone is no difference. By rank, so that pictures that do not lie on each other keep
/// their contrast.
[[nodiscard]] std::vector<std::uint8_t> ToneOfEdit(const LumaPair& compared,
                                                   const Plane<std::uint8_t>& edited) {
  const auto [width, height] = std::pair{compared.edit.width(), compared.edit.height()};
  const bool is_known = edited.width() == width && edited.height() == height;
  CodeCounts of_edit{}, of_reference{};
  double counted = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (compared.outside.Row(y)[x] != 0 || (is_known && edited.Row(y)[x] != 0)) continue;
      of_edit[compared.edit.Row(y)[x]] += 1;
      of_reference[compared.reference.Row(y)[x]] += 1;
      counted += 1;
    }
  }
  if (counted > 0) return CodesOfRank(of_reference, of_edit);
  std::vector<std::uint8_t> same(256);
  std::iota(same.begin(), same.end(), std::uint8_t{0});
  return same;
}

/// Red what the edit shows, green and blue what the reference shows there, in the edit's tone: grey
/// where they coincide.
[[nodiscard]] Plane<std::uint8_t> Overlay(const LumaPair& compared,
                                          const Plane<std::uint8_t>& edited) {
  const std::vector<std::uint8_t> tone = ToneOfEdit(compared, edited);
  Plane<std::uint8_t> result(compared.edit.width(), compared.edit.height(), 3);
  for (int y = 0; y < result.height(); ++y) {
    std::uint8_t* out = result.Row(y);
    for (int x = 0; x < result.width(); ++x, out += 3) {
      out[0] = compared.edit.Row(y)[x];
      out[1] = out[2] =
          compared.outside.Row(y)[x] != 0 ? std::uint8_t{0} : tone[compared.reference.Row(y)[x]];
    }
  }
  return result;
}

[[nodiscard]] Plane<std::uint8_t> Inverted(const Plane<std::uint8_t>& mask) {
  Plane<std::uint8_t> result(mask.width(), mask.height());
  for (int y = 0; y < mask.height(); ++y) {
    std::ranges::transform(mask.view().RowSpan(y), result.Row(y),
                           [](std::uint8_t m) { return static_cast<std::uint8_t>(255 - m); });
  }
  return result;
}

[[nodiscard]] std::array<float, 2> RangeOf(const Plane<float>& before, const Plane<float>& after) {
  std::array<float, 2> range = {before.Row(0)[0], before.Row(0)[0]};
  for (const Plane<float>* plane : {&before, &after}) {
    for (int y = 0; y < plane->height(); ++y) {
      const auto [least, most] = std::ranges::minmax(plane->view().RowSpan(y));
      range = {std::min(range[0], least), std::max(range[1], most)};
    }
  }
  return range;
}

[[nodiscard]] Plane<std::uint8_t> Grey(const Plane<float>& stops, std::array<float, 2> range) {
  Plane<std::uint8_t> result(stops.width(), stops.height());
  const float scale = 255 / std::max(range[1] - range[0], 1e-6F);
  for (int y = 0; y < stops.height(); ++y) {
    std::ranges::transform(stops.view().RowSpan(y), result.Row(y), [&](float s) {
      return static_cast<std::uint8_t>(std::clamp((s - range[0]) * scale, 0.0F, 255.0F) + 0.5F);
    });
  }
  return result;
}

/// Named PNGs, as long as nothing fails.
class Pictures {
 public:
  void Add(std::string_view name, const Plane<std::uint8_t>& pixels) {
    if (!made_) return;
    Expected<Bytes> png = EncodePng(pixels.view());
    if (!png) {
      made_ = std::unexpected(std::move(png.error()));
    } else {
      made_->push_back({name, *std::move(png)});
    }
  }
  [[nodiscard]] Expected<std::vector<ExplainingPicture>> Take() && { return std::move(made_); }

 private:
  Expected<std::vector<ExplainingPicture>> made_;
};

}  // namespace

Expected<std::vector<ExplainingPicture>> ExplainFraming(const Framing& framing) {
  Pictures pictures;
  if (framing.compared) {
    pictures.Add("overlay", Overlay(*framing.compared, framing.edited));
    pictures.Add("agreement", Inverted(framing.edited));
  }
  return std::move(pictures).Take();
}

Expected<std::vector<ExplainingPicture>> ExplainGain(const Plane<float>& before,
                                                     const Plane<float>& after) {
  const std::array<float, 2> range = RangeOf(before, after);
  Pictures pictures;
  pictures.Add("gain_before", Grey(before, range));
  pictures.Add("gain_after", Grey(after, range));
  return std::move(pictures).Take();
}

}  // namespace hdrp
