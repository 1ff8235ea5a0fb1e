// Behind a proxy: below a path, asked for others, and by pages of other sites.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

constexpr std::string_view kGallery = "https://gallery.example";
const std::string kFromGallery = Formatted("Origin: {}\r\n", kGallery);

/// What a page of the gallery needs to read an answer, and nothing of credentials.
void ExpectReadable(const Answer& answer) {
  EXPECT_EQ(answer.Header("access-control-allow-origin"), kGallery);
  EXPECT_EQ(answer.Header("access-control-expose-headers"), "X-Request-ID, Retry-After, ETag");
  EXPECT_EQ(answer.Header("cross-origin-resource-policy"), "cross-origin");
  EXPECT_THAT(answer.Header("vary"), testing::HasSubstr("Origin"));
  EXPECT_EQ(answer.headers.count("access-control-allow-credentials"), 0U);
}

TEST(Proxy, AddressesHaveThePrefixOrNot) {
  const RunningService service({"--root-path", "/tools/hdr"});
  const int port = service.port();
  const Answer done = Post(port, "/tools/hdr/process", Referenced());
  ASSERT_EQ(done.status, 200) << done.body;
  const nlohmann::json json = done.Json();
  const std::string id = json["id"].get<std::string>();
  for (const auto& [part, link] : json["result"].items()) {
    EXPECT_EQ(link.get<std::string>(), "/tools/hdr/result/" + id + "/" + part);
    EXPECT_EQ(Get(port, link.get<std::string>()).status, 200);
    EXPECT_EQ(Get(port, link.get<std::string>().substr(10)).status, 200);
  }
  EXPECT_EQ(Get(port, "/tools/hdr/result?id=" + id).body, done.body);
  EXPECT_EQ(Get(port, "/openapi.json").Json()["servers"][0]["url"], "/tools/hdr");
  EXPECT_EQ(Get(port, "/tools/hdr/").body, Get(port, "/").body);
  for (const std::string_view path :
       {"/tools/", "/tools", "/tools/hdr/tools/hdr/", "/tools/hdrs"}) {
    ExpectRefusal(Get(port, path), 404, "not_found");
  }
}

TEST(Proxy, ThePrefixAloneLeadsToThePage) {
  const RunningService service({"--root-path", "/hdr"});
  const Answer answer = Get(service.port(), "/hdr");
  EXPECT_EQ(answer.status, 308);
  EXPECT_EQ(answer.Header("location"), "/hdr/");
  ExpectSecurityHeaders(answer);
  ExpectRefusal(Ask(service.port(), Head("DELETE", "/hdr")), 405, "method_not_allowed");
}

TEST(Proxy, WhatCannotBeIsRefusedAtTheStart) {
  for (const Flags& flags :
       {Flags{"--root-path", "/hdr/"}, Flags{"--root-path", "/result"},
        Flags{"--root-path", "/docs/x"}, Flags{"--proxy", "proxy.example"},
        Flags{"--allow-origin", "*"},
        Flags{"--allow-origin", "https://gallery.example,https://gallery.example/"}}) {
    RunningService service(flags);
    EXPECT_EQ(service.Await(std::chrono::seconds(20)), 2) << flags.back();
  }
}

TEST(Proxy, ANamedProxySaysByWhichSchemeAndHost) {
  const RunningService believing(
      {"--proxy", "10.0.0.0/8,127.0.0.1", "--allow-host", "hdr.example"});
  const RunningService plain({"--proxy", "10.0.0.0/8", "--allow-host", "hdr.example"});
  const auto status = [](const RunningService& service, std::string_view origin,
                         std::string_view forwarded) {
    return Get(service.port(), "/metrics", Formatted("Origin: {}\r\n{}", origin, forwarded)).status;
  };
  constexpr std::string_view kHttps = "X-Forwarded-Proto: https\r\n";
  EXPECT_EQ(status(believing, "https://localhost", kHttps), 200);
  EXPECT_EQ(status(believing, "http://localhost", kHttps), 403);
  EXPECT_EQ(status(believing, "http://localhost", "X-Forwarded-Proto: http\r\n"), 200);
  constexpr std::string_view kHost =
      "X-Forwarded-Proto: https\r\nX-Forwarded-Host: hdr.example\r\n";
  EXPECT_EQ(status(believing, "https://hdr.example", kHost), 200);
  EXPECT_EQ(status(believing, "https://localhost", kHost), 403);
  EXPECT_EQ(status(believing, "https://evil.example", "X-Forwarded-Host: evil.example\r\n"), 403);
  // Of anybody else it is hearsay.
  EXPECT_EQ(status(plain, "https://localhost", kHttps), 403);
  EXPECT_EQ(status(plain, "http://localhost", kHttps), 200);
  EXPECT_EQ(status(plain, "https://hdr.example", kHost), 403);
}

