// Clients that drip, stall or say nothing: closed at a deadline that no byte moves, while others
// are served.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"
#include "support/make_jpeg.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// A multiple of every deadline below: the machine may be busy with other things.
constexpr seconds kPatience{20};

TEST(SlowClients, DrippingBodiesEndAndOthersAreServed) {
  const RunningService service({"--body-deadline", "3"});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::make_unique<Client>(service.port()));
    clients.back()->Send(
        Head("POST", "/process", std::string(kMultipart) + "Content-Length: 100000\r\n"));
  }
  const auto begin = steady_clock::now();
  int open = 64;
  for (std::size_t turn = 0; open > 0 && steady_clock::now() < begin + kPatience; ++turn) {
    open = 0;
    for (const auto& client : clients) {
      if (client->HasNews()) continue;
      ++open;
      client->Send("-");
    }
    const auto asked = steady_clock::now();
    EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
    EXPECT_LT(steady_clock::now() - asked, seconds(1));
    Pause(milliseconds(100));
  }
  EXPECT_GE(steady_clock::now() - begin, seconds(2)) << "ended before the deadline";
  for (const auto& client : clients) {
    ExpectRefusal(client->Read(AnswerBody::kExpected, seconds(1)), 408, "upload_timeout");
    EXPECT_TRUE(client->ClosedWithin(kPatience));
  }
}

/// Sends byte after byte until there is an answer, or the other side closes.
Answer Drip(int port, std::string_view begin, std::string_view drops) {
  Client client(port);
  client.Send(begin);
  const auto end = steady_clock::now() + kPatience;
  for (std::size_t i = 0; !client.HasNews() && steady_clock::now() < end; ++i) {
    client.Send(drops.substr(i % drops.size(), 1));
    Pause(milliseconds(50));
  }
  EXPECT_TRUE(client.HasNews()) << "still open";
  const Answer answer = client.Read(AnswerBody::kExpected, kPatience);
  EXPECT_TRUE(client.ClosedWithin(kPatience));
  return answer;
}

TEST(SlowClients, DrippingHeadsEnd) {
  const RunningService service({"--head-deadline", "1"});
  EXPECT_EQ(Drip(service.port(), "GET /", "a").status, 0);
  EXPECT_EQ(Drip(service.port(), "GET /healthz HTTP/1.1\r\n", "X-A: 1\r\n").status, 0);
}

TEST(SlowClients, DrippingChunkSizesEnd) {
  const RunningService service({"--body-deadline", "1"});
  const std::string head =
      Head("POST", "/process", std::string(kMultipart) + "Transfer-Encoding: chunked\r\n");
  // Zeros in front of a size, and an extension of it.
  ExpectRefusal(Drip(service.port(), head, "0"), 408, "upload_timeout");
  ExpectRefusal(Drip(service.port(), head + "1;", "x"), 408, "upload_timeout");
}

TEST(SlowClients, SilenceEnds) {
  const RunningService service({"--head-deadline", "1", "--body-deadline", "1"});
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  std::array<Client, 3> silent{Client(service.port()), Client(service.port()),
                               Client(service.port())};
  silent[1].Send(text.substr(0, 40));
  silent[2].Send(text.substr(0, text.size() / 2));
  EXPECT_TRUE(silent[0].ClosedWithin(kPatience));
  EXPECT_TRUE(silent[1].ClosedWithin(kPatience));
  ExpectRefusal(silent[2].Read(AnswerBody::kExpected, kPatience), 408, "upload_timeout");
}

TEST(SlowClients, AKeptConnectionIsClosedAfterAWhile) {
  const RunningService service({"--head-deadline", "1"});
  Client client(service.port());
  client.Send(Head("GET", "/healthz"));
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_TRUE(client.ClosedWithin(kPatience));
}

/// Noise, of which a JPEG takes more than any socket's buffers hold; the answer is the container.
const std::string& LargeJob() {
  static const std::string text = [] {
    std::mt19937 random(1);
    Plane<std::uint8_t> noise(3200, 2560, 3);
    for (int y = 0; y < 2560; ++y) {
      for (std::uint8_t& code : noise.view().RowSpan(y)) code = static_cast<std::uint8_t>(random());
    }
    const std::string large(AsText(MakeJpeg(noise.view(), {})));
    return PostOf("/process", MultipartBody({{"img", large, "a.jpg"}}), "Accept: image/jpeg\r\n");
  }();
  return text;
}

