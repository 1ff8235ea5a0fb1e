// Does a job, in this process: what a worker does, and what tests do without one.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"
#include "service/worker/job.h"

namespace hdrp {

/// What came of it, in order, one after the other in the job's output file.
struct JobWork {
  std::vector<JobPart> parts = {};
  std::vector<JobTime> times = {};
  double cpu_seconds = 0;  ///< of all threads
};

/// What is told of the stage that begins: its name, and the share of all stages that is done.
using StageReport = std::function<void(std::string_view stage, double share)>;

/// Everything that Process() and Inspect() refuse, timeout
/// at the job's deadline, io_failed where the output cannot be written.
[[nodiscard]] Expected<JobWork> RunJob(const Job& job, const StageReport& entered);

}  // namespace hdrp
