#include "pipeline/rendered_light.h"

#include <algorithm>
#include <memory>
#include <variant>
#include <vector>

#include "color/icc.h"
#include "color/linearise.h"
#include "color/rgb_conversion.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/apply.h"
#include "gainmap/gain_rows.h"
#include "obtain/extract.h"
#include "pipeline/gain_primaries.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 16;

[[nodiscard]] Expected<LightRows> OpenBase(const InputFile& file, GainMapJpeg& jpeg,
                                           const RenderedLightOptions& options) {
  const Raster raster{jpeg.primary.frame.width, jpeg.primary.frame.height, jpeg.exif.orientation};
  Expected<BaseColor> color = BaseColorOf({&file, jpeg});
  if (!color) return Within(file.name + ": ICC profile", std::move(color.error()));
  Expected<JpegRowReader> reader = JpegRowReader::Open(
      jpeg.primary.In(file.bytes),
      {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop});
  if (!reader) return Within(file.name, std::move(reader.error()));
  const Chromaticities primaries = color->primaries;
  Plane<std::uint8_t> codes(raster.width, kBandRows, reader->channels());
  auto read = [reader = *std::move(reader), color = *std::move(color),
               codes = std::move(codes)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<std::uint8_t> rows = codes.view();
    rows.height = band.height;
    if (Expected<void> ok = reader.Read(rows); !ok) return ok;
    for (int y = 0; y < band.height; ++y) LinearFromCodes(rows.RowSpan(y), color, band.RowSpan(y));
    return {};
  };
  return LightRows{raster, primaries, std::move(read)};
}

[[nodiscard]] Expected<LightRows> OpenBase(const InputFile& file, GainMapPicture&,
                                           const RenderedLightOptions& options) {
  Expected<PictureRows> picture =
      OpenPicture(file.bytes, {.limits = options.limits, .stop = options.stop});
  if (!picture) return Within(file.name, std::move(picture.error()));
  const PictureInfo& info = picture->info;
  const Raster raster{info.width, info.height, info.orientation};
  Chromaticities primaries = info.color.primaries;
  if (!info.color.icc.empty()) {
    const Expected<BaseColor> color = ReadIccProfile(info.color.icc);
    if (!color) return Within(file.name + ": ICC profile", color.error());
    primaries = color->primaries;
  }
  Expected<RowLineariser> lineariser = RowLineariser::Create(
      info.color, {info.channels, info.bits, info.is_float}, {.target = primaries});
  if (!lineariser) return Within(file.name, std::move(lineariser.error()));
  Plane<float> samples(info.width, kBandRows, info.channels);
  auto read = [picture = *std::move(picture), lineariser = *std::move(lineariser),
               samples = std::move(samples)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<float> rows = samples.view();
    rows.height = band.height;
    if (Expected<void> ok = picture.read(rows); !ok) return ok;
    for (int y = 0; y < band.height; ++y) lineariser.Row(rows.RowSpan(y), band.RowSpan(y));
    return {};
  };
  return LightRows{raster, primaries, std::move(read)};
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(const InputFile& file, GainMapJpeg& jpeg,
                                             const RenderedLightOptions& options) {
  const Expected<const GainMapStream*> found = RequireGainMap(jpeg);
  if (!found) return std::unexpected(found.error());
  return ExtractGainMap(file.bytes, **found, options.apple_transfer, options.limits);
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(const InputFile&, GainMapPicture& picture,
                                             const RenderedLightOptions& options) {
  const Expected<const PictureMap*> found = RequireGainMap(picture);
  if (!found) return std::unexpected(found.error());
  return ExtractGainMap(picture, options.apple_transfer);
}

/// The map's state for the rows to come.
struct Applied {
  Applied(EncodedGainMap whole, const Raster& raster)
      : map(std::move(whole)),
        rows(map, raster.width, raster.height),
        constants(ApplyConstantsOf(map.metadata, 1.0)),
        gain(static_cast<std::size_t>(rows.channels()) * static_cast<std::size_t>(raster.width)),
        linear(raster.width, kBandRows, 3) {}
  EncodedGainMap map;
  GainRows rows;  ///< borrows the map
  ApplyConstants constants;
  std::vector<float> gain;
  Plane<float> linear;
  int rows_read = 0;
};

}  // namespace

Expected<LightRows> OpenBaseLight(GainMapFile& file, const RenderedLightOptions& options) {
  return std::visit([&](auto& held) { return OpenBase(*file.file, held, options); }, file.parsed);
}

Expected<LightRows> OpenRenderedLight(GainMapFile& parsed, const RenderedLightOptions& options) {
  const InputFile& file = *parsed.file;
  Expected<EncodedGainMap> map =
      std::visit([&](auto& held) { return MapOf(file, held, options); }, parsed.parsed);
  if (!map) return Within(file.name, std::move(map.error()));
  const auto alternate = AlternatePrimariesOf(parsed, *map);
  if (!alternate) return std::unexpected(alternate.error());
  Expected<LightRows> base = OpenBaseLight(parsed, options);
  if (!base) return base;
  const Chromaticities primaries = alternate->value_or(base->primaries);
  const Expected<RgbConversion> conversion = RgbConversion::Create(base->primaries, primaries);
  if (!conversion) return Within(file.name, conversion.error());
  auto applied = std::make_unique<Applied>(*std::move(map), base->raster);
  auto read = [name = file.name, applied = std::move(applied), converts = alternate->has_value(),
               conversion = *conversion,
               read_base = std::move(base->read)](PlaneView<float> band) mutable -> Expected<void> {
    for (int first = 0; first < band.height; first += kBandRows) {
      PlaneView<float> in = applied->linear.view();
      in.height = std::min(kBandRows, band.height - first);
      if (Expected<void> ok = read_base(in); !ok) return Within(name, std::move(ok.error()));
      for (int y = 0; y < in.height; ++y) {
        if (converts) conversion.Row(in.RowSpan(y));
        applied->rows.Row(applied->rows_read++, applied->gain);
        ApplyGainRow(in.RowSpan(y), applied->gain, applied->constants, band.RowSpan(first + y));
      }
    }
    return {};
  };
  return LightRows{base->raster, primaries, std::move(read)};
}

}  // namespace hdrp
