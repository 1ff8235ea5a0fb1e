#include "pipeline/hdr_light.h"

#include <algorithm>
#include <variant>

#include "color/linearise.h"
#include "color/matrix.h"
#include "pipeline/rendered_light.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

[[nodiscard]] bool HasFreeScale(const ColorSpec& color) {
  if (!color.icc.empty()) return true;
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
  Plane<float> samples(info.width, kBandRows, info.channels);
  light.rows.read = [picture = *std::move(picture), lineariser = *std::move(lineariser),
                     samples =
                         std::move(samples)](PlaneView<float> band) mutable -> Expected<void> {
    for (int first = 0; first < band.height; first += kBandRows) {
      PlaneView<float> rows = samples.view();
      rows.height = std::min(kBandRows, band.height - first);
      if (Expected<void> ok = picture.read(rows); !ok) return ok;
      for (int y = 0; y < rows.height; ++y) {
        lineariser.Row(rows.RowSpan(y), band.RowSpan(first + y));
      }
    }
    return {};
  };
  return light;
}

/// Linear light of other primaries, in place.
void Convert(std::span<float> rgb, const std::array<std::array<float, 3>, 3>& matrix) {
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const float r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
    for (std::size_t c = 0; c < 3; ++c) {
      rgb[i + c] = matrix[c][0] * r + matrix[c][1] * g + matrix[c][2] * b;
    }
  }
}

[[nodiscard]] Expected<HdrLight> OpenMappedLight(GainMapFile& file, const LineariseOptions& wanted,
                                                 const RenderedLightOptions& options) {
  Expected<LightRows> rendered = OpenRenderedLight(file, options);
  if (!rendered) return std::unexpected(std::move(rendered.error()));
  std::array<std::array<float, 3>, 3> matrix{};
  const Matrix exact = rendered->primaries == wanted.target
                           ? Matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
                           : RgbFromRgb(rendered->primaries, wanted.target);
  if (!IsFinite(exact)) {
    return Fail(ErrorCode::kBadInput, file.file->name, "the primaries span no gamut");
  }
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c)
      matrix[r][c] = static_cast<float>(exact[r][c] * wanted.scale);
  }
  const bool is_jpeg = std::holds_alternative<GainMapJpeg>(file.parsed);
  HdrLight light{{rendered->raster, wanted.target, {}},
                 is_jpeg ? "JPEG" : NameOf(std::get<GainMapPicture>(file.parsed).base.format),
                 {},
                 false};
  light.rows.read = [read = std::move(rendered->read),
                     matrix](PlaneView<float> band) mutable -> Expected<void> {
    if (Expected<void> ok = read(band); !ok) return ok;
    for (int y = 0; y < band.height; ++y) Convert(band.RowSpan(y), matrix);
    return {};
  };
  return light;
}

}  // namespace

bool IsHdr(const PictureInfo& info) {
  const Transfer transfer = info.color.transfer;
  if (info.is_float) return true;
  // An integer picture with a profile is what the profile's colours make it: SDR.
  return info.color.icc.empty() && (transfer == Transfer::kPq || transfer == Transfer::kHlg ||
                                    (transfer == Transfer::kLinear && info.bits >= 16));
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
