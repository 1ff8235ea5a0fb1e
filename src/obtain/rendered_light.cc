#include "obtain/rendered_light.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "color/linearise.h"
#include "color/rgb_conversion.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_jpeg.h"
#include "gainmap/apply.h"
#include "gainmap/gain_rows.h"
#include "obtain/extract.h"
#include "obtain/gain_primaries.h"

namespace hdrp {
namespace {

constexpr int kFineBandRows = 16;

/// Through libjpeg alone: a JPEG's colours are its profile's, or EXIF's.
[[nodiscard]] Expected<LightRows> OpenJpegLight(const GainMapFile& file, const Limits& limits,
                                                const StopCondition& stop) {
  const InputFile& bytes = *file.file;
  HDRP_ASSIGN_OR_RETURN(BaseColor color,
                        Within(bytes.name + ": ICC profile", BaseColorOf(*file.jpeg)));
  HDRP_ASSIGN_OR_RETURN(
      JpegRowReader reader,
      Within(bytes.name, JpegRowReader::Open(
                             file.jpeg->primary.In(bytes.bytes),
                             {.output = JpegOutput::kAsStored, .limits = limits, .stop = stop})));
  const Chromaticities primaries = color.primaries;
  Plane<std::uint8_t> codes(file.base.width, kFineBandRows, reader.channels());
  auto read = [reader = std::move(reader), color = std::move(color),
               codes = std::move(codes)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<std::uint8_t> rows = codes.view();
    rows.height = band.height;
    HDRP_RETURN_IF_ERROR(reader.Read(rows));
    for (int y = 0; y < band.height; ++y) LinearFromCodes(rows.RowSpan(y), color, band.RowSpan(y));
    return {};
  };
  return LightRows{file.raster(), primaries, std::move(read)};
}

[[nodiscard]] Expected<LightRows> OpenPictureLight(const GainMapFile& file, const Limits& limits,
                                                   const StopCondition& stop) {
  const std::string& name = file.file->name;
  HDRP_ASSIGN_OR_RETURN(
      PictureRows picture,
      Within(name, OpenPicture(file.file->bytes, {.limits = limits, .stop = stop})));
  const PictureInfo& info = picture.info;
  const Raster raster{info.width, info.height, info.orientation};
  Chromaticities primaries = info.color.primaries;
  if (!info.color.icc.empty()) {
    HDRP_ASSIGN_OR_RETURN(const BaseColor color,
                          Within(name + ": ICC profile", ReadIccProfile(info.color.icc)));
    primaries = color.primaries;
  }
  HDRP_ASSIGN_OR_RETURN(
      RowLineariser lineariser,
      Within(name, RowLineariser::Create(info.color, {info.channels, info.bits, info.is_float},
                                         {.target = primaries})));
  Plane<float> samples(info.width, kFineBandRows, info.channels);
  auto read = [picture = std::move(picture), lineariser = std::move(lineariser),
               samples = std::move(samples)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<float> rows = samples.view();
    rows.height = band.height;
    HDRP_RETURN_IF_ERROR(picture.read(rows));
    for (int y = 0; y < band.height; ++y) lineariser.Row(rows.RowSpan(y), band.RowSpan(y));
    return {};
  };
  return LightRows{raster, primaries, std::move(read)};
}

/// The map's state for the rows to come.
struct Applied {
  Applied(EncodedGainMap whole, const Raster& raster)
      : map(std::move(whole)),
        rows(map, raster.width, raster.height),
        constants(ApplyConstantsOf(map.metadata, 1.0)),
        gain(static_cast<std::size_t>(rows.channels()) * static_cast<std::size_t>(raster.width)),
        linear(raster.width, kFineBandRows, 3) {}
  EncodedGainMap map;
  GainRows rows;  ///< borrows the map
  ApplyConstants constants;
  std::vector<float> gain;
  Plane<float> linear;
  int rows_read = 0;
};

}  // namespace

Expected<LightRows> OpenBaseLight(const GainMapFile& file, const Limits& limits,
                                  const StopCondition& stop) {
  return file.jpeg ? OpenJpegLight(file, limits, stop) : OpenPictureLight(file, limits, stop);
}

Expected<LightRows> OpenRenderedLight(GainMapFile& file, const RenderedLightOptions& options) {
  const std::string& name = file.file->name;
  HDRP_RETURN_IF_ERROR(Within(name, RequireGainMap(file)));
  HDRP_ASSIGN_OR_RETURN(EncodedGainMap map,
                        Within(name, ExtractGainMap(file, options.apple_transfer)));
  HDRP_ASSIGN_OR_RETURN(const auto alternate, AlternatePrimariesOf(file, map));
  HDRP_ASSIGN_OR_RETURN(LightRows base, OpenBaseLight(file, options.limits, options.stop));
  const Chromaticities primaries = alternate.value_or(base.primaries);
  HDRP_ASSIGN_OR_RETURN(const RgbConversion conversion,
                        Within(name, RgbConversion::Create(base.primaries, primaries)));
  auto applied = std::make_unique<Applied>(std::move(map), base.raster);
  auto read = [name, applied = std::move(applied), converts = alternate.has_value(), conversion,
               read_base = std::move(base.read)](PlaneView<float> band) mutable -> Expected<void> {
    for (int first = 0; first < band.height; first += kFineBandRows) {
      PlaneView<float> in = applied->linear.view();
      in.height = std::min(kFineBandRows, band.height - first);
      HDRP_RETURN_IF_ERROR(Within(name, read_base(in)));
      for (int y = 0; y < in.height; ++y) {
        if (converts) conversion.Row(in.RowSpan(y));
        applied->rows.Row(applied->rows_read++, applied->gain);
        ApplyGainRow(in.RowSpan(y), applied->gain, applied->constants, band.RowSpan(first + y));
      }
    }
    return {};
  };
  return LightRows{base.raster, primaries, std::move(read)};
}

}  // namespace hdrp
