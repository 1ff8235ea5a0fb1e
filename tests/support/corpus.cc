#include "support/corpus.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <ranges>

namespace hdrp::test {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (const auto part : std::views::split(text, separator)) {
    parts.emplace_back(std::string_view(part));
  }
  return parts;
}

std::map<std::string, std::string> FactsOf(std::string_view note) {
  std::map<std::string, std::string> facts;
  for (const std::string& pair : Split(note, ';')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    facts.emplace(Trimmed(std::string_view(pair).substr(0, equals)),
                  Trimmed(std::string_view(pair).substr(equals + 1)));
  }
  return facts;
}

}  // namespace

std::filesystem::path FolderAbove(const std::filesystem::path& held) {
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  while (!std::filesystem::exists(folder / held) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

std::filesystem::path SourceFolder() {
  const char* named = std::getenv("HDR_PROCESS_SOURCE");
  return named != nullptr ? std::filesystem::path(named) : FolderAbove("tests/data");
}

std::optional<std::filesystem::path> CorpusFolder() {
  const char* named = std::getenv("HDR_PROCESS_CORPUS");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named) : SourceFolder() / "../shared/corpus";
  if (!std::filesystem::exists(folder / "manifest.tsv")) return std::nullopt;
  return folder;
}

bool IsRequired(std::string_view what) {
  const char* required = std::getenv("HDR_PROCESS_REQUIRE");
  if (required == nullptr) return false;
  const std::vector<std::string> names = Split(required, ',');
  return std::ranges::find(names, what) != names.end();
}

std::string CorpusFile::Fact(const std::string& key) const {
  const auto found = facts.find(key);
  return found == facts.end() ? std::string() : found->second;
}

std::vector<CorpusFile> CorpusFiles(std::string_view kind) {
  const auto folder = CorpusFolder();
  if (!folder) return {};
  std::vector<CorpusFile> files;
  std::ifstream manifest(*folder / "manifest.tsv");
  for (std::string line; std::getline(manifest, line);) {
    const std::vector<std::string> fields = Split(line, '\t');
    if (fields.size() < 8 || fields[0] != kind) continue;
    files.push_back({fields[0], fields[1], *folder / fields[0] / fields[1], FactsOf(fields[7])});
  }
  return files;
}

Bytes ReadCorpus(const std::filesystem::path& relative) {
  return ReadWhole(CorpusFolder().value_or("") / relative);
}

Bytes ReadWhole(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) ADD_FAILURE() << path << " cannot be read";
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace hdrp::test
