// Where an edit lies in an original that is an HDR rendition.
#pragma once

#include "align/compared.h"
#include "align/find/register.h"
#include "derive/edit_and_original.h"

namespace hdrp {

struct FoundInHdr {
  Registration alignment;
  LumaPair compared;
};

/// Looks for the edit in the rendition's luminance under a tone curve. `light` is the original's,
/// unread; all of it is read. Register's errors and the readers'.
[[nodiscard]] Expected<FoundInHdr> FindInHdr(const EditAndOriginal& pair, HdrLight light);

}  // namespace hdrp
