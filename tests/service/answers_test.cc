// Routes, methods, headers, and who may ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

constexpr std::string_view kNoResult = "/result/00000000000000000000000000000000";

TEST(Answers, EveryRouteCarriesTheHeaders) {
  const RunningService service;
  for (const std::string_view path : {"/healthz", "/readyz", "/metrics", "/openapi.json", "/"}) {
    SCOPED_TRACE(path);
    const Answer answer = Get(service.port(), path);
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.body.empty());
    ExpectSecurityHeaders(answer);
  }
  for (const std::string& path :
       {std::string(kNoResult), std::string(kNoResult) + "/hdr", std::string("/nothing"),
        std::string("/result?id=1"), std::string("/../etc/passwd")}) {
    SCOPED_TRACE(path);
    ExpectRefusal(Get(service.port(), path), 404, "not_found");
  }
  for (const std::string_view path : {"/result", "/result?id=", "/result?id", "/result?di=1"}) {
    SCOPED_TRACE(path);
    ExpectRefusal(Get(service.port(), path), 422, "bad_argument");
  }
}

TEST(Answers, HeadIsGetWithoutTheBody) {
  const RunningService service;
  for (const std::string_view path : {"/healthz", "/openapi.json", "/"}) {
    SCOPED_TRACE(path);
    Client client(service.port());
    client.Send(Head("HEAD", path));
    const Answer head = client.Read(AnswerBody::kNone);
    EXPECT_EQ(head.status, 200);
    ExpectSecurityHeaders(head);
    // Nothing came after it: the next answer begins where a body would.
    client.Send(Head("GET", path));
    const Answer get = client.Read();
    EXPECT_EQ(get.status, 200);
    EXPECT_EQ(head.Header("content-length"), std::to_string(get.body.size()));
  }
}

TEST(Answers, HeadOfAResult) {
  const RunningService service;
  const std::string id =
      Post(service.port(), "/process", Predicted()).Json()["id"].get<std::string>();
  const std::string path = "/result/" + id + "/hdr";
  const Answer head = Ask(service.port(), Head("HEAD", path), AnswerBody::kNone);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-length"), std::to_string(Get(service.port(), path).body.size()));
}

TEST(Answers, AResultThatTheClientHasIsNotSentAgain) {
  const RunningService service;
  const int port = service.port();
  const std::string id = Post(port, "/process", Predicted()).Json()["id"].get<std::string>();
  for (const std::string part : {"", "/hdr", "/gainmap"}) {
    const std::string path = "/result/" + id + part;
    SCOPED_TRACE(path);
    const std::string tag = Get(port, path).Header("etag");
    EXPECT_THAT(tag, testing::AllOf(testing::StartsWith("\""), testing::EndsWith("\"")));
    const std::string condition = "If-None-Match: \"x\"\r\nIf-None-Match: W/" + tag + "\r\n";
    Client client(port);
    for (const std::string_view method : {"GET", "HEAD"}) {
      client.Send(Head(method, path, condition));
      const Answer known = client.Read(AnswerBody::kNone);
      EXPECT_EQ(known.status, 304);
      EXPECT_EQ(known.Header("etag"), tag);
      EXPECT_EQ(known.Header("content-type"), "");
      ExpectSecurityHeaders(known);
    }
    // Nothing came after them.
    client.Send(Head("HEAD", path));
    const Answer head = client.Read(AnswerBody::kNone);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.Header("etag"), tag);
  }
}

