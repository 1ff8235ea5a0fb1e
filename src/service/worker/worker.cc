#include "service/worker/worker.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "service/worker/job_message.h"
#include "service/worker/run_job.h"
#include "service/worker/sandbox.h"

namespace hdrp {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

[[nodiscard]] seconds CpuTimeFor(const Job& job) {
  const auto left = std::chrono::ceil<seconds>(job.deadline - steady_clock::now());
  return std::max(left, seconds(1)) * std::max(job.limits.threads, 1);
}

[[nodiscard]] WorkerMessage Do(const Job& job) {
  const auto tell = [](std::string_view stage, double share) {
    // Where the service is gone the final word cannot be sent either.
    (void)SendWorkerMessage(kWorkerSocket, StageEntered{std::string(stage), share});
  };
  try {
    Expected<JobWork> work = RunJob(job, tell);
    if (work) return *std::move(work);
    return std::move(work.error());
  } catch (const std::bad_alloc&) {
    return Error{
        ErrorCode::kTooLarge, "the picture needs more memory than a job may have", "memory", {}};
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInternal, error.what(), "", {}};
  }
}

/// On a thread of its own, whose priority goes with it: a process may not raise its own again.
[[nodiscard]] WorkerMessage DoPatiently(const Job& job) {
  constexpr int kNiceness = 10;
  std::optional<WorkerMessage> message;
  std::thread([&] {
    (void)setpriority(PRIO_PROCESS, 0, kNiceness);  // of this thread, and those that it starts
    message = Do(job);
  }).join();
  return *std::move(message);
}

}  // namespace

int RunWorker(std::string_view memory_bytes) {
  SandboxLimits limits;
  std::from_chars(memory_bytes.data(), memory_bytes.data() + memory_bytes.size(),
                  limits.memory_bytes);
  if (const Expected<void> ok = EnterSandbox(limits); !ok) {
    (void)SendWorkerMessage(kWorkerSocket, ok.error());
    return KindOf(ok.error().code).exit_status;
  }
  for (;;) {
    Expected<Envelope> envelope = ReceiveEnvelope(kWorkerSocket);
    if (!envelope) return KindOf(envelope.error().code).exit_status;
    if (envelope->text.empty()) return 0;
    const Expected<Job> job = JobFrom(*std::move(envelope));
    if (!job) return KindOf(job.error().code).exit_status;
    AllowCpuTime(CpuTimeFor(*job));
    if (!SendWorkerMessage(kWorkerSocket, job->patient ? DoPatiently(*job) : Do(*job))) {
      return 0;
    }
  }
}

}  // namespace hdrp
