#include "service/support/expect.h"

#include <string>

namespace hdrp::test {

void ExpectSecurityHeaders(const Answer& answer) {
  EXPECT_EQ(answer.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.Header("referrer-policy"), "no-referrer");
  EXPECT_EQ(answer.Header("cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(answer.Header("cross-origin-resource-policy"), "same-origin");
  EXPECT_EQ(answer.Header("content-security-policy"),
            "default-src 'none'; img-src 'self' blob:; script-src 'self'; style-src 'self'; "
            "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
  EXPECT_FALSE(answer.Header("x-request-id").empty());
  EXPECT_FALSE(answer.Header("cache-control").empty());
  EXPECT_TRUE(answer.Header("access-control-allow-origin").empty());
}

void ExpectRefusal(const Answer& answer, int status, std::string_view code) {
  EXPECT_EQ(answer.status, status) << answer.body;
  const nlohmann::json json = answer.Json();
  ASSERT_TRUE(json.is_object()) << "no JSON: " << answer.body;
  EXPECT_EQ(json.value("code", ""), code) << answer.body;
  EXPECT_FALSE(json.value("message", "").empty());
  EXPECT_TRUE(json.contains("where"));
  ASSERT_TRUE(json.contains("detail") && json["detail"].is_array());
  for (const nlohmann::json& each : json["detail"]) {
    EXPECT_TRUE(each["loc"].is_array());
    EXPECT_TRUE(each["msg"].is_string() && each["type"].is_string());
  }
  // What the client can mend is named.
  if (status == 413 || status == 415 || status == 422) {
    ASSERT_FALSE(json["detail"].empty()) << answer.body;
    for (const nlohmann::json& each : json["detail"]) EXPECT_FALSE(each["loc"].empty());
  }
  EXPECT_EQ(json.value("request_id", ""), answer.Header("x-request-id"));
  EXPECT_EQ(answer.Header("content-type"), "application/json");
  ExpectSecurityHeaders(answer);
}

}  // namespace hdrp::test
