// Too much of it: bodies, parts, heads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

/// Bodies of 2 x 0.1 + 0.2 + 1 MB at most.
const Flags kSmall = {"--max-image", "0.1", "--max-reference", "0.2"};
constexpr std::size_t kMaxBody = 1'400'000;

std::string HeadOf(std::string_view length, std::string_view more = "") {
  return Head("POST", "/process",
              Formatted("{}Content-Length: {}\r\n{}", kMultipart, length, more));
}

TEST(Sizes, ADeclaredBodyIsRefusedBeforeItComes) {
  const RunningService service(kSmall);
  for (const std::string_view length : {"1400001", "20000000", "1099511627776"}) {
    SCOPED_TRACE(length);
    ExpectRefusal(Ask(service.port(), HeadOf(length)), 413, "too_large");
  }
}

TEST(Sizes, LengthsThatAreNoneAreRefused) {
  const RunningService service(kSmall);
  // Broken HTTP: the library answers in its own words.
  EXPECT_EQ(Ask(service.port(), HeadOf("36893488147419103232")).status, 413);
  for (const std::string_view length : {"-1", "abc", "0x10", "1 2", "1,1"}) {
    EXPECT_EQ(Ask(service.port(), HeadOf(length)).status, 400) << length;
  }
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
}

TEST(Sizes, WhoSendsFirstAndReadsLaterGetsTheAnswerToo) {
  const RunningService service(kSmall);
  for (const std::size_t size : {kMaxBody + 1, 3 * kMaxBody}) {
    Client client(service.port());
    client.Send(HeadOf(std::to_string(size)));
    EXPECT_TRUE(client.Send(std::string(size, 'x'))) << "the rest was not taken";
    ExpectRefusal(client.Read(), 413, "too_large");
    EXPECT_TRUE(client.ClosedWithin(std::chrono::seconds(20)));
  }
}

TEST(Sizes, WhoAsksFirstIsNotToldToGoOn) {
  const RunningService service(kSmall);
  Client client(service.port());
  client.Send(HeadOf("20000000", "Expect: 100-continue\r\n"));
  ExpectRefusal(client.Read(), 413, "too_large");  // and no 100 before it
  Client other(service.port());
  const std::string body = MultipartBody(Predicted());
  other.Send(HeadOf(std::to_string(body.size()), "Expect: 100-continue\r\n"));
  EXPECT_EQ(other.Read().status, 100);
  other.Send(body);
  EXPECT_EQ(other.Read().status, 200);
}

TEST(Sizes, AStreamIsCutAtTheLimit) {
  const RunningService service(kSmall);
  Client client(service.port());
  client.Send(Head("POST", "/process", std::string(kMultipart) + "Transfer-Encoding: chunked\r\n"));
  // A part of no limit: what stands before the first boundary.
  const std::string chunk = Formatted("10000\r\n{}\r\n", std::string(0x10000, 'x'));
  std::size_t sent = 0;
  while (!client.HasNews() && sent < 4 * kMaxBody && client.Send(chunk)) {
    sent += 0x10000;
    // Sockets hold megabytes: once it is too much, the server gets the time to say so.
    if (sent > kMaxBody && Eventually([&] { return client.HasNews(); })) break;
  }
  EXPECT_TRUE(client.HasNews()) << "no answer while still sending";
  EXPECT_LE(sent, 4 * kMaxBody);
  ExpectRefusal(client.Read(), 413, "too_large");
}

TEST(Sizes, EveryPartHasItsOwnLimit) {
  const RunningService service(kSmall);
  const int port = service.port();
  const Answer image = Post(port, "/process", {{"img", std::string(100'001, 'x'), "a"}});
  ExpectRefusal(image, 413, "too_large");
  EXPECT_EQ(image.Json()["where"], "img");
  const Answer reference = Post(
      port, "/process", {{"img", PairOf().edit, "a"}, {"ref", std::string(200'001, 'x'), "b"}});
  ExpectRefusal(reference, 413, "too_large");
  EXPECT_EQ(reference.Json()["where"], "ref");
  ExpectRefusal(Post(port, "/process", Predicted({{"boost", std::string(257, '1')}})), 422,
                "bad_argument");
}

TEST(Sizes, LongHeadsAreRefused) {
  const RunningService service;
  const std::string value(200'000, 'x');
  EXPECT_EQ(Get(service.port(), "/healthz", Formatted("X-Long: {}\r\n", value)).status, 431);
  std::string many;
  for (int i = 0; i < 5000; ++i) many += Formatted("X-{}: {}\r\n", i, i);
  EXPECT_EQ(Get(service.port(), "/healthz", many).status, 431);
  const int uri = Get(service.port(), "/" + std::string(100'000, 'x')).status;
  EXPECT_TRUE(uri == 414 || uri == 431) << uri;
  std::string some;
  for (int i = 0; i < 60; ++i) some += Formatted("X-{}: {}\r\n", i, i);
  EXPECT_EQ(Get(service.port(), "/healthz", some).status, 200);
}

}  // namespace
}  // namespace hdrp::test
