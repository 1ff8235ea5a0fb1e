#include "soak/load.h"

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "base/formatted.h"
#include "soak/requests.h"

namespace hdrp::soak {
namespace {

using std::chrono::steady_clock;
constexpr std::size_t kMaxComplaints = 10;

class Load {
 public:
  Load(const test::RunningService& service, std::chrono::seconds time)
      : service_(service), begin_(steady_clock::now()), end_(begin_ + time) {}

  void Ask(unsigned seed) {
    std::mt19937 random(seed);
    std::vector<double> weights;
    for (const Kind& kind : Kinds()) weights.push_back(kind.weight);
    std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
    while (steady_clock::now() < end_) {
      const Kind& kind = Kinds()[pick(random)];
      Count(kind, kind.ask(service_.port(), random));
    }
  }

  void Grab(const std::stop_token& stop, const char* address) {
    const Greedy one = BeGreedy(stop, service_.port(), address);
    const std::scoped_lock lock(mutex_);
    result_.greedy.served += one.served;
    result_.greedy.busy += one.busy;
    result_.greedy.other += one.other;
  }

  void Watch() {
    struct Sum {
      double all = 0, service = 0;
      int samples = 0;
    };
    std::vector<Sum> minutes;
    while (steady_clock::now() < end_) {
      test::Pause(std::chrono::milliseconds(250));
      const auto minute = static_cast<std::size_t>(
          std::chrono::floor<std::chrono::minutes>(steady_clock::now() - begin_).count());
      if (minutes.size() <= minute && steady_clock::now() < end_) minutes.resize(minute + 1);
      double workers = 0;
      for (const pid_t worker : service_.Workers()) {
        workers += static_cast<double>(test::ResidentBytes(worker)) / 1e6;
      }
      const double own = static_cast<double>(test::ResidentBytes(service_.pid())) / 1e6;
      Sum& sum = minutes.back();
      sum.all += own + workers;
      sum.service += own;
      ++sum.samples;
    }
    for (const Sum& sum : minutes) {
      result_.mean_mb.push_back(sum.all / sum.samples);
      result_.service_mean_mb.push_back(sum.service / sum.samples);
    }
  }

  [[nodiscard]] LoadResult Result() {
    result_.seconds = std::chrono::duration<double>(steady_clock::now() - begin_).count();
    return std::move(result_);
  }

 private:
  void Count(const Kind& kind, const Outcome& outcome) {
    const std::scoped_lock lock(mutex_);
    KindCount& count = result_.kinds[std::string(kind.name)];
    if (outcome.verdict == Verdict::kAsItShould) ++count.as_it_should;
    if (outcome.verdict == Verdict::kBusy) ++count.busy;
    if (outcome.verdict != Verdict::kWrong) return;
    ++count.wrong;
    if (result_.complaints.size() < kMaxComplaints) {
      result_.complaints.push_back(Formatted("{}: {}", kind.name, outcome.why));
    }
  }

  const test::RunningService& service_;
  steady_clock::time_point begin_, end_;
  std::mutex mutex_;
  LoadResult result_;
};

}  // namespace

LoadResult RunLoad(const test::RunningService& service, std::chrono::seconds time, int clients) {
  Load load(service, time);
  {
    std::vector<std::jthread> threads;
    for (const char* address : {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"}) {
      threads.emplace_back(
          [&load, address](const std::stop_token& stop) { load.Grab(stop, address); });
    }
    for (int i = 0; i < clients; ++i) {
      threads.emplace_back([&load, i] { load.Ask(static_cast<unsigned>(100 + i)); });
    }
    load.Watch();
  }
  return load.Result();
}

}  // namespace hdrp::soak
