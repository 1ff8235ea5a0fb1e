// The rising curve that gives one picture's values another's distribution: histogram matching.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hdrp {

/// How many places have each code.
using CodeCounts = std::array<double, 256>;

/// For each bin of a rising scale the code that has the rank of the bin's middle: as large a share
/// of `codes` lies below it. Both count something.
[[nodiscard]] std::vector<std::uint8_t> CodesOfRank(std::span<const double> bins,
                                                    const CodeCounts& codes);

}  // namespace hdrp
