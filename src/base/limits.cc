#include "base/limits.h"

namespace hdrp {

Expected<void> CheckSize(std::uint64_t width, std::uint64_t height, const Limits& limits,
                         std::string_view where) {
  if (width == 0 || height == 0) {
    return Fail(ErrorCode::kBadInput, where, "expected a picture, found {} x {} pixels", width,
                height);
  }
  const bool too_long = width > limits.max_side || height > limits.max_side;
  if (too_long || width * height > limits.max_pixels) {
    return Fail(ErrorCode::kTooLarge, where,
                "picture of {} x {} pixels ({:.1f} MP) exceeds the limit of {:.1f} MP and {} "
                "pixels a side{}",
                width, height, static_cast<double>(width) * static_cast<double>(height) / 1e6,
                static_cast<double>(limits.max_pixels) / 1e6, limits.max_side,
                too_long ? "" : " (--max-pixels raises it)");
  }
  return {};
}

Expected<void> CheckHeld(std::uint64_t bytes, const Limits& limits, std::string_view where) {
  if (bytes <= limits.max_held_bytes) return {};
  return Fail(ErrorCode::kTooLarge, where,
              "the picture has to be held whole, which takes {:.0f} MB; the limit is {:.0f} MB "
              "(--max-memory raises it)",
              static_cast<double>(bytes) / 1e6, static_cast<double>(limits.max_held_bytes) / 1e6);
}

Expected<void> StopCondition::Check(std::string_view stage) const {
  if (token.stop_requested()) return Fail(ErrorCode::kInterrupted, stage, "interrupted");
  if (deadline && std::chrono::steady_clock::now() >= *deadline) {
    return Fail(ErrorCode::kTimeout, stage, "time limit reached");
  }
  return {};
}

}  // namespace hdrp
