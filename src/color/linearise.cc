#include "color/linearise.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "color/hdr_profile.h"
#include "color/icc.h"
#include "color/lcms.h"
#include "color/matrix.h"
#include "color/transfer.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "colour";
/// Floats, and integers of more than 16 bits, are interpolated in a table of this size.
constexpr std::size_t kFineTable = 65'536;

/// The curve of one channel, beyond 0..1 as well.
class Curve {
 public:
  explicit Curve(Transfer transfer) : transfer_(transfer) {}
  /// 1 at `curve`'s value for 1.
  explicit Curve(LcmsCurve curve)
      : curve_(std::move(curve)), factor_(1 / cmsEvalToneCurveFloat(curve_.get(), 1)) {}

  [[nodiscard]] float At(float code) const {
    if (!curve_) return static_cast<float>(LinearFromCode(transfer_, static_cast<double>(code)));
    if (!std::isfinite(code)) return code;  // lcms2 makes +-1e22 of these
    return cmsEvalToneCurveFloat(curve_.get(), code) * factor_;
  }

  [[nodiscard]] std::vector<float> Table(std::size_t size) const {
    std::vector<float> table(size);
    const auto largest = static_cast<double>(size - 1);
    for (std::size_t i = 0; i < size; ++i) {
      table[i] = At(static_cast<float>(static_cast<double>(i) / largest));
    }
    return table;
  }

 private:
  LcmsCurve curve_;
  Transfer transfer_ = Transfer::kLinear;
  float factor_ = 1;
};

/// One curve, or one per channel, as tables.
struct Curves {
  std::vector<Curve> curves;
  std::vector<std::vector<float>> tables;

  [[nodiscard]] std::size_t IndexOf(std::size_t channel) const {
    return curves.size() == 1 ? 0 : channel;
  }
};

/// out[i * out_step] = table[in[i * in_step]], nearest entry. The indices are made first, in a loop
/// that vectorises. NaN gives 0: no integer picture has one, but an index must not depend on that.
struct Strided {
  std::size_t count, in_step, out_step;
};
void LookUp(const float* in, float* out, const std::vector<float>& table, const Strided& shape) {
  constexpr std::size_t kBlock = 256;
  std::array<int, kBlock> indices;
  const auto largest = static_cast<float>(table.size() - 1);
  const float* entries = table.data();
  for (std::size_t at = 0; at < shape.count; at += kBlock) {
    const std::size_t size = std::min(kBlock, shape.count - at);
    const float* block_in = in + at * shape.in_step;
    float* block_out = out + at * shape.out_step;
    for (std::size_t i = 0; i < size; ++i) {
      const float code = block_in[i * shape.in_step];
      const float positive = code > 0 ? code : 0.0F;
      indices[i] = static_cast<int>((positive < 1 ? positive : 1.0F) * largest + 0.5F);
    }
    for (std::size_t i = 0; i < size; ++i) block_out[i * shape.out_step] = entries[indices[i]];
  }
}

[[nodiscard]] float Interpolated(const std::vector<float>& table, const Curve& curve, float code) {
  if (!(code >= 0 && code <= 1)) return curve.At(code);
  const float position = code * static_cast<float>(kFineTable - 1);
  const auto index = std::min(static_cast<std::size_t>(static_cast<int>(position)), kFineTable - 2);
  const float part = position - static_cast<float>(index);
  return table[index] + part * (table[index + 1] - table[index]);
}

struct Input {
  Curves curves = {};            ///< none for linear light and for LUT profiles
  LcmsTransform transform = {};  ///< of LUT profiles, to linear Rec. 2020
  Chromaticities primaries = {};
  bool neutral_grey = true;  ///< equal samples are grey
};

[[nodiscard]] std::unexpected<Error> Unusable(std::string_view what) {
  return Fail(ErrorCode::kBadInput, "ICC profile", "{}", what);
}

[[nodiscard]] Expected<Input> MatrixProfile(ByteView icc, const BaseColor& color) {
  Input input{.primaries = color.primaries};
  const LcmsProfile profile = OpenProfile(icc);
  if (!profile) return Unusable("cannot be read");
  const bool rgb = cmsGetColorSpace(profile.get()) == cmsSigRgbData;
  const bool alike = color.linear_of_code[0] == color.linear_of_code[1] &&
                     color.linear_of_code[0] == color.linear_of_code[2];
  input.neutral_grey = alike;
  constexpr std::array kCurves = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  for (std::size_t c = 0; c < (rgb && !alike ? 3U : 1U); ++c) {
    const auto* curve = static_cast<const cmsToneCurve*>(
        cmsReadTag(profile.get(), rgb ? kCurves[c] : cmsSigGrayTRCTag));
    LcmsCurve copy(curve == nullptr ? nullptr : cmsDupToneCurve(curve));
    if (!copy) return Unusable("a tone curve is missing");
    input.curves.curves.emplace_back(std::move(copy));
  }
  return input;
}

