#include "decode/small_luma.h"

#include <algorithm>

#include "decode/jpeg_pixels.h"

namespace hdrp {

Expected<SmallLuma> ReadSmallLuma(ByteView file, const JpegStream& primary, int least_side,
                                  const Limits& limits, const StopCondition& stop) {
  JpegDecodeOptions options{
      .output = JpegOutput::kGray, .scale_denominator = 8, .limits = limits, .stop = stop};
  const int long_side = std::max(primary.frame.width, primary.frame.height);
  while (options.scale_denominator > 1 && long_side / options.scale_denominator < least_side) {
    options.scale_denominator /= 2;
  }
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg decoded, DecodeJpeg(primary.In(file), options));
  const double scale = options.scale_denominator;
  return SmallLuma{std::move(decoded.pixels), primary.frame.width / scale,
                   primary.frame.height / scale};
}

}  // namespace hdrp
