// The peak of the file's own rendition, read anew from what was written.
#include "gainmap/rendition_peak.h"

#include <algorithm>

#include "base/band_rows.h"
#include "decode/jpeg_pixels.h"
#include "verify/checks.h"

namespace hdrp {

Expected<double> DeliveredPeakStops(const Subject& subject) {
  const VerifyOptions& options = subject.options;
  const JpegDecodeOptions decoding{
      .output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop};
  HDRP_ASSIGN_OR_RETURN(
      DecodedJpeg codes,
      Within("gain map", DecodeJpeg(subject.map().stream.In(subject.file), decoding)));
  const EncodedGainMap map{std::move(codes.pixels), subject.map().metadata};
  HDRP_ASSIGN_OR_RETURN(
      JpegRowReader base,
      Within("primary", JpegRowReader::Open(subject.parsed.primary.In(subject.file), decoding)));
  RenditionPeak peak(map, base.width(), base.height());
  Plane<std::uint8_t> coded(base.width(), kBandRows, base.channels());
  Plane<float> linear(base.width(), kBandRows, 3);
  while (base.rows_read() < base.height()) {
    PlaneView<std::uint8_t> rows = coded.view();
    PlaneView<float> light = linear.view();
    rows.height = light.height = std::min(kBandRows, base.height() - base.rows_read());
    HDRP_RETURN_IF_ERROR(Within("primary", base.Read(rows)));
    for (int y = 0; y < rows.height; ++y) {
      subject.expected->linear_of_base(rows.RowSpan(y), light.RowSpan(y));
    }
    peak.Add(light);
  }
  return peak.Stops();
}

}  // namespace hdrp
