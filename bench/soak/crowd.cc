#include "soak/crowd.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "service/support/client.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::soak {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;
using test::Client;

[[nodiscard]] double SecondsSince(steady_clock::time_point begin) {
  return duration<double>(steady_clock::now() - begin).count();
}

[[nodiscard]] std::string JobFor(int width, int height, std::string_view accept) {
  return test::PostOf("/process",
                      test::MultipartBody({{"img", test::PairOf(width, height).edit, "a.jpg"}}),
                      std::string("Accept: ") + std::string(accept) + "\r\n");
}

/// Of an answer to a job, as whoever counts them names it.
template <typename Counts>
void Count(Counts& counts, int status) {
  ++(status == 200 ? counts.served : status == 503 ? counts.busy : counts.other);
}

}  // namespace

Burst RunBurst(int port, int jobs, int at_a_time) {
  const std::string text = JobFor(1024, 768, "image/jpeg");
  std::atomic<int> left = jobs;
  std::mutex mutex;
  Burst burst;
  const auto begin = steady_clock::now();
  std::vector<std::jthread> threads;
  for (int i = 0; i < at_a_time; ++i) {
    threads.emplace_back([&] {
      while (left-- > 0) {
        const int status = test::Ask(port, text).status;
        const std::scoped_lock lock(mutex);
        Count(burst, status);
      }
    });
  }
  threads.clear();
  burst.seconds = SecondsSince(begin);
  return burst;
}

Mixed RunMixed(int port, double seconds) {
  constexpr int kWidth = 2000, kHeight = 1500;
  const std::array<std::string, 2> texts = {JobFor(kWidth, kHeight, "image/jpeg"),
                                            JobFor(kWidth, kHeight, "image/avif")};
  std::array<std::vector<double>, 2> times;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      for (const auto begin = steady_clock::now(); SecondsSince(begin) < seconds;) {
        const auto asked = steady_clock::now();
        if (test::Ask(port, texts[i]).status == 200) {
          times[i].push_back(1e3 * SecondsSince(asked));
        }
      }
    });
  }
  threads.clear();
  for (std::vector<double>& each : times) std::ranges::sort(each);
  return {std::move(times[0]), std::move(times[1])};
}

Greedy BeGreedy(const std::stop_token& stop, int port, const char* address) {
  const std::string text = JobFor(640, 480, "image/jpeg");
  std::array<std::unique_ptr<Client>, 40> clients;
  Greedy greedy;
  while (!stop.stop_requested()) {
    for (auto& client : clients) {
      if (client && !client->HasNews()) continue;
      if (client) Count(greedy, client->Read().status);
      client = std::make_unique<Client>(port, address);
      (void)client->Send(text);
    }
    test::Pause(std::chrono::milliseconds(20));
  }
  return greedy;
}

}  // namespace hdrp::soak
