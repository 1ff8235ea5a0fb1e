#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "base/file.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string name = (fs::temp_directory_path() / "hdr-process-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FileTest() override { fs::remove_all(folder_); }

  void Put(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  [[nodiscard]] std::string Content(const std::string& name) const {
    const auto bytes = ReadFile(folder_ / name, {});
    return bytes ? std::string(AsText(*bytes)) : "error: " + bytes.error().message;
  }
  [[nodiscard]] std::set<std::string> InFolder() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.insert(entry.path().filename());
    return names;
  }

  fs::path folder_;
};

using Names = std::set<std::string>;

TEST_F(FileTest, ReadsWholeFilesUpToTheLimit) {
  Put("five", "12345");
  Put("empty", "");
  EXPECT_EQ(Content("five"), "12345");
  EXPECT_EQ(Content("empty"), "");
  EXPECT_TRUE(ReadFile(folder_ / "five", {.max_file_bytes = 5}));
  EXPECT_EQ(ReadFile(folder_ / "five", {.max_file_bytes = 4}).error().code, ErrorCode::kTooLarge);
}

TEST_F(FileTest, OnlyRegularFilesAreInputs) {
  EXPECT_EQ(ReadFile(folder_ / "missing", {}).error().code, ErrorCode::kBadArgument);
  EXPECT_EQ(ReadFile(folder_, {}).error().code, ErrorCode::kBadArgument);
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(folder_ / "fifo", {}).error().code, ErrorCode::kBadArgument);
}

TEST_F(FileTest, AppearsOnlyOnCommit) {
  auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("new"));
  ASSERT_TRUE(pending) << pending.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "out.jpg"));
  EXPECT_EQ(pending->temporary_path().parent_path(), folder_);
  ASSERT_TRUE(pending->Commit(false));
  EXPECT_EQ(InFolder(), Names{"out.jpg"});
  EXPECT_EQ(Content("out.jpg"), "new");
}

TEST_F(FileTest, WithoutCommitNothingIsLeft) {
  {
    auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("new"));
    ASSERT_TRUE(pending);
    EXPECT_EQ(InFolder().size(), 1U);
    const PendingFile moved = std::move(*pending);
    EXPECT_EQ(InFolder().size(), 1U);
  }
  EXPECT_EQ(InFolder(), Names{});
}

TEST_F(FileTest, KeepsExistingFilesUnlessToldToReplace) {
  Put("out.jpg", "old");
  {
    auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("new"));
    ASSERT_TRUE(pending);
    const auto refused = pending->Commit(false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kBadArgument);
    EXPECT_EQ(Content("out.jpg"), "old");
  }
  EXPECT_EQ(InFolder(), Names{"out.jpg"});
  {
    auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("new"));
    ASSERT_TRUE(pending);
    ASSERT_TRUE(pending->Commit(true));
  }
  EXPECT_EQ(InFolder(), Names{"out.jpg"});
  EXPECT_EQ(Content("out.jpg"), "new");
}

TEST_F(FileTest, MissingFolderAndFolderInTheWay) {
  EXPECT_EQ(PendingFile::Write(folder_ / "no" / "out.jpg", AsBytes("x")).error().code,
            ErrorCode::kIoFailed);
  fs::create_directory(folder_ / "out.jpg");
  {
    auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("x"));
    ASSERT_TRUE(pending);
    EXPECT_EQ(pending->Commit(true).error().code, ErrorCode::kIoFailed);
  }
  EXPECT_EQ(InFolder(), Names{"out.jpg"});
}

TEST_F(FileTest, DeliveredFilesHaveTheUsualMode) {
  const mode_t before = ::umask(027);
  auto pending = PendingFile::Write(folder_ / "out.jpg", AsBytes("x"));
  ::umask(before);
  ASSERT_TRUE(pending);
  ASSERT_TRUE(pending->Commit(false));
  EXPECT_EQ(fs::status(folder_ / "out.jpg").permissions(), fs::perms{0640});
}

}  // namespace
}  // namespace hdrp
