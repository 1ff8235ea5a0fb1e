// The worker processes, and the jobs that wait for them (queue/admission.h). Each does one job at a
// time; one that takes too long, or whose client left, is killed; one that is gone is replaced when
// the next job needs it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/http/reactor.h"
#include "service/queue/admission.h"
#include "service/queue/job_cost.h"
#include "service/worker/job.h"

namespace hdrp {

struct PoolOptions {
  int workers = 2;                             ///< of more than one, one is for short jobs alone
  int cores = 1;                               ///< that jobs share
  int queue = 1000;                            ///< jobs that may wait, each with its descriptors
  int jobs_per_worker = 200;                   ///< then it is replaced, so that no leak lasts
  std::uint64_t memory_bytes = 2'000'000'000;  ///< of address space, each
  bool keep_stderr = false;                    ///< what codecs print is lost otherwise
};

struct PoolState {
  int workers = 0, busy = 0, queued = 0;
  std::uint64_t killed = 0;  ///< by us: deadline, or client gone
  std::uint64_t died = 0;    ///< by themselves or by others
  double seconds_left = 0;   ///< until all that waits is expected to be done
};

/// What is known of a job that is not done.
struct JobProgress {
  std::optional<int> ahead = {};  ///< jobs that are expected to begin before it; else it runs
  std::string stage = {};
  double share = 0;  ///< of its stages that is done
};

class WorkerPool {
 public:
  using Done = std::function<void(JobOutcome)>;
  using Ticket = std::uint64_t;

  WorkerPool(Reactor& reactor, PoolOptions options);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  ///< kills every worker; no callback is called any more

  /// Queues the job; `done` is called once, later, unless Cancel() comes first. `busy` where it is
  /// not expected to be done by its deadline; others may have to make way for it, with `busy`.
  [[nodiscard]] std::expected<Ticket, Refusal> Submit(Job job, Done done);
  /// Forgets the job; kills the worker that is at it.
  void Cancel(Ticket ticket);
  /// Ends what is past its deadline: `timeout`, with the stage. To be called often.
  void Tick();
  /// Starts workers that are missing, so that the first job need not wait for one.
  void Warm();
  /// Refuses everything that waits or is being worked on.
  void RefuseAll(const Refusal& refusal);

  [[nodiscard]] PoolState state() const;
  /// Whether a small job that has until then would be taken.
  [[nodiscard]] bool HasRoom(std::chrono::steady_clock::time_point deadline) const;
  /// nullopt where the job is done.
  [[nodiscard]] std::optional<JobProgress> ProgressOf(Ticket ticket) const;

 private:
  struct Waiting {
    Ticket ticket;
    Job job;
    Done done;
    JobSize size;
    std::chrono::steady_clock::time_point deadline, since;
    bool given_again = false;  ///< its first worker died before it began
  };
  struct Worker {
    pid_t pid = -1;
    Fd socket;
    std::optional<Waiting> job;  ///< at work
    std::string stage;
    double share = 0;    ///< of the stages that is done
    double seconds = 0;  ///< that it is expected to take
    std::chrono::steady_clock::time_point begin;
    double queued_ms = 0;
    int jobs_done = 0;
  };

  [[nodiscard]] bool Start(Worker& worker);
  [[nodiscard]] Admission::Busy Busy() const;
  void Assign();
  void Send(Worker& worker, Waiting waiting);
  void OnReadable(Worker& worker);
  void Finish(Worker& worker, JobOutcome outcome);
  void Learn(const Worker& worker, double cpu_seconds);
  void RefuseWaiting(const Admission::Refused& refused);
  /// Kills it, if it still runs, and waits for its end. Returns how it ended.
  std::string End(Worker& worker);

  Reactor& reactor_;
  PoolOptions options_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Admission admission_;
  CostBook costs_;
  std::map<Ticket, Waiting> waiting_;
  Ticket next_ = 1;
  std::uint64_t killed_ = 0, died_ = 0;
};

}  // namespace hdrp
