// The end of a service, asked for and not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void ExpectNothingLeft(const RunningService& service, const std::vector<pid_t>& workers) {
  EXPECT_THAT(service.Files(), testing::IsEmpty());
  for (const pid_t worker : workers) {
    EXPECT_TRUE(Eventually([worker] { return !IsRunning(worker); })) << worker;
  }
}

/// `busy`, and not for the time being.
void ExpectStopping(const Answer& answer) {
  ExpectRefusal(answer, 503, "busy");
  EXPECT_EQ(answer.Json().value("where", ""), "stopping");
}

TEST(Stopping, AnIdleServiceEndsAtOnce) {
  for (const int signal : {SIGTERM, SIGINT}) {
    RunningService service({"--grace", "30"});
    const Client idle(service.port());
    EXPECT_GT(service.AnyWorker(), 0);
    const auto workers = service.Workers();
    service.Signal(signal);
    EXPECT_EQ(service.Await(seconds(15)), 0);
    ExpectNothingLeft(service, workers);
  }
}

TEST(Stopping, HalfAnUploadIsRefused) {
  RunningService service({"--grace", "2"});
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  Client client(service.port());
  client.Send(text.substr(0, text.size() / 2));
  ASSERT_TRUE(Eventually(
      [&] { return MetricOf(service.port(), "hdr_process_requests_in_progress") == 2; }));
  service.Signal(SIGTERM);
  ExpectStopping(client.Read());
  EXPECT_EQ(service.Await(seconds(20)), 0);
  ExpectNothingLeft(service, {});
}

/// A job at work, its worker stopped.
struct Hanging {
  pid_t worker;
  Client client;
};
Hanging Hang(const RunningService& service) {
  const pid_t worker = service.AnyWorker();
  kill(worker, SIGSTOP);
  Hanging hanging{worker, Client(service.port())};
  hanging.client.Send(PostOf("/process", MultipartBody(Predicted())));
  EXPECT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_workers_busy") == 1; }));
  return hanging;
}

TEST(Stopping, ARunningJobIsFinished) {
  RunningService service({"--workers", "1", "--grace", "30", "--deadline", "60"});
  Hanging hanging = Hang(service);
  service.Signal(SIGTERM);
  // It takes no job any more, goes on with what it has, and says so.
  EXPECT_TRUE(Eventually([&] { return Get(service.port(), "/readyz").status == 503; }));
  const Answer alive = Get(service.port(), "/healthz");
  EXPECT_EQ(alive.status, 200);
  EXPECT_EQ(alive.Json().value("status", ""), "stopping");
  ExpectStopping(Post(service.port(), "/process", Predicted()));
  EXPECT_FALSE(service.Await(milliseconds(300)).has_value());
  kill(hanging.worker, SIGCONT);
  EXPECT_EQ(hanging.client.Read().status, 200);
  EXPECT_EQ(service.Await(seconds(20)), 0);
  ExpectNothingLeft(service, {hanging.worker});
}

TEST(Stopping, AJobThatHangsIsRefusedAfterTheGrace) {
  RunningService service({"--workers", "1", "--grace", "1", "--deadline", "60"});
  Hanging hanging = Hang(service);
  Client queued(service.port());
  queued.Send(PostOf("/process", MultipartBody(Predicted())));
  ASSERT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_queue_length") == 1; }));
  service.Signal(SIGTERM);
  ExpectStopping(hanging.client.Read());
  ExpectStopping(queued.Read());
  EXPECT_EQ(service.Await(seconds(20)), 0);
  ExpectNothingLeft(service, {hanging.worker});
}

TEST(Stopping, WhoAsksTwiceDoesNotWait) {
  RunningService service({"--workers", "1", "--deadline", "60"});
  Hanging hanging = Hang(service);
  service.Signal(SIGINT);
  EXPECT_TRUE(Eventually([&] { return Get(service.port(), "/readyz").status == 503; }));
  EXPECT_FALSE(service.Await(milliseconds(300)).has_value());
  service.Signal(SIGINT);
  ExpectStopping(hanging.client.Read());
  EXPECT_EQ(service.Await(seconds(10)), 0);
  ExpectNothingLeft(service, {hanging.worker});
}

/// Whoever goes on talking while it is being stopped gets no job through, and does not wait for
/// others.
TEST(Stopping, ARequestThatIsLateIsRefused) {
  RunningService service({"--workers", "1", "--grace", "30", "--deadline", "60"});
  Hanging hanging = Hang(service);
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  Client late(service.port());
  late.Send(text.substr(0, 30));  // within the head
  ASSERT_TRUE(Eventually(
      [&] { return MetricOf(service.port(), "hdr_process_requests_in_progress") == 3; }));
  service.Signal(SIGTERM);
  EXPECT_TRUE(Eventually([&] { return Get(service.port(), "/readyz").status == 503; }));
  late.Send(text.substr(30));
  ExpectStopping(late.Read(AnswerBody::kExpected, seconds(15)));
  kill(hanging.worker, SIGCONT);
  EXPECT_EQ(hanging.client.Read().status, 200);
  EXPECT_EQ(service.Await(seconds(20)), 0);
  ExpectNothingLeft(service, {hanging.worker});
}

TEST(Stopping, AKilledServiceLeavesNothing) {
  RunningService service({"--workers", "2", "--deadline", "60"});
  EXPECT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
  const Hanging hanging = Hang(service);
  const auto workers = service.Workers();
  EXPECT_EQ(workers.size(), 2U);
  EXPECT_THAT(service.UnnamedFiles(), testing::Not(testing::IsEmpty()));
  service.Signal(SIGKILL);
  EXPECT_EQ(service.Await(seconds(20)), 128 + SIGKILL);
  ExpectNothingLeft(service, workers);
}

TEST(Stopping, ABusyPortIsSaid) {
  const RunningService service;
  const std::string address = Formatted("127.0.0.1:{}", service.port());
  const ProgramRun second = RunProgram({OurProgram(), "serve", "--bind", address});
  EXPECT_EQ(second.status, 74);
  EXPECT_THAT(second.err, testing::HasSubstr(address));
  const ProgramRun health = RunProgram({OurProgram(), "health", "--bind", address});
  EXPECT_EQ(health.status, 0) << health.err;
}

TEST(Stopping, ItStartsAgainOnTheSamePort) {
  RunningService first;
  EXPECT_EQ(Get(first.port(), "/healthz").status, 200);
  first.Signal(SIGKILL);
  EXPECT_TRUE(first.Await(seconds(20)));
  const RunningService second({}, {.bind = Formatted("127.0.0.1:{}", first.port())});
  EXPECT_EQ(Get(second.port(), "/healthz").status, 200);
}

}  // namespace
}  // namespace hdrp::test
