// Encodes 8-bit pixels as baseline JPEG through libjpeg-turbo; deterministic.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"

namespace hdrp {

/// Whose coefficients, 6 bytes a pixel at 4:4:4, stay below 200 MB.
inline constexpr std::int64_t kMaxOptimizedPixels = 32'000'000;

struct JpegEncodeOptions {
  int quality = 95;               ///< 1..100
  bool subsample_chroma = false;  ///< 4:2:0 instead of 4:4:4, for 3 channels
  /// Above 0: one quantisation step for all AC terms and a quarter of it for DC, in place of
  /// `quality`'s tables, which are made for eyes on pictures. A gain map's errors count alike at
  /// all frequencies, and its averages, which smooth skies are made of, count most.
  int flat_step = 0;
  /// Huffman tables made for the picture: some 3 % smaller, but libjpeg holds the coefficients
  /// until the end (2 bytes per sample). Without it, and above kMaxOptimizedPixels, only bands are
  /// held.
  bool optimize_coding = true;
};

/// The flat step that stands for a quality: 16 at 50, scaled as libjpeg scales its tables.
[[nodiscard]] constexpr int FlatStepOfQuality(int quality) {
  const int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const int step = (16 * percent + 50) / 100;
  return step < 1 ? 1 : (step > 64 ? 64 : step);
}

/// Takes rows one band at a time, top to bottom.
class JpegRowWriter {
 public:
  /// 1 channel (grey) or 3 (RGB, stored as YCbCr). bad_argument for a quality outside 1..100;
  /// export_failed for sizes that JPEG cannot have.
  [[nodiscard]] static Expected<JpegRowWriter> Create(int width, int height, int channels,
                                                      const JpegEncodeOptions& options);
  JpegRowWriter(JpegRowWriter&&) noexcept;
  JpegRowWriter& operator=(JpegRowWriter&&) noexcept;
  ~JpegRowWriter();

  /// The next `band.height` rows; width and channels must agree, and no more rows come than the
  /// height says. After an error the writer is of no further use.
  [[nodiscard]] Expected<void> Write(PlaneView<const std::uint8_t> band);

  /// The file, once all rows are written.
  [[nodiscard]] Expected<Bytes> Finish() &&;

 private:
  struct State;
  explicit JpegRowWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A whole picture by JpegRowWriter.
[[nodiscard]] Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels,
                                         const JpegEncodeOptions& options);

}  // namespace hdrp
