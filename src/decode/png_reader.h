// libpng's objects over borrowed bytes, with its errors caught: what every PNG reader here shares.
#pragma once

#include <png.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/c_errors.h"
#include "base/error.h"

namespace hdrp {

inline constexpr std::string_view kPngWhere = "PNG decoder";

/// libpng's objects and its input. The callbacks may leave libpng by a jump and hold nothing then.
struct PngReader {
  /// `info` is null where libpng could not be set up.
  explicit PngReader(ByteView png_bytes) : bytes(png_bytes) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, OnError, OnWarning);
    if (png != nullptr) info = png_create_info_struct(png);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }

  [[noreturn]] static void OnError(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(reader.trap.message.data(), message, reader.trap.message.size() - 1);
    std::longjmp(reader.trap.jump, 1);
  }
  static void OnWarning(png_structp png, png_const_charp message) {
    auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
    if (reader.warning_count == reader.warning_texts.size()) return;
    auto& text = reader.warning_texts[reader.warning_count++];
    std::strncpy(text.data(), message, text.size() - 1);
  }
  static void OnRead(png_structp png, png_bytep target, std::size_t count) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    const auto view = reader.bytes.Read(count);
    if (!view) png_error(png, "the file is cut off");
    std::copy(view->begin(), view->end(), target);
  }

  /// Runs calls into libpng; the library's error, if any, as ours.
  template <typename Body>
  Expected<void> Run(const Body& body) {
    if (RunTrapped(trap, body)) return {};
    return Fail(ErrorCode::kBadInput, kPngWhere, "{}", trap.message.data());
  }

  /// libpng's warnings so far, the first few.
  [[nodiscard]] std::vector<std::string> Warnings() const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < warning_count; ++i) {
      texts.push_back(std::string(kPngWhere) + ": " + warning_texts[i].data());
    }
    return texts;
  }

  ByteReader bytes;
  CErrorTrap trap{};
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::array<std::array<char, 128>, 8> warning_texts{};
  std::size_t warning_count = 0;
};

}  // namespace hdrp
