// Random pieces and random damage, from fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"

namespace hdrp::test {
namespace {

constexpr int kSplits = 40;
constexpr int kMutants = 4000;

std::size_t Below(std::mt19937& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::vector<std::size_t> RandomSizes(std::mt19937& random) {
  std::vector<std::size_t> sizes;
  const std::size_t largest = std::size_t{1} << (1 + Below(random, 13));
  for (int i = 0; i < 50; ++i) sizes.push_back(1 + Below(random, largest));
  return sizes;
}

TEST(MultipartRandom, PiecesMakeNoDifference) {
  const RunningService service;
  const std::string body = MultipartBody(Referenced({{"boost", "2.5"}}));
  const std::string jpeg = "Accept: image/jpeg\r\n";
  const Answer whole = Ask(service.port(), PostOf("/process", body, jpeg));
  ASSERT_EQ(whole.status, 200) << whole.body;
  std::mt19937 random(20260711);
  for (int i = 0; i < kSplits; ++i) {
    const std::string chunked =
        Head("POST", "/process",
             std::string(kMultipart) + "Transfer-Encoding: chunked\r\n" + jpeg) +
        Chunked(body, RandomSizes(random));
    Client client(service.port());
    // The pieces of the socket are others than the chunks.
    const std::vector<std::size_t> sizes = RandomSizes(random);
    std::string_view rest = chunked;
    for (std::size_t k = 0; !rest.empty() && k < 400; ++k) {
      const std::string_view piece = rest.substr(0, sizes[k % sizes.size()]);
      ASSERT_TRUE(client.Send(piece));
      rest.remove_prefix(piece.size());
    }
    client.Send(rest);
    const Answer answer = client.Read();
    ASSERT_EQ(answer.status, 200) << i << ": " << answer.body;
    ASSERT_EQ(answer.body, whole.body) << i;
  }
}

std::string Mutant(std::string body, std::mt19937& random) {
  const std::size_t edits = 1 + Below(random, 4);
  for (std::size_t i = 0; i < edits && body.size() > 8; ++i) {
    const std::size_t at = Below(random, body.size());
    const std::size_t span = std::min(1 + Below(random, 40), body.size() - at);
    switch (Below(random, 5)) {
      case 0:
        body[at] = static_cast<char>(Below(random, 256));
        break;
      case 1:
        body.erase(at, span);
        break;
      case 2:
        body.insert(at, body.substr(Below(random, body.size()), span));
        break;
      case 3:
        body.insert(at, std::string(span, "\r\n-\0;\""[Below(random, 6)]));
        break;
      default:
        body.resize(at);
        break;
    }
  }
  return body;
}

/// The document's answers to a body: nothing else, and never a server's error.
TEST(MultipartRandom, DamageIsRefusedOrHarmless) {
  const RunningService service({"--workers", "2"});
  const std::string body =
      MultipartBody({{"boost", "2"}, {"img", PairOf(48, 32).edit, "a.jpg"}, {"strength", "0.7"}});
  std::mt19937 random(4711);
  std::map<int, int> seen;
  for (int i = 0; i < kMutants; ++i) {
    const std::string mutant = Mutant(body, random);
    const Answer answer = Ask(service.port(), PostOf("/process", mutant));
    ++seen[answer.status];
    const bool allowed = answer.status == 200 || answer.status == 400 || answer.status == 413 ||
                         answer.status == 415 || answer.status == 422;

    ASSERT_TRUE(allowed) << i << ": " << answer.status << " " << answer.body;
  }
  EXPECT_GT(seen[200], 0);
  EXPECT_GT(seen[400], 0);
  EXPECT_GT(seen[422], 0);
  EXPECT_EQ(MetricOf(service.port(), "hdr_process_worker_deaths_total"), 0);
  EXPECT_EQ(service.UnnamedFiles().size(),
            static_cast<std::size_t>(MetricOf(service.port(), "hdr_process_store_results")));
}

}  // namespace
}  // namespace hdrp::test
