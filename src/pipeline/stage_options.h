// What each stage takes of a job's options.
#pragma once

#include <string_view>

#include "edit/prepare_edit.h"
#include "pipeline/choose_mode.h"
#include "pipeline/headroom.h"
#include "pipeline/obtain_map.h"
#include "pipeline/request.h"

namespace hdrp {

[[nodiscard]] EditOptions EditOptionsOf(const Options& options);
[[nodiscard]] ModeOptions ModeOptionsOf(const Options& options, const Resources& resources);
/// Without the files.
[[nodiscard]] ObtainOptions ObtainOptionsOf(const Options& options);
/// --boost sets it; a derived map's is measured again after --strength.
[[nodiscard]] bool HeadroomIsContents(const Options& options, MapOrigin origin);
/// `original`: whose rendition it is, for messages.
[[nodiscard]] HeadroomOptions HeadroomOptionsOf(const Options& options, MapOrigin origin,
                                                std::string_view original);

}  // namespace hdrp
