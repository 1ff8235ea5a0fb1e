#include "color/hdr_profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "base/formatted.h"
#include "color/h273.h"
#include "color/lcms.h"
#include "color/matrix.h"
#include "color/transfer.h"

namespace hdrp {
namespace {

/// Greys at code i / kSteps.
constexpr std::size_t kSteps = 64;
using Greys = std::array<double, kSteps + 1>;

/// Calibrated displays are off white by a few percent at most.
constexpr double kLeastAboveWhite = 1.25;
constexpr double kLinearTolerance = 0.004;

/// Colours as XYZ under D50, white at Y = 1, by whatever the profile is made of. Nothing is
/// clipped: lcms2 computes in floats.
class Sampler {
 public:
  explicit Sampler(cmsHPROFILE profile)
      : is_grey_(cmsGetColorSpace(profile) == cmsSigGrayData), xyz_(cmsCreateXYZProfile()) {
    if (!is_grey_ && cmsGetColorSpace(profile) != cmsSigRgbData) return;
    transform_.reset(cmsCreateTransform(profile, is_grey_ ? TYPE_GRAY_FLT : TYPE_RGB_FLT,
                                        xyz_.get(), TYPE_XYZ_DBL, INTENT_RELATIVE_COLORIMETRIC,
                                        cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE));
  }

  [[nodiscard]] bool usable() const { return transform_ != nullptr; }
  [[nodiscard]] Xyz At(const std::array<float, 3>& rgb) const {
    Xyz xyz{};
    cmsDoTransform(transform_.get(), rgb.data(), xyz.data(), 1);
    return xyz;
  }
  [[nodiscard]] Greys Luminances() const {
    Greys greys{};
    for (std::size_t i = 0; i <= kSteps; ++i) {
      const float code = static_cast<float>(i) / kSteps;
      greys[i] = At({code, code, code})[1];
    }
    return greys;
  }

 private:
  bool is_grey_;
  LcmsProfile xyz_;
  LcmsTransform transform_;
};

/// Where a curve's shape is compared, and by how many stops it may be off.
struct ShapeRange {
  double low, high, tolerance_stops;
};

/// True where the greys are `curve`'s light times one factor.
template <typename Curve>
[[nodiscard]] bool HasShape(const Greys& greys, const ShapeRange& range, Curve curve) {
  double least = 0;
  double most = 0;
  bool first = true;
  for (std::size_t i = 1; i <= kSteps; ++i) {
    const double code = static_cast<double>(i) / kSteps;
    if (code < range.low || code > range.high) continue;
    const double difference = std::log2(greys[i] / curve(code));
    if (!std::isfinite(difference)) return false;
    least = first ? difference : std::min(least, difference);
    most = first ? difference : std::max(most, difference);
    first = false;
  }
  return !first && most - least <= 2 * range.tolerance_stops;
}

/// From 0.5 to 92 cd/m2 PQ rises by 7.4 stops, slowly at first; a power of 2.2 by 4.5. Above,
/// profiles that show PQ on SDR displays map it down; below, tables are too coarse.
[[nodiscard]] bool IsPq(const Greys& greys) {
  return HasShape(greys, {0.12, 0.5, 0.4}, LinearFromPq);
}

/// A square up to the middle and an exponential above it; with the system's gamma or without. The
/// nearest power is .34 stop off.
[[nodiscard]] bool IsHlg(const Greys& greys) {
  constexpr ShapeRange kRange{0.2, 0.9, 0.12};
  return HasShape(greys, kRange, SceneFromHlg) || HasShape(greys, kRange, [](double code) {
           return std::pow(SceneFromHlg(code), 1 + static_cast<double>(kHlgGammaLessOne));
         });
}

[[nodiscard]] bool IsLinear(const Greys& greys) {
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const double wanted = greys[kSteps] * static_cast<double>(i) / kSteps;
    if (!(std::abs(greys[i] - wanted) <= kLinearTolerance * greys[kSteps])) return false;
  }
  return true;
}

/// ICC.1:2022, 9.2.17 (cicpTag); the codes are those of ITU-T H.273.
[[nodiscard]] const cmsVideoSignalType* CicpOf(cmsHPROFILE profile) {
  return static_cast<const cmsVideoSignalType*>(cmsReadTag(profile, cmsSigcicpTag));
}

[[nodiscard]] std::optional<Transfer> TransferOfCicp(const cmsVideoSignalType* cicp) {
  switch (cicp == nullptr ? h273::kUnspecified : cicp->TransferCharacteristics) {
    case h273::kTransferLinear:
      return Transfer::kLinear;
    case h273::kTransferPq:
      return Transfer::kPq;
    case h273::kTransferHlg:
      return Transfer::kHlg;
    default:
      return std::nullopt;
  }
}

[[nodiscard]] std::optional<Chromaticities> PrimariesOfCicp(const cmsVideoSignalType* cicp) {
  switch (cicp == nullptr ? h273::kUnspecified : cicp->ColourPrimaries) {
    case h273::kPrimariesBt709:
      return kRec709Primaries;
    case h273::kPrimariesBt2020:
      return kRec2020Primaries;
    case h273::kPrimariesP3D65:
      return kDisplayP3Primaries;
    default:
      return std::nullopt;
  }
}

/// Of XYZ under D50.
[[nodiscard]] std::optional<Chromaticities> PrimariesFrom(const std::array<Xyz, 3>& d50) {
  constexpr double kRounding = 0.004;
  const Matrix to_d65 = Adaptation(kD50, kD65);
  const auto xy = [&](const Xyz& xyz) { return XyFrom(Multiplied(to_d65, xyz)); };
  const Chromaticities found{xy(d50[0]), xy(d50[1]), xy(d50[2])};
  if (!IsFinite(RgbFromRgb(found, kRec2020Primaries))) return std::nullopt;
  // Files round their colorants; what is meant is the standard.
  const auto near = [](const std::array<double, 2>& a, const std::array<double, 2>& b) {
    return std::abs(a[0] - b[0]) <= kRounding && std::abs(a[1] - b[1]) <= kRounding;
  };
  for (const Chromaticities& known : {kRec709Primaries, kDisplayP3Primaries, kRec2020Primaries}) {
    if (near(found.red, known.red) && near(found.green, known.green) &&
        near(found.blue, known.blue)) {
      return known;
    }
  }
  return found;
}

[[nodiscard]] std::optional<Chromaticities> PrimariesOf(cmsHPROFILE profile) {
  if (const auto named = PrimariesOfCicp(CicpOf(profile))) return named;
  if (cmsGetColorSpace(profile) != cmsSigRgbData) return std::nullopt;
  constexpr std::array kColorants = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                     cmsSigBlueColorantTag};
  std::array<Xyz, 3> colors{};
  bool all = true;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kColorants[c]));
    all = all && xyz != nullptr;
    if (all) colors[c] = {xyz->X, xyz->Y, xyz->Z};
  }
  if (all) return PrimariesFrom(colors);
  // In the lower mid-tones even a profile that maps HDR down is near its colours' own light.
  const Sampler sampler(profile);
  if (!sampler.usable()) return std::nullopt;
  constexpr float kMiddle = 0.5F;
  const Xyz black = sampler.At({});
  for (std::size_t c = 0; c < 3; ++c) {
    std::array<float, 3> pure{};
    pure[c] = kMiddle;
    colors[c] = sampler.At(pure);
    for (std::size_t i = 0; i < 3; ++i) colors[c][i] -= black[i];
  }
  return PrimariesFrom(colors);
}

