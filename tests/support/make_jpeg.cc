#include "support/make_jpeg.h"

#include <jpeglib.h>

#include <cstdio>  // jpeglib.h needs FILE
#include <cstdlib>

namespace hdrp::test {

Bytes MakeJpeg(PlaneView<const std::uint8_t> pixels, const JpegRecipe& recipe) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);

  info.image_width = static_cast<JDIMENSION>(pixels.width);
  info.image_height = static_cast<JDIMENSION>(pixels.height);
  info.input_components = pixels.channels;
  info.in_color_space = pixels.channels == 1   ? JCS_GRAYSCALE
                        : pixels.channels == 3 ? JCS_RGB
                                               : JCS_CMYK;
  jpeg_set_defaults(&info);
  if (recipe.color == JpegColor::kRgb) jpeg_set_colorspace(&info, JCS_RGB);
  if (recipe.color == JpegColor::kRgb) info.write_Adobe_marker = TRUE;
  if (recipe.coding == JpegCoding::kProgressive) jpeg_simple_progression(&info);
  info.arith_code = recipe.coding == JpegCoding::kArithmetic ? TRUE : FALSE;
  info.restart_in_rows = recipe.restart_rows;
  for (int i = 0; i < info.num_components; ++i) {
    info.comp_info[i].h_samp_factor = 1;
    info.comp_info[i].v_samp_factor = 1;
  }
  jpeg_set_quality(&info, recipe.quality, TRUE);

  jpeg_start_compress(&info, TRUE);
  for (int y = 0; y < pixels.height; ++y) {
    JSAMPROW row = const_cast<JSAMPROW>(pixels.Row(y));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  Bytes bytes(buffer, buffer + size);
  jpeg_destroy_compress(&info);
  std::free(buffer);
  return bytes;
}

Plane<std::uint8_t> MakeRamps(int width, int height, int channels) {
  Plane<std::uint8_t> pixels(width, height, channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int across = 255 * x / width;
      const int down = 255 * y / height;
      const int codes[] = {across, down, (across + down) / 2, 255 - across};
      for (int c = 0; c < channels; ++c) {
        pixels.view().At(x, y, c) = static_cast<std::uint8_t>(codes[c]);
      }
    }
  }
  return pixels;
}

}  // namespace hdrp::test
