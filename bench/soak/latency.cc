#include "soak/latency.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "pipeline/process.h"
#include "service/support/pictures.h"
#include "support/program.h"

namespace hdrp::soak {
namespace {

using std::chrono::steady_clock;
constexpr int kWidth = 1024, kHeight = 768;

Bytes BytesOf(const std::string& text) { return {text.begin(), text.end()}; }

/// Milliseconds; nullopt where it fails.
template <typename Work>
std::optional<double> Timed(Work&& work) {
  const auto begin = steady_clock::now();
  if (!work()) return std::nullopt;
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

struct Job {
  const test::Pair& pair;
  JobMode mode;

  [[nodiscard]] bool OverHttp(int port, std::string_view headers) const {
    std::vector<test::FormPart> parts = {{"img", pair.edit, "a.jpg"}};
    if (mode == JobMode::kReference) parts.push_back({"ref", pair.original, "b.jpg"});
    return test::Post(port, "/process", parts, headers).status == 200;
  }
  [[nodiscard]] bool AsCommand(const std::string& program,
                               const test::ScratchFolder& folder) const {
    std::vector<std::string> command = {program,
                                        "--img",
                                        folder / "edit.jpg",
                                        "--out",
                                        (folder / "out").string() + "/",
                                        "--force",
                                        "-q",
                                        "-j",
                                        "1"};
    if (mode == JobMode::kReference) {
      command.insert(command.end(), {"--ref", folder / "original.jpg"});
    }
    return test::RunProgram(command).status == 0;
  }
  [[nodiscard]] bool InProcess(const Request& request) const {
    return Process(request).has_value();
  }
};

}  // namespace

Latencies MeasureLatency(int port, const std::string& program, JobMode mode, int rounds) {
  const Job job{test::PairOf(kWidth, kHeight), mode};
  const test::ScratchFolder folder;
  test::WriteWhole(folder / "edit.jpg", BytesOf(job.pair.edit));
  test::WriteWhole(folder / "original.jpg", BytesOf(job.pair.original));
  Request request;
  request.base = {"img", BytesOf(job.pair.edit)};
  if (mode == JobMode::kReference) request.reference = {"ref", BytesOf(job.pair.original)};
  // As many as a job of the service that is alone has.
  request.parallelism.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Latencies latencies;
  for (int i = -2; i < rounds; ++i) {  // the first ones warm up
    const auto service = Timed([&] { return job.OverHttp(port, "Accept: image/jpeg\r\n"); });
    const auto kept = Timed([&] { return job.OverHttp(port, ""); });
    const auto library = Timed([&] { return job.InProcess(request); });
    // Last, for a process that has forked pays for each page that it then writes to.
    const auto command = Timed([&] { return job.AsCommand(program, folder); });
    if (!service || !kept || !command || !library) return {};
    if (i < 0) continue;
    latencies.service_ms.push_back(*service);
    latencies.kept_ms.push_back(*kept);
    latencies.command_ms.push_back(*command);
    latencies.library_ms.push_back(*library);
  }
  for (auto* times :
       {&latencies.service_ms, &latencies.kept_ms, &latencies.command_ms, &latencies.library_ms}) {
    std::ranges::sort(*times);
  }
  return latencies;
}

double Quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace hdrp::soak
