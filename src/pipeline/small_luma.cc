#include "pipeline/small_luma.h"

#include <algorithm>

#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"

namespace hdrp {

SmallPicture Oriented(const SmallPicture& stored, Orientation orientation) {
  return {Oriented(stored.codes.view(), orientation),
          Oriented(stored.extent, stored.codes.width(), stored.codes.height(), orientation)};
}

Expected<SmallPicture> SmallLuma(const InputFile& file, const JpegStream& primary, int least_side,
                                 const Request& request) {
  JpegDecodeOptions options{.output = JpegOutput::kGray,
                            .scale_denominator = 8,
                            .limits = request.limits,
                            .stop = request.parallelism.stop};
  const auto [width, height] = std::pair{primary.frame.width, primary.frame.height};
  const int long_side = std::max(width, height);
  while (options.scale_denominator > 1 && long_side / options.scale_denominator < least_side) {
    options.scale_denominator /= 2;
  }
  Expected<DecodedJpeg> decoded = DecodeJpeg(primary.In(file.bytes), options);
  if (!decoded) return Within(file.name, std::move(decoded.error()));
  const double scale = options.scale_denominator;
  return SmallPicture{std::move(decoded->pixels), {0, 0, width / scale, height / scale}};
}

}  // namespace hdrp
