// Why a file would be refused as a reference.
#pragma once

#include <optional>

#include "decode/gain_map_file.h"

namespace hdrp {

/// Tries what process does with a reference, on an edit that is the file's own base: nullopt where
/// it goes through. The error is interrupted or timeout where the trial was stopped.
[[nodiscard]] Expected<std::optional<Error>> RefusalAsReference(GainMapFile& file,
                                                                const PictureOptions& options);

/// The same of a picture without a gain map: all of its light is read once.
[[nodiscard]] Expected<std::optional<Error>> RefusalAsRendition(const InputFile& file,
                                                                const PictureOptions& options);

}  // namespace hdrp
