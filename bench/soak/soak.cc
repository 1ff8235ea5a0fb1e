// soak PROGRAM [MINUTES [CLIENTS]]: starts the service, asks it for minutes what users and
// attackers ask, and says what became of it. Exit status 1 where a limit is broken
// (docs/benchmarks.md).
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>

#include "base/formatted.h"
#include "service/support/pictures.h"
#include "soak/crowd.h"
#include "soak/latency.h"
#include "soak/load.h"
#include "soak/requests.h"

namespace hdrp::soak {
namespace {

constexpr double kMaxGrowth = 1.10;  ///< of memory, from the second minute to the last
/// A job's median, of the same job in-process: predicted, and with a reference.
constexpr double kMaxOfLibrary = 1.15, kMaxOfLibraryReference = 1.5;
constexpr double kMaxTail = 4;  ///< JPEG jobs beside AVIF ones: p99 of p50
/// A job with a reference is over in a few milliseconds, of which sockets and processes take their
/// share; its bound is a part of what starting the program for it costs.
constexpr double kMaxOfCommand = 0.50;
constexpr int kRounds = 100;
constexpr int kLifetimeSeconds = 15;

class Report {
 public:
  void Row(bool holds, const std::string& text) {
    std::printf("%s %s\n", holds ? "  ok  " : " OVER ", text.c_str());
    std::fflush(stdout);
    if (!holds) failed_ = true;
  }
  void Note(const std::string& text) { std::printf("       %s\n", text.c_str()); }
  [[nodiscard]] int status() const { return failed_ ? 1 : 0; }

