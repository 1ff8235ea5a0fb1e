#include "pipeline/small_luma.h"

#include <algorithm>

#include "decode/jpeg_pixels.h"

namespace hdrp {

Expected<Plane<std::uint8_t>> SmallLuma(const InputFile& file, const JpegStream& primary,
                                        int least_side, const Request& request) {
  JpegDecodeOptions options{.output = JpegOutput::kGray,
                            .scale_denominator = 8,
                            .limits = request.limits,
                            .stop = request.parallelism.stop};
  const int long_side = std::max(primary.frame.width, primary.frame.height);
  while (options.scale_denominator > 1 && long_side / options.scale_denominator < least_side) {
    options.scale_denominator /= 2;
  }
  Expected<DecodedJpeg> decoded = DecodeJpeg(primary.In(file.bytes), options);
  if (!decoded) return Within(file.name, std::move(decoded.error()));
  return std::move(decoded->pixels);
}

}  // namespace hdrp
