#include "pipeline/render.h"

#include <algorithm>
#include <vector>

#include "color/icc.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/apply.h"
#include "gainmap/gain_rows.h"
#include "obtain/extract.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

}  // namespace

Expected<void> RenderHdr(const InputFile& file, const RenderOptions& options,
                         const std::filesystem::path& path) {
  const Expected<ReadJpeg> read = ReadInputJpeg(file, options.limits);
  if (!read) return std::unexpected(read.error());
  const Expected<const GainMapStream*> found = RequireGainMap(read->parsed);
  if (!found) return Within(file.name, found.error());
  const Expected<EncodedGainMap> map =
      ExtractGainMap(file.bytes, **found, options.apple_transfer, options.limits);
  if (!map) return Within(file.name, map.error());
  const Expected<BaseColor> color = BaseColorOf(*read);
  if (!color) return Within(file.name + ": ICC profile", color.error());

  const ByteView primary = ByteView(file.bytes).subspan(read->parsed.primary.begin);
  Expected<JpegRowReader> reader = JpegRowReader::Open(
      primary,
      {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop});
  if (!reader) return Within(file.name, std::move(reader.error()));
  Expected<FloatImageWriter> writer = FloatImageWriter::Create(
      path, options.format,
      {reader->width(), reader->height(), color->primaries, static_cast<int>(read->orientation())});
  if (!writer) return std::unexpected(std::move(writer.error()));

  const GainRows gain_rows(*map, reader->width(), reader->height());
  const ApplyConstants constants = ApplyConstantsOf(map->metadata, 1.0);
  const auto width = static_cast<std::size_t>(reader->width());
  std::vector<float> linear(3 * width);
  std::vector<float> gain(static_cast<std::size_t>(gain_rows.channels()) * width);
  Plane<std::uint8_t> codes(reader->width(), kBandRows, reader->channels());
  Plane<float> hdr(reader->width(), kBandRows, 3);
  while (reader->rows_read() < reader->height()) {
    const int first = reader->rows_read();
    PlaneView<std::uint8_t> rows = codes.view();
    rows.height = std::min(kBandRows, reader->height() - first);
    if (Expected<void> ok = reader->Read(rows); !ok) return Within(file.name, ok.error());
    PlaneView<float> out = hdr.view();
    out.height = rows.height;
    for (int y = 0; y < rows.height; ++y) {
      LinearFromCodes(rows.RowSpan(y), *color, linear);
      gain_rows.Row(first + y, gain);
      ApplyGainRow(linear, gain, constants, out.RowSpan(y));
    }
    if (Expected<void> ok = writer->Write(out); !ok) return ok;
  }
  return writer->Finish();
}

}  // namespace hdrp
