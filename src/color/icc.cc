#include "color/icc.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

namespace hdrp {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

[[nodiscard]] std::unexpected<Error> NotUsable(ErrorCode code, std::string_view what) {
  return Fail(code, "ICC profile", "{}", what);
}

using Matrix = std::array<std::array<double, 3>, 3>;

[[nodiscard]] Matrix Inverted(const Matrix& m) {
  const auto cofactor = [&m](std::size_t r, std::size_t c) {
    const std::size_t r1 = (r + 1) % 3;
    const std::size_t r2 = (r + 2) % 3;
    const std::size_t c1 = (c + 1) % 3;
    const std::size_t c2 = (c + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  };
  const double determinant =
      m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  Matrix result{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) result[c][r] = cofactor(r, c) / determinant;
  }
  return result;
}

using Xyz = std::array<double, 3>;

[[nodiscard]] Xyz Multiplied(const Matrix& m, const Xyz& v) {
  Xyz result{};
  for (std::size_t r = 0; r < 3; ++r) result[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
  return result;
}

/// Bradford cone responses (ICC.1:2022, annex E).
constexpr Matrix kBradford = {
    {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};
constexpr Xyz kD50 = {0.9642, 1.0, 0.8249};
constexpr Xyz kD65 = {0.95047, 1.0, 1.08883};

/// From the profile connection space's D50 to the D65 that photographs' profiles are made for.
[[nodiscard]] Xyz D65From(const Xyz& d50) {
  const Xyz from = Multiplied(kBradford, kD50);
  const Xyz to = Multiplied(kBradford, kD65);
  Xyz cone = Multiplied(kBradford, d50);
  for (std::size_t i = 0; i < 3; ++i) cone[i] *= to[i] / from[i];
  return Multiplied(Inverted(kBradford), cone);
}

[[nodiscard]] std::array<double, 2> XyFrom(const Xyz& xyz) {
  const double sum = xyz[0] + xyz[1] + xyz[2];
  return {xyz[0] / sum, xyz[1] / sum};
}

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
    const double v = static_cast<double>(code) / 255;
    const double linear = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
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
  // lcms2 reports errors to a handler that nobody has set: it says nothing.
  const Profile profile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
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

}  // namespace hdrp
