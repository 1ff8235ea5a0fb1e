#include "decode/png_pixels.h"

#include <png.h>

#include "decode/png_reader.h"

namespace hdrp {
namespace {

constexpr png_alloc_size_t kMaxChunkBytes = 16 << 20;

/// Rec. 709 luma of the coded values, composed on black; in 16.16 fixed point.
std::uint8_t GrayOf(const std::uint8_t* rgba) {
  constexpr std::uint32_t kRed = 13933;  // 0.2126, 0.7152, 0.0722 of 65536
  constexpr std::uint32_t kGreen = 46871;
  constexpr std::uint32_t kBlue = 4732;
  static_assert(kRed + kGreen + kBlue == 65536);
  const std::uint32_t luma = kRed * rgba[0] + kGreen * rgba[1] + kBlue * rgba[2];
  const std::uint64_t composed = std::uint64_t{luma} * rgba[3];
  constexpr std::uint64_t kOne = 255ULL * 65536;
  return static_cast<std::uint8_t>((composed + kOne / 2) / kOne);
}

void GrayRow(PlaneView<const std::uint8_t> rgba, int from, std::uint8_t* gray) {
  for (int x = 0; x < rgba.width; ++x) gray[x] = GrayOf(&rgba.At(x, from));
}

}  // namespace

Expected<Plane<std::uint8_t>> DecodePngGray(ByteView png_bytes, const Limits& limits) {
  PngReader reader(png_bytes);
  if (reader.info == nullptr) {
    return Fail(ErrorCode::kInternal, kPngWhere, "libpng could not be set up");
  }
  png_structp png = reader.png;
  png_infop info = reader.info;
  HDRP_RETURN_IF_ERROR(reader.Run([&] {
    png_set_read_fn(png, &reader, PngReader::OnRead);
    png_set_user_limits(png, limits.max_side, limits.max_side);
    png_set_chunk_malloc_max(png, kMaxChunkBytes);
    png_read_info(png, info);
  }));

  const png_uint_32 png_width = png_get_image_width(png, info);
  const png_uint_32 png_height = png_get_image_height(png, info);
  const bool interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  HDRP_RETURN_IF_ERROR(CheckSize(png_width, png_height, limits, kPngWhere));
  // The grey picture is held, and the four samples of an interlaced one.
  const std::uint64_t held = (interlaced ? 5 : 1) * std::uint64_t{png_width} * png_height;
  HDRP_RETURN_IF_ERROR(CheckHeld(held, limits, kPngWhere));

  HDRP_RETURN_IF_ERROR(reader.Run([&] {
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
  }));

  const int width = static_cast<int>(png_width);
  const int height = static_cast<int>(png_height);
  Plane<std::uint8_t> gray(width, height);
  Plane<std::uint8_t> rgba(width, interlaced ? height : 1, 4);
  HDRP_RETURN_IF_ERROR(reader.Run([&] {
    // The passes of an interlaced picture but the last one only fill the buffer.
    const int passes = interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
    for (int pass = 0; pass < passes; ++pass) {
      for (int y = 0; y < height; ++y) {
        const int row = interlaced ? y : 0;
        png_read_row(png, rgba.Row(row), nullptr);
        if (pass == passes - 1) GrayRow(rgba.view(), row, gray.Row(y));
      }
    }
  }));
  return gray;
}

}  // namespace hdrp
