// AVIF through libavif, which writes the tmap item, the altr group and the hidden map by itself.
#include <avif/avif.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <thread>

#include "package/picture_check.h"
#include "package/picture_file.h"
#include "package/ycc_planes.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "AVIF encoder";

struct Releaser {
  void operator()(avifImage* image) const { avifImageDestroy(image); }
  void operator()(avifEncoder* encoder) const { avifEncoderDestroy(encoder); }
};
using Image = std::unique_ptr<avifImage, Releaser>;
using Encoder = std::unique_ptr<avifEncoder, Releaser>;

struct Output {
  avifRWData data = AVIF_DATA_EMPTY;
  ~Output() { avifRWDataFree(&data); }
};

std::unexpected<Error> NoMemory() {
  return Fail(ErrorCode::kTooLarge, kWhere, "libavif has no memory for the picture");
}

Expected<void> Check(avifResult result, std::string_view detail = {}) {
  if (result == AVIF_RESULT_OK) return {};
  // The encoder's own want of memory is told from its other failures by its words alone.
  if (result == AVIF_RESULT_OUT_OF_MEMORY || detail.contains("Memory allocation error")) {
    return NoMemory();
  }
  const ErrorCode code =
      result == AVIF_RESULT_NO_CODEC_AVAILABLE ? ErrorCode::kUnsupported : ErrorCode::kExportFailed;
  return Fail(code, kWhere, "{}{}{}", avifResultToString(result), detail.empty() ? "" : ": ",
              detail);
}

/// Borrows the planes: a copy of a large picture costs more than time. libavif does not write to
/// what it encodes.
void SetPlane(const Plane<std::uint8_t>& plane, avifChannelIndex channel, avifImage& image) {
  if (plane.empty()) return;
  image.yuvPlanes[channel] = const_cast<std::uint8_t*>(plane.view().data);
  image.yuvRowBytes[channel] = static_cast<std::uint32_t>(plane.view().stride);
}

/// An image of these planes, which have to outlive it, full range, without colour.
Expected<Image> ImageOf(const YccPlanes& planes, avifPixelFormat format) {
  Image image(avifImageCreate(static_cast<std::uint32_t>(planes.y.width()),
                              static_cast<std::uint32_t>(planes.y.height()), 8, format));
  if (image == nullptr) return NoMemory();
  image->yuvRange = AVIF_RANGE_FULL;
  image->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
  image->yuvChromaSamplePosition = format == AVIF_PIXEL_FORMAT_YUV420
                                       ? AVIF_CHROMA_SAMPLE_POSITION_UNKNOWN  // centred in fact
                                       : AVIF_CHROMA_SAMPLE_POSITION_COLOCATED;
  image->imageOwnsYUVPlanes = AVIF_FALSE;
  SetPlane(planes.y, AVIF_CHAN_Y, *image);
  SetPlane(planes.cb, AVIF_CHAN_U, *image);
  SetPlane(planes.cr, AVIF_CHAN_V, *image);
  return image;
}

/// irot (quarter turns anticlockwise), then imir (axis 0: top and bottom change places, 1: left and
/// right), as ISO/IEC 23008-12, 6.5.10 and 6.5.12 order them.
void SetOrientation(Orientation orientation, avifImage& image) {
  struct Turn {
    int quarters, mirror_axis;  // axis -1: no mirror
  };
  constexpr std::array<Turn, 9> kTurns = {
      {{0, -1}, {0, -1}, {0, 1}, {2, -1}, {0, 0}, {1, 0}, {3, -1}, {3, 0}, {1, -1}}};
  const Turn turn = kTurns[static_cast<std::size_t>(orientation)];
  image.transformFlags = AVIF_TRANSFORM_NONE;
  if (turn.quarters != 0) {
    image.transformFlags |= static_cast<avifTransformFlags>(AVIF_TRANSFORM_IROT);
    image.irot.angle = static_cast<std::uint8_t>(turn.quarters);
  }
  if (turn.mirror_axis >= 0) {
    image.transformFlags |= static_cast<avifTransformFlags>(AVIF_TRANSFORM_IMIR);
    image.imir.axis = static_cast<std::uint8_t>(turn.mirror_axis);
  }
}

struct Format {
  avifPixelFormat avif;
  Chroma chroma;
};

Format BaseFormat(const PictureBase& base, bool subsample_chroma) {
  if (base.codes.channels == 1) return {AVIF_PIXEL_FORMAT_YUV400, Chroma::kNone};
  return subsample_chroma ? Format{AVIF_PIXEL_FORMAT_YUV420, Chroma::k420}
                          : Format{AVIF_PIXEL_FORMAT_YUV444, Chroma::k444};
}

/// `planes`, which have to outlive it, are the base's.
Expected<Image> BaseImage(const PictureBase& base, const YccPlanes& planes,
                          avifPixelFormat format) {
  HDRP_ASSIGN_OR_RETURN(Image made, ImageOf(planes, format));
  avifImage& image = *made;
  if (base.icc.empty()) {
    image.colorPrimaries = AVIF_COLOR_PRIMARIES_BT709;
    image.transferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_SRGB;
  }
  HDRP_RETURN_IF_ERROR(
      Check(avifImageSetProfileICC(&image, base.icc.data(), base.icc.size()), "ICC profile"));
  if (const Bytes exif = UprightExif(base); !exif.empty()) {
    HDRP_RETURN_IF_ERROR(Check(avifImageSetMetadataExif(&image, exif.data(), exif.size()), "EXIF"));
  }
  if (!base.xmp.empty()) {
    HDRP_RETURN_IF_ERROR(
        Check(avifImageSetMetadataXMP(&image, base.xmp.data(), base.xmp.size()), "XMP"));
  }
  SetOrientation(base.orientation, image);  // after the EXIF, from which libavif takes one too
  return made;
}

