#include "edit/edit_rows.h"

#include <algorithm>
#include <cstdint>

#include "base/band_rows.h"

namespace hdrp {

Expected<JpegRowReader> OpenEditRows(const EditJpeg& edit, const Resources& resources) {
  return Within(edit.name(), JpegRowReader::Open(edit.parsed.primary.In(edit.file->bytes),
                                                 {.output = JpegOutput::kAsStored,
                                                  .limits = resources.limits,
                                                  .stop = resources.stop()}));
}

Expected<void> ForEachEditRow(JpegRowReader& reader, const EditJpeg& edit,
                              const std::function<void(const std::uint8_t*)>& take) {
  Plane<std::uint8_t> band(reader.width(), kBandRows, reader.channels());
  while (reader.rows_read() < reader.height()) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, reader.height() - reader.rows_read());
    HDRP_RETURN_IF_ERROR(Within(edit.name(), reader.Read(rows)));
    for (int y = 0; y < rows.height; ++y) take(rows.Row(y));
  }
  return {};
}

}  // namespace hdrp
