#include "service/worker/unnamed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace hdrp {
namespace {

/// For file systems without O_TMPFILE: the name lives for two system calls.
[[nodiscard]] int MakeAndUnlink(const std::filesystem::path& folder) {
  std::string name = (folder / ".hdr-process-XXXXXX").string();
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) unlink(name.c_str());
  return file;
}

}  // namespace

Expected<Fd> MakeUnnamedFile(const std::filesystem::path& folder) {
  int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, S_IRUSR | S_IWUSR);
  if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) file = MakeAndUnlink(folder);
  if (file < 0) {
    return Fail(ErrorCode::kIoFailed, "store", "cannot make a file: {}", std::strerror(errno));
  }
  return Fd(file);
}

Expected<void> WriteAt(int file, std::uint64_t offset, ByteView content, std::string_view where) {
  while (!content.empty()) {
    const ssize_t written =
        pwrite(file, content.data(), content.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return Fail(ErrorCode::kIoFailed, where, "cannot write {} bytes: {}", content.size(),
                  std::strerror(written < 0 ? errno : ENOSPC));
    }
    content = content.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Expected<Bytes> ReadAt(int file, std::uint64_t offset, std::uint64_t size, std::string_view where) {
  Bytes bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return Fail(ErrorCode::kIoFailed, where, "expected {} bytes, found {}{}", size, done,
                  got < 0 ? ": " + std::string(std::strerror(errno)) : "");
    }
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace hdrp
