// Rows of a picture as stored -> linear RGB in the primaries one wants, 1.0 = SDR white
// (203 cd/m2). Formulas: docs/formulas.md.
#pragma once

#include <memory>
#include <span>

#include "base/error.h"
#include "color/color_spec.h"

namespace hdrp {

/// How a reader hands samples over: integers as code / largest code, floats as they are.
struct SampleFormat {
  int channels = 3;  ///< 1 (grey) or 3 (RGB)
  int bits = 8;      ///< per sample as stored
  bool is_float = false;
};

struct LineariseOptions {
  Chromaticities target = kRec2020Primaries;
  double scale = 1;  ///< a further factor on linear light, such as an exposure
};

/// Immutable, so several threads may share one.
class RowLineariser {
 public:
  /// PQ: light / 203 cd/m2. HLG: as displayed at 1,000 cd/m2, so that its 75 % is 1.0 (BT.2408).
  /// Linear light is multiplied by white_nits / 203 where the file states white_nits, else taken as
  /// it is. An ICC profile counts before transfer and primaries: matrix/TRC RGB and grey by their
  /// own curves, RGB LUT profiles by lcms2 (relative colorimetric; nothing beyond 0..1 survives
  /// them), one that means PQ or HLG as that (color/hdr_profile.h). A grey picture may have an RGB
  /// profile and the reverse. unsupported for other profiles (CMYK); bad_input for damaged ones and
  /// for primaries that span no gamut.
  [[nodiscard]] static Expected<RowLineariser> Create(const ColorSpec& spec,
                                                      const SampleFormat& format,
                                                      const LineariseOptions& options);
  RowLineariser(RowLineariser&&) noexcept;
  RowLineariser& operator=(RowLineariser&&) noexcept;
  ~RowLineariser();

  /// `samples`: any number of whole pixels. `linear_rgb`: three values for each of them, grey
  /// repeated; it must not overlap `samples`. Light outside the target's gamut stays negative, and
  /// what is not finite stays so (it may spread to the pixel's other channels).
  void Row(std::span<const float> samples, std::span<float> linear_rgb) const;

 private:
  struct State;
  explicit RowLineariser(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace hdrp
