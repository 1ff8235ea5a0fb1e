// Files that tests read: the checkout's own, and the corpus of files that others made, whose
// manifest is read and without which tests skip.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace hdrp::test {

/// The nearest folder above this program that holds `held`, else the root.
[[nodiscard]] std::filesystem::path FolderAbove(const std::filesystem::path& held);

/// The checkout: what HDR_PROCESS_SOURCE names, else where this program was built. No path of it is
/// compiled in, so that another checkout's objects serve here too.
[[nodiscard]] std::filesystem::path SourceFolder();

/// The folder named by HDR_PROCESS_CORPUS, by default ../shared/corpus beside the checkout; nullopt
/// where it has no manifest.
[[nodiscard]] std::optional<std::filesystem::path> CorpusFolder();

/// True when HDR_PROCESS_REQUIRE (names with commas between them) holds `what`: then its absence is
/// a failure and not a skip.
[[nodiscard]] bool IsRequired(std::string_view what);

/// One row of the manifest.
struct CorpusFile {
  std::string kind;  ///< the folder
  std::string name;
  std::filesystem::path path;
  std::map<std::string, std::string> facts;  ///< the note's "key=value" pairs

  /// Empty where the manifest says nothing.
  [[nodiscard]] std::string Fact(const std::string& key) const;
};

/// The manifest's rows of one kind, in its order. Empty where there is no corpus.
[[nodiscard]] std::vector<CorpusFile> CorpusFiles(std::string_view kind);

/// A whole file of the corpus ("uhdr/pixel_lamps.jpg"); fails the test where it cannot be read.
[[nodiscard]] Bytes ReadCorpus(const std::filesystem::path& relative);

/// A whole file; fails the test where it cannot be read.
[[nodiscard]] Bytes ReadWhole(const std::filesystem::path& path);

}  // namespace hdrp::test

/// First line of a test that needs the corpus.
#define HDRP_NEEDS_CORPUS()                                                                \
  if (!::hdrp::test::CorpusFolder()) {                                                     \
    if (::hdrp::test::IsRequired("corpus")) FAIL() << "the corpus is required but absent"; \
    GTEST_SKIP() << "no corpus (HDR_PROCESS_CORPUS)";                                      \
  }                                                                                        \
  static_assert(true)
