// JPEG pixels through libjpeg-turbo, row by row or whole, with every limit checked first and every
// library error turned into an Error. The only decoder of JPEG pixels in the project.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/plane.h"

namespace hdrp {

enum class JpegOutput : std::uint8_t { kAsStored, kGray, kRgb };

struct JpegDecodeOptions {
  /// kAsStored: 1 channel for grey files, RGB for colour. kGray of a YCbCr file is its Y.
  JpegOutput output = JpegOutput::kRgb;
  int scale_denominator = 1;  ///< 1, 2, 4 or 8: libjpeg's scaled decoding
  Limits limits = {};
  StopCondition stop = {};  ///< polled once per row of blocks and per read
};

/// Reads rows one band at a time, so that a picture is never held whole (a progressive file's
/// coefficients are, inside libjpeg, within Limits::max_held_bytes: 3 bytes a pixel at 4:2:0).
class JpegRowReader {
 public:
  /// `jpeg` is one stream from its SOI (bytes after EOI are ignored) and must outlive the reader.
  /// unsupported for CMYK, lossless, hierarchical and 12-bit files (arithmetic coding is read where
  /// libjpeg can); too_large by the limits; bad_input for broken files, for one with fewer bytes
  /// than a picture of its size can have, and for one with more than 500 scans.
  [[nodiscard]] static Expected<JpegRowReader> Open(ByteView jpeg,
                                                    const JpegDecodeOptions& options);
  JpegRowReader(JpegRowReader&&) noexcept;
  JpegRowReader& operator=(JpegRowReader&&) noexcept;
  ~JpegRowReader();

  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  [[nodiscard]] int channels() const;
  [[nodiscard]] int rows_read() const;

  /// Fills the next `band.height` rows (width and channels must agree). After an error the reader
  /// is of no further use.
  [[nodiscard]] Expected<void> Read(PlaneView<std::uint8_t> band);

  /// libjpeg's warnings so far, the first 16 (a damaged but decodable stream has some).
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct State;
  explicit JpegRowReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct DecodedJpeg {
  Plane<std::uint8_t> pixels;
  std::vector<std::string> warnings;
};

[[nodiscard]] Expected<DecodedJpeg> DecodeJpeg(ByteView jpeg, const JpegDecodeOptions& options);

}  // namespace hdrp
