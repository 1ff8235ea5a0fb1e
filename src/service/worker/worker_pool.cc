#include "service/worker/worker_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <expected>
#include <utility>

#include "base/formatted.h"
#include "service/worker/job_message.h"
#include "service/worker/job_refusal.h"
#include "service/worker/worker.h"

extern char** environ;

namespace hdrp {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A worker ends its job by itself this long before the deadline, and is killed this long before
/// it: the answer has to be on its way in time.
constexpr milliseconds kAskedToStop{500};
constexpr milliseconds kKilled{200};
/// The stage of a job that its worker has said nothing of yet.
constexpr std::string_view kBefore = "start";

[[nodiscard]] Refusal TimedOut(std::string_view stage) {
  Refusal refusal =
      RefusalOf({ErrorCode::kTimeout, "the job was not done within its time", std::string(stage)});
  refusal.stage = stage;
  return refusal;
}

/// A worker that a file took over may say anything.
[[nodiscard]] bool Fits(const JobWork& work, int output) {
  struct stat facts{};
  if (fstat(output, &facts) != 0) return false;
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  return std::ranges::all_of(work.parts, [size](const JobPart& part) {
    return part.offset <= size && part.size <= size - part.offset;
  });
}

[[nodiscard]] std::string Ending(int status) {
  if (WIFSIGNALED(status)) return Formatted("was ended by signal {}", WTERMSIG(status));
  return Formatted("ended with status {}", WEXITSTATUS(status));
}

[[nodiscard]] double SecondsSince(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}
[[nodiscard]] double MillisecondsSince(steady_clock::time_point begin) {
  return 1e3 * SecondsSince(begin);
}

[[nodiscard]] Refusal TooBusy(const Admission::Refused& refused) {
  Refusal refusal = Refuse(ServiceCode::kBusy, "queue",
                           "too much waits for this job to be done in time; try again later");
  refusal.retry_after_seconds = refused.retry_after_seconds;
  return refusal;
}

/// Starts our own program as a worker with the socket; its signals are as a new process has them.
[[nodiscard]] pid_t Spawn(int socket, const PoolOptions& options) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (!options.keep_stderr) {
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&files, socket, kWorkerSocket);
  posix_spawn_file_actions_addclosefrom_np(&files, kWorkerSocket + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A group of its own: Ctrl-C is for the service, which lets jobs finish.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::array<char, 12> name = {"hdr-process"};
  std::array<char, 7> verb = {"worker"};
  std::string memory = std::to_string(options.memory_bytes);
  std::array<char*, 4> arguments = {name.data(), verb.data(), memory.data(), nullptr};
  pid_t pid = -1;
  if (posix_spawn(&pid, "/proc/self/exe", &files, &attributes, arguments.data(), environ) != 0) {
    pid = -1;
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return pid;
}

}  // namespace

std::optional<FileSlice> JobDone::Part(std::string_view name) const {
  const auto found = std::ranges::find(parts, name, &JobPart::name);
  if (found == parts.end()) return std::nullopt;
  return FileSlice{output, found->offset, found->size};
}

WorkerPool::WorkerPool(Reactor& reactor, PoolOptions options)
    : reactor_(reactor), options_(options), admission_(options.queue) {
  for (int i = 0; i < options_.workers; ++i) workers_.push_back(std::make_unique<Worker>());
}

WorkerPool::~WorkerPool() {
  for (const auto& worker : workers_) End(*worker);
}

bool WorkerPool::Start(Worker& worker) {
  if (worker.pid >= 0) return true;
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  worker.socket = Fd(ends[0]);
  const Fd theirs(ends[1]);
  worker.pid = Spawn(theirs.get(), options_);
  worker.jobs_done = 0;
  if (worker.pid < 0) return false;
  return reactor_.Watch(worker.socket.get(), EPOLLIN,
                        [this, &worker](std::uint32_t) { OnReadable(worker); });
}

void WorkerPool::Warm() {
  for (const auto& worker : workers_) (void)Start(*worker);
}

std::string WorkerPool::End(Worker& worker) {
  if (worker.pid < 0) return {};
  reactor_.Unwatch(worker.socket.get());
  worker.socket = Fd();
  kill(worker.pid, SIGKILL);
  int status = 0;
  while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  worker.pid = -1;
  return Ending(status);
}

Admission::Busy WorkerPool::Busy() const {
  Admission::Busy busy;
  for (const auto& worker : workers_) {
    // One that takes longer than was expected will not be done this very moment either.
    constexpr double kLongerShare = 0.1;
    busy.push_back(!worker->job ? 0
                                : std::max(worker->seconds - SecondsSince(worker->begin),
                                           kLongerShare * worker->seconds));
  }
  return busy;
}

std::expected<WorkerPool::Ticket, Refusal> WorkerPool::Submit(Job job, Done done) {
  const steady_clock::time_point now = steady_clock::now();
  const steady_clock::time_point deadline = job.deadline;
  const Ticket ticket = next_++;
  const JobSize size = SizeOf(job);
  std::expected<std::vector<Admission::Refused>, Admission::Refused> admitted =
      admission_.Admit({.ticket = ticket,
                        .client = job.client,
                        .seconds = costs_.Estimate(size),
                        .since = now,
                        .deadline = deadline - kAskedToStop},
                       Busy(), now);
  if (!admitted) return std::unexpected(TooBusy(admitted.error()));
  job.deadline -= kAskedToStop;
  waiting_.insert({ticket, {ticket, std::move(job), std::move(done), size, deadline, now}});
  for (const Admission::Refused& refused : *admitted) RefuseWaiting(refused);
  Assign();
  return ticket;
}

void WorkerPool::RefuseWaiting(const Admission::Refused& refused) {
  auto node = waiting_.extract(refused.ticket);
  if (!node.empty()) node.mapped().done(TooBusy(refused));
}

bool WorkerPool::HasRoom(steady_clock::time_point deadline) const {
  const steady_clock::time_point now = steady_clock::now();
  return admission_.WouldAdmit({.ticket = next_,
                                .client = "?",
                                .seconds = costs_.Estimate({.megapixels = 1}),
                                .since = now,
                                .deadline = deadline - kAskedToStop},
                               Busy(), now);
}

std::optional<JobProgress> WorkerPool::ProgressOf(Ticket ticket) const {
  if (waiting_.contains(ticket)) {
    return JobProgress{.ahead = admission_.Ahead(ticket, Busy()).value_or(0)};
  }
  for (const auto& worker : workers_) {
    if (worker->job && worker->job->ticket == ticket) {
      return JobProgress{.stage = worker->stage, .share = worker->share};
    }
  }
  return std::nullopt;
}

void WorkerPool::Assign() {
  // The worker for short jobs takes them first, so that the others are there for long ones.
  for (std::size_t i = workers_.size(); i-- > 0;) {
    Worker& worker = *workers_[i];
    if (worker.job) continue;
    const std::shared_ptr<const QueuedJob> next = admission_.Next(LaneOf(i, workers_.size()));
    if (next == nullptr) continue;
    worker.seconds = next->seconds;
    Send(worker, std::move(waiting_.extract(next->ticket).mapped()));
  }
}

void WorkerPool::Send(Worker& worker, Waiting waiting) {
  worker.begin = steady_clock::now();
  worker.queued_ms = MillisecondsSince(waiting.since);
  worker.stage = kBefore;
  worker.share = 0;
  waiting.job.patient = worker.seconds > kShortSeconds;
  worker.job = std::move(waiting);
  const auto running =
      std::ranges::count_if(workers_, [](const auto& each) { return !!each->job; });
  worker.job->job.limits.threads =
      std::max(1, options_.cores / static_cast<int>(running + std::ssize(waiting_)));
  // One that died while it had nothing to do is replaced on the spot.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!Start(worker)) break;
    if (SendJob(worker.socket.get(), worker.job->job)) return;
    ++died_;
    End(worker);
  }
  End(worker);
  Finish(worker, RefusalOf({ErrorCode::kInternal, "no worker process can be started", "worker"}));
}

