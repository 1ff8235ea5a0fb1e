#include "pipeline/extract.h"

#include "decode/jpeg_pixels.h"
#include "metadata/apple.h"
#include "package/jpeg_encode.h"
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

/// How the file is to be read.
struct Reading {
  const InputFile& file;
  const Limits& limits;
  AppleTransfer transfer;
};

/// What the container's kind decides: the base, and the map with the meaning of its numbers.
struct Parts {
  Bytes base_jpeg, map_jpeg, map_apple_jpeg;
  Plane<std::uint8_t> codes;
  MetadataSource source;
  GainMapMetadata metadata;
};

/// The samples as the numbers mean them.
[[nodiscard]] Plane<std::uint8_t> WithNumbersMeaning(Plane<std::uint8_t> codes, const auto& map,
                                                     AppleTransfer transfer) {
  if (map.source != MetadataSource::kApple) return codes;
  const auto table = IsoCodesFromLegacy(map.apple_headroom_linear, transfer);
  for (int y = 0; y < codes.height(); ++y) {
    for (std::uint8_t& code : codes.view().RowSpan(y)) code = table[code];
  }
  return codes;
}

[[nodiscard]] Expected<Plane<std::uint8_t>> CodesOf(const Reading& reading,
                                                    const GainMapJpeg& jpeg) {
  const Expected<const GainMapStream*> found = RequireGainMap(jpeg);
  if (!found) return Within(reading.file.name, found.error());
  Expected<DecodedJpeg> pixels =
      DecodeJpeg((*found)->stream.In(reading.file.bytes),
                 {.output = JpegOutput::kAsStored, .limits = reading.limits});
  if (!pixels) return Within(reading.file.name + ": gain map", std::move(pixels.error()));
  return WithNumbersMeaning(std::move(pixels->pixels), **found, reading.transfer);
}

[[nodiscard]] Expected<Plane<std::uint8_t>> CodesOf(const Reading& reading,
                                                    GainMapPicture& picture) {
  const Expected<const PictureMap*> found = RequireGainMap(picture);
  if (!found) return Within(reading.file.name, found.error());
  Expected<Plane<std::uint8_t>> codes = picture.read_map();
  if (!codes) return Within(reading.file.name + ": gain map", std::move(codes.error()));
  return WithNumbersMeaning(*std::move(codes), **found, reading.transfer);
}

[[nodiscard]] Expected<Bytes> PngOf(const InputFile& file, const Plane<std::uint8_t>& codes) {
  Expected<Bytes> png = EncodePng(codes.view());
  if (!png) return Within(file.name + ": gain map", std::move(png.error()));
  return png;
}

[[nodiscard]] Expected<Parts> PartsOf(const Reading& reading, const GainMapJpeg& jpeg) {
  Expected<Plane<std::uint8_t>> codes = CodesOf(reading, jpeg);
  if (!codes) return std::unexpected(std::move(codes.error()));
  const GainMapStream& map = **RequireGainMap(jpeg);
  Expected<Bytes> base = PlainJpeg({&reading.file, jpeg});
  if (!base) return std::unexpected(std::move(base.error()));
  const ByteView stream = map.stream.In(reading.file.bytes);
  Bytes stored(stream.begin(), stream.end());
  if (map.source != MetadataSource::kApple) {
    return Parts{*std::move(base),  std::move(stored), {},
                 *std::move(codes), map.source,        map.metadata};
  }
  Expected<Bytes> converted = EncodeJpeg(codes->view(), {.flat_step = 1});
  if (!converted) return Within(reading.file.name + ": gain map", std::move(converted.error()));
  return Parts{*std::move(base), *std::move(converted), std::move(stored), *std::move(codes),
               map.source,       map.metadata};
}

/// HEIC and AVIF: the base as the JPEG that `process` would make of it.
[[nodiscard]] Expected<Parts> PartsOf(const Reading& reading, GainMapPicture& picture) {
  Expected<Plane<std::uint8_t>> codes = CodesOf(reading, picture);
  if (!codes) return std::unexpected(std::move(codes.error()));
  const PictureMap& map = **RequireGainMap(picture);
  Request request;
  request.base = reading.file;
  request.limits = reading.limits;
  Report report;
  const Expected<PreparedBase> prepared = PrepareBase(request, report);
  if (!prepared) return std::unexpected(prepared.error());
  const Expected<ReadJpeg> jpeg = ReadInputJpeg(prepared->file(), reading.limits);
  if (!jpeg) return std::unexpected(jpeg.error());
  Expected<Bytes> base = PlainJpeg(*jpeg);
  if (!base) return std::unexpected(std::move(base.error()));
  return Parts{*std::move(base), {}, {}, *std::move(codes), map.source, map.metadata};
}

}  // namespace

Expected<Extracted> Extract(const InputFile& file, const Limits& limits, AppleTransfer transfer) {
  Expected<GainMapFile> read = ReadGainMapFile(file, {.limits = limits});
  if (!read) return std::unexpected(std::move(read.error()));
  const Reading reading{file, limits, transfer};
  Expected<Parts> parts =
      std::visit([&](auto& parsed) { return PartsOf(reading, parsed); }, read->parsed);
  if (!parts) return std::unexpected(std::move(parts.error()));
  Expected<Bytes> png = PngOf(file, parts->codes);
  if (!png) return std::unexpected(std::move(png.error()));
  return Extracted{std::move(parts->base_jpeg), std::move(parts->map_jpeg),
                   std::move(parts->map_apple_jpeg), *std::move(png),
                   ExtractedMetadataJson(NameOf(parts->source), parts->metadata)};
}

Expected<Bytes> ExtractMapPng(const InputFile& file, const Limits& limits, AppleTransfer transfer) {
  Expected<GainMapFile> read = ReadGainMapFile(file, {.limits = limits});
  if (!read) return std::unexpected(std::move(read.error()));
  const Reading reading{file, limits, transfer};
  const Expected<Plane<std::uint8_t>> codes =
      std::visit([&](auto& parsed) { return CodesOf(reading, parsed); }, read->parsed);
  if (!codes) return std::unexpected(codes.error());
  return PngOf(file, *codes);
}

}  // namespace hdrp