avifSignedFraction Signed(const Fraction& value) {
  return {static_cast<std::int32_t>(value.numerator), value.denominator};
}
avifUnsignedFraction Unsigned(const Fraction& value) {
  return {static_cast<std::uint32_t>(value.numerator), value.denominator};
}

void SetNumbers(const GainMapMetadata& metadata, avifGainMap& map) {
  const GainMapFractions fractions = FractionsOf(metadata);
  for (std::size_t c = 0; c < 3; ++c) {
    map.gainMapMin[c] = Signed(fractions.gain_map_min[c]);
    map.gainMapMax[c] = Signed(fractions.gain_map_max[c]);
    map.gainMapGamma[c] = Unsigned(fractions.gamma[c]);
    map.baseOffset[c] = Signed(fractions.base_offset[c]);
    map.alternateOffset[c] = Signed(fractions.alternate_offset[c]);
  }
  map.baseHdrHeadroom = Unsigned(fractions.base_hdr_headroom);
  map.alternateHdrHeadroom = Unsigned(fractions.alternate_hdr_headroom);
  map.useBaseColorSpace = metadata.use_base_color_space ? AVIF_TRUE : AVIF_FALSE;
}

/// Three channels survive without loss only as they are: YCbCr rounds.
bool IsGbr(const EncodedGainMap& map, bool lossless) {
  return lossless && map.codes.channels() == 3;
}

YccPlanes MapPlanes(const EncodedGainMap& map, bool lossless) {
  const PlaneView<const std::uint8_t> codes = map.codes.view();
  if (IsGbr(map, lossless)) return GbrFromCodes(codes);
  return YccFromCodes(codes, codes.channels == 3 ? Chroma::k444 : Chroma::kNone);
}

/// Hung on `image`, which owns it from then on; `planes`, which have to outlive it, are the map's.
Expected<void> AddGainMap(const PictureGainMap& gain_map, const YccPlanes& planes,
                          const PictureBase& base, bool lossless, avifImage& image) {
  const EncodedGainMap& source = *gain_map.map;
  HDRP_ASSIGN_OR_RETURN(Image made, ImageOf(planes, planes.cb.empty() ? AVIF_PIXEL_FORMAT_YUV400
                                                                      : AVIF_PIXEL_FORMAT_YUV444));
  if (IsGbr(source, lossless)) made->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_IDENTITY;
  image.gainMap = avifGainMapCreate();
  if (image.gainMap == nullptr) return NoMemory();
  avifGainMap& map = *image.gainMap;
  map.image = made.release();
  SetNumbers(source.metadata, map);
  map.altColorPrimaries = static_cast<avifColorPrimaries>(base.alternate_primaries);
  map.altTransferCharacteristics = AVIF_TRANSFER_CHARACTERISTICS_PQ;
  // Readers convert the alternate's RGB by this one; avifgainmaputil aborts on the identity.
  map.altMatrixCoefficients = AVIF_MATRIX_COEFFICIENTS_BT601;
  map.altYUVRange = AVIF_RANGE_FULL;
  map.altDepth = 10;
  map.altPlaneCount = 3;
  return {};
}

/// libaom codes rows of blocks side by side, in other bytes, as soon as it has two threads; their
/// number does not matter then.
int ThreadsFor(int asked) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return std::clamp(asked > 0 ? asked : static_cast<int>(cores), 2, 64);
}

}  // namespace

Expected<Bytes> WriteAvif(const PictureBase& base, const PictureGainMap& map,
                          const PictureFileOptions& options) {
  HDRP_RETURN_IF_ERROR(CheckPicture(base, map, options, kWhere));
  const Format format = BaseFormat(base, options.subsample_chroma);
  const YccPlanes base_planes = YccFromCodes(base.codes, format.chroma);
  const YccPlanes map_planes = MapPlanes(*map.map, options.lossless_map);
  HDRP_ASSIGN_OR_RETURN(Image image, BaseImage(base, base_planes, format.avif));
  HDRP_RETURN_IF_ERROR(AddGainMap(map, map_planes, base, options.lossless_map, *image));
  const Encoder encoder(avifEncoderCreate());
  if (encoder == nullptr) return NoMemory();
  encoder->maxThreads = ThreadsFor(options.threads);
  encoder->speed = options.avif_speed != 0 ? options.avif_speed
                                           : DefaultAvifSpeed(base.codes.width, base.codes.height);
  encoder->quality =
      options.base_quality != 0 ? options.base_quality : DefaultBaseQuality(FileFormat::kAvif);
  encoder->qualityGainMap = options.lossless_map       ? AVIF_QUALITY_LOSSLESS
                            : options.map_quality != 0 ? options.map_quality
                                                       : DefaultMapQuality(FileFormat::kAvif);
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  const avifResult added =
      avifEncoderAddImage(encoder.get(), image.get(), 1, AVIF_ADD_IMAGE_FLAG_SINGLE);
  HDRP_RETURN_IF_ERROR(Check(added, encoder->diag.error));
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  Output output;
  const avifResult finished = avifEncoderFinish(encoder.get(), &output.data);
  HDRP_RETURN_IF_ERROR(Check(finished, encoder->diag.error));
  return Bytes(output.data.data, output.data.data + output.data.size);
}

}  // namespace hdrp
