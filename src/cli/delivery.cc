#include "cli/delivery.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

namespace hdrp {
namespace fs = std::filesystem;

namespace {

[[nodiscard]] std::optional<FileFormat> FormatOf(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const FileFormat format : kFormatsWritten<Writes::kGainMap>) {
    if (std::ranges::contains(InfoOf(format).extensions, extension)) return format;
  }
  return std::nullopt;
}

/// ".jpg, .jpeg or .avif"
[[nodiscard]] std::string ExtensionsWritten() {
  std::vector<std::string_view> all;
  for (const FileFormat format : kFormatsWritten<Writes::kGainMap>) {
    for (const std::string_view extension : InfoOf(format).extensions) {
      if (!extension.empty()) all.push_back(extension);
    }
  }
  std::string list(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) {
    list.append(i + 1 == all.size() ? " or " : ", ").append(all[i]);
  }
  return list;
}

}  // namespace

Expected<OutputPlace> PlaceOutputs(const fs::path& input, const std::string& out,
                                   std::optional<FileFormat> wanted) {
  const std::string stem = input.stem().string();
  const FileFormat format = wanted.value_or(FileFormat::kJpeg);
  if (out.empty()) return OutputPlace{input.parent_path(), stem, std::nullopt, format};
  const fs::path path(out);
  std::error_code ignored;
  if (out.ends_with('/') || fs::is_directory(path, ignored) || !path.has_extension()) {
    return OutputPlace{path, stem, std::nullopt, format};
  }
  const std::optional<FileFormat> named = FormatOf(path);
  if (!named) {
    return Fail(ErrorCode::kUnsupported, "--out", "expected a folder or a file named {}, found {}",
                ExtensionsWritten(), out);
  }
  if (wanted && *wanted != *named) {
    return Fail(ErrorCode::kBadArgument, "--out", "the file's name says {}, --format says {}",
                WordOf(*named), WordOf(*wanted));
  }
  return OutputPlace{path.parent_path(), stem, path, *named};
}

Expected<void> CheckTargets(const std::vector<fs::path>& targets,
                            const std::vector<fs::path>& inputs, bool replace) {
  for (const fs::path& target : targets) {
    std::error_code ignored;
    for (const fs::path& input : inputs) {
      if (fs::equivalent(target, input, ignored)) {
        return Fail(ErrorCode::kBadArgument, target.string(), "an output would overwrite an input");
      }
    }
    if (!replace && fs::exists(target, ignored)) {
      return Fail(ErrorCode::kBadArgument, target.string(),
                  "the file exists already (--force overwrites it)");
    }
  }
  return {};
}

Expected<void> MakeFolder(const fs::path& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error && !fs::is_directory(folder)) {
    return Fail(ErrorCode::kIoFailed, folder.string(), "cannot create the folder: {}",
                error.message());
  }
  return {};
}

Expected<PendingFile> WriteVerified(const fs::path& path, ByteView content) {
  HDRP_ASSIGN_OR_RETURN(PendingFile pending, PendingFile::Write(path, content));
  constexpr Limits kNoLimit{.max_file_bytes = std::numeric_limits<std::uint64_t>::max()};
  HDRP_ASSIGN_OR_RETURN(const Bytes back,
                        Within(path.string(), ReadFile(pending.temporary_path(), kNoLimit)));
  if (!std::ranges::equal(back, content)) {
    return Fail(ErrorCode::kExportFailed, path.string(),
                "the file reads back with other bytes than were written");
  }
  return pending;
}

Expected<void> CommitAll(std::vector<PendingFile>& files, bool replace) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (Expected<void> done = files[i].Commit(replace); !done) {
      std::error_code ignored;
      for (std::size_t k = 0; k < i; ++k) fs::remove(files[k].final_path(), ignored);
      return done;
    }
  }
  return {};
}

}  // namespace hdrp
