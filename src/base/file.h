// Files in and out: whole inputs with a size limit, outputs through a temporary name.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

namespace hdrp {

/// The whole file. bad_argument when it is missing or not a regular file, too_large over the limit,
/// io_failed when reading fails.
[[nodiscard]] Expected<Bytes> ReadFile(const std::filesystem::path& path, const Limits& limits);

/// A file that comes into being under its final name only on Commit(). Until then it lies beside it
/// under a temporary name, which the destructor removes.
class PendingFile {
 public:
  /// Creates the temporary file and writes `content`. io_failed on any error (nothing is left).
  [[nodiscard]] static Expected<PendingFile> Write(const std::filesystem::path& path,
                                                   ByteView content);
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile();

  /// Renames to the final name. Without `replace` an existing file is kept and the call fails with
  /// bad_argument (the check and the rename are one step: no file is overwritten by a race).
  [[nodiscard]] Expected<void> Commit(bool replace);

  [[nodiscard]] const std::filesystem::path& temporary_path() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& final_path() const { return path_; }

 private:
  PendingFile(std::filesystem::path path, std::filesystem::path temporary)
      : path_(std::move(path)), temporary_(std::move(temporary)) {}

  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

}  // namespace hdrp
