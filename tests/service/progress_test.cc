// Jobs with a name: how far they are, for whoever knows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

constexpr std::string_view kFirst = "Zm9vYmFyYmF6cXV4Zm9vYg";
constexpr std::string_view kSecond = "0123456789abcdef0123456789abcdef";

std::string Named(std::string_view name) { return Formatted("Job-Name: {}\r\n", name); }

nlohmann::json ProgressOf(int port, std::string_view name) {
  const Answer answer = Get(port, Formatted("/jobs/{}", name));
  return answer.status == 200 ? answer.Json() : nlohmann::json();
}

TEST(Progress, IsToldByName) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const int port = service.port();
  const pid_t worker = service.AnyWorker();
  kill(worker, SIGSTOP);
  const std::string body = MultipartBody(Predicted());
  const std::string first = PostOf("/process", body, Named(kFirst));
  const std::string second = PostOf("/process", body, Named(kSecond));
  ExpectRefusal(Get(port, Formatted("/jobs/{}", kFirst)), 404, "not_found");

  Client one(port);
  one.Send(std::string_view(first).substr(0, first.size() / 2));
  EXPECT_TRUE(Eventually([&] {
    const nlohmann::json json = ProgressOf(port, kFirst);
    return json.value("state", "") == "uploading" && json.value("received_bytes", 0) > 0;
  }));
  one.Send(std::string_view(first).substr(first.size() / 2));
  EXPECT_TRUE(Eventually([&] { return ProgressOf(port, kFirst).value("state", "") == "running"; }));
  EXPECT_EQ(ProgressOf(port, kFirst),
            nlohmann::json({{"state", "running"}, {"stage", "start"}, {"share", 0.0}}));
  Client two(port);
  two.Send(second);
  EXPECT_TRUE(
      Eventually([&] { return ProgressOf(port, kSecond).value("state", "") == "waiting"; }));
  EXPECT_EQ(ProgressOf(port, kSecond), nlohmann::json({{"state", "waiting"}, {"ahead", 0}}));

  kill(worker, SIGCONT);
  EXPECT_EQ(one.Read().status, 200);
  EXPECT_EQ(two.Read().status, 200);
  for (const std::string_view name : {kFirst, kSecond}) {
    ExpectRefusal(Get(port, Formatted("/jobs/{}", name)), 404, "not_found");
  }
}

TEST(Progress, ANameIsOneJobs) {
  const RunningService service({"--workers", "1", "--deadline", "60"});
  const int port = service.port();
  const std::string text = PostOf("/process", MultipartBody(Predicted()), Named(kFirst));
  Client one(port);
  one.Send(std::string_view(text).substr(0, text.size() - 1));
  ASSERT_TRUE(Eventually([&] { return !ProgressOf(port, kFirst).is_null(); }));
  const Answer taken = Ask(port, text);
  ExpectRefusal(taken, 409, "name_taken");
  EXPECT_EQ(taken.Json()["detail"][0]["loc"], nlohmann::json({"header", "Job-Name"}));
  one.Leave();
  // Gone with the one who had it.
  EXPECT_TRUE(Eventually([&] { return Ask(port, text).status == 200; }));
}

TEST(Progress, NamesAreLongAndNeverLogged) {
  RunningService service;
  for (const std::string_view name :
       {"short", "0123456789abcdef0123456", "Zm9vYmFyYmF6cXV4Zm9v!!", "a b c d e f g h i j k l"}) {
    const Answer answer = Post(service.port(), "/process", Predicted(), Named(name));
    ExpectRefusal(answer, 422, "bad_argument");
    EXPECT_EQ(answer.Json()["detail"][0]["loc"], nlohmann::json({"header", "Job-Name"}));
  }
  EXPECT_EQ(Post(service.port(), "/process", Predicted(), Named(kFirst)).status, 200);
  EXPECT_EQ(
      Post(service.port(), "/inspect", {{"img", PairOf().edit, "a.jpg"}}, Named(kFirst)).status,
      200);
  ExpectRefusal(Get(service.port(), Formatted("/jobs/{}", kFirst)), 404, "not_found");
  service.Signal(SIGTERM);
  EXPECT_EQ(service.Await(std::chrono::seconds(20)), 0);
  EXPECT_THAT(service.Log(), testing::Not(testing::HasSubstr(std::string(kFirst))));
  EXPECT_THAT(service.Log(), testing::HasSubstr("/jobs/{name}"));
}

}  // namespace
}  // namespace hdrp::test
