// The HDR rendition a gain-map file decodes to, as a float picture for QA.
#pragma once

#include <filesystem>

#include "base/input_file.h"
#include "base/limits.h"
#include "metadata/apple.h"
#include "package/float_image.h"

namespace hdrp {

struct RenderOptions {
  FileFormat format = FileFormat::kTiff;
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  Limits limits;
  StopCondition stop;
};

/// Applies the map at full headroom and writes linear light, 1.0 = SDR white, in the base's own
/// primaries and stored raster, in row bands. `path` is written in place: give a temporary name.
[[nodiscard]] Expected<void> RenderHdr(const InputFile& file, const RenderOptions& options,
                                       const std::filesystem::path& path);

}  // namespace hdrp
