// Behind a proxy: below a path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

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
  for (const Flags& flags : {Flags{"--root-path", "/hdr/"}, Flags{"--root-path", "/result"},
                             Flags{"--root-path", "/docs/x"}, Flags{"--proxy", "proxy.example"}}) {
    RunningService service(flags);
    EXPECT_EQ(service.Await(std::chrono::seconds(20)), 2) << flags.back();
  }
}

}  // namespace
}  // namespace hdrp::test
