#include "decode/tiff/lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/formatted.h"

namespace hdrp {

Expected<TiffLines> TiffLines::Open(ByteView file, const TiffLayout& layout, int sample) {
  TiffLines rows(file, layout, sample);
  TIFF* tiff = rows.handle_.get();
  if (tiff == nullptr || TIFFSetDirectory(tiff, static_cast<tdir_t>(layout.page)) != 1) {
    return rows.handle_.Failed("the file cannot be read");
  }
  HDRP_RETURN_IF_ERROR(CheckTiffCompression(tiff));
  const std::uint64_t samples = layout.is_planar ? 1 : static_cast<std::uint64_t>(layout.samples);
  rows.row_bytes_ = (layout.width * samples * static_cast<std::uint64_t>(layout.bits) + 7) / 8;
  if (TIFFIsTiled(tiff) != 0) return std::move(rows).WithTiles();
  // Line buffers are of the size libtiff says, which may only be larger.
  const auto line = static_cast<std::uint64_t>(std::max<tmsize_t>(TIFFScanlineSize(tiff), 0));
  if (line < rows.row_bytes_ || line > kMaxTiffBlockBytes) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere, "expected rows of {} bytes, found {}",
                rows.row_bytes_, line);
  }
  rows.buffer_.resize(line);
  return rows;
}

Expected<std::span<const std::uint8_t>> TiffLines::Next() {
  const std::uint32_t y = next_row_++;
  if (tile_height_ == 0) {
    if (TIFFReadScanline(handle_.get(), buffer_.data(), y, static_cast<std::uint16_t>(sample_)) !=
        1) {
      return handle_.Failed(Formatted("row {} cannot be read", y));
    }
    return std::span(buffer_).first(row_bytes_);
  }
  if (y % tile_height_ == 0) HDRP_RETURN_IF_ERROR(ReadTiles(y));
  return std::span(buffer_).subspan(y % tile_height_ * stride_, row_bytes_);
}

Expected<TiffLines> TiffLines::WithTiles() && {
  TIFF* tiff = handle_.get();
  tile_width_ = TiffField<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
  tile_height_ = TiffField<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
  const auto positive = [](tmsize_t size) {
    return static_cast<std::uint64_t>(std::max<tmsize_t>(size, 0));
  };
  tile_row_bytes_ = positive(TIFFTileRowSize(tiff));
  const std::uint64_t tile_bytes = positive(TIFFTileSize(tiff));
  if (tile_width_ == 0 || tile_height_ == 0 || tile_row_bytes_ == 0 ||
      tile_bytes != tile_row_bytes_ * tile_height_) {
    return Fail(ErrorCode::kBadInput, kTiffWhere,
                "expected tiles, found {} x {} pixels in {} bytes", tile_width_, tile_height_,
                tile_bytes);
  }
  if (tile_width_ % 8 != 0 && bits_ < 8) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected tiles of whole bytes a row, found {} pixels of {} bits", tile_width_,
                bits_);
  }
  // Tiles are wider than the picture by less than one tile; a row of them has whole ones.
  const std::uint64_t across = (std::uint64_t{width_} + tile_width_ - 1) / tile_width_;
  stride_ = across * tile_row_bytes_;
  if (tile_bytes > kMaxTiffBlockBytes || stride_ * tile_height_ > kMaxTiffBlockBytes) {
    return Fail(ErrorCode::kUnsupported, kTiffWhere,
                "expected rows of tiles of at most {} MiB, found {} MiB", kMaxTiffBlockBytes >> 20,
                (stride_ * tile_height_) >> 20);
  }
  if (stride_ < row_bytes_) {
    return Fail(ErrorCode::kBadInput, kTiffWhere, "expected tiles of {} bytes a row, found {}",
                row_bytes_, stride_);
  }
  tile_.resize(tile_bytes);
  return std::move(*this);
}

Expected<void> TiffLines::ReadTiles(std::uint32_t y) {
  buffer_.resize(stride_ * tile_height_);
  std::size_t column = 0;
  for (std::uint32_t x = 0; x < width_; x += tile_width_) {
    if (TIFFReadTile(handle_.get(), tile_.data(), x, y, 0, static_cast<std::uint16_t>(sample_)) <
        0) {
      return handle_.Failed(Formatted("the tile at column {} of row {} cannot be read", x, y));
    }
    for (std::size_t row = 0; row < tile_height_; ++row) {
      std::memcpy(buffer_.data() + row * stride_ + column, tile_.data() + row * tile_row_bytes_,
                  tile_row_bytes_);
    }
    column += tile_row_bytes_;
    if (tile_width_ >= width_ - x) break;  // no overflow of x
  }
  return {};
}

}  // namespace hdrp
