#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <utility>

namespace hdrp {
namespace {

/// A POSIX descriptor, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

[[nodiscard]] bool WriteAll(int fd, ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Expected<Bytes> ReadFile(const std::filesystem::path& path, const Limits& limits) {
  const std::string where = path.string();
  // O_NONBLOCK: opening a FIFO must not hang; it has no effect on regular files.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    return Fail(ErrorCode::kBadArgument, where, "cannot open the file: {}", std::strerror(errno));
  }
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return Fail(ErrorCode::kIoFailed, where, "cannot read the file: {}", std::strerror(errno));
  }
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorCode::kBadArgument, where, "expected a regular file");
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > limits.max_file_bytes) {
    return Fail(ErrorCode::kTooLarge, where, "file of {} bytes exceeds the limit of {} bytes", size,
                limits.max_file_bytes);
  }
  Bytes content(size);
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return Fail(ErrorCode::kIoFailed, where, "cannot read the file: {}", std::strerror(errno));
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

Expected<PendingFile> PendingFile::Write(const std::filesystem::path& path, ByteView content) {
  std::string temporary = (path.parent_path() / (".hdr-process-XXXXXX")).string();
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) {
    return Fail(ErrorCode::kIoFailed, path.string(), "cannot create a file in this folder: {}",
                std::strerror(errno));
  }
  PendingFile pending(path, temporary);
  // mkostemp makes 0600; a delivered picture gets the usual mode under the caller's umask.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(file.get(), 0666 & ~mask);
  if (!WriteAll(file.get(), content) || !file.Close()) {
    return Fail(ErrorCode::kIoFailed, path.string(), "cannot write {} bytes: {}", content.size(),
                std::strerror(errno));
  }
  return pending;
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Expected<void> PendingFile::Commit(bool replace) {
  if (replace) {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
      return Fail(ErrorCode::kIoFailed, path_.string(), "cannot write the file: {}",
                  std::strerror(errno));
    }
    temporary_.clear();
    return {};
  }
  if (::link(temporary_.c_str(), path_.c_str()) != 0) {
    if (errno == EEXIST) {
      return Fail(ErrorCode::kBadArgument, path_.string(),
                  "the file exists already (--force overwrites it)");
    }
    // A file system without hard links: fall back to a rename that refuses to replace.
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0) {
      return Fail(errno == EEXIST ? ErrorCode::kBadArgument : ErrorCode::kIoFailed, path_.string(),
                  "cannot write the file: {}", std::strerror(errno));
    }
    temporary_.clear();
    return {};
  }
  ::unlink(temporary_.c_str());
  temporary_.clear();
  return {};
}

}  // namespace hdrp
