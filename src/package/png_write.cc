#include "package/png_write.h"

#include <png.h>

#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

#include "base/c_errors.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "PNG encoder";

/// libpng's objects and its output. (Its one-call interface would add an sRGB chunk.) The callbacks
/// may leave libpng by a jump and hold nothing then.
struct PngWriter {
  PngWriter() {
    png = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, OnError, OnWarning);
    if (png != nullptr) info = png_create_info_struct(png);
  }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
  ~PngWriter() { png_destroy_write_struct(&png, &info); }

  [[noreturn]] static void OnError(png_structp png, png_const_charp message) {
    auto& writer = *static_cast<PngWriter*>(png_get_error_ptr(png));
    std::strncpy(writer.trap.message.data(), message, writer.trap.message.size() - 1);
    std::longjmp(writer.trap.jump, 1);
  }
  static void OnWarning(png_structp, png_const_charp) {}
  static void OnWrite(png_structp png, png_bytep data, std::size_t size) {
    if (!static_cast<PngWriter*>(png_get_io_ptr(png))->Append({data, size})) {
      png_error(png, "out of memory");
    }
  }
  static void OnFlush(png_structp) {}

  [[nodiscard]] bool Append(ByteView data) {
    try {
      bytes.insert(bytes.end(), data.begin(), data.end());
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  Bytes bytes;
  CErrorTrap trap{};
  png_structp png = nullptr;
  png_infop info = nullptr;
};

}  // namespace

Expected<Bytes> EncodePng(PlaneView<const std::uint8_t> pixels) {
  if (pixels.channels != 1 && pixels.channels != 3) {
    return Fail(ErrorCode::kInternal, kWhere, "expected 1 or 3 channels, found {}",
                pixels.channels);
  }
  PngWriter writer;
  if (writer.info == nullptr) return Fail(ErrorCode::kExportFailed, kWhere, "cannot be set up");
  const bool done = RunTrapped(writer.trap, [&] {
    png_set_write_fn(writer.png, &writer, PngWriter::OnWrite, PngWriter::OnFlush);
    png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(pixels.width),
                 static_cast<png_uint_32>(pixels.height), 8,
                 pixels.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    // On a phone's map: a third more bytes than the default setting, and less than a quarter of its
    // time.
    png_set_compression_level(writer.png, 1);
    png_set_filter(writer.png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_write_info(writer.png, writer.info);
    for (int y = 0; y < pixels.height; ++y) png_write_row(writer.png, pixels.Row(y));
    png_write_end(writer.png, nullptr);
  });
  if (!done) return Fail(ErrorCode::kExportFailed, kWhere, "{}", writer.trap.message.data());
  return std::move(writer.bytes);
}

}  // namespace hdrp
