// Which jobs are let into the queue: those that are expected to be done by their deadlines, beside
// all that wait already. Whoever is refused is told when to come again, and a place is kept until
// then. No clock and no process in here: the pool asks (worker/worker_pool.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "service/queue/schedule.h"

namespace hdrp {

class Admission {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Busy = std::vector<double>;  ///< for each worker the seconds until it is free

  struct Refused {
    std::uint64_t ticket = 0;
    int retry_after_seconds = 1;  ///< then there is room, unless jobs take longer than expected
  };

  explicit Admission(int max_waiting) : max_waiting_(max_waiting) {}

  /// Lets the job in, and says which others go for it: the last ones of clients that have more
  /// work in the queue. Or refuses it.
  [[nodiscard]] std::expected<std::vector<Refused>, Refused> Admit(QueuedJob job, const Busy& busy,
                                                                   Time now);
  /// Whether Admit() would let it in.
  [[nodiscard]] bool WouldAdmit(QueuedJob job, const Busy& busy, Time now) const;

  /// The job that a worker is to begin, for which its client is charged; nullptr: there is none.
  [[nodiscard]] std::shared_ptr<const QueuedJob> Next(Lane lane) { return schedule_.Take(lane); }
  void Remove(std::uint64_t ticket) { schedule_.Remove(ticket); }
  /// What a job took more than was expected, or less.
  void Correct(std::string_view client, double seconds) { schedule_.Correct(client, seconds); }

  /// How many jobs are expected to begin before it; nullopt where it does not wait.
  [[nodiscard]] std::optional<int> Ahead(std::uint64_t ticket, const Busy& busy) const;
  [[nodiscard]] int waiting() const { return schedule_.waiting(); }
  /// Until all that waits is done.
  [[nodiscard]] double SecondsLeft(const Busy& busy) const;

 private:
  [[nodiscard]] Refused Promise(QueuedJob job, const Busy& busy, Time now);
  [[nodiscard]] bool Redeem(QueuedJob& job, Time now);
  void ForgetPromises(Time now);

  int max_waiting_;
  Schedule schedule_;
};

}  // namespace hdrp
