// Jobs that hang, workers that die, clients that leave. A worker is stopped from outside, so that
// its job hangs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The only worker, stopped once it has done a job.
pid_t StopWorker(const RunningService& service) {
  EXPECT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
  const pid_t worker = service.AnyWorker();
  kill(worker, SIGSTOP);
  return worker;
}

bool IsGone(pid_t worker) {
  return Eventually([worker] { return !IsRunning(worker); }, seconds(10));
}

/// `busy` jobs are being worked on.
bool AreBusy(int port, int busy) {
  return Eventually([=] { return MetricOf(port, "hdr_process_workers_busy") == busy; });
}

void ExpectNextJobFine(const RunningService& service) {
  const Answer next = Post(service.port(), "/process", Predicted());
  EXPECT_EQ(next.status, 200) << next.body;
}

TEST(Workers, AHangingJobEndsAtItsDeadline) {
  const RunningService service({"--workers", "1", "--deadline", "1.5"});
  const pid_t worker = StopWorker(service);
  const auto begin = std::chrono::steady_clock::now();
  const Answer answer = Post(service.port(), "/process", Predicted());
  ExpectRefusal(answer, 504, "timeout");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(1200));
  EXPECT_FALSE(answer.Json().value("stage", "").empty()) << answer.body;
  EXPECT_NE(answer.Json().value("stage", ""), "queue");
  EXPECT_TRUE(IsGone(worker));
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_kills_total"), 1);
  ExpectNextJobFine(service);
}

TEST(Workers, AJobThatNeverBeganSaysSo) {
  const RunningService service(
      {"--workers", "1", "--deadline", "2.5", "--deadline-from", "first-byte"});
  StopWorker(service);
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  // The request that began first has its body last: it is the first to be late, in the queue.
  Client queued(service.port());
  queued.Send(text.substr(0, text.size() - 10));
  Pause(milliseconds(900));
  Client hanging(service.port());
  hanging.Send(text);
  ASSERT_TRUE(AreBusy(service.port(), 1));
  queued.Send(text.substr(text.size() - 10));
  const Answer answer = queued.Read();
  ExpectRefusal(answer, 504, "timeout");
  EXPECT_EQ(answer.Json().value("stage", ""), "queue");
  ExpectRefusal(hanging.Read(), 504, "timeout");
  ExpectNextJobFine(service);
}

TEST(Workers, AClientThatLeavesTakesItsJobAlong) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const pid_t worker = StopWorker(service);
  Client client(service.port());
  client.Send(PostOf("/process", MultipartBody(Predicted())));
  ASSERT_TRUE(AreBusy(service.port(), 1));
  client.Leave();
  EXPECT_TRUE(Eventually([worker] { return !IsRunning(worker); }, seconds(1)));
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_kills_total"), 1);
  ExpectNextJobFine(service);
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_requests_in_progress"), 1);  // this one
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_upload_bytes"), 0);
}

TEST(Workers, AClientThatLeavesTheQueueTakesNoWorkerAlong) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const pid_t worker = StopWorker(service);
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  Client first(service.port());
  first.Send(text);
  ASSERT_TRUE(AreBusy(service.port(), 1));
  Client second(service.port());
  second.Send(text);
  const auto queued = [&](int wanted) {
    return Eventually(
        [&] { return MetricOf(service.port(), "hdr_process_queue_length") == wanted; });
  };
  ASSERT_TRUE(queued(1));
  second.Leave();
  EXPECT_TRUE(queued(0));
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_kills_total"), 0);
  kill(worker, SIGCONT);
  EXPECT_EQ(first.Read().status, 200);
}

TEST(Workers, AWorkerKilledAtItsJobIsNamedAndReplaced) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const pid_t worker = service.AnyWorker();
  const std::string large = PairOf(3000, 2000).edit;
  const double before = CpuSecondsOf(worker);
  Client client(service.port());
  client.Send(PostOf("/process", MultipartBody({{"img", large, "a.jpg"}})));
  ASSERT_TRUE(Eventually([&] { return CpuSecondsOf(worker) > before + 0.04; }));
  kill(worker, SIGKILL);
  const Answer answer = client.Read();
  ExpectRefusal(answer, 500, "internal");
  EXPECT_THAT(answer.Json().value("message", ""), testing::HasSubstr("signal 9"));
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_deaths_total"), 1);
  ExpectNextJobFine(service);
}

TEST(Workers, AWorkerKilledBeforeItBeganIsReplacedUnnoticed) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const pid_t worker = StopWorker(service);
  Client client(service.port());
  client.Send(PostOf("/process", MultipartBody(Predicted())));
  ASSERT_TRUE(AreBusy(service.port(), 1));
  kill(worker, SIGKILL);
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_deaths_total"), 1);
}

TEST(Workers, AnIdleWorkerKilledIsReplaced) {
  const RunningService service({"--workers", "1"});
  for (int i = 0; i < 5; ++i) {
    ExpectNextJobFine(service);
    const pid_t worker = service.AnyWorker();
    ASSERT_GT(worker, 0);
    kill(worker, SIGKILL);
    // Whether the service has noticed already or not.
    if (i % 2 == 0) {
      EXPECT_TRUE(IsGone(worker));
    }
  }
  ExpectNextJobFine(service);
}

TEST(Workers, AFullQueueIsBusyAndServesAgain) {
  const RunningService service({"--workers", "1", "--queue", "2", "--deadline", "60"});
  const pid_t worker = StopWorker(service);
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(service.port()));
    clients.back()->Send(text);
  }
  ASSERT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_queue_length") == 2; }));
  const Answer refused = Ask(service.port(), text);
  ExpectRefusal(refused, 503, "busy");
  EXPECT_GT(std::atoi(refused.Header("retry-after").c_str()), 0);
  EXPECT_EQ(Get(service.port(), "/readyz").status, 503);
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
  kill(worker, SIGCONT);
  for (const auto& client : clients) EXPECT_EQ(client->Read().status, 200);
  EXPECT_EQ(Get(service.port(), "/readyz").status, 200);
  ExpectNextJobFine(service);
}

}  // namespace
}  // namespace hdrp::test
