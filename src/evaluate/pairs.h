// What the training tool reads: reduced bases and their targets as NumPy arrays, and a list of
// them.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "evaluate/scene.h"

namespace hdrp {

/// An array file of NumPy's format 1.0 (numpy.lib.format): rows x columns x channels, the last one
/// left out where there is one channel. 8-bit codes ("|u1") or 32-bit floats ("<f4").
[[nodiscard]] Bytes NpyOf(PlaneView<const std::uint8_t> samples);
[[nodiscard]] Bytes NpyOf(PlaneView<const float> samples);

/// One row of pairs.json.
struct PairRecord {
  std::string name;  ///< of NAME.base.npy (coded RGB) and NAME.target.npy (stops)
  std::string file, sha256;
  WriterGroup group = WriterGroup::kPhone;
  int width = 0, height = 0;
  std::string source;  ///< the picture's repository or folder
  std::string scene;   ///< pictures of one scene belong on one side of a split
};

/// {"schema": "hdr-process/pairs/1", "pairs": [...]}
[[nodiscard]] std::string PairsJson(const std::vector<PairRecord>& pairs);

}  // namespace hdrp
