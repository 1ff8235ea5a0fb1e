#include "base/rows.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace hdrp {

Expected<void> ForEachRowBand(int rows, int band_rows, const Parallelism& parallelism,
                              std::string_view stage, const std::function<void(int, int)>& body) {
  const int bands = (rows + band_rows - 1) / band_rows;
  std::atomic<int> next = 0;
  std::mutex result_mutex;
  Expected<void> result;

  const auto work = [&] {
    for (int band = next++; band < bands; band = next++) {
      if (Expected<void> go_on = parallelism.stop.Check(stage); !go_on) {
        next = bands;
        const std::scoped_lock lock(result_mutex);
        result = std::move(go_on);
        return;
      }
      body(band * band_rows, std::min(rows, (band + 1) * band_rows));
    }
  };

  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const int wanted = parallelism.threads == 0 ? cores : parallelism.threads;
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < std::min(wanted, bands); ++i) helpers.emplace_back(work);
    work();
  }
  return result;
}

}  // namespace hdrp
