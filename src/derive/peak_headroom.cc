#include "derive/peak_headroom.h"

#include <algorithm>

#include "base/band_rows.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_rows.h"
#include "gainmap/fine_gain.h"
#include "gainmap/rendition_peak.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<double> PeakStops(const EncodedGainMap& map, const EditJpeg& edit,
                                         const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(const BaseColor color, BaseColorOf(edit.parsed));
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader, OpenEditRows(edit, resources));
  RenditionPeak peak(map, edit.width(), edit.height());
  Plane<std::uint8_t> codes(edit.width(), kBandRows, reader.channels());
  Plane<float> linear(edit.width(), kBandRows, 3);
  while (reader.rows_read() < edit.height()) {
    const int rows = std::min(kBandRows, edit.height() - reader.rows_read());
    PlaneView<std::uint8_t> coded = codes.view();
    PlaneView<float> light = linear.view();
    coded.height = light.height = rows;
    HDRP_RETURN_IF_ERROR(Within(edit.name(), reader.Read(coded)));
    for (int y = 0; y < rows; ++y) LinearFromCodes(coded.RowSpan(y), color, light.RowSpan(y));
    peak.Add(light);
  }
  return peak.Stops();
}

/// The codes that a reader will find: a JPEG loses some of them, other containers hardly any.
[[nodiscard]] Expected<EncodedGainMap> AsCoded(MapInProgress& map, const PeakOptions& options,
                                               const Limits& limits) {
  if (!options.as_jpeg) return EncodedGainMap{map.codes->codes.Clone(), map.metadata};
  if (map.coded.empty()) {
    HDRP_ASSIGN_OR_RETURN(map.coded, Within("gain map", EncodeMap(map, options.map_jpeg)));
  }
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg decoded,
                        Within("gain map", DecodeJpeg(map.coded, {.output = JpegOutput::kAsStored,
                                                                  .limits = limits})));
  return EncodedGainMap{std::move(decoded.pixels), map.metadata};
}

}  // namespace

Expected<MapInProgress> WithPeakAsHeadroom(MapInProgress map, const EditJpeg& edit,
                                           const PeakOptions& options, const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(const EncodedGainMap coded, AsCoded(map, options, resources.limits));
  HDRP_ASSIGN_OR_RETURN(const double peak, PeakStops(coded, edit, resources));
  if (!(peak >= kLeastLiftStops)) {
    return Fail(ErrorCode::kNoGainMap, options.original,
                "the brightest of the HDR picture lies {:+.2f} stops over SDR white, expected at "
                "least {}; --hdr-exposure brightens a rendition that was exposed too low",
                peak, kLeastLiftStops);
  }
  map.metadata.alternate_hdr_headroom = peak;
  map.metadata.fractions.reset();
  map.metadata = MetadataFrom(FractionsOf(map.metadata), map.metadata.use_base_color_space);
  return map;
}

}  // namespace hdrp
