#include "align/changes/added_frame.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ranges>
#include <span>
#include <vector>

#include "align/changes/box.h"

namespace hdrp {
namespace {

constexpr int kEven = 3;         // codes, off one level
constexpr double kWhole = 0.95;  // share of a side that is even
constexpr double kNew = 0.25;    // and that changed: white on a white sky does not
constexpr double kPaper = 0.8;   // of a strip that is of its level: the rest is lettering
constexpr int kSoft = 2;         // pixels of its edge that are frame and picture at once

struct Pixel {
  int x, y;
};

/// One row or column.
struct Line {
  Pixel first, step;
  int length;
  /// Its pixels in order.
  [[nodiscard]] auto Pixels() const {
    return std::views::iota(0, length) | std::views::transform([line = *this](int i) {
             return Pixel{line.first.x + i * line.step.x, line.first.y + i * line.step.y};
           });
  }
};

class Search {
 public:
  Search(PlaneView<const std::uint8_t> edit, PlaneView<const std::uint8_t> changed)
      : edit_(edit), changed_(changed), connected_(edit.width, edit.height) {}

  /// `lines`: all rows or all columns.
  void Between(std::span<const Line> lines) {
    const Line &first = lines.front(), &last = lines.back();
    const int level = LevelOf(first);
    for (const Line& side : {first, last}) {
      if (!IsEven(side, level) || Changed(side) < kNew * side.length) return;
    }
    const auto is_even = [&](const Line& line) { return IsEven(line, level); };
    const auto top = std::ranges::find_if_not(lines, is_even);
    const auto bottom = std::ranges::find_if_not(lines | std::views::reverse, is_even);
    bands_.insert(bands_.end(), lines.begin(), top);
    bands_.insert(bands_.end(), bottom.base(), lines.end());
    Connect(first, level);
    Connect(last, level);
  }

  /// `lines`: all rows or all columns, from either end. A strip is new as a whole, paper for the
  /// most part, and ends at once.
  void AtOneSide(std::span<const Line> lines) {
    const Line& side = lines.front();
    const int level = LevelOf(side);
    if (!IsEven(side, level)) return;
    double paper = 0, all = 0;
    std::size_t deep = 0;
    for (; deep < lines.size(); ++deep) {
      const Line& line = lines[deep];
      if (Changed(line) < kWhole * line.length) break;
      paper += Even(line, level);
      all += line.length;
    }
    if (deep == 0 || deep + kSoft >= lines.size() || paper < kPaper * all) return;
    const Line& beyond = lines[deep + kSoft];
    const double off =
        Count(beyond, [&](Pixel p) { return std::abs(edit_.At(p.x, p.y) - level) > 3 * kEven; });
    if (off < kPaper * beyond.length) return;
    Connect(side, level);
  }

  [[nodiscard]] Plane<std::uint8_t> Found() const {
    Plane<std::uint8_t> result = BoxMax(connected_, kSoft);
    for (int y = 0; y < result.height(); ++y) {
      std::ranges::transform(result.view().RowSpan(y), changed_.RowSpan(y), result.Row(y),
                             [](std::uint8_t a, std::uint8_t b) { return std::min(a, b); });
    }
    for (const Line& line : bands_) {
      for (const Pixel p : line.Pixels()) result.Row(p.y)[p.x] = 255;
    }
    return result;
  }

 private:
  template <typename Is>
  [[nodiscard]] static double Count(const Line& line, Is is) {
    return static_cast<double>(std::ranges::count_if(line.Pixels(), is));
  }

  [[nodiscard]] int LevelOf(const Line& line) const {
    std::vector<int> codes;
    for (const Pixel p : line.Pixels()) codes.push_back(edit_.At(p.x, p.y));
    const auto middle = codes.begin() + static_cast<std::ptrdiff_t>(codes.size() / 2);
    std::ranges::nth_element(codes, middle);
    return *middle;
  }

  [[nodiscard]] bool IsOf(int level, Pixel p) const {
    return std::abs(edit_.At(p.x, p.y) - level) <= kEven;
  }

  [[nodiscard]] double Even(const Line& line, int level) const {
    return Count(line, [&](Pixel p) { return IsOf(level, p); });
  }

  [[nodiscard]] bool IsEven(const Line& line, int level) const {
    return Even(line, level) >= kWhole * line.length;
  }

  [[nodiscard]] double Changed(const Line& line) const {
    return Count(line, [&](Pixel p) { return changed_.At(p.x, p.y) != 0; });
  }

  /// Everything new of that level that hangs together with the line, as around lettering.
  void Connect(const Line& line, int level) {
    std::vector<Pixel> open;
    for (const Pixel p : line.Pixels()) open.push_back(p);
    while (!open.empty()) {
      const Pixel p = open.back();
      open.pop_back();
      if (p.x < 0 || p.y < 0 || p.x >= edit_.width || p.y >= edit_.height) continue;
      if (connected_.Row(p.y)[p.x] != 0 || changed_.At(p.x, p.y) == 0 || !IsOf(level, p)) continue;
      connected_.Row(p.y)[p.x] = 255;
      for (const Pixel next :
           {Pixel{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}}) {
        open.push_back(next);
      }
    }
  }

  PlaneView<const std::uint8_t> edit_, changed_;
  Plane<std::uint8_t> connected_;
  std::vector<Line> bands_;  ///< even from one side to the other
};

}  // namespace

Plane<std::uint8_t> AddedFrame(PlaneView<const std::uint8_t> edit,
                               PlaneView<const std::uint8_t> changed) {
  Search search(edit, changed);
  std::vector<Line> rows, columns;
  for (int y = 0; y < edit.height; ++y) rows.push_back({{0, y}, {1, 0}, edit.width});
  for (int x = 0; x < edit.width; ++x) columns.push_back({{x, 0}, {0, 1}, edit.height});
  for (std::vector<Line>* lines : {&rows, &columns}) {
    search.Between(*lines);
    search.AtOneSide(*lines);
    std::ranges::reverse(*lines);
    search.AtOneSide(*lines);
  }
  return search.Found();
}

}  // namespace hdrp