[[nodiscard]] Expected<Input> LutProfile(ByteView icc) {
  const LcmsProfile profile = OpenProfile(icc);
  const LcmsCurve linear(cmsBuildGamma(nullptr, 1));
  if (!profile || !linear) return Unusable("cannot be read");
  const auto xyy = [](const std::array<double, 2>& xy) { return cmsCIExyY{xy[0], xy[1], 1}; };
  const cmsCIExyY white = xyy(kRec2020Primaries.white);
  const cmsCIExyYTRIPLE primaries = {xyy(kRec2020Primaries.red), xyy(kRec2020Primaries.green),
                                     xyy(kRec2020Primaries.blue)};
  const std::array<cmsToneCurve*, 3> curves = {linear.get(), linear.get(), linear.get()};
  const LcmsProfile working(cmsCreateRGBProfile(&white, &primaries, curves.data()));
  // Without its cache a transform may be shared by threads; the optimiser would trade precision.
  LcmsTransform transform(cmsCreateTransform(profile.get(), TYPE_RGB_FLT, working.get(),
                                             TYPE_RGB_FLT, INTENT_RELATIVE_COLORIMETRIC,
                                             cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE));
  if (!transform) return Unusable("its tables cannot be used");
  return Input{
      .transform = std::move(transform), .primaries = kRec2020Primaries, .neutral_grey = false};
}

[[nodiscard]] Expected<Input> InputOf(const ColorSpec& spec) {
  if (spec.icc.empty()) {
    Input input{.primaries = spec.primaries};
    if (spec.transfer != Transfer::kLinear) input.curves.curves.emplace_back(spec.transfer);
    return input;
  }
  const Expected<BaseColor> color = ReadIccProfile(spec.icc);
  if (color) return MatrixProfile(spec.icc, *color);
  if (color.error().code == ErrorCode::kUnsupported && IsRgbProfile(spec.icc)) {
    return LutProfile(spec.icc);
  }
  return std::unexpected(color.error());
}

/// Curves of profiles are taken with 1 at code 1; tables give the light as it is.
[[nodiscard]] double ScaleOf(const ColorSpec& spec, const Input& input,
                             const LineariseOptions& options) {
  if (!spec.icc.empty()) {
    return input.transform ? options.scale : options.scale * PeakOfProfile(spec.icc);
  }
  const bool scene_white = spec.transfer == Transfer::kLinear;
  return scene_white && spec.white_nits ? options.scale * *spec.white_nits / kSdrWhiteNits
                                        : options.scale;
}

}  // namespace

struct RowLineariser::State {
  int channels = 3;
  bool interpolate = false;
  Curves curves;
  LcmsTransform transform;
  std::optional<std::array<float, 3>> hlg_luminance;
  std::optional<std::array<float, 9>> matrix;  ///< row by row; holds the scale
  float scale = 1;                             ///< where there is no matrix

  void ApplyCurves(std::span<const float> samples, std::span<float> linear) const {
    const auto step = static_cast<std::size_t>(channels);
    if (curves.curves.empty()) {
      if (step == 3) {
        std::ranges::copy(samples, linear.begin());
      } else {
        for (std::size_t i = 0; i < samples.size(); ++i) {
          linear[3 * i] = linear[3 * i + 1] = linear[3 * i + 2] = samples[i];
        }
      }
      return;
    }
    // Equal channels are one run of samples.
    const bool one_run = step == 3 && curves.curves.size() == 1;
    for (std::size_t c = 0; c < (one_run ? 1U : 3U); ++c) {
      const float* in = samples.data() + (step == 3 ? c : 0);
      const Strided shape =
          one_run ? Strided{samples.size(), 1, 1} : Strided{linear.size() / 3, step, 3};
      float* out = linear.data() + c;
      const std::vector<float>& table = curves.tables[curves.IndexOf(c)];
      if (!interpolate) {
        LookUp(in, out, table, shape);
        continue;
      }
      const Curve& curve = curves.curves[curves.IndexOf(c)];
      for (std::size_t i = 0; i < shape.count; ++i) {
        out[i * shape.out_step] = Interpolated(table, curve, in[i * shape.in_step]);
      }
    }
  }

