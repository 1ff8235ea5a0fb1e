// How large the picture in an upload is, about: what the queue needs to know of it. A worker reads
// the file in earnest, and in a sandbox; this looks at a few numbers in known places and trusts
// none of them.
#pragma once

#include <cstdint>

#include "service/http/http.h"

namespace hdrp {

/// Width times height as the head of a JPEG, PNG, HEIF or AVIF says, else what so many bytes
/// usually hold. At most 2^40.
[[nodiscard]] std::uint64_t GuessPixels(const FormFile& file);

}  // namespace hdrp
