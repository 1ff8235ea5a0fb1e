// Which model Predictive Mode uses, from what the user said and what is installed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "predict/predict_options.h"

namespace hdrp {

/// As on a command line.
struct ModelWish {
  std::string model = {};        ///< "", "bright", PATH or "gmnet=PATH"
  std::filesystem::path folder;  ///< where models are installed
  std::optional<std::string> preset =
      std::nullopt;                  ///< of GMNet: "real" or "synthetic"; without one "real"
  int max_edge = kDefaultModelEdge;  ///< px; 0: no limit
};

/// Without a wish the user's own trained.weights or trained.onnx in the folder, else its
/// gmnet-PRESET.onnx, else none. Opens nothing. bad_argument where a path is missing in "gmnet=".
[[nodiscard]] Expected<ModelChoice> FindModel(const ModelWish& wish);

/// $XDG_DATA_HOME/hdr-process/models, else below ~/.local/share; empty without either.
[[nodiscard]] std::filesystem::path DefaultModelFolder();

}  // namespace hdrp
