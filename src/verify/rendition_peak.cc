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
  Expected<DecodedJpeg> codes = DecodeJpeg(subject.map().stream.In(subject.file), decoding);
  if (!codes) return Within("gain map", std::move(codes.error()));
  const EncodedGainMap map{std::move(codes->pixels), subject.map().metadata};
  Expected<JpegRowReader> base =
      JpegRowReader::Open(subject.parsed.primary.In(subject.file), decoding);
  if (!base) return Within("primary", std::move(base.error()));
  RenditionPeak peak(map, base->width(), base->height());
  Plane<std::uint8_t> coded(base->width(), kBandRows, base->channels());
  Plane<float> linear(base->width(), kBandRows, 3);
  while (base->rows_read() < base->height()) {
    PlaneView<std::uint8_t> rows = coded.view();
    PlaneView<float> light = linear.view();
    rows.height = light.height = std::min(kBandRows, base->height() - base->rows_read());
    if (Expected<void> ok = base->Read(rows); !ok) {
      return Within("primary", std::move(ok.error()));
    }
    for (int y = 0; y < rows.height; ++y) {
      subject.expected->linear_of_base(rows.RowSpan(y), light.RowSpan(y));
    }
    peak.Add(light);
  }
  return peak.Stops();
}

}  // namespace hdrp
