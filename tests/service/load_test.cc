// Many at once.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>

#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kMaxResident = 1'500'000'000;
constexpr int kAtOnce = 40;
#else
constexpr std::uint64_t kMaxResident = 60'000'000;
constexpr int kAtOnce = 200;
#endif

/// 64 uploads of 3 MB, piece by piece in turn: what is kept of them lies in files, not in memory.
TEST(Load, ManyUploadsAtOnceAreServedOrToldToComeAgain) {
  const RunningService service({"--queue", "8", "--body-deadline", "60", "--deadline", "120"});
  std::string large = PairOf().edit;
  large.resize(3'000'000, '\0');  // what follows a JPEG's end is no part of the picture
  const std::string text = PostOf("/process", MultipartBody({{"img", large, "a.jpg"}}));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) clients.push_back(std::make_unique<Client>(service.port()));
  constexpr std::size_t kPiece = 250'000;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    for (const auto& client : clients) {
      EXPECT_TRUE(client->Send(std::string_view(text).substr(at, kPiece)));
    }
  }
  std::map<int, int> seen;
  for (const auto& client : clients) {
    const Answer answer = client->Read();
    ++seen[answer.status];
    if (answer.status == 200) continue;
    ExpectRefusal(answer, 503, "busy");
    EXPECT_FALSE(answer.Header("retry-after").empty());
  }
  EXPECT_GE(seen[200], 8);
  EXPECT_LE(PeakResidentBytes(service.pid()), kMaxResident);
  clients.clear();
  EXPECT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") == 0; }));
  EXPECT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
}

/// Nobody is told to come again where all can be done in time.
TEST(Load, TwoHundredAtOnceAreAllServed) {
  const RunningService service({"--deadline", "120"});
  const std::string text =
      PostOf("/process", MultipartBody({{"img", PairOf(1024, 768).edit, "a.jpg"}}));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kAtOnce; ++i) clients.push_back(std::make_unique<Client>(service.port()));
  for (const auto& client : clients) ASSERT_TRUE(client->Send(text));
  for (const auto& client : clients) {
    EXPECT_EQ(client->Read(AnswerBody::kExpected, seconds(150)).status, 200);
  }
}

/// Four clients that want all there is, and one that asks for one thing after the other.
TEST(Load, GreedyClientsLeaveOthersServed) {
  const RunningService service({"--workers", "2", "--deadline", "10"});
  const std::string text =
      PostOf("/process", MultipartBody({{"img", PairOf(640, 480).edit, "a.jpg"}}));
  std::atomic<bool> ends = false;
  std::vector<std::jthread> loops;
  for (const char* address : {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"}) {
    loops.emplace_back([&, address] {
      std::vector<std::unique_ptr<Client>> clients(60);
      while (!ends) {
        for (auto& client : clients) {
          if (client && !client->HasNews()) continue;
          client = std::make_unique<Client>(service.port(), address);
          (void)client->Send(text);
        }
        Pause(milliseconds(20));
      }
    });
  }
  ASSERT_TRUE(Eventually([&] { return MetricOf(service.port(), "hdr_process_queue_length") > 20; },
                         seconds(60)));
  for (int i = 0; i < 10; ++i) {
    Client modest(service.port(), "127.0.0.9");
    modest.Send(text);
    EXPECT_EQ(modest.Read().status, 200);
  }
  ends = true;
}

TEST(Load, UploadsTogetherHaveALimit) {
  const RunningService service({"--upload-space", "1"});
  const std::string text =
      PostOf("/process", MultipartBody({{"img", std::string(600'000, 'x'), "a.jpg"}}));
  Client first(service.port());
  first.Send(text.substr(0, text.size() - 100));
  ASSERT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") > 500'000; }));
  ExpectRefusal(Ask(service.port(), text), 503, "busy");
  first.Leave();
  EXPECT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") == 0; }));
  EXPECT_EQ(Ask(service.port(), text).status, 422);
}

}  // namespace
}  // namespace hdrp::test
