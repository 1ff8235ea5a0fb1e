// Every route as a function: no socket, no worker process. A request goes the way it goes in the
// service (head, body piece by piece, handler, job, answer).
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "package/png_write.h"
#include "service/routes.h"
#include "service/worker/job_refusal.h"
#include "service/worker/run_job.h"
#include "service/worker/unnamed_file.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using Json = nlohmann::json;

struct PartOf {
  std::string name, content;
};

struct Answer {
  int status = 0;
  std::string media_type, body;
  std::vector<std::pair<std::string, std::string>> headers;

  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
  [[nodiscard]] std::string header(std::string_view name) const {
    const auto found =
        std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? "" : found->second;
  }
};

class Client {
 public:
  explicit Client(ServiceConfig config = {}) : service_(WithFolder(std::move(config))) {}

  [[nodiscard]] Answer Get(const std::string& path) {
    return Send({.method = "GET", .path = path});
  }
  [[nodiscard]] Answer Post(const std::string& path, const std::vector<PartOf>& parts,
                            const std::string& accept = "*/*") {
    return Send({.method = "POST",
                 .path = path,
                 .accept = accept,
                 .content_type = "multipart/form-data; boundary=x"},
                parts);
  }
  [[nodiscard]] Answer Send(HttpHead head, const std::vector<PartOf>& parts = {}) {
    if (head.host.empty()) head.host = "127.0.0.1:8080";
    const std::expected<BodyRules, Refusal> rules = service_.Open(head);
    if (!rules) return Read(ResponseOf(rules.error(), "id"));
    FormReader reader(rules->fields, folder_.path(), service_.uploads(), "client");
    for (const PartOf& part : parts) {
      // In two pieces, as bodies arrive.
      const ByteView content = AsBytes(part.content);
      const std::size_t half = content.size() / 2;
      auto refusal = reader.Take(part.name, 0, content.first(half));
      if (!refusal) refusal = reader.Take(part.name, half, content.subspan(half));
      if (refusal) return Read(ResponseOf(*refusal, "id"));
    }
    std::expected<Form, Refusal> form = reader.Finish();
    if (!form) return Read(ResponseOf(form.error(), "id"));
    HttpRequest request{std::move(head),
                        "id",
                        *std::move(form),
                        {},
                        std::chrono::steady_clock::now() + std::chrono::hours(1)};
    Reply reply = service_.Handle(std::move(request));
    if (auto* response = std::get_if<HttpResponse>(&reply)) return Read(*response);
    PendingJob& pending = std::get<PendingJob>(reply);
    Expected<JobWork> work = RunJob(pending.job, [](std::string_view, double) {});
    if (!work) return Read(ResponseOf(RefusalOf(work.error(), pending.job), "id"));
    return Read(pending.answer(JobDone{work->parts, work->times,
                                       std::make_shared<const Fd>(std::move(pending.job.output))}));
  }
  [[nodiscard]] Service& service() { return service_; }

 private:
  [[nodiscard]] ServiceConfig WithFolder(ServiceConfig config) const {
    config.folder = folder_.path();
    return config;
  }
  [[nodiscard]] static Answer Read(const HttpResponse& response) {
    Answer answer{response.status, std::string(response.media_type), {}, response.headers};
    if (const auto* text = std::get_if<std::string>(&response.body)) answer.body = *text;
    if (const auto* view = std::get_if<ByteView>(&response.body)) answer.body = AsText(*view);
    if (const auto* slice = std::get_if<FileSlice>(&response.body)) {
      const Expected<Bytes> bytes = ReadAt(slice->file->get(), slice->offset, slice->size, "test");
      EXPECT_TRUE(bytes);
      if (bytes) answer.body = AsText(*bytes);
    }
    return answer;
  }

  test::ScratchFolder folder_;
  Service service_;
};

/// The places that a refusal names.
[[nodiscard]] std::vector<Json> PlacesIn(const Answer& answer) {
  std::vector<Json> places;
  const Json json = answer.json();
  for (const Json& detail : json["detail"]) places.push_back(detail["loc"]);
  return places;
}

[[nodiscard]] std::string Text(const Bytes& bytes) { return std::string(AsText(bytes)); }

