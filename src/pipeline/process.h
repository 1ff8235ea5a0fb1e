// The whole job: an edit, and what is known of its HDR original, in; a verified Ultra HDR file out.
#pragma once

#include "pipeline/request.h"

namespace hdrp {

/// Reads, obtains the gain map, puts it onto the edit, packages and verifies. Any failed check is
/// export_failed with one detail per check; nothing is returned then. Deterministic: the same
/// request gives the same bytes with any thread count.
[[nodiscard]] Expected<Result> Process(const Request& request);

/// The same, and inputs are freed as soon as they are used up: the edit's bytes where a JPEG is
/// made of them, an HDR rendition's once the map is derived. Large pairs need the memory.
[[nodiscard]] Expected<Result> ProcessOnce(Request& request);

}  // namespace hdrp
