// Order, fairness and admission of jobs, in a time of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/formatted.h"
#include "service/queue/admission.h"
#include "service/queue/job_cost.h"
#include "service/queue/picture_pixels.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

using std::chrono::duration;
using Time = Admission::Time;

Time At(double seconds) {
  return Time{} + std::chrono::duration_cast<Time::duration>(duration<double>(100 + seconds));
}

QueuedJob JobOf(std::uint64_t ticket, std::string client, double seconds, double since = 0) {
  return {.ticket = ticket,
          .client = std::move(client),
          .seconds = seconds,
          .since = At(since),
          .deadline = At(since + 20)};
}

std::vector<std::uint64_t> Order(Schedule schedule) {
  std::vector<std::uint64_t> order;
  while (const auto job = schedule.Take(Lane::kEvery)) order.push_back(job->ticket);
  return order;
}

TEST(Schedule, ShortJobsOvertakeLongOnesForAsLongAsThoseTake) {
  Schedule schedule;
  schedule.Add(JobOf(1, "a", 5));
  schedule.Add(JobOf(2, "a", 0.2, 1));
  schedule.Add(JobOf(3, "a", 0.2, 4.9));
  schedule.Add(JobOf(4, "a", 0.2, 4.7));
  EXPECT_THAT(Order(schedule), testing::ElementsAre(2, 4, 1, 3));
}

TEST(Schedule, ClientsTakeTurnsByWhatTheirJobsCost) {
  Schedule schedule;
  for (std::uint64_t i = 0; i < 8; ++i) schedule.Add(JobOf(10 + i, "greedy", 1));
  for (std::uint64_t i = 0; i < 3; ++i) schedule.Add(JobOf(20 + i, "modest", 0.5, 3));
  // Both have had one second's worth by then, and so on.
  EXPECT_THAT(Order(schedule), testing::ElementsAre(10, 20, 21, 11, 22, 12, 13, 14, 15, 16, 17));
}

TEST(Schedule, WhoComesLaterIsOwedNothingForTheTimeBefore) {
  Schedule schedule;
  for (std::uint64_t i = 0; i < 6; ++i) schedule.Add(JobOf(10 + i, "a", 1));
  for (int i = 0; i < 3; ++i) (void)schedule.Take(Lane::kEvery);
  for (std::uint64_t i = 0; i < 3; ++i) schedule.Add(JobOf(20 + i, "b", 1, 3));
  EXPECT_THAT(Order(schedule), testing::ElementsAre(20, 13, 21, 14, 22, 15));
}

TEST(Schedule, OneLaneIsForShortJobs) {
  Schedule schedule;
  schedule.Add(JobOf(1, "a", 5));
  EXPECT_EQ(schedule.Take(Lane::kShort), nullptr);
  schedule.Add(JobOf(2, "a", kShortSeconds));
  EXPECT_EQ(schedule.Take(Lane::kShort)->ticket, 2U);
  EXPECT_EQ(schedule.Take(Lane::kEvery)->ticket, 1U);
  EXPECT_EQ(LaneOf(0, 1), Lane::kEvery);
  EXPECT_EQ(LaneOf(0, 2), Lane::kEvery);
  EXPECT_EQ(LaneOf(1, 2), Lane::kShort);
}

TEST(Schedule, WhatIsForeseenIsWhatHappens) {
  Schedule schedule;
  std::mt19937 random(3);
  for (std::uint64_t i = 0; i < 60; ++i) {
    schedule.Add(
        JobOf(i, Formatted("{}", random() % 5), 0.05 * static_cast<double>(1 + random() % 60)));
  }
  std::vector<std::uint64_t> foreseen;
  for (const Forecast& each : schedule.Foresee({0})) foreseen.push_back(each.job->ticket);
  EXPECT_EQ(foreseen, Order(schedule));
}