  /// BT.2100's OOTF, see color/transfer.h.
  void ApplyHlgSystem(std::span<float> linear) const {
    const auto& weights = *hlg_luminance;
    for (std::size_t i = 0; i + 2 < linear.size(); i += 3) {
      float* pixel = linear.data() + i;
      const float scene = weights[0] * pixel[0] + weights[1] * pixel[1] + weights[2] * pixel[2];
      const float gain = kHlgPeakLinear * std::pow(scene, kHlgGammaLessOne);
      for (std::size_t c = 0; c < 3; ++c) pixel[c] *= gain;
    }
  }

  void ApplyMatrix(std::span<float> linear) const {
    if (!matrix) {
      if (scale == 1) return;
      for (float& value : linear) value *= scale;
      return;
    }
    const std::array<float, 9> m = *matrix;
    float* pixel = linear.data();
    for (std::size_t i = 0; i + 2 < linear.size(); i += 3) {
      const float r = pixel[i];
      const float g = pixel[i + 1];
      const float b = pixel[i + 2];
      pixel[i] = m[0] * r + m[1] * g + m[2] * b;
      pixel[i + 1] = m[3] * r + m[4] * g + m[5] * b;
      pixel[i + 2] = m[6] * r + m[7] * g + m[8] * b;
    }
  }
};

RowLineariser::RowLineariser(std::unique_ptr<const State> state) : state_(std::move(state)) {}
RowLineariser::RowLineariser(RowLineariser&&) noexcept = default;
RowLineariser& RowLineariser::operator=(RowLineariser&&) noexcept = default;
RowLineariser::~RowLineariser() = default;

Expected<RowLineariser> RowLineariser::Create(const ColorSpec& given, const SampleFormat& format,
                                              const LineariseOptions& options) {
  if (format.channels != 1 && format.channels != 3) {
    return Fail(ErrorCode::kInternal, kWhere, "expected 1 or 3 channels, found {}",
                format.channels);
  }
  const ColorSpec spec = WithProfileRead(given);
  HDRP_ASSIGN_OR_RETURN(Input input, InputOf(spec));

  auto state = std::make_unique<State>();
  state->channels = format.channels;
  state->curves = std::move(input.curves);
  state->transform = std::move(input.transform);
  state->interpolate = format.is_float || format.bits > 16;
  const std::size_t size =
      state->interpolate ? kFineTable : std::size_t{1} << std::clamp(format.bits, 1, 16);
  for (const Curve& curve : state->curves.curves) {
    const auto& table = state->curves.tables.emplace_back(curve.Table(size));
    if (!std::ranges::all_of(table, [](float v) { return std::isfinite(v); })) {
      return Unusable("a tone curve is not usable");
    }
  }
  const bool is_hlg = spec.icc.empty() && spec.transfer == Transfer::kHlg;
  if (is_hlg) {
    const Xyz weights = XyzFromRgb(input.primaries)[1];
    state->hlg_luminance = {static_cast<float>(weights[0]), static_cast<float>(weights[1]),
                            static_cast<float>(weights[2])};
  }

  const double scale = ScaleOf(spec, input, options);
  state->scale = static_cast<float>(scale);
  const Matrix matrix = RgbFromRgb(input.primaries, options.target);
  if (!IsFinite(matrix) || !std::isfinite(scale)) {
    return Fail(ErrorCode::kBadInput, kWhere, "the primaries do not span a gamut");
  }
  // Grey is grey in any primaries.
  const bool stays_grey = format.channels == 1 && input.neutral_grey;
  if (input.primaries != options.target && !stays_grey) {
    auto& cells = state->matrix.emplace();
    for (std::size_t i = 0; i < 9; ++i) {
      cells[i] = static_cast<float>(matrix[i / 3][i % 3] * scale);
    }
  }
  return RowLineariser(std::move(state));
}

void RowLineariser::Row(std::span<const float> samples, std::span<float> linear_rgb) const {
  assert(samples.size() / static_cast<std::size_t>(state_->channels) * 3 == linear_rgb.size());
  state_->ApplyCurves(samples, linear_rgb);
  if (state_->transform) {
    cmsDoTransform(state_->transform.get(), linear_rgb.data(), linear_rgb.data(),
                   static_cast<cmsUInt32Number>(linear_rgb.size() / 3));
  }
  if (state_->hlg_luminance) state_->ApplyHlgSystem(linear_rgb);
  state_->ApplyMatrix(linear_rgb);
}

}  // namespace hdrp
