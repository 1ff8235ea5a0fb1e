#include "cli/judged_files.h"

#include <algorithm>

#include "base/file.h"
#include "base/formatted.h"
#include "evaluate/manifest.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] Expected<std::vector<fs::path>> FilesOf(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      if (it->is_regular_file(error)) inside.push_back(it->path());
    }
    if (error) {
      return Fail(ErrorCode::kBadArgument, path, "cannot read the folder: {}", error.message());
    }
    std::ranges::sort(inside);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

[[nodiscard]] Expected<Manifest> ManifestAt(const std::string& path) {
  HDRP_ASSIGN_OR_RETURN(const Bytes bytes, ReadFile(path, {.max_file_bytes = kMaxManifestBytes}));
  return Within(path, ReadManifest(bytes));
}

[[nodiscard]] JudgedPaths ByFolder(const std::vector<fs::path>& files) {
  JudgedPaths result;
  for (const fs::path& path : files) {
    result.files.push_back({path, fs::absolute(path).parent_path().filename().string()});
  }
  return result;
}

/// Those that the manifest lists for `use`, or for anything where that is empty.
[[nodiscard]] JudgedPaths Listed(const std::vector<fs::path>& files, const Manifest& manifest,
                                 const std::string& use) {
  JudgedPaths result;
  for (const fs::path& path : files) {
    const std::string name = path.filename().string();
    const auto row = manifest.rows.find(name);
    if (row == manifest.rows.end()) {
      result.unlisted.push_back(
          {name,
           {ErrorCode::kBadArgument, "expected a row in the manifest, found none", name, {}}});
    } else if (use.empty() || row->second.use == use) {
      result.files.push_back({path, row->second.repo});
    }
  }
  return result;
}

}  // namespace

Expected<JudgedPaths> JudgedPathsOf(const EvaluateArguments& arguments) {
  HDRP_ASSIGN_OR_RETURN(const std::vector<fs::path> files, FilesOf(arguments.paths));
  if (arguments.manifest.empty()) return ByFolder(files);
  HDRP_ASSIGN_OR_RETURN(const Manifest manifest, ManifestAt(arguments.manifest));
  if (!arguments.use.empty() && !manifest.has_uses) {
    return Fail(ErrorCode::kBadArgument, arguments.manifest,
                "expected a column named use for --use {}, found none", arguments.use);
  }
  JudgedPaths paths = Listed(files, manifest, arguments.use);
  if (paths.files.empty()) {
    return Fail(ErrorCode::kBadArgument, arguments.manifest,
                "expected at least one of the {} files to be listed{}, found none", files.size(),
                arguments.use.empty() ? "" : Formatted(" with use {}", arguments.use));
  }
  return paths;
}

}  // namespace hdrp
