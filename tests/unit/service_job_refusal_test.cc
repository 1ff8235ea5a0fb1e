// Every error that a job can end in and that its client can mend names what of the form it is
// about.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "service/worker/job_refusal.h"
#include "service/worker/run_job.h"
#include "service/worker/unnamed_file.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using Place = std::vector<std::string>;

[[nodiscard]] std::vector<Place> PlacesOf(const Refusal& refusal) {
  std::vector<Place> places;
  for (const RefusalDetail& detail : refusal.detail) places.push_back(detail.place);
  return places;
}

[[nodiscard]] bool IsTheClients(ErrorCode code) {
  const int status = KindOf(code).http_status;
  return status == 413 || status == 415 || status == 422;
}

struct FormOf {
  std::vector<std::pair<std::string, std::string>> files, texts = {};
  std::uint64_t max_pixels = 1'000'000;
};

class Worker {
 public:
  [[nodiscard]] Job JobOf(const FormOf& form) const {
    Job job;
    job.output = File("");
    job.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
    job.limits.max_pixels = form.max_pixels;
    for (const auto& [name, content] : form.files) {
      job.files.push_back({name, File(content), content.size()});
    }
    for (const auto& [name, text] : form.texts) job.fields.push_back({name, text});
    return job;
  }
  /// nullopt where it is no refusal.
  [[nodiscard]] std::optional<Refusal> Run(const FormOf& form) const {
    const Job job = JobOf(form);
    Expected<JobWork> work = RunJob(job, [](std::string_view, double) {});
    if (work) return std::nullopt;
    return RefusalOf(std::move(work.error()), job);
  }

 private:
  [[nodiscard]] Fd File(const std::string& content) const {
    Expected<Fd> file = MakeUnnamedFile(folder_.path());
    EXPECT_TRUE(file && WriteAt(file->get(), 0, AsBytes(content), "test"));
    return *std::move(file);
  }
  test::ScratchFolder folder_;
};

struct Pictures {
  std::string edit, original, other, upright, map_damaged;
};
[[nodiscard]] std::string Text(const Bytes& bytes) { return std::string(AsText(bytes)); }
[[nodiscard]] const Pictures& ThePictures() {
  static const Pictures pictures = [] {
    const test::Scene scene = test::MakeScene(160, 120);
    const std::string original = Text(test::OriginalJpeg(scene, {}));
    return Pictures{.edit = Text(test::SdrJpeg(test::Edited(scene.sdr.view()).view(), {})),
                    .original = original,
                    .other = Text(test::OriginalJpeg(test::MakeScene(160, 120, 7), {})),
                    .upright = Text(test::OriginalJpeg(test::MakeScene(120, 160, 7), {})),
                    .map_damaged = original.substr(0, original.size() - 200)};
  }();
  return pictures;
}

struct Row {
  const char* what;
  FormOf form;
  ErrorCode code;
  Place place;
  std::string where;
};

