#include "color/icc.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "color/lcms.h"
#include "color/matrix.h"
#include "color/transfer.h"

namespace hdrp {
namespace {

[[nodiscard]] std::unexpected<Error> NotUsable(ErrorCode code, std::string_view what) {
  return Fail(code, "ICC profile", "{}", what);
}

/// From the profile connection space's D50 to the D65 that photographs' profiles are made for.
[[nodiscard]] Xyz D65From(const Xyz& d50) { return Multiplied(Adaptation(kD50, kD65), d50); }

/// Linear light of each code, white at 1. nullopt where the curve has no white or no finite values.
[[nodiscard]] std::optional<std::array<float, 256>> TableOf(const cmsToneCurve* curve) {
  std::array<float, 256> table{};
  for (std::size_t code = 0; code < table.size(); ++code) {
    table[code] = cmsEvalToneCurveFloat(curve, static_cast<float>(code) / 255);
  }
  const float white = table[255];
  for (float& linear : table) linear /= white;
  const bool finite = std::ranges::all_of(table, [](float v) { return std::isfinite(v); });
  return finite && white > 0 ? std::optional(table) : std::nullopt;
}

[[nodiscard]] Expected<BaseColor> ReadGrey(cmsHPROFILE profile, BaseColor color) {
  const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, cmsSigGrayTRCTag));
  if (curve == nullptr) return NotUsable(ErrorCode::kUnsupported, "a grey profile without a curve");
  const auto table = TableOf(curve);
  if (!table) return NotUsable(ErrorCode::kBadInput, "the tone curve is not usable");
  color.linear_of_code.fill(*table);
  return color;
}

}  // namespace

BaseColor SrgbColor() {
  BaseColor color;
  for (std::size_t code = 0; code < 256; ++code) {
    const double linear = LinearFromSrgb(static_cast<double>(code) / 255);
    for (auto& table : color.linear_of_code) table[code] = static_cast<float>(linear);
  }
  return color;
}

void LinearFromCodes(std::span<const std::uint8_t> codes, const BaseColor& color,
                     std::span<float> linear) {
  const std::size_t step = codes.size() == linear.size() ? 3 : 1;
  const auto& [red, green, blue] = color.linear_of_code;
  const std::uint8_t* in = codes.data();
  for (std::size_t i = 0; i + 2 < linear.size(); i += 3, in += step) {
    linear[i] = red[in[0]];
    linear[i + 1] = green[in[step / 2]];
    linear[i + 2] = blue[in[step - 1]];
  }
}

Expected<BaseColor> ReadIccProfile(ByteView bytes) {
  const LcmsProfile profile = OpenProfile(bytes);
  if (!profile) return NotUsable(ErrorCode::kBadInput, "cannot be read");
  BaseColor color;
  color.description = IccDescription(bytes);
  if (cmsGetPCS(profile.get()) != cmsSigXYZData) {
    return NotUsable(ErrorCode::kUnsupported, "expected XYZ as the profile connection space");
  }
  if (cmsGetColorSpace(profile.get()) == cmsSigGrayData) return ReadGrey(profile.get(), color);
  if (cmsGetColorSpace(profile.get()) != cmsSigRgbData || !cmsIsMatrixShaper(profile.get())) {
    return NotUsable(ErrorCode::kUnsupported, "expected an RGB or grey matrix/TRC profile");
  }

  constexpr std::array kColorants = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                     cmsSigBlueColorantTag};
  constexpr std::array kCurves = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  const std::array<std::array<double, 2>*, 3> primaries = {
      &color.primaries.red, &color.primaries.green, &color.primaries.blue};
  double sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile.get(), kCurves[c]));
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile.get(), kColorants[c]));
    if (curve == nullptr || xyz == nullptr) {
      return NotUsable(ErrorCode::kBadInput, "a colorant or tone curve is missing");
    }
    const auto table = TableOf(curve);
    const Xyz d65 = D65From({xyz->X, xyz->Y, xyz->Z});
    *primaries[c] = XyFrom(d65);
    color.luminance[c] = d65[1];
    sum += d65[1];
    if (!table || !std::isfinite((*primaries[c])[0])) {
      return NotUsable(ErrorCode::kBadInput, "a colorant or tone curve is not usable");
    }
    color.linear_of_code[c] = *table;
  }
  if (!(sum > 0)) return NotUsable(ErrorCode::kBadInput, "the colorants have no luminance");
  for (double& weight : color.luminance) weight /= sum;
  return color;
}

bool IsRgbProfile(ByteView bytes) {
  const LcmsProfile profile = OpenProfile(bytes);
  return profile && cmsGetColorSpace(profile.get()) == cmsSigRgbData;
}

}  // namespace hdrp
