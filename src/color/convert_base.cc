#include "color/convert_base.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "color/hdr_profile.h"
#include "color/icc.h"
#include "color/icc_write.h"
#include "color/transfer.h"

namespace hdrp {
namespace {

constexpr double kSameXy = 0.005;
constexpr double kSameCode = 1.0 / 255;

[[nodiscard]] bool HasSrgbCurve(const BaseColor& color) {
  return std::ranges::all_of(color.linear_of_code, [](const auto& table) {
    for (std::size_t code = 0; code < table.size(); ++code) {
      const double seen = SrgbFromLinear(static_cast<double>(table[code]));
      if (!(std::abs(seen - static_cast<double>(code) / 255) <= kSameCode)) return false;
    }
    return true;
  });
}

[[nodiscard]] OutputSpace SpaceForPrimaries(const Chromaticities& primaries) {
  return SamePrimaries(primaries, kRec709Primaries) ? OutputSpace::kSrgb : OutputSpace::kDisplayP3;
}

[[nodiscard]] Expected<OutputSpace> SpaceForProfile(ByteView icc, int channels,
                                                    ProfilePolicy policy) {
  const Expected<BaseColor> color = ReadIccProfile(icc);
  const bool is_rgb = IsRgbProfile(icc);
  if (!color && (color.error().code != ErrorCode::kUnsupported || !is_rgb)) {
    return std::unexpected(color.error());
  }
  // A profile of the wrong number of channels means nothing to viewers, so it cannot be kept.
  if (!is_rgb && channels == 3) return OutputSpace::kSrgb;
  if (policy == ProfilePolicy::kKeep || channels == 1) return OutputSpace::kKeep;
  if (!color) return OutputSpace::kDisplayP3;
  const bool is_known = SamePrimaries(color->primaries, kRec709Primaries) ||
                        SamePrimaries(color->primaries, kDisplayP3Primaries);
  if (is_known && HasSrgbCurve(*color)) return OutputSpace::kKeep;
  return SpaceForPrimaries(color->primaries);
}

/// sRGB codes of linear light, rounded to nearest exactly: a start from a coarse table, which is
/// never more than one too low, then one comparison with the true limit between two codes.
class SrgbEncoder {
 public:
  SrgbEncoder() {
    for (std::size_t code = 0; code < 255; ++code) {
      limits_[code] = static_cast<float>(LinearFromSrgb((static_cast<double>(code) + 0.5) / 255));
    }
    limits_[255] = 2;  // nothing is above
    for (std::size_t i = 0; i < kSteps; ++i) {
      const float low = static_cast<float>(i) / kSteps;
      std::uint8_t code = 0;
      while (low >= limits_[code]) ++code;
      starts_[i] = code;
    }
    starts_[kSteps] = 255;
  }

  /// NaN gives 0.
  [[nodiscard]] std::uint8_t CodeOf(float linear) const {
    const float clamped = linear > 0 ? std::min(linear, 1.0F) : 0.0F;
    const std::uint8_t start =
        starts_[static_cast<std::size_t>(static_cast<int>(clamped * kSteps))];
    return static_cast<std::uint8_t>(start + (clamped >= limits_[start] ? 1 : 0));
  }

