// Ends each stage: its time, the progress report, and the error of a run that is asked to stop.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "pipeline/request.h"

namespace hdrp {

class StageClock {
 public:
  StageClock(std::vector<StageTime>& times, const Request& request)
      : times_(times), request_(request) {}

  [[nodiscard]] Expected<void> Finish(std::string_view stage) {
    const auto now = std::chrono::steady_clock::now();
    times_.push_back({stage, std::chrono::duration<double, std::milli>(now - begin_).count()});
    begin_ = now;
    if (request_.progress) {
      request_.progress(stage, static_cast<double>(times_.size()) / kStages);
    }
    return request_.parallelism.stop.Check(stage);
  }

 private:
  static constexpr double kStages = 6;
  std::vector<StageTime>& times_;
  const Request& request_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace hdrp
