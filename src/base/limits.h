// What a run may use. Checked before anything is allocated or decoded.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"

namespace hdrp {

struct Limits {
  std::uint64_t max_pixels = 128'000'000;          ///< per picture
  std::uint64_t max_file_bytes = 512ULL << 20;     ///< per input file
  std::uint64_t max_metadata_bytes = 16ULL << 20;  ///< per joined Extended XMP or ICC profile
  std::uint32_t max_side = 65'500;                 ///< pixels; JPEG's own limit is 65,535
  /// Of a picture that its decoder holds whole: HEIF, AVIF, JPEG XL, WebP, interlaced PNG, and the
  /// coefficients of a progressive JPEG. No machine is asked for more than the 4 GB this can say.
  std::uint32_t max_held_bytes = 512'000'000;
};

/// too_large when a picture of this size may not be decoded, bad_input when a side is 0.
[[nodiscard]] Expected<void> CheckSize(std::uint64_t width, std::uint64_t height,
                                       const Limits& limits, std::string_view where);

/// too_large where a decoder would have to hold more than it may.
[[nodiscard]] Expected<void> CheckHeld(std::uint64_t bytes, const Limits& limits,
                                       std::string_view where);

/// A std::stop_token, or whatever else answers stop_requested(), without the header that brings
/// threads and formats along.
class StopToken {
 public:
  StopToken() = default;
  template <typename Token>
    requires requires(const Token& token) {
      { token.stop_requested() } -> std::same_as<bool>;
    } && (!std::same_as<Token, StopToken>)
  StopToken(Token token)  // NOLINT(google-explicit-constructor): is one
      : asked_([asked = std::move(token)] { return asked.stop_requested(); }) {}
  [[nodiscard]] bool stop_requested() const { return asked_ && asked_(); }
  [[nodiscard]] bool stop_possible() const { return asked_ != nullptr; }

 private:
  std::function<bool()> asked_;
};

/// How a run is asked to stop: by the user (token) or by the clock (deadline). Stages poll Check()
/// once per row band.
struct StopCondition {
  StopToken token;
  std::optional<std::chrono::steady_clock::time_point> deadline;

  /// interrupted or timeout (naming the stage) when the run has to end; otherwise success.
  [[nodiscard]] Expected<void> Check(std::string_view stage) const;
};

}  // namespace hdrp