TEST(Proxy, HostileForwardedHeadersDoNoHarm) {
  const RunningService service({"--proxy", "127.0.0.1"});
  for (const std::string& value :
       {std::string("unknown"), std::string(","), std::string(12'000, ','), std::string("[::1"),
        std::string("\xff\xfe"), std::string("1.2.3.4:99999999")}) {
    EXPECT_EQ(Get(service.port(), "/healthz",
                  Formatted("X-Forwarded-For: {0}\r\nX-Forwarded-For: {0}\r\n"
                            "X-Forwarded-Proto: {0}\r\nX-Forwarded-Host: {0}\r\n",
                            value.substr(0, 3'000)))
                  .status,
              200);
  }
}

TEST(Cors, ANamedPageMayDoWhatOursDoes) {
  const RunningService service({"--allow-origin", std::string(kGallery)});
  const int port = service.port();
  const Answer asked =
      Ask(port, Head("OPTIONS", "/process",
                     kFromGallery + "Access-Control-Request-Method: POST\r\n"
                                    "Access-Control-Request-Headers: job-name\r\n"));
  EXPECT_EQ(asked.status, 204);
  ExpectReadable(asked);
  EXPECT_EQ(asked.Header("access-control-allow-methods"), "POST");
  EXPECT_EQ(asked.Header("access-control-allow-headers"),
            "Content-Type, Accept, Job-Name, If-None-Match");
  EXPECT_EQ(asked.Header("access-control-max-age"), "600");
  const Answer done = Post(port, "/process", Predicted(), kFromGallery);
  ASSERT_EQ(done.status, 200);
  ExpectReadable(done);
  const std::string result = "/result/" + done.Json()["id"].get<std::string>();
  ExpectReadable(Get(port, result + "/hdr", kFromGallery));
  const Answer asked_of_it = Ask(port, Head("OPTIONS", result, kFromGallery));
  EXPECT_EQ(asked_of_it.Header("access-control-allow-methods"), "GET, DELETE, POST");
  EXPECT_EQ(Ask(port, Head("OPTIONS", "/nothing", kFromGallery)).status, 404);
}

TEST(Cors, ErrorsAreReadableToo) {
  const RunningService service({"--allow-origin", std::string(kGallery), "--max-image", "0.001"});
  const int port = service.port();
  for (const Answer& answer :
       {Get(port, "/nothing", kFromGallery), Ask(port, Head("PUT", "/process", kFromGallery)),
        Post(port, "/process", {{"boost", "1"}}, kFromGallery),
        // Answered while the body arrives, past the library.
        Post(port, "/process", Predicted(), kFromGallery)}) {
    EXPECT_GE(answer.status, 400);
    EXPECT_FALSE(answer.Json().value("code", "").empty());
    ExpectReadable(answer);
  }
}

TEST(Cors, OthersGetWhatTheyGotBefore) {
  const RunningService service({"--allow-origin", std::string(kGallery)});
  const int port = service.port();
  for (const std::string_view origin : {"https://evil.example", "null", "http://gallery.example"}) {
    const std::string header = Formatted("Origin: {}\r\n", origin);
    ExpectRefusal(Ask(port, Head("OPTIONS", "/process", header)), 403, "forbidden_origin");
    ExpectRefusal(Post(port, "/process", Predicted(), header), 403, "forbidden_origin");
  }
  ExpectRefusal(Ask(port, Head("OPTIONS", "/process")), 405, "method_not_allowed");
  const Answer own = Get(port, "/healthz");
  ExpectSecurityHeaders(own);
  EXPECT_EQ(own.Header("vary"), "Origin");
  EXPECT_EQ(Get(RunningService().port(), "/healthz").Header("vary"), "");
}

}  // namespace
}  // namespace hdrp::test