TEST(Admission, AJobThatWouldBeLateIsRefused) {
  Admission admission(1000);
  int in = 0;
  while (admission.Admit(JobOf(static_cast<std::uint64_t>(in), "a", 0.5), {0, 0}, At(0))) ++in;
  EXPECT_EQ(in, 68);  // 17 s of two workers
  EXPECT_FALSE(admission.WouldAdmit(JobOf(99, "a", 0.5), {0, 0}, At(0)));
  // Somebody else is let in, at the cost of whom the queue is full of.
  EXPECT_TRUE(admission.WouldAdmit(JobOf(99, "b", 0.5), {0, 0}, At(0)));
}

TEST(Admission, OneThatTakesTooLongIsTriedWhereNothingElseIs) {
  Admission admission(1000);
  EXPECT_TRUE(admission.WouldAdmit(JobOf(1, "a", 60), {0}, At(0)));
  ASSERT_TRUE(admission.Admit(JobOf(1, "a", 2), {0}, At(0)));
  EXPECT_FALSE(admission.WouldAdmit(JobOf(2, "b", 60), {0}, At(0)));
}

TEST(Admission, NobodyWithLessInTheQueueMakesWay) {
  Admission admission(1000);
  std::uint64_t ticket = 0;
  while (admission.Admit(JobOf(++ticket, "greedy", 1), {0}, At(0))) {
  }
  ASSERT_TRUE(admission.Admit(JobOf(100, "modest", 1), {0}, At(0)));
  // The greedy client's own jobs, one for one; never the modest one's.
  for (std::uint64_t i = 101; i < 108; ++i) {
    const auto refused = admission.Admit(JobOf(i, "other", 1), {0}, At(0));
    if (!refused) break;
    for (const Admission::Refused& each : *refused) EXPECT_LT(each.ticket, ticket);
  }
  EXPECT_TRUE(admission.Ahead(100, {0}));
  EXPECT_LE(*admission.Ahead(100, {0}), 2);
}

TEST(Admission, AFullQueueRefusesShortJobsToo) {
  Admission admission(2);
  ASSERT_TRUE(admission.Admit(JobOf(1, "a", 0.1), {5}, At(0)));
  ASSERT_TRUE(admission.Admit(JobOf(2, "a", 0.1), {5}, At(0)));
  const auto refused = admission.Admit(JobOf(3, "a", 0.1), {5}, At(0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after_seconds, 7);  // 5.3 s, and caution
}

/// Two workers on a machine that is slower or faster than the rule of thumb thinks, and a book that
/// learns it.
struct Machine {
  Admission admission{1000};
  CostBook costs;
  JobSize size{.megapixels = 4};
  double seconds = 0;  ///< of a job, give or take a fifth
  std::mt19937 random{5};
  std::array<double, 2> free{};  ///< when each worker is
  int late = 0, done = 0;

  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  }
  Admission::Busy Busy(double now) const {
    return {std::max(0.0, free[0] - now), std::max(0.0, free[1] - now)};
  }
  void RunUntil(double now) {
    for (;;) {
      const std::size_t i = free[0] < free[1] ? 0 : 1;
      const auto job = free[i] > now ? nullptr : admission.Next(LaneOf(i, free.size()));
      if (job == nullptr) return;
      const double took = seconds * Uniform(0.8, 1.2);
      free[i] += took;
      costs.Learn(size, took);
      late += At(free[i]) > job->deadline ? 1 : 0;
      ++done;
    }
  }
};

/// Far more at once than the queue takes: the others come again when they were told to.
TEST(Admission, WhoComesAgainWhenToldIsLetIn) {
  for (const double ratio : {0.6, 1.0, 1.3}) {
    SCOPED_TRACE(ratio);
    Machine machine;
    machine.seconds = ratio * machine.costs.Estimate(machine.size) / 1.25;
    std::multimap<double, int> comes;  // when, and how often before
    for (int i = 0; i < 500; ++i) comes.insert({1e-3 * i, 0});
    std::uint64_t ticket = 0;
    int again = 0, let_in = 0;
    while (!comes.empty()) {
      const auto [now, before] = *comes.begin();
      comes.erase(comes.begin());
      machine.RunUntil(now);
      for (double& free : machine.free) free = std::max(free, now);
      const auto admitted =
          machine.admission.Admit(JobOf(++ticket, "a", machine.costs.Estimate(machine.size), now),
                                  machine.Busy(now), At(now));
      if (before == 1) {
        ++again;
        let_in += admitted ? 1 : 0;
      }
      if (admitted || before == 5) continue;
      comes.insert(
          {now + admitted.error().retry_after_seconds + machine.Uniform(0, 0.3), before + 1});
    }
    machine.RunUntil(1e6);
    EXPECT_GT(again, 200);
    EXPECT_GE(let_in, 0.95 * again);
    EXPECT_LE(machine.late, ratio > 1 ? 0.02 * machine.done : 0);
    EXPECT_GE(machine.done, 495);
  }
}

