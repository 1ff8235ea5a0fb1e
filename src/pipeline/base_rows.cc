#include "pipeline/base_rows.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "obtain/bright.h"

namespace hdrp {

Expected<JpegRowReader> OpenBaseRows(const ReadJpeg& base, const Request& request) {
  Expected<JpegRowReader> reader = JpegRowReader::Open(base.parsed.primary.In(base.file->bytes),
                                                       {.output = JpegOutput::kAsStored,
                                                        .limits = request.limits,
                                                        .stop = request.parallelism.stop});
  if (!reader) return Within(base.file->name, std::move(reader.error()));
  return reader;
}

Expected<void> ForEachBaseRow(JpegRowReader& reader, const ReadJpeg& base,
                              const std::function<void(const std::uint8_t*)>& take) {
  constexpr int kBandRows = 64;
  Plane<std::uint8_t> band(reader.width(), kBandRows, reader.channels());
  while (reader.rows_read() < reader.height()) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, reader.height() - reader.rows_read());
    if (Expected<void> read = reader.Read(rows); !read) {
      return Within(base.file->name, std::move(read.error()));
    }
    for (int y = 0; y < rows.height; ++y) take(rows.Row(y));
  }
  return {};
}

BaseForGuards GuardsWatch::Take() {
  BaseForGuards result{reducer_.Take(), {}, page_.Finish()};
  result.luma = CodedLuma(result.coded.view());
  return result;
}

Expected<WorkingBase> ReadWorkingBase(const ReadJpeg& base, RasterSize map,
                                      const Request& request) {
  Expected<JpegRowReader> reader = OpenBaseRows(base, request);
  if (!reader) return std::unexpected(std::move(reader.error()));
  const RasterSize size{reader->width(), reader->height()};
  AreaReducer working(size, reader->channels(), BrightWorkingSize(size));
  GuardsWatch watch(size, reader->channels(), map);
  const Expected<void> read = ForEachBaseRow(*reader, base, [&](const std::uint8_t* row) {
    working.AddRow(row);
    watch.AddRow(row);
  });
  if (!read) return std::unexpected(read.error());
  return WorkingBase{working.Take(), watch.Take()};
}

}  // namespace hdrp
