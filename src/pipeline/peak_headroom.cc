// The headroom of a derived map: what the delivered rendition reaches over SDR white.
#include <algorithm>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/fine_gain.h"
#include "gainmap/rendition_peak.h"
#include "pipeline/base_rows.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

[[nodiscard]] Expected<double> PeakStops(const EncodedGainMap& map, const ReadJpeg& base,
                                         const Request& request) {
  const Expected<BaseColor> color = BaseColorOf(base);
  if (!color) return std::unexpected(color.error());
  Expected<JpegRowReader> reader = OpenBaseRows(base, request);
  if (!reader) return std::unexpected(std::move(reader.error()));
  RenditionPeak peak(map, base.width(), base.height());
  Plane<std::uint8_t> codes(base.width(), kBandRows, reader->channels());
  Plane<float> linear(base.width(), kBandRows, 3);
  while (reader->rows_read() < base.height()) {
    const int rows = std::min(kBandRows, base.height() - reader->rows_read());
    PlaneView<std::uint8_t> coded = codes.view();
    PlaneView<float> light = linear.view();
    coded.height = light.height = rows;
    if (Expected<void> ok = reader->Read(coded); !ok) {
      return Within(base.file->name, std::move(ok.error()));
    }
    for (int y = 0; y < rows; ++y) LinearFromCodes(coded.RowSpan(y), *color, light.RowSpan(y));
    peak.Add(light);
  }
  return peak.Stops();
}

/// The codes that a reader will find: a JPEG loses some of them, other containers hardly any.
[[nodiscard]] Expected<EncodedGainMap> AsCoded(MapInProgress& map, const Request& request) {
  if (request.options.format != OutputFormat::kJpeg) {
    return EncodedGainMap{map.codes->codes.Clone(), map.metadata};
  }
  if (map.coded.empty()) {
    Expected<Bytes> coded = EncodeMap(map, request.options);
    if (!coded) return Within("gain map", std::move(coded.error()));
    map.coded = *std::move(coded);
  }
  Expected<DecodedJpeg> decoded =
      DecodeJpeg(map.coded, {.output = JpegOutput::kAsStored, .limits = request.limits});
  if (!decoded) return Within("gain map", std::move(decoded.error()));
  return EncodedGainMap{std::move(decoded->pixels), map.metadata};
}

}  // namespace

Expected<MapInProgress> WithPeakAsHeadroom(MapInProgress map, const ReadJpeg& base,
                                           const Request& request) {
  const Expected<EncodedGainMap> coded = AsCoded(map, request);
  if (!coded) return std::unexpected(coded.error());
  const Expected<double> peak = PeakStops(*coded, base, request);
  if (!peak) return std::unexpected(peak.error());
  if (!(*peak >= kLeastLiftStops)) {
    return Fail(ErrorCode::kNoGainMap,
                request.reference ? request.reference->name : base.file->name,
                "the brightest of the HDR picture lies {:+.2f} stops over SDR white, expected at "
                "least {}; --hdr-exposure brightens a rendition that was exposed too low",
                *peak, kLeastLiftStops);
  }
  map.metadata.alternate_hdr_headroom = *peak;
  map.metadata.fractions.reset();
  map.metadata = MetadataFrom(FractionsOf(map.metadata), map.metadata.use_base_color_space);
  return map;
}

}  // namespace hdrp
