#include "decode/gain_map_file.h"

#include "color/hdr_profile.h"
#include "decode/codecs.h"
#include "decode/jpeg_pixels.h"
#include "decode/sniff.h"

namespace hdrp {
namespace {

[[nodiscard]] GainMapInfo InfoOf(const GainMapStream& map, ByteView file) {
  GainMapInfo info{.width = map.stream.frame.width,
                   .height = map.stream.frame.height,
                   .channels = static_cast<int>(map.stream.frame.components.size()),
                   .source = map.source,
                   .metadata = map.metadata,
                   .apple_headroom_linear = map.apple_headroom_linear,
                   .stream = map.stream.In(file)};
  // ISO 21496-1 leaves the alternate image's colour to the container: in a JPEG it is the profile
  // in the map's stream.
  if (Bytes icc = JoinIcc(map.stream).value_or(Bytes{}); !icc.empty()) {
    info.alternate = ColorSpec{.icc = std::move(icc)};
  }
  return info;
}

[[nodiscard]] Expected<MapCodes> ReadMapOf(ByteView stream, const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg decoded, DecodeJpeg(stream, {.output = JpegOutput::kAsStored,
                                                                 .limits = options.limits,
                                                                 .stop = options.stop}));
  return MapCodes{std::move(decoded.pixels),
                  decoded.warnings.empty() ? std::string() : decoded.warnings.front()};
}

[[nodiscard]] GainMapFile Described(GainMapJpeg parsed, ByteView file,
                                    const PictureOptions& options) {
  GainMapFile result;
  result.jpeg = std::move(parsed);
  const GainMapJpeg& jpeg = *result.jpeg;
  result.base.format = FileFormat::kJpeg;
  result.base.width = jpeg.primary.frame.width;
  result.base.height = jpeg.primary.frame.height;
  result.base.channels = jpeg.primary.frame.components.size() == 1 ? 1 : 3;
  result.base.orientation = jpeg.exif.orientation;
  result.claims = jpeg.claims;
  result.problems = jpeg.problems;
  result.read_small_luma = [file, primary = jpeg.primary, limits = options.limits,
                            stop = options.stop](int least_side) {
    return ReadSmallLuma(file, primary, least_side, limits, stop);
  };
  if (!jpeg.map) return result;
  result.map = InfoOf(*jpeg.map, file);
  result.read_map = [stream = result.map->stream, options] { return ReadMapOf(stream, options); };
  return result;
}

}  // namespace

Expected<GainMapFile> OpenJpegGainMap(ByteView file, const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(GainMapJpeg parsed, ReadGainMapJpeg(file, options.limits));
  return Described(std::move(parsed), file, options);
}

GainMapFile GainMapFileOf(GainMapJpeg jpeg, const InputFile& file, const PictureOptions& options) {
  GainMapFile result = Described(std::move(jpeg), file.bytes, options);
  result.file = &file;
  return result;
}

bool MayHoldGainMap(ByteView file) {
  return InfoOf(Sniff(file)).reads == Reads::kPictureAndGainMap;
}

Expected<GainMapFile> OpenGainMapFile(const InputFile& file, const PictureOptions& options) {
  const FileFormat format = Sniff(file.bytes);
  if (InfoOf(format).reads != Reads::kPictureAndGainMap) return NotA("JPEG, HEIC or AVIF", file);
  HDRP_ASSIGN_OR_RETURN(GainMapFile result,
                        Within(file.name, format == FileFormat::kJpeg
                                              ? OpenJpegGainMap(file.bytes, options)
                                              : OpenGainMapWithCodec(format, file.bytes, options)));
  result.base.color = WithProfileRead(std::move(result.base.color));
  result.file = &file;
  return result;
}

bool IsHdrRendition(const GainMapFile& file) {
  if (!file.jpeg) return HdrCodingOf(file.base.color).has_value();
  return !file.map && HdrCodingOf(ColorSpecOf(*file.jpeg));
}

std::unexpected<Error> NotA(std::string_view wanted, const InputFile& file) {
  if (file.bytes.empty()) {
    return Fail(ErrorCode::kBadInput, file.name, "expected a {}, found an empty file", wanted);
  }
  const FileFormat format = Sniff(file.bytes);
  return Fail(format == FileFormat::kUnknown ? ErrorCode::kBadInput : ErrorCode::kUnsupported,
              file.name, "expected a {}, found {}", wanted, NameOf(format));
}

ColorSpec ColorSpecOf(const GainMapJpeg& jpeg) {
  // A broken profile says nothing; whoever needs the colours reads it again and fails.
  return WithProfileRead({.icc = JoinIcc(jpeg.primary).value_or(Bytes{})});
}

}  // namespace hdrp
