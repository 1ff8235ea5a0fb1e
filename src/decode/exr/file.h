// An OpenEXR file opened with the library's C API (OpenEXRCore). Not with its C++ classes: those do
// not compare the size a block decodes to with the size it should have (3.2), so that the pixels of
// a damaged file are whatever the heap held before.
#pragma once

#include <OpenEXR/openexr.h>

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

inline constexpr std::string_view kExrWhere = "OpenEXR reader";

/// Walks over the headers. The library allocates what an attribute claims to need before it finds
/// that the file is shorter.
[[nodiscard]] Expected<void> CheckExrAttributes(ByteView file);

/// Owns the library's context. Stays where it is: the library holds its address. All memory the
/// library asks for comes zeroed, so that no result depends on what was there.
class ExrFile {
 public:
  /// The bytes must outlive the file.
  explicit ExrFile(ByteView bytes) : bytes_(bytes) {}
  ~ExrFile() { exr_finish(&context_); }
  ExrFile(const ExrFile&) = delete;
  ExrFile& operator=(const ExrFile&) = delete;

  /// Reads the headers. Once, before anything else.
  [[nodiscard]] Expected<void> Open();

  [[nodiscard]] exr_const_context_t context() const { return context_; }
  [[nodiscard]] ByteView bytes() const { return bytes_; }
  /// What the library answered, as an error: too_large for memory, else bad_input with its message.
  [[nodiscard]] Expected<void> Checked(exr_result_t result) const;

 private:
  static ExrFile* Of(void* user_data) { return static_cast<ExrFile*>(user_data); }
  static std::int64_t Read(exr_const_context_t context, void* user_data, void* target,
                           std::uint64_t count, std::uint64_t offset,
                           exr_stream_error_func_ptr_t fail);
  static std::int64_t Size(exr_const_context_t context, void* user_data);
  static void KeepMessage(exr_const_context_t context, exr_result_t code, const char* text);

  ByteView bytes_;
  exr_context_t context_ = nullptr;
  std::array<char, 200> message_{};  ///< the last; an array because it is filled below C code
};

}  // namespace hdrp