TEST(Admission, APlaceIsKeptForAWhile) {
  Admission admission(1000);
  std::uint64_t ticket = 0;
  auto refused = admission.Admit(JobOf(++ticket, "a", 1), {0}, At(0));
  while (refused) refused = admission.Admit(JobOf(++ticket, "a", 1), {0}, At(0));
  EXPECT_EQ(refused.error().retry_after_seconds, 5);  // 18 s, caution, less 17
  EXPECT_EQ(admission.waiting(), 17);
  EXPECT_EQ(admission.SecondsLeft({0}), 18);
  // Nobody came: the next who asks finds the queue as it is.
  (void)admission.Admit(JobOf(++ticket, "a", 0.001, 11), {0}, At(11));
  EXPECT_LT(admission.SecondsLeft({0}), 17.1);
}

TEST(JobCost, IsLearned) {
  CostBook costs;
  const JobSize size{.megapixels = 12};
  const double before = costs.Estimate(size);
  for (int i = 0; i < 30; ++i) costs.Learn(size, 3 * before);
  EXPECT_NEAR(costs.Estimate(size), 3 * before, 0.2 * before);
  // Of its own kind alone.
  const JobSize other{.format = FileFormat::kAvif, .megapixels = 12};
  EXPECT_EQ(costs.Estimate(other), CostBook().Estimate(other));
  EXPECT_GT(costs.Estimate(other), 2 * before);
  costs.Learn(size, 1e9);
  EXPECT_LT(costs.Estimate(size), 100 * before);
}

std::uint64_t PixelsOf(std::string_view content) {
  Expected<Fd> file = MakeUnnamedFile("/tmp");
  EXPECT_TRUE(file && WriteAt(file->get(), 0, AsBytes(content), ""));
  return GuessPixels({"img", *std::move(file), content.size()});
}

TEST(PicturePixels, ComeFromTheHead) {
  using namespace std::literals;
  const std::string segment = "\xFF\xE1\x10\x02"s + std::string(0x1000, 'x');
  EXPECT_EQ(PixelsOf("\xFF\xD8"s + segment + segment + "\xFF\xC2\x00\x11\x08\x06\x00\x08\x00\x03"s),
            1536U * 2048U);
  EXPECT_EQ(PixelsOf("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x04\0\0\0\x03\0\x08"sv), 1024U * 768U);
  EXPECT_EQ(PixelsOf("\0\0\0\x18"
                     "ftypheic\0\0\0\0mif1heic"
                     "\0\0\0\x14ispe\0\0\0\0\0\0\x02\0\0\0\x02\0"
                     "\0\0\0\x14ispe\0\0\0\0\0\0\x10\0\0\0\x0C\0"sv),
            4096U * 3072U);
}

TEST(PicturePixels, AreANumberWhateverTheFileSays) {
  std::mt19937 random(7);
  const std::string heads[] = {"\xFF\xD8\xFF\xE1", "\x89PNG\r\n\x1A\n",
                               "\0\0\0\x18"
                               "ftypheic",
                               ""};
  for (int i = 0; i < 2000; ++i) {
    std::string content = heads[i % 4];
    while (content.size() < random() % 300) {
      content +=
          random() % 3 == 0 ? std::string("ispe") : std::string(1, static_cast<char>(random()));
    }
    EXPECT_LE(PixelsOf(content), 1ULL << 40);
  }
  EXPECT_EQ(PixelsOf(""), 0U);
  EXPECT_LE(PixelsOf("\xFF\xD8" + std::string(100'000, '\xFF')), 1ULL << 40);
}

}  // namespace
}  // namespace hdrp
