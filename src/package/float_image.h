// The HDR rendition as a float picture for QA: linear light, 1.0 = SDR white, row bands in order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/file_format.h"
#include "base/plane.h"
#include "color/icc.h"

namespace hdrp {

struct FloatImageInfo {
  int width = 0;
  int height = 0;
  Chromaticities primaries;
  int orientation =
      1;  ///< EXIF orientation, a TIFF tag; OpenEXR has none, so pixels stay as stored
};

/// OpenEXR (half, ZIP, chromaticities, whiteLuminance 203) or TIFF (32-bit float RGB, deflate with
/// the floating-point predictor). Deterministic: no dates, no software tag. Rows are written as
/// they come; the file is complete after Finish().
class FloatImageWriter {
 public:
  [[nodiscard]] static Expected<FloatImageWriter> Create(const std::filesystem::path& path,
                                                         FileFormat format,
                                                         const FloatImageInfo& info);
  FloatImageWriter(FloatImageWriter&&) noexcept;
  ~FloatImageWriter();
  /// The next `band.height` rows, 3 channels.
  [[nodiscard]] Expected<void> Write(PlaneView<const float> band);
  [[nodiscard]] Expected<void> Finish();

 private:
  struct State;
  explicit FloatImageWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hdrp
