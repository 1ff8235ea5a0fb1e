#include "package/png_write.h"

#include <png.h>

namespace hdrp {

Expected<Bytes> EncodePng(PlaneView<const std::uint8_t> pixels) {
  if (pixels.channels != 1 && pixels.channels != 3) {
    return Fail(ErrorCode::kInternal, "PNG encoder", "expected 1 or 3 channels, found {}",
                pixels.channels);
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(pixels.width);
  image.height = static_cast<png_uint_32>(pixels.height);
  image.format = pixels.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  const auto stride = static_cast<png_int_32>(pixels.stride);
  png_alloc_size_t size = 0;
  if (png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data, stride, nullptr) == 0) {
    return Fail(ErrorCode::kExportFailed, "PNG encoder", "{}", image.message);
  }
  Bytes bytes(size);
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data, stride, nullptr) == 0) {
    return Fail(ErrorCode::kExportFailed, "PNG encoder", "{}", image.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace hdrp
