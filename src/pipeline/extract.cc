#include "pipeline/extract.h"

#include "edit/prepare_edit.h"
#include "obtain/extract.h"
#include "package/jpeg_encode.h"
#include "package/jpeg_r.h"
#include "package/png_write.h"
#include "pipeline/json.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<Bytes> PlainJpeg(const InputFile& file, const JpegStream& primary) {
  HDRP_ASSIGN_OR_RETURN(PackagedJpeg plain, Within(file.name, WritePlainJpeg({file.bytes, &primary},
                                                                             ExifPolicy::kKeep)));
  return std::move(plain.bytes);
}

/// The samples as the numbers mean them.
[[nodiscard]] Expected<Plane<std::uint8_t>> CodesOf(GainMapFile& file, AppleTransfer transfer) {
  const std::string& name = file.file->name;
  HDRP_RETURN_IF_ERROR(Within(name, RequireGainMap(file)));
  HDRP_ASSIGN_OR_RETURN(MapCodes read, Within(name + ": gain map", file.read_map()));
  GiveIsoMeaning(read.codes, *file.map, transfer);
  return std::move(read.codes);
}

[[nodiscard]] Expected<Bytes> PngOf(const InputFile& file, const Plane<std::uint8_t>& codes) {
  return Within(file.name + ": gain map", EncodePng(codes.view()));
}

/// HEIC's and AVIF's is the JPEG that `process` would make of it.
[[nodiscard]] Expected<Bytes> BaseJpegOf(const GainMapFile& file, const Limits& limits) {
  if (file.jpeg) return PlainJpeg(*file.file, file.jpeg->primary);
  HDRP_ASSIGN_OR_RETURN(const PreparedEdit prepared, PrepareEdit(*file.file, {}, {limits, {}}));
  HDRP_ASSIGN_OR_RETURN(const EditJpeg edit, ReadEditJpeg(prepared.file(), limits));
  return PlainJpeg(*edit.file, edit.parsed.primary);
}

}  // namespace

Expected<Extracted> Extract(const InputFile& file, const Limits& limits, AppleTransfer transfer) {
  HDRP_ASSIGN_OR_RETURN(GainMapFile read, OpenGainMapFile(file, {.limits = limits}));
  HDRP_ASSIGN_OR_RETURN(const Plane<std::uint8_t> codes, CodesOf(read, transfer));
  const GainMapInfo& map = *read.map;
  Extracted result;
  HDRP_ASSIGN_OR_RETURN(result.base_jpeg, BaseJpegOf(read, limits));
  result.map_jpeg.assign(map.stream.begin(), map.stream.end());
  if (!map.stream.empty() && map.source == MetadataSource::kApple) {
    result.map_apple_jpeg = std::move(result.map_jpeg);
    HDRP_ASSIGN_OR_RETURN(result.map_jpeg, Within(file.name + ": gain map",
                                                  EncodeJpeg(codes.view(), {.flat_step = 1})));
  }
  HDRP_ASSIGN_OR_RETURN(result.map_png, PngOf(file, codes));
  result.metadata_json = ExtractedMetadataJson(NameOf(map.source), map.metadata);
  return result;
}

Expected<Bytes> ExtractMapPng(const InputFile& file, const Limits& limits, AppleTransfer transfer) {
  HDRP_ASSIGN_OR_RETURN(GainMapFile read, OpenGainMapFile(file, {.limits = limits}));
  HDRP_ASSIGN_OR_RETURN(const Plane<std::uint8_t> codes, CodesOf(read, transfer));
  return PngOf(file, codes);
}

}  // namespace hdrp
