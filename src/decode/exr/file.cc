#include "decode/exr/file.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

/// A text that ends in a zero byte, without it; nullopt where the file ends first.
[[nodiscard]] std::optional<std::string_view> NextText(ByteReader& reader) {
  const std::string_view rest = AsText(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos || !reader.Skip(end + 1)) return std::nullopt;
  return rest.substr(0, end);
}

}  // namespace

Expected<void> CheckExrAttributes(ByteView file) {
  constexpr std::uint32_t kMagic = 20000630;
  constexpr std::uint32_t kMultiPart = 1 << 12;
  ByteReader reader(file, ByteOrder::kLittleEndian);
  const auto magic = reader.U32();
  const auto version = reader.U32();
  if (!version || *magic != kMagic) {
    return Fail(ErrorCode::kBadInput, kExrWhere,
                "expected the magic number and version of OpenEXR");
  }
  // A header ends with an empty name; the headers of several parts end with an empty header.
  const bool has_parts = (*version & kMultiPart) != 0;
  for (int attributes = 0;;) {
    const auto name = NextText(reader);
    if (name && name->empty()) {
      if (!has_parts || attributes == 0) return {};
      attributes = 0;
      continue;
    }
    const auto type = name ? NextText(reader) : std::nullopt;
    const auto size = type ? reader.U32() : std::nullopt;
    if (!size || !reader.Skip(*size)) {
      return Fail(ErrorCode::kBadInput, kExrWhere,
                  "expected attributes within the {} bytes of the file, found one past the end at "
                  "byte {}",
                  file.size(), reader.position());
    }
    ++attributes;
  }
}

Expected<void> ExrFile::Open() {
  constexpr int kMaxSide = 1 << 20;
  constexpr int kMaxTileSide = 1 << 16;
  exr_context_initializer_t setup = EXR_DEFAULT_CONTEXT_INITIALIZER;
  setup.error_handler_fn = &KeepMessage;
  setup.alloc_fn = [](std::size_t size) { return std::calloc(1, size); };
  setup.free_fn = [](void* memory) { std::free(memory); };
  setup.user_data = this;
  setup.read_fn = &Read;
  setup.size_fn = &Size;
  setup.max_image_width = setup.max_image_height = kMaxSide;
  setup.max_tile_width = setup.max_tile_height = kMaxTileSide;
  // A file with holes in its chunk table is a broken one.
  setup.flags = EXR_CONTEXT_FLAG_DISABLE_CHUNK_RECONSTRUCTION;
  return Checked(exr_start_read(&context_, "file", &setup));
}

Expected<void> ExrFile::Checked(exr_result_t result) const {
  if (result == EXR_ERR_SUCCESS) return {};
  if (result == EXR_ERR_OUT_OF_MEMORY) {
    return Fail(ErrorCode::kTooLarge, kExrWhere, "the file asks for more memory than there is");
  }
  const std::string_view message = message_.data();
  return Fail(ErrorCode::kBadInput, kExrWhere, "{}",
              message.empty() ? exr_get_default_error_message(result) : message);
}

std::int64_t ExrFile::Read(exr_const_context_t, void* user_data, void* target, std::uint64_t count,
                           std::uint64_t offset, exr_stream_error_func_ptr_t) {
  ByteReader reader(Of(user_data)->bytes_);
  if (!reader.Seek(offset)) return -1;
  // Fewer bytes than asked for are the library's to judge.
  const ByteView rest = reader.rest();
  const std::size_t size = std::min<std::uint64_t>(count, rest.size());
  std::copy_n(rest.begin(), size, static_cast<std::uint8_t*>(target));
  return static_cast<std::int64_t>(size);
}

std::int64_t ExrFile::Size(exr_const_context_t, void* user_data) {
  return static_cast<std::int64_t>(Of(user_data)->bytes_.size());
}

/// Without a handler the library prints.
void ExrFile::KeepMessage(exr_const_context_t context, exr_result_t, const char* text) {
  void* user_data = nullptr;
  if (context == nullptr || text == nullptr) return;
  if (exr_get_user_data(context, &user_data) != EXR_ERR_SUCCESS) return;
  auto& message = Of(user_data)->message_;
  const std::string_view kept = std::string_view(text).substr(0, message.size() - 1);
  *std::ranges::copy(kept, message.begin()).out = '\0';
}

}  // namespace hdrp
