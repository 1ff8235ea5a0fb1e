// A mean that is added up.
#pragma once

#include <cstdint>
#include <optional>

namespace hdrp {

struct Mean {
  double sum = 0;
  std::int64_t count = 0;
  void Add(double value) {
    sum += value;
    ++count;
  }
  /// Of at least one value.
  [[nodiscard]] double value() const { return sum / static_cast<double>(count); }
  [[nodiscard]] std::optional<double> OverAtLeast(std::int64_t least) const {
    return count >= least ? std::optional(value()) : std::nullopt;
  }
};

}  // namespace hdrp
