#include "service/serve.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "service/http/access.h"
#include "service/http/http_server.h"
#include "service/http/listen.h"
#include "service/http/root_path.h"
#include "service/log.h"
#include "service/routes.h"
#include "service/worker/unnamed_file.h"
#include "service/worker/worker_pool.h"

namespace hdrp {
namespace {

/// SIGTERM and SIGINT as a descriptor; SIGPIPE is no reason to end, and a write beyond a limit on
/// file sizes fails like one on a full disk.
[[nodiscard]] Fd WatchSignals() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return Fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

/// Connections, waiting jobs and results hold descriptors: as many as the system lets us have.
/// Returns how many.
std::uint64_t RaiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

/// A job that waits holds its connection, up to three uploads and its output.
[[nodiscard]] int QueueFor(std::uint64_t descriptors, const ServiceConfig& config) {
  constexpr std::uint64_t kOfEachJob = 4;
  const auto others = static_cast<std::uint64_t>(config.connections) + ResultStore::kMaxResults +
                      4 * static_cast<std::uint64_t>(config.pool.workers) + 64;
  const std::uint64_t left = descriptors > others ? descriptors - others : 0;
  return static_cast<int>(std::clamp<std::uint64_t>(left / kOfEachJob, 1,
                                                    static_cast<std::uint64_t>(config.pool.queue)));
}

/// Below which path, and for whose pages.
[[nodiscard]] Expected<void> CheckPlace(const ServiceConfig& config) {
  HDRP_RETURN_IF_ERROR(CheckRootPath(config.root_path));
  const std::string first = config.root_path.substr(0, config.root_path.find('/', 1));
  // With the prefix or without it: "/result/hdr" would be two addresses.
  if (!first.empty() && Service::PatternOf(first) != "other") {
    return Fail(ErrorCode::kBadArgument, "--root-path", "{} is an address of the service itself",
                first);
  }
  for (const std::string& origin : config.origins) HDRP_RETURN_IF_ERROR(CheckOrigin(origin));
  return {};
}

class RunningService {
 public:
  RunningService(ServiceConfig config, Reactor& reactor)
      : service_(std::move(config)), pool_(reactor, service_.config().pool), reactor_(reactor) {
    service_.pool_state = [this] { return pool_.state(); };
    service_.has_room = [this] {
      return pool_.HasRoom(std::chrono::steady_clock::now() + service_.config().request_time);
    };
    service_.uploads().retry_after_seconds = [this] {
      return 1 + static_cast<int>(std::ceil(pool_.state().seconds_left));
    };
    service_.progress_of = [this](std::uint64_t ticket) { return pool_.ProgressOf(ticket); };
    service_.requests_in_progress = [this] { return in_progress_; };
  }

  [[nodiscard]] Expected<void> Run(Fd listener, TrustedProxies proxies, const int& stops_asked) {
    const ServiceConfig& config = service_.config();
    pool_.Warm();
    service_.stopping = [&stops_asked] { return stops_asked > 0; };
    return ServeHttp({.listener = std::move(listener),
                      .folder = config.folder,
                      .uploads = &service_.uploads(),
                      .in_progress = &in_progress_,
                      .connections = config.connections,
                      .proxies = std::move(proxies),
                      .origins = config.origins,
                      .root_path = config.root_path,
                      .head_time = config.head_time,
                      .body_time = config.body_time,
                      .pace = config.pace,
                      .request_time = config.request_time,
                      .deadline_from_first_byte = config.deadline_from_first_byte,
                      .grace = config.grace.value_or(config.request_time)},
                     Handlers(stops_asked), reactor_);
  }

 private:
  using Answer = std::function<void(HttpResponse)>;