struct Pictures {
  std::string edit, original;
};
[[nodiscard]] const Pictures& ThePictures() {
  static const Pictures pictures = [] {
    const test::Scene scene = test::MakeScene(160, 120);
    return Pictures{Text(test::SdrJpeg(test::Edited(scene.sdr.view()).view(), {})),
                    Text(test::OriginalJpeg(scene, {}))};
  }();
  return pictures;
}

TEST(ServiceRoutes, ProcessKeepsAResultOfFourFiles) {
  Client client;
  const Answer answer = client.Post(
      "/process", {{"img", ThePictures().edit}, {"ref", ThePictures().original}, {"boost", "1.5"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json json = answer.json();
  EXPECT_EQ(json["report"]["mode"], "reference");
  EXPECT_DOUBLE_EQ(json["report"]["metadata"]["alternate_hdr_headroom"], 1.5);
  EXPECT_TRUE(json["report"]["verification"]["passed"]);
  EXPECT_TRUE(json["timings_ms"].contains("verify"));
  const std::string id = json["id"];
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(client.Get("/result/" + id).body, answer.body);
  EXPECT_EQ(client.Send({.method = "GET", .path = "/result", .query_id = id}).body, answer.body);
  struct Row {
    std::string part, type, begins, name;
  };
  for (const auto& [part, type, begins, name] :
       {Row{"hdr", "image/jpeg", "\xff\xd8", "edit_gainmap.jpg"},
        Row{"preview", "image/jpeg", "\xff\xd8", "edit_sdr_preview.jpg"},
        Row{"gainmap", "image/png", "\x89PNG", "edit_gainmap.png"},
        Row{"meta", "application/json", "{", "edit_meta.json"}}) {
    EXPECT_EQ(json["result"][part], "/result/" + id + "/" + part);
    const Answer file = client.Get("/result/" + id + "/" + part);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.media_type, type);
    EXPECT_TRUE(file.body.starts_with(begins)) << part;
    EXPECT_EQ(file.header("Cache-Control"), "no-store");
    EXPECT_EQ(file.header("Content-Disposition"), "inline; filename=\"" + name + "\"");
  }
  EXPECT_EQ(Json::parse(client.Get("/result/" + id + "/meta").body), json["report"]);
}

TEST(ServiceRoutes, ResultsAreForgottenWhenAsked) {
  Client client;
  const Json json = client.Post("/process", {{"img", ThePictures().edit}}).json();
  const std::string path = "/result/" + std::string(json["id"]);
  EXPECT_EQ(client.Get(path).status, 200);
  EXPECT_EQ(client.Send({.method = "DELETE", .path = path}).status, 204);
  EXPECT_EQ(client.Get(path).status, 404);
  EXPECT_EQ(client.Get(path + "/hdr").status, 404);
  EXPECT_EQ(client.Send({.method = "DELETE", .path = path}).status, 404);
}

/// The result's id, as a path.
[[nodiscard]] std::string Made(Client& client, const std::vector<PartOf>& parts) {
  const Answer answer = client.Post("/process", parts);
  EXPECT_EQ(answer.status, 200) << answer.body;
  return "/result/" + answer.json().value("id", "");
}

TEST(ServiceRoutes, APredictedResultIsMadeAgainAsFromItsUpload) {
  Client client;
  const std::string kept = Made(client, {{"img", ThePictures().edit}, {"style", "highlights"}});
  for (const std::vector<PartOf>& wishes :
       {std::vector<PartOf>{{"boost", "1.5"}}, std::vector<PartOf>{{"strength", "0.5"}},
        std::vector<PartOf>{{"guard", "skin=0.2"}, {"guard", "floor=0"}},
        std::vector<PartOf>{{"format", "avif"}}}) {
    const Answer again = client.Post(kept, wishes);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_NE("/result/" + again.json().value("id", ""), kept);
    std::vector<PartOf> fresh = {{"img", ThePictures().edit}, {"style", "highlights"}};
    fresh.insert(fresh.end(), wishes.begin(), wishes.end());
    EXPECT_EQ(client.Get("/result/" + again.json().value("id", "") + "/hdr").body,
              client.Get(Made(client, fresh) + "/hdr").body);
  }
  // What is not named stays; what is, goes.
  EXPECT_NE(client.Get(kept + "/hdr").body,
            client.Post(kept, {{"style", "phone"}}, "image/jpeg").body);
  EXPECT_EQ(client.Get(kept + "/hdr").body, client.Post(kept, {}, "image/jpeg").body);
}

TEST(ServiceRoutes, AnOriginalsMapIsMadeAgainFromWhatIsKept) {
  Client client;
  const std::vector<PartOf> pair = {{"img", ThePictures().edit}, {"ref", ThePictures().original}};
  const std::string kept = Made(client, pair);
  for (const PartOf& wish : {PartOf{"strength", "0.5"}, PartOf{"boost", "1"}}) {
    const Answer again = client.Post(kept, {wish});
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.json()["report"]["mode"], "reference");
    std::vector<PartOf> fresh = pair;
    fresh.push_back(wish);
    const Json expected = client.Post("/process", fresh).json();
    EXPECT_EQ(again.json()["report"]["metadata"], expected["report"]["metadata"]);
    EXPECT_EQ(again.json()["report"]["base"], expected["report"]["base"]);
    const Answer map = client.Get("/result/" + again.json().value("id", "") + "/gainmap");
    EXPECT_EQ(map.body, client.Get("/result/" + expected.value("id", "") + "/gainmap").body);
    // Its map is not the original's any more.
    const Answer third = client.Post("/result/" + again.json().value("id", ""), {wish});
    EXPECT_EQ(third.status, 409);
    EXPECT_EQ(third.json()["code"], "needs_upload");
  }
}

TEST(ServiceRoutes, WhereTheEditsBytesAreNotKeptItNeedsThemAgain) {
  Client client;
  const std::string heic = Made(client, {{"img", ThePictures().edit}, {"format", "avif"}});
  const std::string png =
      Made(client, {{"img", Text(EncodePng(test::MakeScene(160, 120).sdr.view()).value())}});
  for (const std::string& kept : {heic, png}) {
    const Answer answer = client.Post(kept, {{"boost", "1"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.json()["code"], "needs_upload");
  }
  const std::string jpeg = Made(client, {{"img", ThePictures().edit}});
  const Answer wrong = client.Post(jpeg, {{"boost", "7"}});
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(PlacesIn(wrong), (std::vector<Json>{{"body", "boost"}}));
  EXPECT_EQ(client.Post(jpeg, {{"img", ThePictures().edit}}).status, 422);
  EXPECT_EQ(client.Post(jpeg, {{"mode", "predict"}}).status, 422);
  EXPECT_EQ(client.Post("/result/00000000000000000000000000000000", {}).status, 404);
  EXPECT_EQ(client.Send({.method = "POST", .path = jpeg, .content_type = "text/plain"}).status,
            415);
}

TEST(ServiceRoutes, TheContainerItselfWhereAcceptSaysSo) {
  Client client;
  const Answer jpeg = client.Post("/process", {{"img", ThePictures().edit}}, "image/jpeg");
  ASSERT_EQ(jpeg.status, 200) << jpeg.body;
  EXPECT_EQ(jpeg.media_type, "image/jpeg");
  EXPECT_TRUE(jpeg.body.starts_with("\xff\xd8"));
  EXPECT_EQ(jpeg.body.find("\r\n"), std::string::npos);
  const Answer avif = client.Post("/process", {{"img", ThePictures().edit}}, "image/avif,*/*");
  EXPECT_EQ(avif.media_type, "image/avif");
  EXPECT_EQ(avif.body.substr(4, 8), "ftypavif");
  const Answer torn =
      client.Post("/process", {{"img", ThePictures().edit}, {"format", "heic"}}, "image/jpeg");
  EXPECT_EQ(torn.status, 422);
  EXPECT_EQ(torn.json()["where"], "format");
  EXPECT_EQ(PlacesIn(torn), (std::vector<Json>{{"body", "format"}, {"header", "Accept"}}));
  const Answer json = client.Post("/process", {{"img", ThePictures().edit}}, "*/*, image/jpeg");
  EXPECT_EQ(json.media_type, "application/json");
  const Answer preferred = client.Post("/process", {{"img", ThePictures().edit}},
                                       "application/json;q=0.5, image/jpeg;q=0.1, image/avif");
  EXPECT_EQ(preferred.media_type, "image/avif");
  const Answer picture = client.Post("/process", {{"img", ThePictures().edit}}, "image/*");
  EXPECT_EQ(picture.media_type, "image/jpeg");
  const Answer named =
      client.Post("/process", {{"img", ThePictures().edit}, {"format", "avif"}}, "image/*");
  EXPECT_EQ(named.media_type, "image/avif");
  // Nothing but the JSON's was kept.
  EXPECT_NE(client.Get("/metrics").body.find("hdr_process_store_results 1\n"), std::string::npos);
}

TEST(ServiceRoutes, WhatNobodyCanGiveIsRefusedBeforeTheBody) {
  Client client;
  for (const std::string accept : {"text/html", "image/jpg", "image/jpeg;q=0", "*/*;q=0"}) {
    const Answer answer = client.Post("/process", {{"not", "read"}}, accept);
    EXPECT_EQ(answer.status, 406) << accept;
    EXPECT_EQ(answer.media_type, "application/json");
    EXPECT_EQ(answer.json()["code"], "not_acceptable");
    EXPECT_EQ(PlacesIn(answer), (std::vector<Json>{{"header", "Accept"}}));
  }
  EXPECT_EQ(client.Post("/inspect", {{"img", ThePictures().edit}}, "text/html").status, 200);
}

TEST(ServiceRoutes, AResultIsWhatAcceptSays) {
  Client client;
  const Answer made = client.Post("/process", {{"img", ThePictures().edit}, {"format", "avif"}});
  const std::string path = "/result/" + std::string(made.json()["id"]);
  const auto get = [&](const std::string& accept) {
    return client.Send({.method = "GET", .path = path, .accept = accept});
  };
  for (const std::string accept :
       {"", "*/*", "application/json", "application/json, image/avif;q=0.9",
        "text/html,application/xhtml+xml,*/*;q=0.8"}) {
    EXPECT_EQ(get(accept).body, made.body) << accept;
  }
  for (const std::string accept : {"image/*", "image/avif", "application/json;q=0.5, image/avif",
                                   "image/jpeg, image/avif;q=0.1"}) {
    const Answer file = get(accept);
    EXPECT_EQ(file.media_type, "image/avif") << accept;
    EXPECT_EQ(file.body, client.Get(path + "/hdr").body) << accept;
    EXPECT_EQ(file.header("Vary"), "Accept");
  }
  EXPECT_EQ(get("image/jpeg").status, 406);
  // Below it there is one kind of each, and whoever asks for it gets it.
  EXPECT_EQ(client.Send({.method = "GET", .path = path + "/meta", .accept = "image/png"}).status,
            200);
}

TEST(ServiceRoutes, ResultsHaveTags) {
  Client client;
  const std::string id = client.Post("/process", {{"img", ThePictures().edit}}).json()["id"];
  const std::string path = "/result/" + id;
  const auto get = [&](const std::string& part, const std::string& tag,
                       const std::string& accept = "") {
    return client.Send(
        {.method = "GET", .path = path + part, .accept = accept, .if_none_match = tag});
  };
  for (const std::string part : {"", "/hdr", "/preview", "/gainmap", "/meta"}) {
    const Answer whole = get(part, "\"other\"");
    EXPECT_EQ(whole.status, 200);
    const std::string tag = whole.header("ETag");
    EXPECT_TRUE(tag.starts_with("\"" + id)) << tag;
    const Answer known = get(part, tag);
    EXPECT_EQ(known.status, 304) << part;
    EXPECT_EQ(known.body, "");
    EXPECT_EQ(known.header("ETag"), tag);
    EXPECT_EQ(known.header("Cache-Control"), "no-store");
  }
  // The container under two addresses is one, the JSON is another.
  EXPECT_EQ(get("", "", "image/jpeg").header("ETag"), get("/hdr", "").header("ETag"));
  EXPECT_EQ(get("", get("", "").header("ETag"), "image/jpeg").status, 200);
  EXPECT_EQ(client.Send({.method = "DELETE", .path = path}).status, 204);
  EXPECT_EQ(get("/hdr", "*").status, 404);
}

TEST(ServiceRoutes, AnIdIsNeeded) {
  Client client;
  const Answer answer = client.Get("/result");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.json()["where"], "id");
  EXPECT_EQ(PlacesIn(answer), (std::vector<Json>{{"query", "id"}}));
  EXPECT_EQ(client.Send({.method = "GET", .path = "/result", .query_id = "0"}).status, 404);
}

TEST(ServiceRoutes, CodedBodiesAreRefused) {
  Client client;
  const auto post = [&](const std::string& coding) {
    return client.Send({.method = "POST",
                        .path = "/inspect",
                        .content_type = "multipart/form-data; boundary=x",
                        .content_encoding = coding},
                       {{"img", ThePictures().edit}});
  };
  for (const std::string coding : {"gzip", "br", "identity, gzip", "GZIP", "x"}) {
    const Answer answer = post(coding);
    EXPECT_EQ(answer.status, 415) << coding;
    EXPECT_EQ(answer.json()["code"], "unsupported");
    EXPECT_EQ(PlacesIn(answer), (std::vector<Json>{{"header", "Content-Encoding"}}));
    EXPECT_EQ(answer.header("Accept-Encoding"), "identity");
  }
  EXPECT_EQ(post("Identity").status, 200);
}

TEST(ServiceRoutes, RefusesFieldsByName) {
  Client client;
  const Answer answer = client.Post(
      "/process",
      {{"img", ThePictures().edit}, {"boost", "7"}, {"mode", "magic"}, {"strength", "1"}});
  EXPECT_EQ(answer.status, 422);
  const Json json = answer.json();
  EXPECT_EQ(json["code"], "bad_argument");
  ASSERT_EQ(json["detail"].size(), 2U);
  EXPECT_EQ(json["detail"][0]["loc"], Json({"body", "boost"}));
  EXPECT_EQ(json["detail"][1]["loc"], Json({"body", "mode"}));
  EXPECT_EQ(json["request_id"], "id");

  struct Row {
    std::vector<PartOf> parts;
    int status;
    std::string code, type;
  };
  const std::string& edit = ThePictures().edit;
  for (const auto& [parts, status, code, type] :
       {Row{{}, 422, "bad_argument", "missing"},
        Row{{{"ref", edit}}, 422, "bad_argument", "missing"},
        Row{{{"img", edit}, {"img", edit}}, 422, "bad_argument", "duplicate"},
        Row{{{"img", edit}, {"colour", "red"}}, 422, "bad_argument", "extra_forbidden"},
        Row{{{"img", edit}, {"verify", "structure"}}, 422, "bad_argument", "extra_forbidden"},
        Row{{{"img", edit}, {"", "x"}}, 422, "bad_argument", "missing"},
        Row{{{"img", edit}, {"mode", std::string(300, 'a')}}, 422, "bad_argument", "too_long"}}) {
    const Answer refused = client.Post("/process", parts);
    EXPECT_EQ(refused.status, status);
    EXPECT_EQ(refused.json()["code"], code);
    ASSERT_EQ(refused.json()["detail"].size(), 1U) << refused.body;
    EXPECT_EQ(refused.json()["detail"][0]["type"], type);
  }
}

TEST(ServiceRoutes, GuardsMayBeRepeated) {
  Client client;
  const Answer answer = client.Post(
      "/process", {{"img", ThePictures().edit}, {"guard", "skin=0.5"}, {"guard", "floor=off"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  std::string guards = answer.json()["report"]["guards"].dump();
  EXPECT_NE(guards.find("skin"), std::string::npos);
  EXPECT_EQ(guards.find("floor"), std::string::npos);
}

TEST(ServiceRoutes, ErrorsOfJobsKeepTheirIds) {
  ServiceConfig small;
  small.job.max_pixels = 10'000;
  struct Row {
    ServiceConfig config;
    std::vector<PartOf> parts;
    int status;
    std::string code;
  };
  const auto& [edit, original] = ThePictures();
  const test::Scene other = test::MakeScene(160, 120, 7);
  for (const Row& row :
       {Row{small, {{"img", edit}}, 413, "too_large"},
        Row{{}, {{"img", "hello"}}, 422, "bad_input"}, Row{{}, {{"img", ""}}, 422, "bad_input"},
        Row{{}, {{"img", edit.substr(0, edit.size() / 4)}}, 422, "bad_input"},
        Row{{}, {{"img", edit}, {"ref", Text(test::OriginalJpeg(other, {}))}}, 422, "mismatch"},
        Row{{}, {{"img", edit}, {"ref", edit}}, 422, "no_gain_map"}}) {
    Client client(row.config);
    const Answer answer = client.Post("/process", row.parts);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.json()["code"], row.code) << answer.body;
  }
}

/// The JPEG, with another size in its frame header.
std::string WithSize(std::string jpeg, int width, int height) {
  const std::size_t frame = jpeg.find("\xff\xc0");
  EXPECT_NE(frame, std::string::npos);
  const auto code = [](int value) {
    return std::string{static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
  };
  // Marker, length, precision, height, width.
  return jpeg.replace(frame + 5, 4, code(height) + code(width));
}

TEST(ServiceRoutes, TakesWhatPhonesCallFiftyMegapixelsByDefault) {
  Client client;
  for (const auto& [width, height, status] :
       {std::tuple(8192, 6144, 200), std::tuple(8160, 6120, 200), std::tuple(8000, 8000, 200),
        std::tuple(8000, 8001, 413), std::tuple(16385, 16, 413)}) {
    const Answer answer =
        client.Post("/inspect", {{"img", WithSize(ThePictures().edit, width, height)}});
    EXPECT_EQ(answer.status, status) << width << " x " << height << ": " << answer.body;
  }
}

TEST(ServiceRoutes, FilesHaveLimitsOfTheirOwn) {
  ServiceConfig config;
  config.max_image_bytes = ThePictures().edit.size();
  Client client(config);
  EXPECT_EQ(client.Post("/process", {{"img", ThePictures().edit}}).status, 200);
  const Answer answer = client.Post("/process", {{"img", ThePictures().edit + "x"}});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.json()["code"], "too_large");
  EXPECT_EQ(answer.json()["where"], "img");
}

TEST(ServiceRoutes, UploadsTogetherHaveALimit) {
  ServiceConfig config;
  config.upload_bytes = 100;
  Client client(config);
  const Answer answer = client.Post("/process", {{"img", ThePictures().edit}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json()["code"], "busy");
  EXPECT_EQ(answer.header("Retry-After"), "2");
  EXPECT_EQ(client.service().uploads().used(), 0U);  // all room is given back
}

TEST(ServiceRoutes, InspectIsTheCommandLines) {
  Client client;
  const Answer answer = client.Post("/inspect", {{"img", ThePictures().original}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["format"], "jpeg");
  EXPECT_TRUE(answer.json()["readers"]["chrome"]["hdr"]);
  const Answer plain = client.Post("/inspect", {{"img", ThePictures().edit}});
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.json()["refusal"]["id"], "no_gain_map");
  EXPECT_EQ(client.Post("/inspect", {{"img", ThePictures().edit}, {"boost", "1"}}).status, 422);
}

TEST(ServiceRoutes, WhatIsNotThere) {
  Client client;
  for (const std::string path : {"/nothing", "/result/", "/result/00112233445566778899aabbccddeeff",
                                 "/result/00112233445566778899aabbccddeeff/secret", "/process/"}) {
    const Answer answer = client.Get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.json()["code"], "not_found") << path;
  }
  struct Row {
    std::string method, path, allow;
  };
  for (const auto& [method, path, allow] :
       {Row{"GET", "/process", "POST"}, Row{"PUT", "/result/x", "GET, DELETE, POST"},
        Row{"DELETE", "/healthz", "GET"}, Row{"OPTIONS", "/process", "POST"},
        Row{"POST", "/", "GET"}}) {
    const Answer answer = client.Send({.method = method, .path = path});
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.header("Allow"), allow);
  }
  const Answer form = client.Send(
      {.method = "POST", .path = "/process", .content_type = "application/x-www-form-urlencoded"});
  EXPECT_EQ(form.status, 415);
}

TEST(ServiceRoutes, ANamedJobIsFollowed) {
  Client client;
  const std::string name = "Zm9vYmFyYmF6cXV4Zm9vYg";
  const HttpHead head{.method = "POST",
                      .path = "/process",
                      .host = "localhost",
                      .content_type = "multipart/form-data; boundary=x",
                      .job_name = name};
  const auto progress = [&] { return client.Get("/jobs/" + name); };
  EXPECT_EQ(progress().status, 404);
  std::expected<BodyRules, Refusal> rules = client.service().Open(head);
  ASSERT_TRUE(rules && rules->named);
  rules->named->received = 5;
  EXPECT_EQ(progress().json(), Json::parse(R"({"state": "uploading", "received_bytes": 5})"));
  const std::expected<BodyRules, Refusal> second = client.service().Open(head);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().status, 409);

  rules->named->ticket = 7;
  client.service().progress_of = [](std::uint64_t ticket) {
    return std::optional(JobProgress{.ahead = static_cast<int>(ticket)});
  };
  EXPECT_EQ(progress().json(), Json::parse(R"({"state": "waiting", "ahead": 7})"));
  client.service().progress_of = [](std::uint64_t) {
    return std::optional(JobProgress{.stage = "encode", .share = 0.5});
  };
  EXPECT_EQ(progress().json(),
            Json::parse(R"({"state": "running", "stage": "encode", "share": 0.5})"));
  *rules = {};
  EXPECT_EQ(progress().status, 404);
  EXPECT_EQ(client.Get("/jobs/").status, 404);
}

TEST(ServiceRoutes, ReadyUntilAllIsTaken) {
  Client client;
  EXPECT_EQ(client.Get("/readyz").json()["status"], "ready");
  client.service().has_room = [] { return false; };
  const Answer full = client.Get("/readyz");
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.json()["status"], "busy");
  EXPECT_EQ(client.Get("/healthz").json()["status"], "ok");
  client.service().stopping = [] { return true; };
  EXPECT_EQ(client.Get("/readyz").json()["status"], "stopping");
  const Answer alive = client.Get("/healthz");
  EXPECT_EQ(alive.status, 200);
  EXPECT_EQ(alive.json()["status"], "stopping");
}

TEST(ServiceRoutes, TheDocumentKnowsEveryFieldAndRoute) {
  Client client;
  const Json document = client.Get("/openapi.json").json();
  EXPECT_EQ(document["openapi"], "3.1.0");
  const Json& fields = document["paths"]["/process"]["post"]["requestBody"]["content"]
                               ["multipart/form-data"]["schema"]["properties"];
  const std::expected<BodyRules, Refusal> rules =
      client.service().Open({.method = "POST",
                             .path = "/process",
                             .host = "localhost",
                             .content_type = "multipart/form-data; boundary=x"});
  ASSERT_TRUE(rules);
  EXPECT_EQ(fields.size(), rules->fields.size());
  for (const FormRule& rule : rules->fields) {
    ASSERT_TRUE(fields.contains(rule.name)) << rule.name;
    const Json& field = fields[std::string(rule.name)];
    EXPECT_TRUE(field.contains("description"));
    EXPECT_EQ(std::string(field["x-flag"]).substr(0, 2), "--");
    if (rule.is_file) {
      EXPECT_EQ(field["maxLength"], rule.max_bytes);
    }
  }
  EXPECT_EQ(fields["boost"]["minimum"], 0.1);
  EXPECT_EQ(fields["boost"]["maximum"], 6);
  EXPECT_EQ(fields["mode"]["default"], "auto");
  const Json& guards = fields["guard"]["items"]["x-guards"];
  ASSERT_EQ(guards.size(), fields["guard"]["items"]["x-names"].size());
  for (std::size_t i = 0; i < guards.size(); ++i) {
    EXPECT_EQ(guards[i]["name"], fields["guard"]["items"]["x-names"][i]);
    EXPECT_TRUE(guards[i]["default"] == 0 || guards[i]["default"] == 1) << guards[i];
    EXPECT_TRUE(std::string(guards[i]["help"]).ends_with(".")) << guards[i];
  }
  for (const auto& [path, item] : document["paths"].items()) {
    EXPECT_EQ(Service::PatternOf(path), path);  // no route is described that does not exist
  }
  const Json& codes = document["components"]["schemas"]["Error"]["properties"]["code"]["enum"];
  EXPECT_EQ(codes.size(), kErrorKinds.size() + kServiceErrorKinds.size());
}

TEST(ServiceRoutes, PatternsHoldNothingOfTheClients) {
  EXPECT_EQ(Service::PatternOf("/result/0123/hdr"), "/result/{id}/hdr");
  EXPECT_EQ(Service::PatternOf("/result/0123"), "/result/{id}");
  EXPECT_EQ(Service::PatternOf("/secret.jpg"), "other");
  EXPECT_EQ(Service::PatternOf("/"), "/");
}

}  // namespace
}  // namespace hdrp
