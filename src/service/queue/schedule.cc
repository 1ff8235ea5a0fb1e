#include "service/queue/schedule.h"

#include <algorithm>
#include <utility>

namespace hdrp {
namespace {

/// When the job would be done had it begun when it came.
[[nodiscard]] std::chrono::duration<double> KeyOf(const QueuedJob& job) {
  return job.since.time_since_epoch() + std::chrono::duration<double>(job.seconds);
}

[[nodiscard]] bool Fits(const QueuedJob& job, Lane lane) {
  return lane == Lane::kEvery || job.seconds <= kShortSeconds;
}

}  // namespace

void Schedule::Add(QueuedJob job) {
  Client& client = clients_[job.client];
  client.tag = std::max(client.tag, clock_);
  waiting_ += job.promised ? 0 : 1;
  auto added = std::make_shared<const QueuedJob>(std::move(job));
  const auto place = std::ranges::upper_bound(client.jobs, KeyOf(*added), {},
                                              [](const JobPointer& each) { return KeyOf(*each); });
  client.jobs.insert(place, std::move(added));
}

bool Schedule::Remove(std::uint64_t ticket) {
  for (auto& [name, client] : clients_) {
    const auto found =
        std::ranges::find(client.jobs, ticket, [](const JobPointer& each) { return each->ticket; });
    if (found == client.jobs.end()) continue;
    waiting_ -= (*found)->promised ? 0 : 1;
    client.jobs.erase(found);
    Prune();
    return true;
  }
  return false;
}

std::shared_ptr<const QueuedJob> Schedule::Take(Lane lane, Promised promised) {
  Client* first = nullptr;
  std::vector<JobPointer>::iterator next;
  for (auto& [name, client] : clients_) {
    if (first != nullptr && client.tag > first->tag) continue;
    const auto job = std::ranges::find_if(client.jobs, [&](const JobPointer& each) {
      return Fits(*each, lane) && (promised == Promised::kTaken || !each->promised);
    });
    if (job == client.jobs.end()) continue;
    if (first != nullptr && client.tag == first->tag && KeyOf(**job) >= KeyOf(**next)) continue;
    first = &client;
    next = job;
  }
  if (first == nullptr) return nullptr;
  JobPointer job = std::move(*next);
  first->jobs.erase(next);
  waiting_ -= job->promised ? 0 : 1;
  clock_ = std::max(clock_, first->tag);
  first->tag += job->seconds;
  Prune();
  return job;
}

void Schedule::Correct(std::string_view name, double seconds) {
  if (const auto found = clients_.find(name); found != clients_.end()) found->second.tag += seconds;
}

void Schedule::Prune() {
  std::erase_if(clients_, [this](const auto& each) {
    return each.second.jobs.empty() && each.second.tag <= clock_;
  });
}

std::vector<Forecast> Schedule::Foresee(std::vector<double> busy) const {
  Schedule rest = *this;
  std::vector<Forecast> forecasts;
  std::vector<bool> idle(busy.size());
  for (;;) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < busy.size(); ++i) {
      if (!idle[i] && (!next || busy[i] <= busy[*next])) next = i;
    }
    if (!next) return forecasts;
    JobPointer job = rest.Take(LaneOf(*next, busy.size()), Promised::kTaken);
    if (job == nullptr) {
      idle[*next] = true;
      continue;
    }
    const double begin = busy[*next];
    busy[*next] += job->seconds;
    forecasts.push_back({std::move(job), begin, busy[*next]});
  }
}

double Schedule::SecondsOf(std::string_view name) const {
  const auto found = clients_.find(name);
  double sum = 0;
  if (found == clients_.end()) return sum;
  for (const JobPointer& job : found->second.jobs) sum += job->promised ? 0 : job->seconds;
  return sum;
}

std::vector<std::shared_ptr<const QueuedJob>> Schedule::jobs() const {
  std::vector<JobPointer> all;
  for (const auto& [name, client] : clients_) {
    all.insert(all.end(), client.jobs.begin(), client.jobs.end());
  }
  return all;
}

}  // namespace hdrp
