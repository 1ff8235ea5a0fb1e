// What a job's error is to the client whose form it was.
#pragma once

#include "base/error.h"
#include "service/http/refusal.h"
#include "service/worker/job.h"

namespace hdrp {

/// Of an error that is the client's, each detail names a field of the form that was sent, and
/// `where` the place in it: "ref: MPF entry 2" becomes {"body", "ref"} and "MPF entry 2". What is
/// about no single field is about the files, all of them.
[[nodiscard]] Refusal RefusalOf(Error error, const Job& job);

}  // namespace hdrp