/// Seconds until the service has done with an answer that is read at about 600 kB a second.
double SecondsOfReading(const Flags& flags) {
  const RunningService service(flags);
  Client client(service.port(), 1 << 16);
  client.Send(LargeJob());
  EXPECT_TRUE(Eventually([&] { return client.HasNews(); }, 3 * kPatience));
  const auto begin = steady_clock::now();
  do {
    for (int i = 0; i < 5; ++i) {
      client.Sip(60'000);
      Pause(milliseconds(100));
    }
  } while (MetricOf(service.port(), "hdr_process_requests_in_progress") > 1 &&
           steady_clock::now() < begin + 3 * kPatience);
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

TEST(SlowClients, AnAnswerHasToBeRead) {
  const double slow = SecondsOfReading({"--min-rate", "3000"});
  const double fast = SecondsOfReading({"--min-rate", "100"});
  EXPECT_GT(fast, slow + 3) << "ended for another reason";
}

TEST(SlowClients, WhoDoesNotReadTheAnswerIsLeft) {
  const RunningService service;
  Client client(service.port(), 4096);
  client.Send(LargeJob());
  const auto in_progress = [&](double wanted) {
    return [&, wanted] {
      return MetricOf(service.port(), "hdr_process_requests_in_progress") == wanted;
    };
  };
  // The job is done, and its answer waits for the reader.
  constexpr std::string_view kDone = R"(hdr_process_stage_duration_seconds_count{stage="verify"})";
  ASSERT_TRUE(Eventually([&] { return MetricOf(service.port(), kDone) == 1; }, 3 * kPatience));
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_requests_in_progress"), 2) << "too small to wait";
  EXPECT_TRUE(Eventually(in_progress(1), kPatience));
}

/// The whole of it in so many pieces, one every 100 ms; until there is an answer.
Answer SendSlowly(int port, std::string_view text, std::size_t pieces) {
  Client client(port);
  const std::size_t size = (text.size() + pieces - 1) / pieces;
  for (std::size_t at = 0; at < text.size() && !client.HasNews(); at += size) {
    client.Send(text.substr(at, size));
    Pause(milliseconds(100));
  }
  return client.Read(AnswerBody::kExpected, kPatience);
}

TEST(SlowClients, AnUploadTakesItsTimeAndTheJobHasItsOwn) {
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  const RunningService service({"--deadline", "3"});
  EXPECT_EQ(SendSlowly(service.port(), text, 40).status, 200);
  const RunningService other({"--deadline", "3", "--deadline-from", "first-byte"});
  ExpectRefusal(SendSlowly(other.port(), text, 40), 408, "upload_timeout");
  EXPECT_EQ(SendSlowly(other.port(), text, 2).status, 200);
}

TEST(SlowClients, AnUploadHasToMove) {
  std::string large = PairOf().edit;
  large.resize(1'000'000, '\0');
  const std::string text = PostOf("/process", MultipartBody({{"img", large, "a.jpg"}}));
  // 100 kB a second.
  const RunningService slow({"--min-rate", "50"});
  EXPECT_EQ(SendSlowly(slow.port(), text, 100).status, 200);
  const RunningService fast({"--min-rate", "1000"});
  ExpectRefusal(SendSlowly(fast.port(), text, 100), 408, "upload_timeout");
}

TEST(SlowClients, IdleConnectionsGoFirst) {
  const RunningService service({"--head-deadline", "60"});
  const std::string text = PostOf("/process", MultipartBody(Predicted()));
  Client uploading(service.port());
  uploading.Send(std::string_view(text).substr(0, text.size() - 10));
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 700; ++i) {
    idle.push_back(std::make_unique<Client>(service.port()));
    if (i % 2 == 0) idle.back()->Send("GET /healthz HTTP/1.1\r\nX-");
  }
  const auto asked = steady_clock::now();
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
  EXPECT_LT(steady_clock::now() - asked, seconds(3));
  uploading.Send(std::string_view(text).substr(text.size() - 10));
  EXPECT_EQ(uploading.Read().status, 200) << "one at work went";
}

TEST(SlowClients, WhereAllAreAtWorkNewJobsComeAgain) {
  const RunningService service({"--connections", "4"});
  const std::string body = MultipartBody(Predicted());
  const std::string head =
      Head("POST", "/process",
           Formatted("{}Content-Length: {}\r\nExpect: 100-continue\r\n", kMultipart, body.size()));
  std::vector<std::unique_ptr<Client>> working;
  for (int i = 0; i < 4; ++i) {
    working.push_back(std::make_unique<Client>(service.port()));
    working.back()->Send(head);
    EXPECT_EQ(working.back()->Read().status, 100);
  }
  ExpectRefusal(Post(service.port(), "/process", Predicted()), 503, "busy");
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
  for (const auto& client : working) {
    client->Send(body);
    EXPECT_EQ(client->Read().status, 200);
  }
}

TEST(SlowClients, ManyConnectionsDoNotStayInTheWay) {
  const RunningService service({"--head-deadline", "1", "--connections", "16"});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(std::make_unique<Client>(service.port()));
  EXPECT_TRUE(Eventually([&] { return Get(service.port(), "/healthz").status == 200; }, kPatience));
}

}  // namespace
}  // namespace hdrp::test