void WorkerPool::OnReadable(Worker& worker) {
  Expected<Envelope> envelope = ReceiveEnvelope(worker.socket.get());
  Expected<WorkerMessage> message = !envelope ? std::unexpected(envelope.error())
                                    : envelope->text.empty()
                                        ? Fail(ErrorCode::kInternal, "worker", "it is gone")
                                        : WorkerMessageFrom(envelope->text);
  if (!message) {
    const std::string ending = End(worker);
    ++died_;
    if (!worker.job) return;
    if (worker.stage == kBefore && !worker.job->given_again) {
      // It died before it looked at the job, so that the job is not to blame.
      worker.job->given_again = true;
      Send(worker, *std::exchange(worker.job, std::nullopt));
      return;
    }
    const std::string stage = worker.stage;
    Finish(worker,
           RefusalOf({ErrorCode::kInternal,
                      Formatted("the worker process {} in stage {}", ending, stage), "worker"}));
    return;
  }
  if (const auto* entered = std::get_if<StageEntered>(&*message)) {
    worker.stage = entered->stage;
    worker.share = std::clamp(entered->share, 0.0, 1.0);
    return;
  }
  if (++worker.jobs_done >= options_.jobs_per_worker) End(worker);
  if (!worker.job) return;  // a message from before it was asked anything: its sandbox failed
  if (auto* error = std::get_if<Error>(&*message)) {
    const bool timed_out = error->code == ErrorCode::kTimeout;
    Finish(worker, timed_out ? TimedOut(error->where.empty() ? worker.stage : error->where)
                             : RefusalOf(std::move(*error), worker.job->job));
    return;
  }
  JobWork& work = std::get<JobWork>(*message);
  if (!Fits(work, worker.job->job.output.get())) {
    ++killed_;
    End(worker);
    Finish(worker, RefusalOf({ErrorCode::kInternal,
                              "the worker process spoke of bytes it did not write", "worker"}));
    return;
  }
  Learn(worker, work.cpu_seconds);
  work.times.insert(work.times.begin(), {"queue", worker.queued_ms});
  auto output = std::make_shared<const Fd>(std::move(worker.job->job.output));
  Finish(worker, JobDone{std::move(work.parts), std::move(work.times), std::move(output)});
}