TEST(Answers, AreOfTheKindThatIsAccepted) {
  const RunningService service;
  const int port = service.port();
  const Answer made = Post(port, "/process", Predicted());
  const std::string path = "/result/" + made.Json()["id"].get<std::string>();
  // A list may come in pieces.
  const Answer file = Get(port, path, "Accept: text/html\r\nAccept: image/*;q=0.2\r\n");
  EXPECT_EQ(file.Header("content-type"), "image/jpeg");
  EXPECT_EQ(file.body, Get(port, path + "/hdr").body);
  EXPECT_EQ(Get(port, path, "Accept: \r\n").body, made.body);
  ExpectRefusal(Get(port, path, "Accept: image/avif\r\n"), 406, "not_acceptable");
  ExpectRefusal(Post(port, "/process", Predicted(), "Accept: text/html\r\n"), 406,
                "not_acceptable");
  ExpectRefusal(Post(port, "/process", Predicted({{"format", "avif"}}), "Accept: image/jpeg\r\n"),
                422, "bad_argument");
  const std::string many(30'000, ',');
  EXPECT_EQ(Get(port, path, "Accept: " + many + "\r\n").body, made.body);
}

TEST(Answers, CodedBodiesAreNotRead) {
  const RunningService service;
  const Answer answer = Post(service.port(), "/process", Predicted(), "Content-Encoding: gzip\r\n");
  ExpectRefusal(answer, 415, "unsupported");
  EXPECT_EQ(answer.Header("accept-encoding"), "identity");
  EXPECT_EQ(Post(service.port(), "/process", Predicted(), "Content-Encoding: identity\r\n").status,
            200);
}

TEST(Answers, WrongMethodsAreToldTheRightOnes) {
  const RunningService service;
  struct Case {
    std::string_view method, path, allow;
  };
  for (const auto& [method, path, allow] :
       {Case{"GET", "/process", "POST"}, Case{"PUT", "/process", "POST"},
        Case{"GET", "/inspect", "POST"}, Case{"DELETE", "/healthz", "GET"},
        Case{"POST", "/metrics", "GET"}, Case{"PUT", kNoResult, "GET, DELETE, POST"},
        Case{"OPTIONS", "/process", "POST"}, Case{"BREW", "/", "GET"}}) {
    SCOPED_TRACE(Formatted("{} {}", method, path));
    const Answer answer = Ask(service.port(), Head(method, path));
    ExpectRefusal(answer, 405, "method_not_allowed");
    EXPECT_EQ(answer.Header("allow"), allow);
  }
}

TEST(Answers, ForeignNamesAndPagesAreRefused) {
  const RunningService service({"--allow-host", "hdr.example"});
  const auto status = [&](std::string_view host, std::string_view origin) {
    std::string text = Formatted("GET /metrics HTTP/1.1\r\nHost: {}\r\n", host);
    if (!origin.empty()) text += Formatted("Origin: {}\r\n", origin);
    const Answer answer = Ask(service.port(), text + "\r\n");
    if (answer.status != 200) ExpectRefusal(answer, 403, "forbidden_origin");
    return answer.status;
  };
  const std::string port = std::to_string(service.port());
  for (const std::string& host :
       {std::string("localhost"), "localhost:" + port, "127.0.0.1:" + port, std::string("[::1]:80"),
        std::string("192.168.1.7"), std::string("HDR.example:8080")}) {
    EXPECT_EQ(status(host, ""), 200) << host;
    EXPECT_EQ(status(host, "http://" + host), 200) << host;
    EXPECT_EQ(status(host, "https://" + host), 200) << host;
    EXPECT_EQ(status(host, "http://evil.example"), 403) << host;
    EXPECT_EQ(status(host, "null"), 403) << host;
  }
  for (const std::string_view host : {"evil.example", "localhost.evil.example", "hdr.example.evil",
                                      "127.0.0.1.evil.example", "127.0.0.1:80:90", "", "[::1"}) {
    EXPECT_EQ(status(host, ""), 403) << host;
  }
}

TEST(Answers, AForeignPageCannotPost) {
  const RunningService service;
  ExpectRefusal(Post(service.port(), "/process", Predicted(), "Origin: http://evil.example\r\n"),
                403, "forbidden_origin");
  const std::string own = Formatted("Origin: http://localhost\r\n");
  EXPECT_EQ(Post(service.port(), "/process", Predicted(), own).status, 200);
}

}  // namespace
}  // namespace hdrp::test
