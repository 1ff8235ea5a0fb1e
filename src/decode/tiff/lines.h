// The rows of a TIFF file's page, undone of their compression.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "decode/tiff/file.h"
#include "decode/tiff/header.h"

namespace hdrp {

/// The rows of one plane (or of all samples of a chunky picture), top to bottom, as libtiff decodes
/// them: line by line out of strips, or out of one row of tiles at a time.
class TiffLines {
 public:
  /// The file must outlive it. `sample`: of a picture in planes, the one that is read.
  [[nodiscard]] static Expected<TiffLines> Open(ByteView file, const TiffLayout& layout,
                                                int sample);

  /// The next row; valid until the next call.
  [[nodiscard]] Expected<std::span<const std::uint8_t>> Next();

 private:
  TiffLines(ByteView file, const TiffLayout& layout, int sample)
      : handle_(file), width_(layout.width), bits_(layout.bits), sample_(sample) {}

  [[nodiscard]] Expected<TiffLines> WithTiles() &&;
  [[nodiscard]] Expected<void> ReadTiles(std::uint32_t y);

  TiffHandle handle_;
  std::uint32_t width_;
  int bits_;
  int sample_;
  std::uint32_t next_row_ = 0;
  std::size_t row_bytes_ = 0;
  Bytes buffer_;                                    ///< a line, or a row of tiles
  std::uint32_t tile_width_ = 0, tile_height_ = 0;  ///< 0 for strips
  std::size_t tile_row_bytes_ = 0;
  std::size_t stride_ = 0;  ///< of a row of tiles
  Bytes tile_;
};

}  // namespace hdrp
