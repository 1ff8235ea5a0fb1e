#include "package/jpeg_encode.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

// jpeglib.h needs FILE and size_t before it.
#include <jpeglib.h>

namespace hdrp {
namespace {

struct ErrorHandler {
  jpeg_error_mgr manager{};  // first: libjpeg hands back a pointer to it
  std::jmp_buf back{};
  char message[JMSG_LENGTH_MAX]{};
};

[[noreturn]] void LeaveOnError(j_common_ptr info) {
  auto* handler = reinterpret_cast<ErrorHandler*>(info->err);
  handler->manager.format_message(info, handler->message);
  std::longjmp(handler->back, 1);
}

void SayNothing(j_common_ptr /*info*/) {}

/// All that a longjmp would skip lives in the caller.
[[nodiscard]] bool Compress(jpeg_compress_struct& info, ErrorHandler& handler,
                            PlaneView<const std::uint8_t> pixels,
                            const JpegEncodeOptions& options) {
  if (setjmp(handler.back) != 0) return false;
  info.image_width = static_cast<JDIMENSION>(pixels.width);
  info.image_height = static_cast<JDIMENSION>(pixels.height);
  info.input_components = pixels.channels;
  info.in_color_space = pixels.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, options.quality, TRUE);
  info.optimize_coding = TRUE;
  info.dct_method = JDCT_ISLOW;
  if (pixels.channels == 3) {
    info.comp_info[0].h_samp_factor = options.subsample_chroma ? 2 : 1;
    info.comp_info[0].v_samp_factor = options.subsample_chroma ? 2 : 1;
  }
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels.Row(static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  return true;
}

}  // namespace

Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels, const JpegEncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return Fail(ErrorCode::kBadArgument, "JPEG quality", "expected 1 to 100, found {}",
                options.quality);
  }
  if (pixels.channels != 1 && pixels.channels != 3) {
    return Fail(ErrorCode::kInternal, "JPEG encoder", "expected 1 or 3 channels, found {}",
                pixels.channels);
  }
  ErrorHandler handler;
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&handler.manager);
  handler.manager.error_exit = LeaveOnError;
  handler.manager.output_message = SayNothing;
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  const bool done = Compress(info, handler, pixels, options);
  jpeg_destroy_compress(&info);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned(buffer, &std::free);
  if (!done) return Fail(ErrorCode::kExportFailed, "JPEG encoder", "{}", handler.message);
  return Bytes(buffer, buffer + size);
}

}  // namespace hdrp
