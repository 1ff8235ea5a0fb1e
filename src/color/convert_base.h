// An SDR picture in any colour space as 8-bit codes of a space that every viewer shows rightly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/error.h"
#include "color/color_spec.h"
#include "color/linearise.h"

namespace hdrp {

/// True where all four points agree within 0.005 in x and y.
[[nodiscard]] bool SamePrimaries(const Chromaticities& a, const Chromaticities& b);

enum class OutputSpace : std::uint8_t {
  kKeep,       ///< the codes and the profile as they are; without a profile they are sRGB
  kSrgb,       ///< sRGB, which needs no profile
  kDisplayP3,  ///< with DisplayP3IccProfile()
};

enum class ProfilePolicy : std::uint8_t {
  kConvert,  ///< wide and unusual spaces become Display P3
  kKeep,     ///< an embedded profile is kept, whichever it is
};

/// unsupported for PQ, HLG and profiles that go on above SDR white: such an edit is no SDR picture.
[[nodiscard]] Expected<void> RequireSdr(const ColorSpec& spec);

/// Kept are grey pictures with a profile, and pictures whose space is sRGB or Display P3 by profile
/// (primaries within 0.005 in xy, curve within one 8-bit code) or by default. Other curves on Rec.
/// 709 primaries become sRGB. Everything else becomes Display P3: Adobe RGB, ProPhoto, Rec. 2020,
/// LUT profiles; also Display P3 that is stated without a profile (its codes stay).
/// RequireSdr's error; unsupported for profiles that are neither RGB nor grey; bad_input for
/// damaged ones.
[[nodiscard]] Expected<OutputSpace> OutputSpaceFor(const ColorSpec& spec, int channels,
                                                   ProfilePolicy policy);

/// Immutable, so several threads may share one.
class BaseConverter {
 public:
  /// `space` as OutputSpaceFor chose it. Relative colorimetric, without black point compensation;
  /// what does not fit the gamut is clipped per channel.
  [[nodiscard]] static Expected<BaseConverter> Create(const ColorSpec& spec,
                                                      const SampleFormat& format,
                                                      OutputSpace space);
  BaseConverter(BaseConverter&&) noexcept;
  BaseConverter& operator=(BaseConverter&&) noexcept;
  ~BaseConverter();

  /// Rounds to nearest, without dither; one code per sample (grey stays one channel). Returns how
  /// many pixels left the output's gamut (linear light outside -0.001..1.001 in a channel).
  [[nodiscard]] std::size_t Row(std::span<const float> samples,
                                std::span<std::uint8_t> codes) const;

  /// The profile to embed; empty: none (sRGB).
  [[nodiscard]] ByteView icc() const;

 private:
  struct State;
  explicit BaseConverter(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace hdrp
