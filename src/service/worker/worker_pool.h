// The worker processes and the queue before them. Each does one job at a time; one that takes too
// long, or whose client left, is killed; one that is gone is replaced when the next job needs it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/http/reactor.h"
#include "service/worker/job.h"

namespace hdrp {

struct PoolOptions {
  int workers = 1;
  int queue = 2;                               ///< jobs that may wait
  int jobs_per_worker = 200;                   ///< then it is replaced, so that no leak lasts
  std::uint64_t memory_bytes = 2'000'000'000;  ///< of address space, each
  bool keep_stderr = false;                    ///< what codecs print is lost otherwise
};

struct PoolState {
  int workers = 0, busy = 0, queued = 0;
  std::uint64_t killed = 0;  ///< by us: deadline, or client gone
  std::uint64_t died = 0;    ///< by themselves or by others

  /// True where a further job would be refused, the queue holding `max_queued`.
  [[nodiscard]] bool IsFull(int max_queued) const {
    return queued >= max_queued && busy >= workers;
  }
};

class WorkerPool {
 public:
  using Done = std::function<void(JobOutcome)>;
  using Ticket = std::uint64_t;

  WorkerPool(Reactor& reactor, PoolOptions options);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  ///< kills every worker; no callback is called any more

  /// Queues the job; `done` is called once, later, unless Cancel() comes first. `busy` where the
  /// queue is full.
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

 private:
  struct Waiting {
    Ticket ticket;
    Job job;
    Done done;
    std::chrono::steady_clock::time_point deadline, since;
    bool given_again = false;  ///< its first worker died before it began
  };
  struct Worker {
    pid_t pid = -1;
    Fd socket;
    std::optional<Waiting> job;  ///< at work
    std::string stage;
    double queued_ms = 0;
    int jobs_done = 0;
  };

  [[nodiscard]] bool Start(Worker& worker);
  void Assign();
  void Send(Worker& worker, Waiting waiting);
  void OnReadable(Worker& worker);
  void Finish(Worker& worker, JobOutcome outcome);
  /// Kills it, if it still runs, and waits for its end. Returns how it ended.
  std::string End(Worker& worker);

  Reactor& reactor_;
  PoolOptions options_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::deque<Waiting> queue_;
  Ticket next_ = 1;
  std::uint64_t killed_ = 0, died_ = 0;
};

}  // namespace hdrp