 private:
  bool failed_ = false;
};

void TellLatency(Report& report, JobMode mode, const Latencies& latencies) {
  const std::string name =
      mode == JobMode::kPredict ? "1024 x 768 predicted" : "1024 x 768 with a reference";
  const double service = Quantile(latencies.service_ms, 0.5);
  const double library = Quantile(latencies.library_ms, 0.5);
  const double command = Quantile(latencies.command_ms, 0.5);
  if (library <= 0) return report.Row(false, name + ": a job failed");
  const bool holds = mode == JobMode::kPredict ? service <= kMaxOfLibrary * library
                                               : service <= kMaxOfLibraryReference * library &&
                                                     service <= kMaxOfCommand * command;
  report.Row(holds,
             Formatted("{}: p50 {:.2f} ms; {:.2f} of the library call ({:.2f} ms), {:.2f} of the "
                       "command ({:.2f} ms)",
                       name, service, service / library, library, service / command, command));
  const double p99 = Quantile(latencies.service_ms, 0.99);
  report.Note(Formatted(
      "{}: p99 {:.2f} ms; {:.2f} of the library call's p99, {:.2f} of the command's", name, p99,
      p99 / Quantile(latencies.library_ms, 0.99), p99 / Quantile(latencies.command_ms, 0.99)));
  const double kept = Quantile(latencies.kept_ms, 0.5);
  report.Note(
      Formatted("{}, kept with preview, map and report: p50 {:.2f} ms; {:.2f} of the library call",
                name, kept, kept / library));
}

void TellLoad(Report& report, const LoadResult& load) {
  long all = 0, wrong = 0, busy = 0;
  for (const auto& [name, count] : load.kinds) {
    report.Note(Formatted("{:<15} {:>7} as they should, {:>5} busy, {:>3} wrong", name,
                          count.as_it_should, count.busy, count.wrong));
    all += count.as_it_should + count.busy + count.wrong;
    wrong += count.wrong;
    busy += count.busy;
  }
  for (const std::string& complaint : load.complaints) report.Note(complaint);
  report.Note(Formatted("{} requests in {:.0f} s: {:.1f} a second", all, load.seconds,
                        static_cast<double>(all) / load.seconds));
  report.Row(wrong == 0, Formatted("{} answers without cause (0)", wrong));
  report.Row(busy == 0, Formatted("{} told to come again (0), beside greedy clients", busy));
  report.Row(load.greedy.other == 0,
             Formatted("four greedy clients: {} served, {} told to come again, {} otherwise (0)",
                       load.greedy.served, load.greedy.busy, load.greedy.other));
  if (load.mean_mb.size() < 2) return report.Note("too short to say anything about memory");
  const double second = load.mean_mb[1], last = load.mean_mb.back();
  report.Row(
      last <= kMaxGrowth * second,
      Formatted("memory of service and workers: {:.1f} MB in minute 2, {:.1f} MB in minute {}",
                second, last, load.mean_mb.size()));
  const double own = load.service_mean_mb[1], own_last = load.service_mean_mb.back();
  report.Row(own_last <= kMaxGrowth * own,
             Formatted("memory of the service alone: {:.1f} MB in minute 2, {:.1f} MB in minute {}",
                       own, own_last, load.mean_mb.size()));
}

void TellCrowds(Report& report, int port) {
  for (const auto& [jobs, at_a_time] : {std::pair(50, 4), std::pair(200, 200)}) {
    const Burst burst = RunBurst(port, jobs, at_a_time);
    report.Row(burst.served == jobs,
               Formatted("{} jobs, {} at a time: {} served in {:.1f} s, {} told to come again, {} "
                         "otherwise",
                         jobs, at_a_time, burst.served, burst.seconds, burst.busy, burst.other));
  }
  constexpr double kSeconds = 60;
  const Mixed mixed = RunMixed(port, kSeconds);
  if (mixed.jpeg_ms.empty() || mixed.avif_ms.empty()) return report.Row(false, "mixed: none done");
  const double p50 = Quantile(mixed.jpeg_ms, 0.5), p99 = Quantile(mixed.jpeg_ms, 0.99);
  report.Row(p99 <= kMaxTail * p50,
             Formatted("{} JPEG jobs beside {} AVIF ones: p50 {:.0f} ms, p99 {:.0f} ms, {:.1f} of "
                       "it ({:.0f}); AVIF p50 {:.0f} ms",
                       mixed.jpeg_ms.size(), mixed.avif_ms.size(), p50, p99, p99 / p50, kMaxTail,
                       Quantile(mixed.avif_ms, 0.5)));
}

int Run(const std::string& program, int minutes, int clients) {
  const int workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  MakePictures();
  test::RunningService service(
      {"--workers", std::to_string(workers), "--lifetime", std::to_string(kLifetimeSeconds)},
      {.program = program});
  Report report;
  if (service.port() == 0) {
    report.Row(false, "the service does not start: " + service.Log());
    return report.status();
  }
  // Once it answers it has all that it opens for itself.
  (void)test::Get(service.port(), "/healthz");
  const std::size_t files_before = test::OpenFilesOf(service.pid());
  for (const JobMode mode : {JobMode::kReference, JobMode::kPredict}) {
    TellLatency(report, mode, MeasureLatency(service.port(), program, mode, kRounds));
  }
  TellCrowds(report, service.port());
  TellLoad(report, RunLoad(service, std::chrono::minutes(minutes), clients));

  const double deaths = test::MetricOf(service.port(), "hdr_process_worker_deaths_total");
  report.Row(deaths == 0,
             Formatted("{:.0f} workers died by themselves (0), {:.0f} were ended", deaths,
                       test::MetricOf(service.port(), "hdr_process_worker_kills_total")));
  const bool all_closed = test::Eventually(
      [&] {
        return service.UnnamedFiles().empty() && test::OpenFilesOf(service.pid()) <= files_before;
      },
      std::chrono::seconds(4 * kLifetimeSeconds));
  report.Row(all_closed, Formatted("{} files open after all results have expired, {} at the start",
                                   test::OpenFilesOf(service.pid()), files_before));
  service.Signal(SIGTERM);
  const std::optional<int> status = service.Await(std::chrono::seconds(20));
  report.Row(status == 0, Formatted("exit status {} (0)", status.value_or(-1)));
  report.Row(service.Files().empty(),
             Formatted("{} files left in its folder (0)", service.Files().size()));
  return report.status();
}

}  // namespace
}  // namespace hdrp::soak

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: soak PROGRAM [MINUTES [CLIENTS]]\n");
    return 2;
  }
  const int minutes = argc > 2 ? std::atoi(argv[2]) : 10;
  const int clients = argc > 3 ? std::atoi(argv[3]) : 4;
  return hdrp::soak::Run(argv[1], std::max(minutes, 1), std::max(clients, 1));
}
