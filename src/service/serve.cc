#include "service/serve.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

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

/// Connections and results hold descriptors: as many as the system lets us have.
void RaiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
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
    service_.requests_in_progress = [this] { return in_progress_; };
  }

  [[nodiscard]] Expected<void> Run(Fd listener, TrustedProxies proxies, const bool& stop_asked) {
    const ServiceConfig& config = service_.config();
    pool_.Warm();
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
                      .request_time = config.request_time,
                      .grace = config.grace},
                     Handlers(stop_asked), reactor_);
  }

 private:
  using Answer = std::function<void(HttpResponse)>;

  [[nodiscard]] HttpHandlers Handlers(const bool& stop_asked) {
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
        .stop_asked = [&stop_asked] { return stop_asked; },
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
    std::expected<WorkerPool::Ticket, Refusal> ticket =
        pool_.Submit(std::move(pending.job),
                     [answer, id, finish = std::move(pending.answer)](JobOutcome outcome) {
                       const auto* refusal = std::get_if<Refusal>(&outcome);
                       answer(refusal != nullptr ? ResponseOf(*refusal, id)
                                                 : finish(std::get<JobDone>(std::move(outcome))));
                     });
    if (!ticket) {
      answer(ResponseOf(ticket.error(), id));
      return nullptr;
    }
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
  RaiseDescriptorLimit();
  umask(S_IRWXG | S_IRWXO);
  if (config.folder.empty()) config.folder = DefaultServiceFolder();
  HDRP_RETURN_IF_ERROR(CheckPlace(config));
  HDRP_ASSIGN_OR_RETURN(TrustedProxies proxies, TrustedProxies::Read(config.proxies));
  // Before anyone uploads anything: is there a place for it?
  HDRP_RETURN_IF_ERROR(Within("--folder", MakeUnnamedFile(config.folder)));
  HDRP_ASSIGN_OR_RETURN(Fd listener, Listen(config.bind));
  HDRP_ASSIGN_OR_RETURN(Reactor reactor, Reactor::Make());

  bool stop_asked = false;
  if (!reactor.Watch(signals.get(), EPOLLIN, [&](std::uint32_t) {
        signalfd_siginfo info{};
        if (read(signals.get(), &info, sizeof info) > 0) stop_asked = true;
      })) {
    return Fail(ErrorCode::kIoFailed, "service", "signals cannot be watched");
  }
  const std::string address = AddressOf(listener.get());
  const int workers = config.pool.workers;
  RunningService running(std::move(config), reactor);
  std::printf("hdr-process: listening on http://%s\n", address.c_str());
  std::fflush(stdout);
  LogStart(address, workers);
  Expected<void> done = running.Run(std::move(listener), std::move(proxies), stop_asked);
  LogStop(done ? "signal" : "error");
  return done;
}

}  // namespace hdrp