[[nodiscard]] std::vector<Row> Rows() {
  const auto& [edit, original, other, upright, map_damaged] = ThePictures();
  const std::string gif = "GIF89a" + std::string(40, '\1');
  const std::string cut = edit.substr(0, edit.size() / 4);
  return {{"no picture", {{{"img", "hello"}}}, ErrorCode::kBadInput, {"body", "img"}, "img"},
          {"nothing", {{{"img", ""}}}, ErrorCode::kBadInput, {"body", "img"}, "img"},
          {"cut off", {{{"img", cut}}}, ErrorCode::kBadInput, {"body", "img"}, "img"},
          {"a GIF", {{{"img", gif}}}, ErrorCode::kUnsupported, {"body", "img"}, "picture"},
          {"an HDR file", {{{"img", "v/1\1"}}}, ErrorCode::kBadInput, {"body", "img"}, ""},
          {"large", {{{"img", edit}}, {}, 10'000}, ErrorCode::kTooLarge, {"body", "img"}, ""},
          {"no original",
           {{{"img", edit}, {"ref", "hello"}}},
           ErrorCode::kBadInput,
           {"body", "ref"},
           ""},
          {"an original cut off",
           {{{"img", edit}, {"ref", original.substr(0, 600)}}},
           ErrorCode::kBadInput,
           {"body", "ref"},
           ""},
          {"a map cut off",
           {{{"img", edit}, {"ref", map_damaged}}},
           ErrorCode::kBadInput,
           {"body", "ref"},
           ""},
          {"no gain map",
           {{{"img", edit}, {"ref", edit}}},
           ErrorCode::kNoGainMap,
           {"body", "ref"},
           "gain map"},
          {"another picture",
           {{{"img", edit}, {"ref", other}}},
           ErrorCode::kMismatch,
           {"body", "ref"},
           "alignment"},
          {"another shape",
           {{{"img", edit}, {"ref", upright}}, {{"align", "none"}}},
           ErrorCode::kMismatch,
           {"body", "ref"},
           "framing"},
          {"a mask that is none",
           {{{"img", edit}, {"ref", original}, {"mask", "hello"}}},
           ErrorCode::kUnsupported,
           {"body", "mask"},
           "mask"},
          {"guards of what is not predicted",
           {{{"img", edit}, {"ref", original}}, {{"guard", "skin=0.5"}}},
           ErrorCode::kBadArgument,
           {"body", "guard"},
           "guard"},
          {"no strength",
           {{{"img", edit}, {"ref", original}}, {{"strength", "0"}}},
           ErrorCode::kNoGainMap,
           {"body", "strength"},
           "strength"},
          {"Reference Mode alone",
           {{{"img", edit}}, {{"mode", "reference"}}},
           ErrorCode::kBadArgument,
           {"body", "img"},
           "img"}};
}

TEST(JobRefusal, NamesTheFieldAndThePlaceInIt) {
  const Worker worker;
  for (const ErrorKind& kind : kErrorKinds) {
    EXPECT_EQ(std::ranges::contains(Rows(), kind.code, &Row::code), IsTheClients(kind.code))
        << kind.id;
  }
  for (const auto& [what, form, code, place, where] : Rows()) {
    SCOPED_TRACE(what);
    const std::optional<Refusal> refusal = worker.Run(form);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->id, KindOf(code).id) << refusal->where << ": " << refusal->message;
    ASSERT_FALSE(refusal->detail.empty());
    EXPECT_EQ(refusal->detail.front().place, place) << refusal->where << refusal->message;
    EXPECT_EQ(refusal->detail.front().message, refusal->message);
    if (!where.empty()) {
      EXPECT_EQ(refusal->where, where);
    }
    EXPECT_EQ(refusal->where.find("ref:"), std::string::npos) << refusal->where;
    EXPECT_EQ(refusal->where.find("img:"), std::string::npos) << refusal->where;
  }
}

/// Whatever the code, and wherever the error comes from.
TEST(JobRefusal, NoneIsWithoutAPlace) {
  const Worker worker;
  const Job job =
      worker.JobOf({{{"img", "a"}, {"ref", "b"}}, {{"guard", "skin"}, {"anchor", "1"}}});
  const std::vector<Place> files = {{"body", "img"}, {"body", "ref"}};
  struct Case {
    std::string where;
    std::vector<Place> places;
    std::string place;
  };
  for (const ErrorKind& kind : kErrorKinds) {
    if (!IsTheClients(kind.code)) continue;
    for (const auto& [where, places, place] :
         {Case{"ref: MPF: entry 2", {{"body", "ref"}}, "MPF: entry 2"},
          Case{"ref", {{"body", "ref"}}, "ref"}, Case{"--guard", {{"body", "guard"}}, "guard"},
          Case{"--no-anchor", {{"body", "anchor"}}, "anchor"}, Case{"", files, ""},
          Case{"memory", files, "memory"}, Case{"package: HEIC", files, "package: HEIC"},
          // None of these is in the form.
          Case{"mask: PNG", files, "mask: PNG"}, Case{"--model", files, "--model"},
          Case{"strength", files, "strength"}, Case{"reference", files, "reference"}}) {
      const Refusal refusal = RefusalOf(Error{kind.code, "message", where}, job);
      EXPECT_EQ(refusal.status, kind.http_status);
      EXPECT_EQ(PlacesOf(refusal), places) << kind.id << " at " << where;
      EXPECT_EQ(refusal.where, place);
      for (const RefusalDetail& detail : refusal.detail) EXPECT_EQ(detail.message, "message");
    }
  }
}

TEST(JobRefusal, FurtherSentencesFollow) {
  const Worker worker;
  const Job job = worker.JobOf({{{"img", "a"}, {"ref", "b"}}});
  const Refusal refusal =
      RefusalOf(Error{ErrorCode::kUnsupported, "message", "ref", {"one", "two"}}, job);
  ASSERT_EQ(refusal.detail.size(), 3U);
  EXPECT_EQ(refusal.detail[2].message, "two");
  EXPECT_EQ(refusal.detail[2].place, (Place{"body", "ref"}));
  EXPECT_EQ(refusal.detail[2].type, "unsupported");
}

TEST(JobRefusal, CausesNameTheirOwnField) {
  const Worker worker;
  const Job job = worker.JobOf({{{"img", "a"}}});
  const Refusal refusal = RefusalOf(Error{ErrorCode::kNoGainMap,
                                          "message",
                                          "img",
                                          {"one"},
                                          {{"guard", "text", "two"}, {"\xff", "x", "three"}}},
                                    job);
  EXPECT_EQ(
      PlacesOf(refusal),
      (std::vector<Place>{{"body", "img"}, {"body", "img"}, {"body", "guard"}, {"body", "img"}}));
  EXPECT_EQ(refusal.detail[2].message, "two");
  EXPECT_EQ(refusal.detail[2].choice, "text");
  EXPECT_EQ(refusal.detail[3].message, "three");
  EXPECT_EQ(refusal.detail[3].choice, "");
  const auto json = nlohmann::json::parse(RefusalJson(refusal, "id"));
  EXPECT_EQ(json["detail"][2], nlohmann::json::parse(R"({"loc": ["body", "guard"], "msg": "two",
                                                        "type": "no_gain_map",
                                                        "ctx": {"guard": "text"}})"));
  EXPECT_FALSE(json["detail"][3].contains("ctx"));
}

TEST(JobRefusal, OurOwnFaultsBlameNobody) {
  const Worker worker;
  const Job job = worker.JobOf({{{"img", "a"}}});
  for (const ErrorKind& kind : kErrorKinds) {
    if (IsTheClients(kind.code)) continue;
    const Refusal refusal = RefusalOf(Error{kind.code, "message", "img: verify"}, job);
    EXPECT_EQ(refusal.where, "img: verify");
    EXPECT_TRUE(refusal.detail.empty());
  }
}

}  // namespace
}  // namespace hdrp