[[nodiscard]] std::optional<Greys> GreysOf(cmsHPROFILE profile) {
  const Sampler sampler(profile);
  if (!sampler.usable()) return std::nullopt;
  const Greys greys = sampler.Luminances();
  const bool finite = std::ranges::all_of(greys, [](double y) { return std::isfinite(y); });
  return finite && greys[kSteps] > 0 ? std::optional(greys) : std::nullopt;
}

/// By the tag, else by the greys.
[[nodiscard]] std::optional<Transfer> TransferOf(cmsHPROFILE profile) {
  if (const auto named = TransferOfCicp(CicpOf(profile))) return named;
  const std::optional<Greys> greys = GreysOf(profile);
  if (!greys) return std::nullopt;
  if (IsPq(*greys)) return Transfer::kPq;
  if (IsHlg(*greys)) return Transfer::kHlg;
  return IsLinear(*greys) ? std::optional(Transfer::kLinear) : std::nullopt;
}

}  // namespace

ColorSpec WithProfileRead(ColorSpec spec) {
  if (spec.icc.empty()) return spec;
  const LcmsProfile profile = OpenProfile(spec.icc);
  const std::optional<Transfer> transfer = profile ? TransferOf(profile.get()) : std::nullopt;
  if (!transfer) return spec;
  spec.transfer = *transfer;
  if (*transfer == Transfer::kLinear) return spec;
  spec.primaries = PrimariesOf(profile.get()).value_or(kRec2020Primaries);
  spec.icc.clear();
  spec.stated = true;
  return spec;
}

double PeakOfProfile(ByteView icc) {
  const LcmsProfile profile = OpenProfile(icc);
  const std::optional<Greys> greys = profile ? GreysOf(profile.get()) : std::nullopt;
  return greys && (*greys)[kSteps] >= kLeastAboveWhite ? (*greys)[kSteps] : 1;
}

std::optional<std::string> HdrCodingOf(const ColorSpec& spec) {
  if (spec.icc.empty()) {
    if (spec.transfer == Transfer::kPq) return "PQ";
    if (spec.transfer == Transfer::kHlg) return "HLG";
    return std::nullopt;
  }
  const double peak = PeakOfProfile(spec.icc);
  if (peak == 1) return std::nullopt;
  return Formatted("its ICC profile goes up to {:.1f} times SDR white", peak);
}

std::optional<Chromaticities> PrimariesOfProfile(ByteView icc) {
  const LcmsProfile profile = OpenProfile(icc);
  return profile ? PrimariesOf(profile.get()) : std::nullopt;
}

}  // namespace hdrp
