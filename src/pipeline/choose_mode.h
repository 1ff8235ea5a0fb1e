// Where the gain map comes from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decode/gain_map_file.h"
#include "edit/prepare_edit.h"
#include "pipeline/request.h"

namespace hdrp {

struct ModeOptions {
  Mode mode = Mode::kAuto;
  bool keep_map = false;        ///< the edit's own map, or nothing
  bool guards_chosen = false;   ///< which makes sense of a predicted map alone
  PictureOptions picture = {};  ///< how files are read
};

/// Without a reference, from the predictor.
struct ModeChoice {
  std::optional<GainMapFile> reference;
  bool reference_is_edit = false;  ///< the edit's own map is used
  bool derive = false;             ///< the reference that was given is an HDR rendition
  /// Maps and claims of the edit that are dropped.
  std::vector<std::string> warnings = {};
};
/// `reference`: what was given, or null; it and `prepared` must outlive the result.
[[nodiscard]] Expected<ModeChoice> ChooseMode(const PreparedEdit& prepared, const EditJpeg& edit,
                                              const InputFile* reference,
                                              const ModeOptions& options);

}  // namespace hdrp
