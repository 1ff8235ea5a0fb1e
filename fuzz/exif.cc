// EXIF of any bytes: read, filtered under every policy, given an orientation, taken out of a TIFF
// picture. The orientation survives each of them, and what was filtered is filtered.
#include "metadata/exif.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView tiff(data, size);
  const auto facts = hdrp::ReadExif(tiff);
  for (const auto policy : {hdrp::ExifPolicy::kAllow, hdrp::ExifPolicy::kStrip}) {
    const hdrp::Bytes kept = hdrp::FilterExif(tiff, policy).bytes;
    if (!facts) {
      if (!kept.empty()) std::abort();
      continue;
    }
    const auto left = kept.empty() ? hdrp::ExifFacts() : hdrp::ReadExif(kept).value();
    if (left.orientation != facts->orientation || left.orientation_invalid) std::abort();
    if (left.apple.tag33 || left.apple.tag48) std::abort();
    if (hdrp::FilterExif(kept, policy).bytes != kept) std::abort();
  }
  const auto turned = hdrp::ExifWithOrientation(tiff, hdrp::Orientation::kRightTop).bytes;
  if (hdrp::ReadExif(turned).value().orientation != hdrp::Orientation::kRightTop) std::abort();
  const hdrp::Bytes own = hdrp::ExifFromTiffFile(tiff).bytes;
  if (!own.empty() && hdrp::FilterExif(own, hdrp::ExifPolicy::kAllow).bytes != own) std::abort();
  return 0;
}
