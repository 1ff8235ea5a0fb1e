// Files without a name: uploads and results. Nothing can open them by path, and the kernel frees
// them when the last process that holds them is gone, however it ends.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/bytes.h"
#include "base/error.h"
#include "service/worker/fd.h"

namespace hdrp {

/// An empty file on the folder's file system. io_failed where none can be made there.
[[nodiscard]] Expected<Fd> MakeUnnamedFile(const std::filesystem::path& folder);

/// All of `content` at `offset`. io_failed, naming `where`, for instance on a full disk.
[[nodiscard]] Expected<void> WriteAt(int file, std::uint64_t offset, ByteView content,
                                     std::string_view where);

/// `size` bytes from `offset` on. io_failed where there are fewer.
[[nodiscard]] Expected<Bytes> ReadAt(int file, std::uint64_t offset, std::uint64_t size,
                                     std::string_view where);

}  // namespace hdrp
