// Bodies that are multipart/form-data, more or less.
#include "service/support/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

TEST(Multipart, FieldsThatAreWrongAreNamed) {
  const RunningService service;
  const int port = service.port();
  const auto refused = [&](const std::vector<FormPart>& parts, std::string_view type) {
    const Answer answer = Post(port, "/process", parts);
    ExpectRefusal(answer, 422, "bad_argument");
    EXPECT_THAT(answer.body, testing::HasSubstr(Formatted("\"type\": \"{}\"", type)));
  };
  refused(Predicted({{"colour", "red"}}), "extra_forbidden");
  refused(Predicted({{std::string(3000, 'n'), "x"}}), "extra_forbidden");
  refused(Predicted({{"img", PairOf().edit, "again.jpg"}}), "duplicate");
  refused(Predicted({{"boost", "2"}, {"boost", "3"}}), "duplicate");
  refused({{"ref", PairOf().original, "a.jpg"}}, "missing");
  refused(Predicted({{"boost", "nan"}}), "bad_argument");
  refused(Predicted({{"boost", "9"}, {"strength", "inf"}}), "bad_argument");
  refused(Predicted({{"", "x"}}), "missing");
  refused(std::vector<FormPart>(60, {"guard", "on"}), "too_many");
}

TEST(Multipart, PartsWithoutANameAreRefused) {
  const RunningService service;
  for (const std::string_view line :
       {"Content-Disposition: form-data", "Content-Type: text/plain",
        "Content-Disposition: form-data; filename=\"x; name=y\"; name=\"img\"",
        "Content-Disposition:form-data; name=\"img\""}) {
    SCOPED_TRACE(line);
    const std::string body = RawPart(line, PairOf().edit) + BodyEnd();
    ExpectRefusal(Ask(service.port(), PostOf("/process", body)), 422, "bad_argument");
  }
}

TEST(Multipart, BodiesWithoutPartsMissTheImage) {
  const RunningService service;
  for (const std::string& body : {std::string(), BodyEnd(), std::string("no boundary at all")}) {
    const Answer answer = Ask(service.port(), PostOf("/process", body));
    EXPECT_TRUE(answer.status == 422 || answer.status == 400) << answer.status << body;
    ExpectRefusal(answer, answer.status, answer.status == 400 ? "bad_request" : "bad_argument");
  }
}

TEST(Multipart, OtherMediaTypesAreRefused) {
  const RunningService service;
  const auto ask = [&](std::string_view type) {
    const std::string headers =
        (type.empty() ? "" : Formatted("Content-Type: {}\r\n", type)) + "Content-Length: 5\r\n";
    return Ask(service.port(), Head("POST", "/process", headers) + "img=x");
  };
  for (const std::string_view type :
       {"application/x-www-form-urlencoded", "text/plain", "application/json", ""}) {
    ExpectRefusal(ask(type), 415, "unsupported");
  }
  ExpectRefusal(ask("multipart/form-data"), 400, "bad_request");
  ExpectRefusal(ask("multipart/form-data; boundary="), 400, "bad_request");
}

TEST(Multipart, MediaTypesHaveNoCase) {
  const RunningService service;
  const std::string body = MultipartBody(Predicted());
  const std::string text =
      Head("POST", "/process",
           Formatted("Content-Type: Multipart/Form-Data; boundary={}\r\nContent-Length: {}\r\n",
                     kBoundary, body.size())) +
      body;
  EXPECT_EQ(Ask(service.port(), text).status, 200);
}

TEST(Multipart, EmptyPartsAreNoPictures) {
  const RunningService service;
  const int status = Post(service.port(), "/process", {{"img", "", "a.jpg"}}).status;
  EXPECT_TRUE(status == 415 || status == 422) << status;
  EXPECT_EQ(Post(service.port(), "/process", Predicted({{"boost", ""}})).status, 422);
}

TEST(Multipart, AllButTheWholeBodyIsRefused) {
  const RunningService service;
  const std::string body = MultipartBody({{"boost", "2"}, {"img", "not a picture", "a.jpg"}});
  // The two bytes after the last boundary may be missing.
  for (std::size_t size = 0; size + 2 < body.size(); ++size) {
    const Answer answer = Ask(service.port(), PostOf("/process", body.substr(0, size)));
    // One that ends in the first part's head has shown no more than that it lacks the picture.
    EXPECT_TRUE(answer.status == 400 || answer.status == 422) << size << ": " << answer.status;
    if (size >= 200) ExpectRefusal(answer, 400, "bad_request");
  }
  EXPECT_EQ(Ask(service.port(), PostOf("/process", body)).status, 422);
}

TEST(Multipart, NearBoundariesAreData) {
  const RunningService service;
  const std::string boundary(kBoundary);
  std::string tail;
  for (std::size_t cut = 1; cut < boundary.size(); ++cut) {
    tail += "\r\n--" + boundary.substr(0, cut) + "\r\r\n\r\n-" + "-" + boundary.substr(0, cut);
  }
  // What follows a JPEG's end is no part of the picture.
  const Answer plain = Post(service.port(), "/process", Predicted());
  const Answer answer = Post(service.port(), "/process", {{"img", PairOf().edit + tail, "a.jpg"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(plain.status, 200) << plain.body;
  EXPECT_EQ(answer.Json()["report"]["output"]["width"], plain.Json()["report"]["output"]["width"]);
}

TEST(Multipart, FileNamesAreIgnored) {
  const RunningService service;
  for (const std::string_view name :
       {"../../../../tmp/SECRETNAME.jpg", "/etc/SECRETNAME", "..\\\\SECRETNAME",
        "SECRETNAME%00.jpg", "\xff\xfeSECRETNAME"}) {
    const Answer answer =
        Post(service.port(), "/process", {{"img", PairOf().edit, std::string(name)}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("SECRETNAME")));
    const Answer refused =
        Post(service.port(), "/process", {{"img", "no picture", std::string(name)}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, testing::Not(testing::HasSubstr("SECRETNAME")));
  }
  EXPECT_THAT(service.Files(), testing::IsEmpty());
  EXPECT_FALSE(std::filesystem::exists("/tmp/SECRETNAME.jpg"));
  EXPECT_THAT(service.Log(), testing::Not(testing::HasSubstr("SECRETNAME")));
}

}  // namespace
}  // namespace hdrp::test
