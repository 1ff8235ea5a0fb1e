#include "service/queue/admission.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hdrp {
namespace {

using std::chrono::duration;
using Time = Admission::Time;
using Busy = Admission::Busy;

/// By what share of the time that is left a job is expected to be done: estimates are estimates.
/// Whoever was told to come now gets the benefit of the doubt.
constexpr double kShareForNew = 0.85;
constexpr double kShareForPromised = 0.95;
/// By how much more than expected all before it may take, for whoever is told to come again.
constexpr double kCaution = 1.2;
/// One that seems to need more than this is tried where nothing else is in its way.
constexpr double kMostOfTime = 0.8;
/// A place is kept from this long before the time at which its client was told to come again ...
constexpr duration<double> kEarly{0.2};
/// ... until this long after it.
constexpr std::chrono::seconds kPatience{5};
/// Places that are kept at most; who comes then is told the same, and finds what there is.
constexpr int kMaxPromises = 1000;

[[nodiscard]] double SecondsTo(Time then, Time now) {
  return std::max(0.0, duration<double>(then - now).count());
}

[[nodiscard]] double EndOf(const Schedule& schedule, std::uint64_t ticket, const Busy& busy) {
  for (const Forecast& each : schedule.Foresee(busy)) {
    if (each.job->ticket == ticket) return each.end;
  }
  return 0;
}

/// Those that are expected to be too late, the last of them last.
[[nodiscard]] std::vector<Forecast> LateOnes(const Schedule& schedule, const Busy& busy, Time now) {
  std::vector<Forecast> late = schedule.Foresee(busy);
  std::erase_if(late, [now](const Forecast& each) {
    return each.job->promised || each.end <= SecondsTo(each.job->deadline, now);
  });
  std::ranges::stable_sort(late, {}, &Forecast::end);
  return late;
}

/// Takes out of `with` what its job makes late, unless it was late `before`. nullopt where clients
/// would suffer that have no more in the queue than the job's own.
[[nodiscard]] std::optional<std::vector<QueuedJob>> MakeRoom(Schedule& with, const QueuedJob& job,
                                                             const Schedule& before,
                                                             const Busy& busy, Time now) {
  std::vector<QueuedJob> gone;
  std::vector<Forecast> late = LateOnes(with, busy, now);
  if (late.empty()) return gone;
  const std::vector<Forecast> late_before = LateOnes(before, busy, now);
  for (;; late = LateOnes(with, busy, now)) {
    std::erase_if(late, [&](const Forecast& each) {
      return std::ranges::contains(late_before, each.job, &Forecast::job);
    });
    if (late.empty()) return gone;
    const QueuedJob& last = *late.back().job;
    if (with.SecondsOf(last.client) <= with.SecondsOf(job.client)) return std::nullopt;
    gone.push_back(last);
    with.Remove(last.ticket);
  }
}

}  // namespace

std::expected<std::vector<Admission::Refused>, Admission::Refused> Admission::Admit(
    QueuedJob job, const Busy& busy, Time now) {
  ForgetPromises(now);
  const double left = SecondsTo(job.deadline, now);
  job.seconds = std::min(job.seconds, kMostOfTime * left);
  const double share = Redeem(job, now) ? kShareForPromised : kShareForNew;
  Schedule with = schedule_;
  with.Add(job);
  if (schedule_.waiting() >= max_waiting_ || EndOf(with, job.ticket, busy) > share * left) {
    return std::unexpected(Promise(std::move(job), busy, now));
  }
  const std::optional<std::vector<QueuedJob>> gone = MakeRoom(with, job, schedule_, busy, now);
  if (!gone) return std::unexpected(Promise(std::move(job), busy, now));
  schedule_ = std::move(with);
  std::vector<Refused> refused;
  for (const QueuedJob& each : *gone) refused.push_back(Promise(each, busy, now));
  return refused;
}

bool Admission::WouldAdmit(QueuedJob job, const Busy& busy, Time now) const {
  Admission trial = *this;
  return trial.Admit(std::move(job), busy, now).has_value();
}

Admission::Refused Admission::Promise(QueuedJob job, const Busy& busy, Time now) {
  job.promised = true;
  Schedule with = schedule_;
  with.Add(job);
  // With a full time before it, it will be in time if it comes when so much of this is done.
  const double in_time =
      schedule_.waiting() >= max_waiting_ ? 0 : kShareForNew * SecondsTo(job.deadline, now);
  const int wait =
      std::max(1, static_cast<int>(std::ceil(kCaution * EndOf(with, job.ticket, busy) - in_time)));
  const std::uint64_t ticket = job.ticket;
  const auto promises = std::ranges::count_if(schedule_.jobs(), &QueuedJob::promised);
  if (promises < kMaxPromises) {
    job.deadline = now + std::chrono::seconds(wait) + kPatience;
    schedule_.Add(std::move(job));
  }
  return {ticket, wait};
}

bool Admission::Redeem(QueuedJob& job, Time now) {
  std::shared_ptr<const QueuedJob> kept;
  for (const auto& each : schedule_.jobs()) {
    if (!each->promised || each->client != job.client) continue;
    if (each->deadline - kPatience - kEarly > now) continue;
    if (kept == nullptr || each->deadline < kept->deadline) kept = each;
  }
  if (kept == nullptr) return false;
  job.since = kept->since;
  schedule_.Remove(kept->ticket);
  return true;
}

void Admission::ForgetPromises(Time now) {
  for (const auto& each : schedule_.jobs()) {
    if (each->promised && each->deadline < now) schedule_.Remove(each->ticket);
  }
}

std::optional<int> Admission::Ahead(std::uint64_t ticket, const Busy& busy) const {
  int ahead = 0;
  for (const Forecast& each : schedule_.Foresee(busy)) {
    if (each.job->ticket == ticket) {
      return each.job->promised ? std::nullopt : std::optional<int>(ahead);
    }
    ahead += each.job->promised ? 0 : 1;
  }
  return std::nullopt;
}

double Admission::SecondsLeft(const Busy& busy) const {
  double left = busy.empty() ? 0 : std::ranges::max(busy);
  for (const Forecast& each : schedule_.Foresee(busy)) left = std::max(left, each.end);
  return left;
}

}  // namespace hdrp
