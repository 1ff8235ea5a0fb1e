// How Predictive Mode predicts, and what it says of itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "guard/guards.h"

namespace hdrp {

/// What a predicted map is to be like: as phones make them (learned from theirs), only what shines,
/// or mid-tones too, as Adobe Camera Raw lifts them.
enum class PredictStyle : std::uint8_t { kPhone, kHighlights, kAcr };
/// "phone", "highlights", "acr"
[[nodiscard]] std::string_view NameOf(PredictStyle style);

inline constexpr int kDefaultModelEdge = 512;

/// Which learned model predicts. Highlights and acr are what `bright` does, a formula.
struct ModelChoice {
  std::string path = {};             ///< of the model file; empty: what the style says
  bool installed = false;            ///< nobody named the file: it gives way to those two styles
  bool bright = false;               ///< no model, whatever the style
  std::string family = {};           ///< what its name has to be or begin with; empty: anything
  int max_edge = kDefaultModelEdge;  ///< px, of what the model sees of the base; 0: no limit
};

struct PredictOptions {
  PredictStyle style = PredictStyle::kPhone;
  ModelChoice model = {};
  GuardStrengths guards;
};

/// The model that predicted.
struct ModelRecord {
  std::string sha256;         ///< of its file
  int width = 0, height = 0;  ///< at which it saw the base
};

}  // namespace hdrp
