// The ICC profile of a JPEG, chunk by chunk.
#pragma once

#include <vector>

#include "base/error.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// The stream's ICC chunks in the profile's order, each once; empty when there is none. Editors
/// that add a profile to a picture that has it leave two equal ones: a chunk that repeats another
/// byte for byte is passed over. bad_input when chunks are missing, inconsistent, or repeated with
/// other content.
[[nodiscard]] Expected<std::vector<const JpegSegment*>> IccChunks(const JpegStream& stream);

}  // namespace hdrp
