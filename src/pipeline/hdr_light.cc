#include "pipeline/hdr_light.h"

#include <algorithm>
#include <variant>

#include "color/hdr_profile.h"
#include "color/linearise.h"
#include "color/rgb_conversion.h"
#include "pipeline/rendered_light.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

[[nodiscard]] bool HasFreeScale(const ColorSpec& color) {
  if (!color.icc.empty()) return PeakOfProfile(color.icc) == 1;
  return color.transfer != Transfer::kPq && color.transfer != Transfer::kHlg && !color.white_nits;
}

[[nodiscard]] Expected<HdrLight> OpenPictureLight(const InputFile& file,
                                                  const LineariseOptions& wanted,
                                                  const PictureOptions& options) {
  Expected<PictureRows> picture = OpenPicture(file.bytes, options);
  if (!picture) return Within(file.name, std::move(picture.error()));
  const PictureInfo& info = picture->info;
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
  Expected<RowLineariser> lineariser =
      RowLineariser::Create(info.color, {info.channels, info.bits, info.is_float}, wanted);
  if (!lineariser) return Within(file.name, std::move(lineariser.error()));
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
  light.rows.read = [picture = *std::move(picture), lineariser = *std::move(lineariser),
                     samples = std::move(samples),
                     largest](PlaneView<float> band) mutable -> Expected<void> {
    for (int first = 0; first < band.height; first += kBandRows) {
      PlaneView<float> rows = samples.view();
      rows.height = std::min(kBandRows, band.height - first);
      if (Expected<void> ok = picture.read(rows); !ok) return ok;
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
  Expected<LightRows> rendered = OpenRenderedLight(file, options);
  if (!rendered) return std::unexpected(std::move(rendered.error()));
  const Expected<RgbConversion> conversion =
      RgbConversion::Create(rendered->primaries, wanted.target, wanted.scale);
  if (!conversion) return Within(file.file->name, conversion.error());
  const bool is_jpeg = std::holds_alternative<GainMapJpeg>(file.parsed);
  HdrLight light{{rendered->raster, wanted.target, {}},
                 is_jpeg ? "JPEG" : NameOf(std::get<GainMapPicture>(file.parsed).base.format),
                 {},
                 false};
  light.rows.read = [read = std::move(rendered->read),
                     conversion = *conversion](PlaneView<float> band) mutable -> Expected<void> {
    if (Expected<void> ok = read(band); !ok) return ok;
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

Expected<HdrLight> OpenHdrLight(const HdrOriginal& original, const Chromaticities& primaries,
                                double scale, const Request& request) {
  const LineariseOptions wanted{.target = primaries, .scale = scale};
  if (original.with_map != nullptr) {
    return OpenMappedLight(
        *original.with_map, wanted,
        {request.options.apple_transfer, request.limits, request.parallelism.stop});
  }
  return OpenPictureLight(original.file, wanted, PictureOptionsOf(request));
}

}  // namespace hdrp
