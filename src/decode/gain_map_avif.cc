// Gain maps of AVIF files through libavif. It drops a map that breaks a rule without a word; what a
// file announces is therefore read from its item structure as well.
#include <algorithm>
#include <array>

#include "base/formatted.h"
#include "color/h273.h"
#include "decode/avif_file.h"
#include "decode/gain_map_file.h"
#include "decode/heif/tmap.h"
#include "decode/map_raster.h"
#include "metadata/iso21496.h"

namespace hdrp {
namespace {

template <typename AvifFraction>
std::array<Fraction, 3> Fractions(const AvifFraction (&values)[3]) {
  std::array<Fraction, 3> fractions;
  for (std::size_t c = 0; c < 3; ++c) fractions[c] = {values[c].n, values[c].d};
  return fractions;
}

GainMapMetadata MetadataOf(const avifGainMap& map) {
  const GainMapFractions fractions = {
      .gain_map_min = Fractions(map.gainMapMin),
      .gain_map_max = Fractions(map.gainMapMax),
      .gamma = Fractions(map.gainMapGamma),
      .base_offset = Fractions(map.baseOffset),
      .alternate_offset = Fractions(map.alternateOffset),
      .base_hdr_headroom = {map.baseHdrHeadroom.n, map.baseHdrHeadroom.d},
      .alternate_hdr_headroom = {map.alternateHdrHeadroom.n, map.alternateHdrHeadroom.d}};
  return MetadataFrom(fractions, map.useBaseColorSpace != AVIF_FALSE);
}

std::optional<ColorSpec> AlternateOf(const avifGainMap& map) {
  if (map.altICC.size > 0) {
    return ColorSpec{.icc = Bytes(map.altICC.data, map.altICC.data + map.altICC.size)};
  }
  const auto primaries = PrimariesFromH273(map.altColorPrimaries);
  if (!primaries) return std::nullopt;
  return ColorSpec{.primaries = *primaries};
}

SampleCoding CodingOf(const avifImage& image) {
  return {.bits = static_cast<int>(image.depth),
          .has_limited_range = image.yuvRange == AVIF_RANGE_LIMITED};
}

/// The plane Y; of pictures coded as RGB (matrix 0) that is G, which is near enough to luma.
Plane<std::uint8_t> LumaOf(const avifImage& image) {
  return EightBitPlane({.data = image.yuvPlanes[AVIF_CHAN_Y],
                        .row_bytes = image.yuvRowBytes[AVIF_CHAN_Y],
                        .width = static_cast<int>(image.width),
                        .height = static_cast<int>(image.height)},
                       CodingOf(image));
}

/// libavif's RGB by the image's own matrix and range, in its own depth, and then 8 bits.
Expected<Plane<std::uint8_t>> RgbOf(const avifImage& image, const avifDecoder& decoder) {
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.chromaUpsampling = AVIF_CHROMA_UPSAMPLING_BEST_QUALITY;
  rgb.avoidLibYUV = AVIF_TRUE;  // as OpenAvif
  const std::size_t row_bytes = std::size_t{image.width} * 3 * (image.depth > 8 ? 2 : 1);
  Bytes pixels(row_bytes * image.height);
  rgb.pixels = pixels.data();
  rgb.rowBytes = static_cast<std::uint32_t>(row_bytes);
  HDRP_RETURN_IF_ERROR(CheckAvif(avifImageYUVToRGB(&image, &rgb), decoder));
  return EightBitPlane({.data = pixels.data(),
                        .row_bytes = row_bytes,
                        .width = static_cast<int>(image.width),
                        .height = static_cast<int>(image.height),
                        .channels = 3},
                       {.bits = static_cast<int>(image.depth)});
}

/// A decoder whose next image has been decoded within the limits.
Expected<AvifDecoder> Decoded(ByteView file, const PictureOptions& options,
                              avifImageContentTypeFlags content) {
  HDRP_RETURN_IF_ERROR(options.stop.Check(kAvifWhere));
  HDRP_ASSIGN_OR_RETURN(auto decoder, OpenAvifDecoder(file, content));
  HDRP_RETURN_IF_ERROR(ReadAvifInfo(*decoder, options.limits));
  HDRP_RETURN_IF_ERROR(DecodeAvif(*decoder));
  return decoder;
}

Expected<MapCodes> ReadMap(ByteView file, const PictureOptions& options, const GainMapInfo& map) {
  HDRP_ASSIGN_OR_RETURN(const auto decoder, Decoded(file, options, AVIF_IMAGE_CONTENT_GAIN_MAP));
  const avifGainMap* found = decoder->image->gainMap;
  if (found == nullptr || found->image == nullptr ||
      found->image->width != static_cast<std::uint32_t>(map.width) ||
      found->image->height != static_cast<std::uint32_t>(map.height) ||
      found->image->yuvPlanes[AVIF_CHAN_Y] == nullptr) {
    return Fail(ErrorCode::kBadInput, kAvifWhere,
                "expected a map of {} x {} pixels as the headers say, decoded none of that size",
                map.width, map.height);
  }
  HDRP_ASSIGN_OR_RETURN(Plane<std::uint8_t> codes,
                        map.channels == 1 ? LumaOf(*found->image) : RgbOf(*found->image, *decoder));
  return MapCodes{std::move(codes)};
}

Expected<SmallLuma> ReadSmallLuma(ByteView file, const PictureOptions& options, int least_side) {
  HDRP_ASSIGN_OR_RETURN(const auto decoder,
                        Decoded(file, options, AVIF_IMAGE_CONTENT_COLOR_AND_ALPHA));
  const avifImage& image = *decoder->image;
  if (image.yuvPlanes[AVIF_CHAN_Y] == nullptr) {
    return Fail(ErrorCode::kInternal, kAvifWhere, "libavif gave no pixels");
  }
  return Filling(BoxReduced(LumaOf(image), std::max(kSmallLumaSide, least_side)));
}

/// What the file announces; and where libavif found no map, why that may be. The payload comes
/// through libheif, as libavif shows none that it does not take.
void ReadClaims(ByteView file, const Limits& limits, GainMapFile& result) {
  const auto structure = ReadHeifStructure(file);
  if (!structure) {
    result.problems.push_back("the items cannot be listed: " + structure.error().message);
    return;
  }
  for (TmapItem& tmap : FindTmaps(*structure)) {
    result.claims.push_back(Formatted("a tmap item ({})", tmap.id));
    result.problems.insert(result.problems.end(), tmap.problems.begin(), tmap.problems.end());
    if (result.map) continue;
    std::string reason = "libavif takes no map from it";
    if (const auto context = OpenHeifContext(file, limits)) {
      const auto block = ReadTmapBlock(context->get(), tmap.id, limits);
      const auto numbers = block ? ReadIsoBlock(*block) : std::unexpected(block.error());
      if (!numbers) reason = numbers.error().message;
    }
    result.problems.push_back(Formatted("the tmap item {} is passed over: {}", tmap.id, reason));
  }
  for (const HeifItem& item : structure->items) {
    const HeifProperty* property = PropertyOf(item, "auxC");
    if (property == nullptr || property->body.size() < 4) continue;
    // A FullBox, then a text that a zero ends.
    const std::string_view text = AsText(property->body.subspan(4));
    const std::string_view type = text.substr(0, text.find('\0'));
    if (!type.ends_with(kGainMapAuxSuffix)) continue;
    result.claims.push_back(Formatted("an auxiliary image {}", type));
    if (!result.map) {
      result.problems.push_back("auxiliary gain maps are not read from AVIF files");
    }
  }
}

/// Only a size beyond the limits is an error: it is not the file that is wrong.
Expected<void> TakeMap(const avifDecoder& decoder, const Limits& limits, GainMapFile& result) {
  const avifGainMap* found = decoder.image->gainMap;
  if (found == nullptr || found->image == nullptr) return {};
  const avifImage& image = *found->image;
  if (auto fits = CheckSize(image.width, image.height, limits, kAvifWhere); !fits) {
    if (fits.error().code == ErrorCode::kTooLarge) {
      return Within("gain map", std::move(fits.error()));
    }
    result.problems.push_back("the map cannot be read: " + fits.error().message);
    return {};
  }
  if (image.depth > 8) {
    result.problems.push_back(
        Formatted("the map has {} bits per sample: they are rounded to 8", image.depth));
  }
  result.map = GainMapInfo{.width = static_cast<int>(image.width),
                           .height = static_cast<int>(image.height),
                           .channels = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV400 ? 1 : 3,
                           .source = MetadataSource::kIso,
                           .metadata = MetadataOf(*found),
                           .alternate = AlternateOf(*found)};
  return {};
}

}  // namespace

Expected<GainMapFile> OpenAvifGainMap(ByteView file, const PictureOptions& options) {
  auto opened = OpenAvifDecoder(file, AVIF_IMAGE_CONTENT_ALL);
  // A map that libavif refuses must not hide the base.
  std::string refusal;
  if (!opened) {
    refusal = opened.error().message;
    opened = OpenAvifDecoder(file, AVIF_IMAGE_CONTENT_DECODE_DEFAULT);
  }
  HDRP_ASSIGN_OR_RETURN(const AvifDecoder decoder, std::move(opened));
  GainMapFile result;
  HDRP_ASSIGN_OR_RETURN(result.base, ReadAvifInfo(*decoder, options.limits));
  for (const std::string& warning : result.base.warnings) result.problems.push_back(warning);
  if (!refusal.empty()) result.problems.push_back("libavif refuses the map: " + refusal);
  HDRP_RETURN_IF_ERROR(TakeMap(*decoder, options.limits, result));
  ReadClaims(file, options.limits, result);
  if (result.map) {
    result.read_map = [file, options, map = *result.map] { return ReadMap(file, options, map); };
  }
  result.read_small_luma = [file, options](int least_side) {
    return ReadSmallLuma(file, options, least_side);
  };
  return result;
}

}  // namespace hdrp
