// The whole job: an edit, and what is known of its HDR original, in; a verified Ultra HDR file out.
#pragma once

#include "pipeline/report.h"
#include "pipeline/request.h"

namespace hdrp {

/// Reads, obtains the gain map, puts it onto the edit, packages and verifies. Any failed check is
/// export_failed with one detail per check; nothing is returned then. Deterministic: the same
/// request gives the same bytes with any thread count. Inputs are freed as soon as they are used
/// up: the edit's bytes where a JPEG is made of them, an HDR rendition's once the map is derived.
/// Give the request away where the pictures are large.
[[nodiscard]] Expected<Result> Process(Request request);

}  // namespace hdrp
