// What is kept, for how long, and what it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"
#include "support/corpus.h"

namespace hdrp::test {
namespace {

std::string IdOf(const Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.status == 200 ? answer.Json()["id"].get<std::string>() : "";
}

struct Case {
  const char* what;
  std::vector<FormPart> parts;
  std::vector<std::string> flags;
};

std::vector<Case> Cases() {
  return {{"predicted", Predicted(), {}},
          {"reference", Referenced(), {"--ref", "original.jpg"}},
          {"boosted",
           Referenced({{"boost", "2.5"}, {"strength", "0.5"}, {"exif", "strip"}}),
           {"--ref", "original.jpg", "--boost", "2.5", "--strength", "0.5", "--exif", "strip"}},
          {"guarded",
           Predicted({{"guard", "text=off"}, {"map_quality", "80"}}),
           {"--guard", "text=off", "--map-quality", "80"}}};
}

/// The same bytes as the command line writes.
TEST(Results, AreWhatTheCommandLineWrites) {
  const RunningService service;
  for (const Case& each : Cases()) {
    SCOPED_TRACE(each.what);
    const ScratchFolder scratch;
    const ByteView edit = AsBytes(PairOf().edit), original = AsBytes(PairOf().original);
    WriteWhole(scratch / "edit.jpg", {edit.begin(), edit.end()});
    WriteWhole(scratch / "original.jpg", {original.begin(), original.end()});
    std::vector<std::string> command = {
        OurProgram(), "--img", scratch / "edit.jpg", "--out", (scratch / "out").string() + "/",
        "-q"};
    for (const std::string& flag : each.flags) {
      command.push_back(flag.ends_with(".jpg") ? (scratch / flag).string() : flag);
    }
    const ProgramRun run = RunProgram(command);
    ASSERT_EQ(run.status, 0) << run.err;
    const Bytes wanted = ReadWhole(scratch / "out/edit_gainmap.jpg");

    const std::string path =
        "/result/" + IdOf(Post(service.port(), "/process", each.parts)) + "/hdr";
    const Answer kept = Get(service.port(), path);
    EXPECT_EQ(kept.body, AsText(wanted));
    EXPECT_EQ(kept.Header("content-type"), "image/jpeg");
    EXPECT_THAT(kept.Header("content-disposition"), testing::HasSubstr("edit_gainmap.jpg"));
    ExpectSecurityHeaders(kept);
    const Answer whole =
        Post(service.port(), "/process", each.parts, "Accept: image/jpeg, */*\r\n");
    EXPECT_EQ(whole.body, AsText(wanted));
    EXPECT_EQ(whole.Header("content-type"), "image/jpeg");
    ExpectSecurityHeaders(whole);
  }
}

TEST(Results, HaveFourParts) {
  const RunningService service;
  const Answer answer = Post(service.port(), "/process", Referenced());
  const std::string path = "/result/" + IdOf(answer);
  EXPECT_EQ(Get(service.port(), path).body, answer.body);
  EXPECT_EQ(Get(service.port(), "/result?id=" + IdOf(answer)).body, answer.body);
  const Answer preview = Get(service.port(), path + "/preview");
  EXPECT_THAT(preview.body, testing::StartsWith("\xff\xd8\xff"));
  const Answer map = Get(service.port(), path + "/gainmap");
  EXPECT_THAT(map.body, testing::StartsWith("\x89PNG"));
  const Answer meta = Get(service.port(), path + "/meta");
  EXPECT_EQ(meta.Json(), answer.Json()["report"]);
  for (const Answer& each : {preview, map, meta}) ExpectSecurityHeaders(each);
  ExpectRefusal(Get(service.port(), path + "/other"), 404, "not_found");
}

/// As an inspection of the very file would have it.
TEST(Results, SayWhoShowsThem) {
  const RunningService service;
  const int port = service.port();
  for (const std::string format : {"jpeg", "heic", "avif"}) {
    SCOPED_TRACE(format);
    const Answer answer = Post(port, "/process", Predicted({{"format", format}}));
    const std::string path = "/result/" + IdOf(answer);
    const nlohmann::json readers = answer.Json()["readers"];
    EXPECT_EQ(readers.size(), 6U) << readers;
    EXPECT_EQ(readers["chrome"]["hdr"], format != "heic") << readers;
    const std::string file = Get(port, path + "/hdr").body;
    EXPECT_EQ(Post(port, "/inspect", {{"img", file, "a"}}).Json()["readers"], readers);
    EXPECT_EQ(Get(port, path).Json()["readers"], readers);
    ExpectRefusal(Get(port, path + "/readers"), 404, "not_found");
  }
}

TEST(Results, SayWhoShowsAnotherFormatOfThem) {
  const RunningService service;
  const std::string path = "/result/" + IdOf(Post(service.port(), "/process", Predicted()));
  const Answer again = Post(service.port(), path, {{"format", "avif"}});
  ASSERT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.Json()["readers"]["libultrahdr"]["hdr"], false) << again.body;
}

TEST(Results, ShowHowTwoPicturesFitWhereThereAreTwo) {
  const RunningService service;
  const Answer compared = Post(service.port(), "/process", Referenced());
  const Answer predicted = Post(service.port(), "/process", Predicted());
  for (const std::string part : {"overlay", "agreement"}) {
    const std::string path = "/result/" + IdOf(compared) + "/" + part;
    EXPECT_EQ(compared.Json()["result"].value(part, ""), path);
    const Answer picture = Get(service.port(), path);
    EXPECT_EQ(picture.Header("content-type"), "image/png");
    EXPECT_THAT(picture.body, testing::StartsWith("\x89PNG"));
    EXPECT_FALSE(predicted.Json()["result"].contains(part));
    ExpectRefusal(Get(service.port(), "/result/" + IdOf(predicted) + "/" + part), 404, "not_found");
  }
}

TEST(Results, CannotBeGuessed) {
  const RunningService service;
  const std::string one = IdOf(Post(service.port(), "/process", Predicted()));
  const std::string two = IdOf(Post(service.port(), "/process", Predicted()));
  EXPECT_NE(one, two);
  EXPECT_EQ(one.size(), 32U);
  std::string near = one;
  near.back() = near.back() == '0' ? '1' : '0';
  for (const std::string& id : {near, one.substr(1), one + "0", std::string(), std::string("*"),
                                "../" + one, one.substr(0, 31) + "%00", std::string(5000, 'a')}) {
    for (const char* part : {"", "/hdr", "/meta"}) {
      ExpectRefusal(Get(service.port(), "/result/" + id + part), 404, "not_found");
    }
  }
  EXPECT_EQ(Get(service.port(), "/result/" + one + "/hdr").status, 200);
}

TEST(Results, AreDeletedWhenAsked) {
  const RunningService service;
  const std::string path = "/result/" + IdOf(Post(service.port(), "/process", Predicted()));
  EXPECT_EQ(service.UnnamedFiles().size(), 1U);
  const Answer deleted = Ask(service.port(), Head("DELETE", path));
  EXPECT_EQ(deleted.status, 204);
  ExpectSecurityHeaders(deleted);
  ExpectRefusal(Get(service.port(), path), 404, "not_found");
  ExpectRefusal(Ask(service.port(), Head("DELETE", path)), 404, "not_found");
  // The worker may hold its own descriptor until it is done with the job.
  EXPECT_TRUE(Eventually([&] { return service.UnnamedFiles().empty(); }));
}

TEST(Results, Expire) {
  const RunningService service({"--lifetime", "1"});
  const std::string path = "/result/" + IdOf(Post(service.port(), "/process", Predicted()));
  EXPECT_EQ(service.UnnamedFiles().size(), 1U);
  EXPECT_TRUE(Eventually([&] { return service.UnnamedFiles().empty(); })) << "still open";
  ExpectRefusal(Get(service.port(), path), 404, "not_found");
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_store_bytes"), 0);
}

TEST(Results, TheOldestGiveWay) {
  // Each is about 40 kB with its preview, map and reports.
  const RunningService service({"--store-space", "0.15"});
  std::vector<std::string> paths;
  for (int i = 0; i < 12; ++i) {
    paths.push_back("/result/" + IdOf(Post(service.port(), "/process", Predicted())));
  }
  ExpectRefusal(Get(service.port(), paths.front()), 404, "not_found");
  EXPECT_EQ(Get(service.port(), paths.back()).status, 200);
  EXPECT_LE(MetricOf(service.port(), "hdr_process_store_bytes"), 150'000);
  const double kept = MetricOf(service.port(), "hdr_process_store_results");
  EXPECT_GE(kept, 1);
  EXPECT_LT(kept, 12);
  EXPECT_EQ(service.UnnamedFiles().size(), static_cast<std::size_t>(kept));
}

TEST(Results, AFullDiskIsSaidAndSurvived) {
  const RunningService service({}, {.file_system_bytes = 400'000});
  if (service.port() == 0) GTEST_SKIP() << "no file system can be mounted here";
  std::string large = PairOf().edit;
  large.resize(2'000'000, '\0');
  ExpectRefusal(Post(service.port(), "/process", {{"img", large, "a.jpg"}}), 500, "io_failed");
  // Results fill it until a worker finds no room.
  Answer answer;
  for (int i = 0; i < 200; ++i) {
    answer = Post(service.port(), "/process", Predicted());
    if (answer.status != 200) break;
  }
  ExpectRefusal(answer, 500, "io_failed");
  EXPECT_EQ(Get(service.port(), "/healthz").status, 200);
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_deaths_total"), 0);
}

TEST(Results, ALimitOnFilesIsAFullDisk) {
  const RunningService service({}, {.max_file_bytes = 1'000'000});
  std::string large = PairOf().edit;
  large.resize(2'000'000, '\0');
  ExpectRefusal(Post(service.port(), "/process", {{"img", large, "a.jpg"}}), 500, "io_failed");
  EXPECT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
}

}  // namespace
}  // namespace hdrp::test
