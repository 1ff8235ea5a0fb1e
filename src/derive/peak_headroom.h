// The headroom of a derived map: what the delivered rendition reaches over SDR white.
#pragma once

#include "base/rows.h"
#include "edit/edit_jpeg.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

struct PeakOptions {
  std::string_view original;  ///< its name, for messages
  bool as_jpeg = true;        ///< the map will be coded as JPEG, which loses some of it
  MapJpegOptions map_jpeg;
};

/// The map's headroom becomes the peak of the rendition that will be delivered over SDR white
/// (gainmap/rendition_peak.h). no_gain_map where that is below kLeastLiftStops.
[[nodiscard]] Expected<MapInProgress> WithPeakAsHeadroom(MapInProgress map, const EditJpeg& edit,
                                                         const PeakOptions& options,
                                                         const Resources& resources);

}  // namespace hdrp
