// The checks and the readers' predictions over any file the container parser accepts.
#include "verify/verify.h"

#include <cstdlib>

#include "verify/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView file(data, size);
  const hdrp::Limits limits{.max_pixels = 1'000'000, .max_metadata_bytes = 1 << 20};
  const auto parsed = hdrp::ReadGainMapJpeg(file, limits);
  if (!parsed) return 0;
  const auto checked = hdrp::CheckForeignJpeg(file, *parsed, {.limits = limits});
  if (!checked || checked->checks.empty()) std::abort();
  if (hdrp::PredictReaders(file, *parsed).size() != 6) std::abort();

  // The file as if it were our own output, made from itself.
  hdrp::ExpectedFile expected;
  expected.base_file = file;
  expected.base = &parsed->primary;
  (void)hdrp::VerifyJpegR(file, expected, {.limits = limits});
  (void)hdrp::VerifyPreview(file, expected, {.limits = limits});
  return 0;
}
