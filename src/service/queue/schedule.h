// In which order waiting jobs are done. Between clients: start-time fair queueing (P. Goyal,
// H. M. Vin, H. Cheng, SIGCOMM 1996), by the seconds that their jobs are expected to take. Of one
// client: whichever would be done first had each begun when it came, so that short jobs overtake
// long ones, and a long one is overtaken only by those that come within its own length.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hdrp {

struct QueuedJob {
  std::uint64_t ticket = 0;
  std::string client;  ///< whose turn it takes
  double seconds = 0;  ///< that one worker is expected to need
  std::chrono::steady_clock::time_point since, deadline;
  /// Refused, and expected back before `deadline`: takes its place in forecasts, and is never
  /// started.
  bool promised = false;
};

/// Which jobs a worker takes. One worker is kept for short jobs, for which long ones would
/// otherwise be in the way until they end.
enum class Lane : std::uint8_t { kEvery, kShort };
inline constexpr double kShortSeconds = 1;

/// When a job would start and end, in seconds from now.
struct Forecast {
  std::shared_ptr<const QueuedJob> job;
  double begin = 0, end = 0;
};

class Schedule {
 public:
  void Add(QueuedJob job);
  /// False where it is not there (any more).
  bool Remove(std::uint64_t ticket);

  enum class Promised : std::uint8_t { kLeft, kTaken };
  /// Takes out the next job, for which its client is charged; nullptr: there is none.
  [[nodiscard]] std::shared_ptr<const QueuedJob> Take(Lane lane,
                                                      Promised promised = Promised::kLeft);
  /// What a job took more than was expected, or less.
  void Correct(std::string_view client, double seconds);

  /// All, as they begin, if each takes as long as is expected and nothing comes between. `busy`
  /// holds for each worker the seconds until it is free, of the one for short jobs the last.
  [[nodiscard]] std::vector<Forecast> Foresee(std::vector<double> busy) const;

  /// Of what waits: of `client`, without what is promised.
  [[nodiscard]] double SecondsOf(std::string_view client) const;
  [[nodiscard]] int waiting() const { return waiting_; }  ///< without what is promised

  [[nodiscard]] std::vector<std::shared_ptr<const QueuedJob>> jobs() const;

 private:
  using JobPointer = std::shared_ptr<const QueuedJob>;
  struct Client {
    double tag = 0;  ///< seconds of the fair clock at which its next job begins
    std::vector<JobPointer> jobs;
  };
  /// Forgets clients that nothing is remembered of.
  void Prune();

  std::map<std::string, Client, std::less<>> clients_;
  double clock_ = 0;  ///< the tag of the job that began last
  int waiting_ = 0;
};

/// The lane of worker `index` of so many.
[[nodiscard]] constexpr Lane LaneOf(std::size_t index, std::size_t workers) {
  return workers > 1 && index + 1 == workers ? Lane::kShort : Lane::kEvery;
}

}  // namespace hdrp
