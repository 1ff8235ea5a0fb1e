// Results are kept for a time and within a number of bytes.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "service/store.h"

namespace hdrp {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

[[nodiscard]] StoredResult Result(const std::string& id, std::uint64_t bytes) {
  return {.id = id, .done = {{{"hdr", 0, bytes}}, {}, nullptr}, .format = FileFormat::kJpeg};
}

TEST(ResultStore, ExpiresAtItsTime) {
  ResultStore store(1000, milliseconds(100));
  const steady_clock::time_point begin;
  store.Add(Result("a", 10), begin);
  EXPECT_NE(store.Find("a", begin + milliseconds(99)), nullptr);
  EXPECT_EQ(store.Find("a", begin + milliseconds(100)), nullptr);  // even before anyone sweeps
  store.Expire(begin + milliseconds(99));
  EXPECT_EQ(store.size(), 1U);
  store.Expire(begin + milliseconds(100));
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.bytes(), 0U);
}

TEST(ResultStore, TheOldestGoFirst) {
  ResultStore store(100, milliseconds(1000));
  const steady_clock::time_point now;
  store.Add(Result("a", 40), now);
  store.Add(Result("b", 40), now);
  store.Add(Result("c", 40), now);
  EXPECT_EQ(store.Find("a", now), nullptr);
  EXPECT_NE(store.Find("b", now), nullptr);
  EXPECT_EQ(store.bytes(), 80U);
  store.Add(Result("d", 500), now);  // larger than all: kept until the next one comes
  EXPECT_EQ(store.size(), 1U);
  EXPECT_NE(store.Find("d", now), nullptr);
  EXPECT_TRUE(store.Remove("d"));
  EXPECT_FALSE(store.Remove("d"));
  EXPECT_EQ(store.bytes(), 0U);
}

TEST(ResultStore, IdsAreLongAndDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = ResultStore::NewId();
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(ids.insert(id).second);
  }
}

}  // namespace
}  // namespace hdrp
