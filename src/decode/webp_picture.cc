// WebP pictures through libwebp: lossy and lossless stills. libwebp decodes the whole picture at
// the first read; it is held until the last one (3 or 4 bytes per pixel, and as much inside libwebp
// while it decodes).
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "WebP decoder";

struct DemuxerDeleter {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DemuxerDeleter>;

/// The payload of the first chunk of that name (borrowed from the file); empty where there is none.
Expected<ByteView> Chunk(const WebPDemuxer* demuxer, const char* name, const Limits& limits) {
  WebPChunkIterator iterator{};
  ByteView payload;
  if (WebPDemuxGetChunk(demuxer, name, 1, &iterator) != 0) {
    payload = {iterator.chunk.bytes, iterator.chunk.size};
  }
  WebPDemuxReleaseChunkIterator(&iterator);
  HDRP_RETURN_IF_ERROR(CheckMetadataSize(payload.size(), limits, kWhere));
  return payload;
}

Expected<void> ReadChunks(ByteView file, const Limits& limits, PictureInfo& info) {
  const WebPData data{file.data(), file.size()};
  const Demuxer demuxer(WebPDemux(&data));
  if (demuxer == nullptr) {
    return Fail(ErrorCode::kBadInput, kWhere, "the RIFF structure is broken or cut off ({} bytes)",
                file.size());
  }
  HDRP_ASSIGN_OR_RETURN(const auto icc, Chunk(demuxer.get(), "ICCP", limits));
  HDRP_ASSIGN_OR_RETURN(const auto exif, Chunk(demuxer.get(), "EXIF", limits));
  HDRP_ASSIGN_OR_RETURN(const auto xmp, Chunk(demuxer.get(), "XMP ", limits));
  info.color.icc.assign(icc.begin(), icc.end());
  info.color.stated = !icc.empty();
  info.xmp = AsText(xmp);
  TakeExif(exif, info);
  info.orientation = OrientationOf(info.exif);
  return {};
}

/// The whole picture as RGB or RGBA.
Expected<Plane<std::uint8_t>> Decode(ByteView file, const PictureInfo& info, bool has_alpha) {
  Plane<std::uint8_t> pixels(info.width, info.height, has_alpha ? 4 : 3);
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) {
    return Fail(ErrorCode::kInternal, kWhere, "libwebp could not be set up");
  }
  const PlaneView<std::uint8_t> view = pixels.view();
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {.rgba = view.data,
                          .stride = static_cast<int>(view.stride),
                          .size = view.stride * static_cast<std::size_t>(view.height)};
  const VP8StatusCode status = WebPDecode(file.data(), file.size(), &config);
  WebPFreeDecBuffer(&config.output);
  switch (status) {
    case VP8_STATUS_OK:
      return pixels;
    case VP8_STATUS_OUT_OF_MEMORY:
      return Fail(ErrorCode::kTooLarge, kWhere, "out of memory for {} x {} pixels", info.width,
                  info.height);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return Fail(ErrorCode::kUnsupported, kWhere, "a feature that libwebp does not read");
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return Fail(ErrorCode::kBadInput, kWhere, "the file is cut off");
    case VP8_STATUS_INVALID_PARAM:
    case VP8_STATUS_BITSTREAM_ERROR:
    case VP8_STATUS_USER_ABORT:
      break;
  }
  return Fail(ErrorCode::kBadInput, kWhere, "the bitstream is broken");
}

}  // namespace

Expected<PictureRows> OpenWebp(ByteView file, const PictureOptions& options) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(file.data(), file.size(), &features) != VP8_STATUS_OK) {
    return Fail(ErrorCode::kBadInput, kWhere, "the header is broken or cut off ({} bytes)",
                file.size());
  }
  if (features.has_animation != 0) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected a still picture, found an animation");
  }
  HDRP_RETURN_IF_ERROR(CheckSize(static_cast<std::uint64_t>(features.width),
                                 static_cast<std::uint64_t>(features.height), options.limits,
                                 kWhere));
  const std::uint64_t samples = features.has_alpha != 0 ? 4 : 3;
  const std::uint64_t bytes = samples * static_cast<std::uint64_t>(features.width) *
                              static_cast<std::uint64_t>(features.height);
  HDRP_RETURN_IF_ERROR(CheckHeld(bytes, options.limits, kWhere));
  PictureInfo info;
  info.format = FileFormat::kWebp;
  info.width = features.width;
  info.height = features.height;
  HDRP_RETURN_IF_ERROR(ReadChunks(file, options.limits, info));

  const SampleLayout layout{.has_alpha = features.has_alpha != 0};
  auto read = [file, info, layout, flatten = options.flatten, pixels = Plane<std::uint8_t>()](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (pixels.empty()) {
      HDRP_ASSIGN_OR_RETURN(pixels, Decode(file, info, layout.has_alpha));
    }
    const CodedRows codes{
        .data = pixels.view().data, .stride_bytes = pixels.view().stride, .layout = layout};
    return FloatsFromCodes(codes, first_row, {flatten, kWhere}, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
