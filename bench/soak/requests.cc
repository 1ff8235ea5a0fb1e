#include "soak/requests.h"

#include <array>

#include "base/formatted.h"
#include "service/support/client.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"

namespace hdrp::soak {
namespace {

using test::Answer;
using test::Client;
using test::FormPart;
using test::Get;
using test::Head;
using test::kMultipart;
using test::MultipartBody;
using test::PairOf;
using test::Post;
using test::PostOf;

struct Size {
  int width, height;
};
constexpr std::array kSizes = {Size{96, 64}, Size{640, 480}, Size{1024, 768}, Size{2000, 1500}};

Outcome Expect(const Answer& answer, int status) {
  if (answer.status == status) return {};
  if (answer.status == 503 && !answer.Header("retry-after").empty()) return {Verdict::kBusy};
  return {Verdict::kWrong, Formatted("expected {}, found {}: {}", status, answer.status,
                                     answer.body.substr(0, 300))};
}

const test::Pair& AnyPair(std::mt19937& random) {
  const Size size = kSizes[random() % kSizes.size()];
  return PairOf(size.width, size.height);
}

Outcome Predict(int port, std::mt19937& random) {
  return Expect(Post(port, "/process", {{"img", AnyPair(random).edit, "a.jpg"}}), 200);
}

std::vector<FormPart> Referenced(std::mt19937& random) {
  const test::Pair& pair = AnyPair(random);
  return {{"img", pair.edit, "a.jpg"}, {"ref", pair.original, "b.jpg"}};
}

Outcome Reference(int port, std::mt19937& random) {
  std::vector<FormPart> parts = Referenced(random);
  parts.push_back({"boost", Formatted("{:.1f}", 0.5 + static_cast<double>(random() % 50) / 10)});
  return Expect(Post(port, "/process", parts), 200);
}

Outcome Container(int port, std::mt19937& random) {
  const Answer answer = Post(port, "/process", Referenced(random), "Accept: image/jpeg\r\n");
  if (answer.status == 200 && !answer.body.starts_with("\xff\xd8\xff")) {
    return {Verdict::kWrong, "the container is no JPEG"};
  }
  return Expect(answer, 200);
}

Outcome Inspect(int port, std::mt19937& random) {
  return Expect(Post(port, "/inspect", {{"img", AnyPair(random).original, "a.jpg"}}), 200);
}

Outcome FetchAll(int port, std::mt19937& random) {
  const Answer made = Post(port, "/process", Referenced(random));
  if (made.status != 200) return Expect(made, 200);
  const std::string path = "/result/" + made.Json().value("id", "");
  for (const char* part : {"", "/hdr", "/preview", "/gainmap", "/meta"}) {
    const Answer answer = Get(port, path + part);
    if (answer.status != 200 || answer.body.empty()) return Expect(answer, 200);
  }
  if (random() % 2 == 0) return {};
  const Answer deleted = test::Ask(port, Head("DELETE", path));
  return deleted.status == 204 ? Expect(Get(port, path), 404) : Expect(deleted, 204);
}

Outcome Pages(int port, std::mt19937& random) {
  constexpr std::array kPaths = {"/healthz", "/metrics", "/openapi.json", "/"};
  return Expect(Get(port, kPaths[random() % kPaths.size()]), 200);
}

Outcome Truncated(int port, std::mt19937& random) {
  const std::string body = MultipartBody(test::Referenced());
  const std::size_t size = 200 + random() % (body.size() - 210);
  return Expect(test::Ask(port, PostOf("/process", body.substr(0, size))), 400);
}

Outcome NoPicture(int port, std::mt19937& random) {
  std::string noise(1 + random() % 5000, '\0');
  for (char& c : noise) c = static_cast<char>(random() & 0x7F);
  return Expect(Post(port, "/process", {{"img", noise, "a.jpg"}}), 422);
}

Outcome Damaged(int port, std::mt19937& random) {
  std::string edit = PairOf(640, 480).edit;
  for (int i = 0; i < 20; ++i) edit[2 + random() % (edit.size() - 2)] = static_cast<char>(random());
  const Answer answer = Post(port, "/process", {{"img", edit, "a.jpg"}});
  const bool refused = answer.status == 413 || answer.status == 415 || answer.status == 422;
  return refused ? Outcome{} : Expect(answer, 200);
}

Outcome OtherPhoto(int port, std::mt19937&) {
  return Expect(
      Post(port, "/process",
           {{"img", PairOf(640, 480).edit, "a"}, {"ref", PairOf(640, 480, 9).original, "b"}}),
      422);
}

Outcome TooLarge(int port, std::mt19937&) {
  return Expect(
      test::Ask(port, Head("POST", "/process",
                           std::string(kMultipart) + "Content-Length: 1099511627776\r\n")),
      413);
}

Outcome UnknownField(int port, std::mt19937&) {
  return Expect(Post(port, "/process", test::Predicted({{"colour", "red"}})), 422);
}

Outcome ForeignPage(int port, std::mt19937&) {
  return Expect(Post(port, "/process", test::Predicted(), "Origin: http://evil.example\r\n"), 403);
}

Outcome Smuggled(int port, std::mt19937&) {
  const std::string head =
      Head("POST", "/process",
           std::string(kMultipart) + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
  return Expect(test::Ask(port, head + "0\r\n\r\n"), 400);
}

Outcome LeavesEarly(int port, std::mt19937& random) {
  const std::string text = PostOf("/process", MultipartBody(Referenced(random)));
  Client client(port);
  client.Send(text.substr(0, random() % text.size()));
  return {};
}

Outcome LeavesItsJob(int port, std::mt19937& random) {
  Client client(port);
  client.Send(PostOf("/process", MultipartBody({{"img", PairOf(2000, 1500).edit, "a.jpg"}})));
  (void)client.Read(test::AnswerBody::kExpected, std::chrono::milliseconds(random() % 60));
  return {};
}

constexpr std::array kKinds = {
    Kind{"predict", 10, &Predict},         Kind{"reference", 15, &Reference},
    Kind{"container", 10, &Container},     Kind{"inspect", 8, &Inspect},
    Kind{"fetch all", 8, &FetchAll},       Kind{"pages", 10, &Pages},
    Kind{"truncated", 5, &Truncated},      Kind{"no picture", 5, &NoPicture},
    Kind{"damaged", 5, &Damaged},          Kind{"other photo", 4, &OtherPhoto},
    Kind{"too large", 4, &TooLarge},       Kind{"unknown field", 4, &UnknownField},
    Kind{"foreign page", 4, &ForeignPage}, Kind{"smuggled", 4, &Smuggled},
    Kind{"leaves early", 3, &LeavesEarly}, Kind{"leaves its job", 1, &LeavesItsJob}};

}  // namespace

std::span<const Kind> Kinds() { return kKinds; }

void MakePictures() {
  for (const Size size : kSizes) (void)PairOf(size.width, size.height);
  (void)PairOf(640, 480, 9);
}

}  // namespace hdrp::soak