  /// A second signal is from somebody who does not want to wait.
  [[nodiscard]] HttpHandlers Handlers(const int& stops_asked) {
    return {
        .open = [this](const HttpHead& head) { return service_.Open(head); },
        .handle = [this](HttpRequest request,
                         Answer answer) { return Handle(std::move(request), std::move(answer)); },
        .finished =
            [this](const HttpRecord& record) {
              const std::string_view route = Service::PatternOf(record.path);
              service_.metrics().Count(route, record.method, record.status, record.code,
                                       record.seconds);
              if (!record.reason.empty()) service_.metrics().CountRefusal(record.reason);
              LogRequest(record, route);
            },
        .tick =
            [this] {
              pool_.Tick();
              service_.Tick();
            },
        .stop_asked = [&stops_asked] { return stops_asked > 0; },
        .hurry_asked = [&stops_asked] { return stops_asked > 1; },
        .give_up = [this](const Refusal& refusal) { pool_.RefuseAll(refusal); }};
  }

  [[nodiscard]] std::function<void()> Handle(HttpRequest request, Answer answer) {
    const std::string id = request.id;
    Reply reply = service_.Handle(std::move(request));
    if (auto* response = std::get_if<HttpResponse>(&reply)) {
      answer(std::move(*response));
      return nullptr;
    }
    PendingJob& pending = std::get<PendingJob>(reply);
    const std::shared_ptr<NamedJob> named = std::move(pending.named);
    std::expected<WorkerPool::Ticket, Refusal> ticket =
        pool_.Submit(std::move(pending.job),
                     [answer, id, finish = std::move(pending.answer), named](JobOutcome outcome) {
                       const auto* refusal = std::get_if<Refusal>(&outcome);
                       answer(refusal != nullptr ? ResponseOf(*refusal, id)
                                                 : finish(std::get<JobDone>(std::move(outcome))));
                     });
    if (!ticket) {
      answer(ResponseOf(ticket.error(), id));
      return nullptr;
    }
    if (named != nullptr) named->ticket = *ticket;
    return [this, ticket = *ticket] { pool_.Cancel(ticket); };
  }

  Service service_;
  WorkerPool pool_;
  Reactor& reactor_;
  int in_progress_ = 0;
};

}  // namespace

std::filesystem::path DefaultServiceFolder() {
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    if (const char* folder = std::getenv(name); folder != nullptr && *folder != '\0') return folder;
  }
  return "/tmp";
}

Expected<void> Serve(ServiceConfig config) {
  const Fd signals = WatchSignals();
  config.pool.queue = QueueFor(RaiseDescriptorLimit(), config);
  umask(S_IRWXG | S_IRWXO);
  if (config.folder.empty()) config.folder = DefaultServiceFolder();
  HDRP_RETURN_IF_ERROR(CheckPlace(config));
  HDRP_ASSIGN_OR_RETURN(TrustedProxies proxies, TrustedProxies::Read(config.proxies));
  // Before anyone uploads anything: is there a place for it?
  HDRP_RETURN_IF_ERROR(Within("--folder", MakeUnnamedFile(config.folder)));
  HDRP_ASSIGN_OR_RETURN(Fd listener, Listen(config.bind));
  HDRP_ASSIGN_OR_RETURN(Reactor reactor, Reactor::Make());

  int stops_asked = 0;
  if (!reactor.Watch(signals.get(), EPOLLIN, [&](std::uint32_t) {
        signalfd_siginfo info{};
        if (read(signals.get(), &info, sizeof info) > 0) ++stops_asked;
      })) {
    return Fail(ErrorCode::kIoFailed, "service", "signals cannot be watched");
  }
  const std::string address = AddressOf(listener.get());
  const int workers = config.pool.workers;
  RunningService running(std::move(config), reactor);
  std::printf("hdr-process: listening on http://%s\n", address.c_str());
  std::fflush(stdout);
  LogStart(address, workers);
  Expected<void> done = running.Run(std::move(listener), std::move(proxies), stops_asked);
  LogStop(done ? "signal" : "error");
  return done;
}

}  // namespace hdrp
