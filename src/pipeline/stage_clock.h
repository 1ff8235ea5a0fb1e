// Ends each stage: its time, the progress report, and the error of a run that is asked to stop.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "pipeline/report.h"

namespace hdrp {

/// In their order.
enum class Stage : std::uint8_t { kRead, kObtain, kGuard, kEncode, kPackage, kVerify };
inline constexpr std::array<std::string_view, 6> kStageNames = {"read",   "obtain",  "guard",
                                                                "encode", "package", "verify"};

class StageClock {
 public:
  using Progress = std::function<void(std::string_view stage, double share)>;
  StageClock(const Progress& progress, const StopCondition& stop)
      : progress_(progress), stop_(stop) {}

  [[nodiscard]] Expected<void> Finish(Stage stage) {
    const std::string_view name = kStageNames[static_cast<std::size_t>(stage)];
    const auto now = std::chrono::steady_clock::now();
    times_.push_back({name, std::chrono::duration<double, std::milli>(now - begin_).count()});
    begin_ = now;
    if (progress_) progress_(name, static_cast<double>(times_.size()) / kStageNames.size());
    return stop_.Check(name);
  }
  [[nodiscard]] std::vector<StageTime> Take() && { return std::move(times_); }

 private:
  const Progress& progress_;
  const StopCondition& stop_;
  std::vector<StageTime> times_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace hdrp