/// A job with the machine to itself is done sooner than it would be among others: it counts what
/// its threads used, together. A worker that a file took over may say anything.
void WorkerPool::Learn(const Worker& worker, double cpu_seconds) {
  const double wall = SecondsSince(worker.begin);
  costs_.Learn(worker.job->size, std::clamp(cpu_seconds, wall, wall * options_.cores));
}

void WorkerPool::Finish(Worker& worker, JobOutcome outcome) {
  const Waiting finished = *std::exchange(worker.job, std::nullopt);
  admission_.Correct(finished.job.client, SecondsSince(worker.begin) - worker.seconds);
  finished.done(std::move(outcome));
  Assign();
}

void WorkerPool::Cancel(Ticket ticket) {
  if (waiting_.erase(ticket) > 0) admission_.Remove(ticket);
  for (const auto& worker : workers_) {
    if (!worker->job || worker->job->ticket != ticket) continue;
    worker->job.reset();
    ++killed_;
    End(*worker);
  }
  Assign();
}

void WorkerPool::Tick() {
  const steady_clock::time_point now = steady_clock::now();
  std::vector<Ticket> late;
  for (const auto& [ticket, waiting] : waiting_) {
    if (now >= waiting.deadline - kKilled) late.push_back(ticket);
  }
  for (const Ticket ticket : late) {
    admission_.Remove(ticket);
    auto node = waiting_.extract(ticket);
    if (!node.empty()) node.mapped().done(TimedOut("queue"));
  }
  for (const auto& worker : workers_) {
    if (!worker->job || now < worker->job->deadline - kKilled) continue;
    ++killed_;
    Learn(*worker, 0);
    End(*worker);
    Finish(*worker, TimedOut(worker->stage));
  }
}

void WorkerPool::RefuseAll(const Refusal& refusal) {
  for (const auto& [ticket, waiting] : std::exchange(waiting_, {})) {
    admission_.Remove(ticket);
    waiting.done(refusal);
  }
  for (const auto& worker : workers_) {
    if (!worker->job) continue;
    ++killed_;
    End(*worker);
    Finish(*worker, refusal);
  }
}

PoolState WorkerPool::state() const {
  PoolState state{options_.workers, 0,     static_cast<int>(waiting_.size()),
                  killed_,          died_, admission_.SecondsLeft(Busy())};
  for (const auto& worker : workers_) state.busy += worker->job ? 1 : 0;
  return state;
}

}  // namespace hdrp
