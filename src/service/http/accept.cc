#include "service/http/accept.h"

#include <algorithm>

#include "service/http/header_text.h"

namespace hdrp {
namespace {

/// "0", "0.", "0.5", "1.000": at most three digits after the point, and nothing over 1.
[[nodiscard]] std::optional<int> Thousandths(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = (text[0] - '0') * 1000;
  int weight = 100;
  for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value += (digit - '0') * weight;
    weight /= 10;
  }
  return value > 1000 ? std::nullopt : std::optional(value);
}

}  // namespace

std::optional<Accept::Range> Accept::RangeOf(std::string_view text) {
  const std::string_view name = TakeElement(text, ';');
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Range range{name.substr(0, slash), name.substr(slash + 1)};
  if (!IsToken(range.type) || !IsToken(range.subtype)) return std::nullopt;
  if (range.type == "*" && range.subtype != "*") return std::nullopt;
  while (!text.empty()) {
    const std::string_view parameter = TakeElement(text, ';');
    if (parameter.size() < 2 || !SameIgnoringCase(parameter.substr(0, 2), "q=")) continue;
    const std::optional<int> q = Thousandths(parameter.substr(2));
    if (!q) return std::nullopt;
    range.thousandths = *q;
    break;  // what follows q is an extension that nobody defined
  }
  return range;
}

Accept::Accept(std::string_view header) {
  while (!header.empty() && ranges_.size() < kMaxRanges) {
    if (const std::optional<Range> range = RangeOf(TakeElement(header, ','))) {
      ranges_.push_back(*range);
    }
  }
}

/// By the most precise range that it falls under.
Accept::Rank Accept::RankOf(std::string_view media_type) const {
  if (ranges_.empty()) return {.thousandths = 1000};
  const std::size_t slash = media_type.find('/');
  Rank rank;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const auto& [type, subtype, thousandths] = ranges_[i];
    const bool any_type = type == "*", any_subtype = subtype == "*";
    if (!any_type && !SameIgnoringCase(type, media_type.substr(0, slash))) continue;
    if (!any_subtype && !SameIgnoringCase(subtype, media_type.substr(slash + 1))) continue;
    const int precision = any_type ? 1 : any_subtype ? 2 : 3;
    if (precision > rank.precision) rank = {thousandths, precision, i};
  }
  return rank;
}

std::optional<std::size_t> Accept::Preferred(std::span<const std::string_view> offers) const {
  std::optional<std::size_t> best;
  Rank highest;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Rank rank = RankOf(offers[i]);
    if (rank.thousandths == 0) continue;
    const bool better = rank.thousandths != highest.thousandths
                            ? rank.thousandths > highest.thousandths
                            : rank.place < highest.place;
    if (best && !better) continue;
    best = i;
    highest = rank;
  }
  return best;
}

}  // namespace hdrp
