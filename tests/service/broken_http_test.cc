// Requests that are no HTTP, or two things at once.
#include <gtest/gtest.h>

#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

using namespace std::string_literals;

TEST(BrokenHttp, IsRefused) {
  const RunningService service;
  const int port = service.port();
  const std::pair<const char*, std::string> cases[] = {
      {"no Host", "GET /healthz HTTP/1.1\r\n\r\n"},
      {"two Hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"},
      {"bare LF", "GET /healthz HTTP/1.1\nHost: localhost\n\n"},
      {"NUL in a header", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n"s},
      {"space before the colon", "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n"},
      {"folded header", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n"},
      {"no colon", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n"},
  };
  for (const auto& [what, text] : cases) EXPECT_EQ(Ask(port, text).status, 400) << what;
  EXPECT_EQ(Get(port, "/healthz").status, 200);
}

TEST(BrokenHttp, GarbageEndsTheConnection) {
  const RunningService service;
  for (const std::string& text :
       {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "nonsense\r\n\r\n"s, "GET\r\n\r\n"s,
        "GET /healthz FTP/1.0\r\n\r\n"s, std::string(64, '\0'),
        "GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n"s}) {
    Client client(service.port());
    client.Send(text);
    const Answer answer = client.Read(AnswerBody::kExpected, std::chrono::seconds(15));
    EXPECT_TRUE(answer.status == 0 || answer.status == 400 || answer.status == 505)
        << answer.status;
    EXPECT_TRUE(client.ClosedWithin(std::chrono::seconds(15)));
  }
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
}

/// What follows the body must never be taken for a request of its own.
void ExpectNoSecondAnswer(int port, const std::string& headers) {
  SCOPED_TRACE(headers);
  Client client(port);
  const std::string hidden = Head("GET", "/healthz");
  client.Send(Head("POST", "/process", std::string(kMultipart) + headers) + "0\r\n\r\n" + hidden +
              hidden);
  const Answer answer = client.Read(AnswerBody::kExpected, std::chrono::seconds(20));
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(client.Read(AnswerBody::kExpected, std::chrono::seconds(20)).status, 0);
}

TEST(BrokenHttp, TwoLengthsHideNoRequest) {
  const RunningService service;
  const int port = service.port();
  ExpectNoSecondAnswer(port, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
  ExpectNoSecondAnswer(port, "Content-Length: 5\r\nContent-Length: 60\r\n");
  ExpectNoSecondAnswer(port, "Content-Length: 60\r\nContent-Length: 5\r\n");
  ExpectNoSecondAnswer(port, "Content-Length: 5\r\nContent-Length: 5\r\n");
}

TEST(BrokenHttp, BadChunkSizesAreRefused) {
  const RunningService service;
  for (const std::string_view body :
       {"zz\r\n", "-1\r\nx\r\n", "ffffffffffffffffff\r\nx", "1\r\nxy\r\n0\r\n\r\n"}) {
    const int status =
        Ask(service.port(),
            Head("POST", "/process", std::string(kMultipart) + "Transfer-Encoding: chunked\r\n") +
                std::string(body))
            .status;
    EXPECT_TRUE(status == 400 || status == 413) << body << ": " << status;
  }
  const int unknown =
      Ask(service.port(),
          Head("POST", "/process", std::string(kMultipart) + "Transfer-Encoding: gzip\r\n"))
          .status;
  EXPECT_TRUE(unknown == 400 || unknown == 501) << unknown;
}

TEST(BrokenHttp, PipelinedRequestsAreAnsweredInTurn) {
  const RunningService service;
  Client client(service.port());
  client.Send(Head("GET", "/healthz") + PostOf("/process", MultipartBody(Predicted())) +
              Head("GET", "/nothing"));
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_TRUE(client.Read().Json().contains("report"));
  EXPECT_EQ(client.Read().status, 404);
}

}  // namespace
}  // namespace hdrp::test
