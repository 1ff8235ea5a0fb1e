// Pixels of any bytes, small enough to stay quick.
#include "decode/jpeg_pixels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView file(data, size);
  const hdrp::Limits limits{.max_pixels = 4'000'000};
  for (const auto output : {hdrp::JpegOutput::kRgb, hdrp::JpegOutput::kGray}) {
    (void)hdrp::DecodeJpeg(file, {.output = output, .limits = limits});
    (void)hdrp::DecodeJpeg(file, {.output = output, .scale_denominator = 8, .limits = limits});
  }
  return 0;
}
