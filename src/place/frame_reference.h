// How an edit lies in a reference that is a gain-map file.
#pragma once

#include "base/rows.h"
#include "decode/gain_map_file.h"
#include "edit/edit_jpeg.h"
#include "place/framing.h"

namespace hdrp {

struct FrameReferenceOptions {
  FramingOptions framing;
  int map_long_side = 0;  ///< of the reference's map, px: how exactly the edit has to lie
};

/// Whether edit and reference are the same picture, and where the edit lies in it; without a look
/// at what was edited. mismatch where they are not.
[[nodiscard]] Expected<Framing> FrameReference(const EditJpeg& edit, GainMapFile& reference,
                                               const FrameReferenceOptions& options,
                                               const Resources& resources);

}  // namespace hdrp