 private:
  // The curve's steepest part is 12.92 * 255 = 3295 codes per unit of light.
  static constexpr std::size_t kSteps = 4096;
  std::array<float, 256> limits_{};
  std::array<std::uint8_t, kSteps + 1> starts_{};
};

[[nodiscard]] std::uint8_t RoundedCode(float sample) {
  const float clamped = sample > 0 ? std::min(sample, 1.0F) : 0.0F;
  return static_cast<std::uint8_t>(static_cast<int>(clamped * 255 + 0.5F));
}

[[nodiscard]] bool IsClipped(float linear) { return !(linear >= -0.001F && linear <= 1.001F); }

}  // namespace

bool SamePrimaries(const Chromaticities& a, const Chromaticities& b) {
  const auto near = [](const std::array<double, 2>& p, const std::array<double, 2>& q) {
    return std::abs(p[0] - q[0]) <= kSameXy && std::abs(p[1] - q[1]) <= kSameXy;
  };
  return near(a.red, b.red) && near(a.green, b.green) && near(a.blue, b.blue) &&
         near(a.white, b.white);
}

Expected<void> RequireSdr(const ColorSpec& given) {
  const std::optional<std::string> coding = HdrCodingOf(WithProfileRead(given));
  if (!coding) return {};
  return Fail(ErrorCode::kUnsupported, "edit",
              "the edit is an HDR picture ({}); expected an SDR one", *coding);
}

Expected<OutputSpace> OutputSpaceFor(const ColorSpec& spec, int channels, ProfilePolicy policy) {
  HDRP_RETURN_IF_ERROR(RequireSdr(spec));
  if (!spec.icc.empty()) return SpaceForProfile(spec.icc, channels, policy);
  const bool is_srgb = spec.transfer == Transfer::kSrgb &&
                       (channels == 1 || SamePrimaries(spec.primaries, kRec709Primaries));
  if (is_srgb) return OutputSpace::kKeep;
  return channels == 1 ? OutputSpace::kSrgb : SpaceForPrimaries(spec.primaries);
}

struct BaseConverter::State {
  std::size_t channels = 3;
  Bytes icc;
  std::optional<RowLineariser> lineariser;  ///< absent where the codes stay
  SrgbEncoder encoder;

  [[nodiscard]] std::size_t Convert(std::span<const float> samples,
                                    std::span<std::uint8_t> codes) const {
    constexpr std::size_t kPixels = 256;
    std::array<float, 3 * kPixels> buffer;
    std::size_t clipped = 0;
    for (std::size_t at = 0; at < codes.size(); at += kPixels * channels) {
      const std::size_t count = std::min(kPixels * channels, codes.size() - at);
      const std::span<float> linear = std::span(buffer).first(count / channels * 3);
      lineariser->Row(samples.subspan(at, count), linear);
      for (std::size_t i = 0; i + 2 < linear.size(); i += 3) {
        clipped += IsClipped(linear[i]) || IsClipped(linear[i + 1]) || IsClipped(linear[i + 2]);
      }
      const std::size_t step = 3 / channels;  // of grey the first of three equal values
      for (std::size_t i = 0; i < count; ++i) codes[at + i] = encoder.CodeOf(linear[i * step]);
    }
    return clipped;
  }
};

BaseConverter::BaseConverter(std::unique_ptr<const State> state) : state_(std::move(state)) {}
BaseConverter::BaseConverter(BaseConverter&&) noexcept = default;
BaseConverter& BaseConverter::operator=(BaseConverter&&) noexcept = default;
BaseConverter::~BaseConverter() = default;

Expected<BaseConverter> BaseConverter::Create(const ColorSpec& spec, const SampleFormat& format,
                                              OutputSpace space) {
  if (format.channels != 1 && format.channels != 3) {
    return Fail(ErrorCode::kInternal, "colour", "expected 1 or 3 channels, found {}",
                format.channels);
  }
  auto state = std::make_unique<State>();
  state->channels = static_cast<std::size_t>(format.channels);
  if (space == OutputSpace::kKeep) {
    state->icc = spec.icc;
    return BaseConverter(std::move(state));
  }
  const bool to_p3 = space == OutputSpace::kDisplayP3;
  const Chromaticities& target = to_p3 ? kDisplayP3Primaries : kRec709Primaries;
  if (to_p3) state->icc = DisplayP3IccProfile();
  if (spec.icc.empty() && spec.transfer == Transfer::kSrgb &&
      SamePrimaries(spec.primaries, target)) {
    return BaseConverter(std::move(state));
  }
  HDRP_ASSIGN_OR_RETURN(state->lineariser, RowLineariser::Create(spec, format, {.target = target}));
  return BaseConverter(std::move(state));
}

std::size_t BaseConverter::Row(std::span<const float> samples,
                               std::span<std::uint8_t> codes) const {
  assert(samples.size() == codes.size());
  if (state_->lineariser) return state_->Convert(samples, codes);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = RoundedCode(samples[i]);
  return 0;
}

ByteView BaseConverter::icc() const { return state_->icc; }

}  // namespace hdrp
