// What kinds of answer a client takes: the header Accept, RFC 9110, 12.5.1.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hdrp {

/// Reads a header once. What it says beyond kMaxRanges media ranges is not read, and a range that
/// is not written as the RFC has it is none: a header without ranges asks for nothing in
/// particular. Parameters other than q are not looked at: what is offered has none.
class Accept {
 public:
  static constexpr std::size_t kMaxRanges = 64;

  explicit Accept(std::string_view header);

  /// The offer with the highest q; of equal ones that which the header names first, and where it
  /// names them together the first offer. nullopt where none of them is acceptable.
  [[nodiscard]] std::optional<std::size_t> Preferred(
      std::span<const std::string_view> offers) const;

 private:
  struct Range {
    std::string_view type, subtype;  ///< of the header; "*" for any
    int thousandths = 1000;          ///< q
  };
  struct Rank {
    int thousandths = 0, precision = 0;
    std::size_t place = 0;
  };
  [[nodiscard]] static std::optional<Range> RangeOf(std::string_view text);
  [[nodiscard]] Rank RankOf(std::string_view media_type) const;

  std::vector<Range> ranges_;
};

}  // namespace hdrp
