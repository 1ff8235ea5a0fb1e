// Any bytes as an ICC profile, for the own reader of its name and for lcms2.
#include "color/icc.h"

#include <cmath>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView profile(data, size);
  (void)hdrp::IccDescription(profile);
  const auto color = hdrp::ReadIccProfile(profile);
  if (!color) return 0;
  for (const auto& table : color->linear_of_code) {
    for (const float linear : table) {
      if (!std::isfinite(linear)) std::abort();
    }
  }
  return 0;
}
