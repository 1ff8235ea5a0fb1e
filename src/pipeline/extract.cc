#include "pipeline/extract.h"

#include "decode/jpeg_pixels.h"
#include "package/png_write.h"
#include "pipeline/json.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<Bytes> PlainJpeg(const ReadJpeg& base) {
  Expected<PackagedJpeg> plain =
      WritePlainJpeg({base.file->bytes, &base.parsed.primary}, ExifPolicy::kKeep);
  if (!plain) return Within(base.file->name, std::move(plain.error()));
  return std::move(plain->bytes);
}

/// What the container's kind decides: the base, and the map as stored.
struct Parts {
  Bytes base_jpeg, map_jpeg;
  Plane<std::uint8_t> codes;
  MetadataSource source;
  GainMapMetadata metadata;
};

[[nodiscard]] Expected<Plane<std::uint8_t>> CodesOf(const InputFile& file, const GainMapJpeg& jpeg,
                                                    const Limits& limits) {
  const Expected<const GainMapStream*> found = RequireGainMap(jpeg);
  if (!found) return Within(file.name, found.error());
  Expected<DecodedJpeg> pixels = DecodeJpeg((*found)->stream.In(file.bytes),
                                            {.output = JpegOutput::kAsStored, .limits = limits});
  if (!pixels) return Within(file.name + ": gain map", std::move(pixels.error()));
  return std::move(pixels->pixels);
}

[[nodiscard]] Expected<Plane<std::uint8_t>> CodesOf(const InputFile& file, GainMapPicture& picture,
                                                    const Limits&) {
  const Expected<const PictureMap*> found = RequireGainMap(picture);
  if (!found) return Within(file.name, found.error());
  Expected<Plane<std::uint8_t>> codes = picture.read_map();
  if (!codes) return Within(file.name + ": gain map", std::move(codes.error()));
  return codes;
}

[[nodiscard]] Expected<Bytes> PngOf(const InputFile& file, const Plane<std::uint8_t>& codes) {
  Expected<Bytes> png = EncodePng(codes.view());
  if (!png) return Within(file.name + ": gain map", std::move(png.error()));
  return png;
}

[[nodiscard]] Expected<Parts> PartsOf(const InputFile& file, const GainMapJpeg& jpeg,
                                      const Limits& limits) {
  Expected<Plane<std::uint8_t>> codes = CodesOf(file, jpeg, limits);
  if (!codes) return std::unexpected(std::move(codes.error()));
  const GainMapStream& map = **RequireGainMap(jpeg);
  Expected<Bytes> base = PlainJpeg({&file, jpeg});
  if (!base) return std::unexpected(std::move(base.error()));
  const ByteView stream = map.stream.In(file.bytes);
  return Parts{*std::move(base), Bytes(stream.begin(), stream.end()), *std::move(codes), map.source,
               map.metadata};
}

/// HEIC and AVIF: the base as the JPEG that `process` would make of it.
[[nodiscard]] Expected<Parts> PartsOf(const InputFile& file, GainMapPicture& picture,
                                      const Limits& limits) {
  Expected<Plane<std::uint8_t>> codes = CodesOf(file, picture, limits);
  if (!codes) return std::unexpected(std::move(codes.error()));
  const PictureMap& map = **RequireGainMap(picture);
  Request request;
  request.base = file;
  request.limits = limits;
  Report report;
  const Expected<PreparedBase> prepared = PrepareBase(request, report);
  if (!prepared) return std::unexpected(prepared.error());
  const Expected<ReadJpeg> jpeg = ReadInputJpeg(prepared->file(), limits);
  if (!jpeg) return std::unexpected(jpeg.error());
  Expected<Bytes> base = PlainJpeg(*jpeg);
  if (!base) return std::unexpected(std::move(base.error()));
  return Parts{*std::move(base), {}, *std::move(codes), map.source, map.metadata};
}

}  // namespace

Expected<Extracted> Extract(const InputFile& file, const Limits& limits) {
  Expected<GainMapFile> read = ReadGainMapFile(file, {.limits = limits});
  if (!read) return std::unexpected(std::move(read.error()));
  Expected<Parts> parts =
      std::visit([&](auto& parsed) { return PartsOf(file, parsed, limits); }, read->parsed);
  if (!parts) return std::unexpected(std::move(parts.error()));
  Expected<Bytes> png = PngOf(file, parts->codes);
  if (!png) return std::unexpected(std::move(png.error()));
  return Extracted{std::move(parts->base_jpeg), std::move(parts->map_jpeg), *std::move(png),
                   ExtractedMetadataJson(NameOf(parts->source), parts->metadata)};
}

Expected<Bytes> ExtractMapPng(const InputFile& file, const Limits& limits) {
  Expected<GainMapFile> read = ReadGainMapFile(file, {.limits = limits});
  if (!read) return std::unexpected(std::move(read.error()));
  const Expected<Plane<std::uint8_t>> codes =
      std::visit([&](auto& parsed) { return CodesOf(file, parsed, limits); }, read->parsed);
  if (!codes) return std::unexpected(codes.error());
  return PngOf(file, *codes);
}

}  // namespace hdrp
