// The table that says where pictures come from: read, or refused with the line that is wrong.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "evaluate/manifest.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

TEST(ManifestTest, FindsItsColumnsByName) {
  const auto manifest = ReadManifest(AsBytes(
      "use\tfile\tlicence\trepo\r\ntrain\ta.jpg\tMIT\tsomebody/one\r\nvalidate\tb.jpg\t\tx"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->has_uses);
  ASSERT_EQ(manifest->rows.size(), 2U);
  EXPECT_EQ(manifest->rows.at("a.jpg").repo, "somebody/one");
  EXPECT_EQ(manifest->rows.at("a.jpg").use, "train");
  EXPECT_EQ(manifest->rows.at("b.jpg").use, "validate");
}

TEST(ManifestTest, NeedsNoUse) {
  const auto manifest = ReadManifest(AsBytes("repo\tfile\nr\ta.jpg\n"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_FALSE(manifest->has_uses);
  EXPECT_EQ(manifest->rows.at("a.jpg").use, "");
}

// Bytes that somebody else made.
TEST(ManifestTest, ReadsThatOfTheTrainingSet) {
  const char* named = std::getenv("HDR_PROCESS_TRAINING");
  const std::filesystem::path folder =
      named != nullptr ? named : test::SourceFolder().parent_path() / "shared/training";
  if (!std::filesystem::exists(folder / "manifest.tsv")) {
    GTEST_SKIP() << "no training set (HDR_PROCESS_TRAINING)";
  }
  const auto manifest = ReadManifest(test::ReadWhole(folder / "manifest.tsv"));
  ASSERT_TRUE(manifest) << manifest.error().where << ": " << manifest.error().message;
  EXPECT_TRUE(manifest->has_uses);
  const auto row = manifest->rows.find("pixel6pro_vu-dial-gold_PXL_20240113_202144870.jpg");
  ASSERT_NE(row, manifest->rows.end());
  EXPECT_EQ(row->second.repo, "extreme-sysadminning/vu-dial-gold");
  EXPECT_EQ(row->second.use, "train");
}

struct Refused {
  std::string text, where, message;
};

TEST(ManifestTest, RefusesWhatItCannotBeSureOf) {
  std::string wide = "file\trepo";
  for (int i = 0; i < 63; ++i) wide += "\tmore";
  const Refused cases[] = {
      {"", "line 1", "expected the columns' names, found an empty file"},
      {"a.jpg\tr\n", "line 1", "expected a column named file, found none of that name"},
      {"file\tlicence\n", "line 1", "expected a column named repo, found none of that name"},
      {"file\trepo\tfile\n", "line 1", "expected one column named file, found several"},
      {"file\trepo\tuse\tuse\n", "line 1", "expected one column named use, found several"},
      {wide, "line 1", "expected at most 64 columns, found 65"},
      {"file\trepo\na.jpg\n", "line 2", "expected 2 cells, as in the first line, found 1"},
      {"file\trepo\na.jpg\tr\n\n", "line 3", "expected 2 cells, as in the first line, found 1"},
      {"file\trepo\n\tr\n", "line 2", "expected a file and a repo, found an empty cell"},
      {"file\trepo\na.jpg\t\n", "line 2", "expected a file and a repo, found an empty cell"},
      {"file\trepo\na.jpg\tr\na.jpg\ts\n", "line 3", "expected each file once, found a.jpg again"},
      {"file\trepo\na.jpg\t\x1B[2J\n", "line 2", "expected text, found a control character"},
      {std::string("file\trepo\na.jpg\tr\0\n", 18), "line 2",
       "expected text, found a control character"},
      {"file\trepo\na.jpg\t" + std::string(256, 'r') + "\n", "line 2",
       "expected file, repo and use of at most 255 bytes, found 256"},
  };
  for (const Refused& refused : cases) {
    SCOPED_TRACE(refused.message);
    const auto manifest = ReadManifest(AsBytes(refused.text));
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().code, ErrorCode::kBadInput);
    EXPECT_EQ(manifest.error().where, refused.where);
    EXPECT_EQ(manifest.error().message, refused.message);
  }
}

}  // namespace
}  // namespace hdrp
