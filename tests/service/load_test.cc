// Many at once.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>

#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kMaxResident = 1'500'000'000;
#else
constexpr std::uint64_t kMaxResident = 60'000'000;
#endif

/// 64 uploads of 3 MB, piece by piece in turn: what is kept of them lies in files, not in memory.
TEST(Load, ManyUploadsAtOnceAreServedOrToldToComeAgain) {
  const RunningService service({"--queue", "8", "--body-deadline", "60", "--deadline", "120"});
  std::string large = PairOf().edit;
  large.resize(3'000'000, '\0');  // what follows a JPEG's end is no part of the picture
  const std::string text = PostOf("/process", MultipartBody({{"img", large, "a.jpg"}}));
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) clients.push_back(std::make_unique<Client>(service.port()));
  constexpr std::size_t kPiece = 250'000;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    for (const auto& client : clients) {
      EXPECT_TRUE(client->Send(std::string_view(text).substr(at, kPiece)));
    }
  }
  std::map<int, int> seen;
  for (const auto& client : clients) {
    const Answer answer = client->Read();
    ++seen[answer.status];
    if (answer.status == 200) continue;
    ExpectRefusal(answer, 503, "busy");
    EXPECT_FALSE(answer.Header("retry-after").empty());
  }
  EXPECT_GE(seen[200], 8);
  EXPECT_LE(PeakResidentBytes(service.pid()), kMaxResident);
  clients.clear();
  EXPECT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") == 0; }));
  EXPECT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
}

TEST(Load, UploadsTogetherHaveALimit) {
  const RunningService service({"--upload-space", "1"});
  const std::string text =
      PostOf("/process", MultipartBody({{"img", std::string(600'000, 'x'), "a.jpg"}}));
  Client first(service.port());
  first.Send(text.substr(0, text.size() - 100));
  ASSERT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") > 500'000; }));
  ExpectRefusal(Ask(service.port(), text), 503, "busy");
  first.Leave();
  EXPECT_TRUE(
      Eventually([&] { return MetricOf(service.port(), "hdr_process_upload_bytes") == 0; }));
  EXPECT_EQ(Ask(service.port(), text).status, 422);
}

}  // namespace
}  // namespace hdrp::test
