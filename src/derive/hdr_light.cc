#include "derive/hdr_light.h"

#include <algorithm>

#include "base/band_rows.h"
#include "color/hdr_profile.h"
#include "color/rgb_conversion.h"
#include "obtain/rendered_light.h"

namespace hdrp {
namespace {

[[nodiscard]] bool HasFreeScale(const ColorSpec& color) {
  if (!color.icc.empty()) return PeakOfProfile(color.icc) == 1;
  return color.transfer != Transfer::kPq && color.transfer != Transfer::kHlg && !color.white_nits;
}

[[nodiscard]] Expected<HdrLight> OpenPictureLight(const InputFile& file,
                                                  const LineariseOptions& wanted,
                                                  const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(PictureRows picture, Within(file.name, OpenPicture(file.bytes, options)));
  const PictureInfo& info = picture.info;
  if (!IsHdr(info) && !info.unread_gain_map.empty()) {
    return Fail(ErrorCode::kUnsupported, file.name,
                "expected an HDR picture (float, PQ or HLG) or a gain-map JPEG, HEIC or AVIF as "
                "reference; this {} holds {}, which is not read yet, on an SDR picture",
                NameOf(info.format), info.unread_gain_map);
  }
  if (!IsHdr(info)) {
    return Fail(ErrorCode::kNoGainMap, file.name,
                "expected an HDR picture (float, PQ or HLG) or a gain-map JPEG as reference, found "
                "an SDR {} of {} bits",
                NameOf(info.format), info.bits);
  }
  HDRP_ASSIGN_OR_RETURN(
      RowLineariser lineariser,
      Within(file.name,
             RowLineariser::Create(info.color, {info.channels, info.bits, info.is_float}, wanted)));
  HdrLight light{{{info.width, info.height, info.orientation}, wanted.target, {}},
                 NameOf(info.format),
                 info.warnings,
                 HasFreeScale(info.color)};
  // OpenEXR's and Radiance's samples are light by definition.
  std::shared_ptr<float> largest;
  if (info.color.icc.empty() &&
      (info.format == FileFormat::kTiff || info.format == FileFormat::kPfm)) {
    largest = std::make_shared<float>(0.0F);
    light.largest_unexplained = largest;
  }
  Plane<float> samples(info.width, kBandRows, info.channels);
  light.rows.read = [picture = std::move(picture), lineariser = std::move(lineariser),
                     samples = std::move(samples),
                     largest](PlaneView<float> band) mutable -> Expected<void> {
    for (int first = 0; first < band.height; first += kBandRows) {
      PlaneView<float> rows = samples.view();
      rows.height = std::min(kBandRows, band.height - first);
      HDRP_RETURN_IF_ERROR(picture.read(rows));
      for (int y = 0; y < rows.height; ++y) {
        if (largest) *largest = std::max(*largest, std::ranges::max(rows.RowSpan(y)));
        lineariser.Row(rows.RowSpan(y), band.RowSpan(first + y));
      }
    }
    return {};
  };
  return light;
}

[[nodiscard]] Expected<HdrLight> OpenMappedLight(GainMapFile& file, const LineariseOptions& wanted,
                                                 const RenderedLightOptions& options) {
  HDRP_ASSIGN_OR_RETURN(LightRows rendered, OpenRenderedLight(file, options));
  HDRP_ASSIGN_OR_RETURN(
      const RgbConversion conversion,
      Within(file.file->name,
             RgbConversion::Create(rendered.primaries, wanted.target, wanted.scale)));
  HdrLight light{{rendered.raster, wanted.target, {}}, NameOf(file.base.format), {}, false};
  light.rows.read = [read = std::move(rendered.read),
                     conversion](PlaneView<float> band) mutable -> Expected<void> {
    HDRP_RETURN_IF_ERROR(read(band));
    for (int y = 0; y < band.height; ++y) conversion.Row(band.RowSpan(y));
    return {};
  };
  return light;
}

}  // namespace

bool IsHdr(const PictureInfo& info) {
  if (info.is_float || HdrCodingOf(info.color)) return true;
  // In 8 bits linear light has no dark tones: it is an SDR picture, if an odd one.
  return info.color.transfer == Transfer::kLinear && info.bits >= 16;
}

Expected<HdrLight> OpenHdrLight(const HdrOriginal& original, const LineariseOptions& wanted,
                                const PictureOptions& options) {
  if (original.with_map != nullptr) {
    return OpenMappedLight(*original.with_map, wanted,
                           {original.apple_transfer, options.limits, options.stop});
  }
  return OpenPictureLight(original.file, wanted, options);
}

}  // namespace hdrp
