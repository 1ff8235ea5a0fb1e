#include "pipeline/extract.h"

#include "decode/jpeg_pixels.h"
#include "package/png_write.h"
#include "pipeline/json.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<Extracted> Extract(const InputFile& file, const Limits& limits) {
  const Expected<ReadJpeg> read = ReadInputJpeg(file, limits);
  if (!read) return std::unexpected(read.error());
  const Expected<const GainMapStream*> found = RequireGainMap(read->parsed);
  if (!found) return Within(file.name, found.error());
  const GainMapStream& map = **found;

  Extracted result;
  Expected<PackagedJpeg> base =
      WritePlainJpeg({file.bytes, &read->parsed.primary}, ExifPolicy::kKeep);
  if (!base) return Within(file.name, std::move(base.error()));
  result.base_jpeg = std::move(base->bytes);

  const ByteView stream = map.stream.In(file.bytes);
  result.map_jpeg.assign(stream.begin(), stream.end());
  const Expected<DecodedJpeg> pixels =
      DecodeJpeg(stream, {.output = JpegOutput::kAsStored, .limits = limits});
  if (!pixels) return Within(file.name + ": gain map", pixels.error());
  Expected<Bytes> png = EncodePng(pixels->pixels.view());
  if (!png) return Within(file.name + ": gain map", std::move(png.error()));
  result.map_png = *std::move(png);
  result.metadata_json = ExtractedMetadataJson(NameOf(map.source), map.metadata);
  return result;
}

}  // namespace hdrp
