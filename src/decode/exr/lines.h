// The samples of one part of an OpenEXR file, a line at a time. A block of lines, or a row of tiles
// of level 0, is decoded when the first of its lines is asked for and kept until the next.
#pragma once

#include <OpenEXR/openexr.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "decode/exr/header.h"

namespace hdrp {

class ExrLines {
 public:
  /// The file and the header must outlive it. A channel that the part does not have has no samples.
  ExrLines(const ExrFile& file, const ExrHeader& header, std::span<const std::string_view> names);
  ~ExrLines() { exr_decoding_destroy(file_.context(), &decoder_); }
  ExrLines(const ExrLines&) = delete;
  ExrLines& operator=(const ExrLines&) = delete;

  /// Makes line y of the data window the one that Copy reads. bad_input where its block is damaged.
  [[nodiscard]] Expected<void> Load(std::int64_t y);

  /// Sample i of that line, of channel names[n], to out[i * step]. Of chroma every second pixel has
  /// one, in every second line.
  void Copy(std::size_t n, std::span<float> out, std::size_t step) const;

 private:
  /// A channel that is read, and where its samples are within `line_`.
  struct Place {
    std::size_t channel = 0;  ///< of the part
    std::size_t offset = 0;
    std::size_t samples = 0;
    std::size_t sample_bytes = 0;  ///< 2 (half) or 4 (float)
  };

  [[nodiscard]] Expected<void> LoadLines(std::int64_t y);
  [[nodiscard]] Expected<void> LoadTiles(std::int64_t y);
  /// Takes the channels that are read out of a tile.
  void KeepTile(ByteView tile, std::size_t left, std::size_t height);
  /// Decodes a chunk of this size; all of it is there then.
  [[nodiscard]] Expected<ByteView> Decode(const exr_chunk_info_t& chunk, std::int64_t width,
                                          std::int64_t height);
  [[nodiscard]] Expected<void> StartDecoder(const exr_chunk_info_t& chunk);

  const ExrFile& file_;
  const ExrHeader& header_;
  std::vector<Place> places_;                      ///< one per name
  std::int32_t tile_width_ = 0, tile_height_ = 0;  ///< 0 for blocks of lines
  exr_decode_pipeline_t decoder_{};
  exr_result_t (*decompress_)(exr_decode_pipeline_t*) = nullptr;  ///< the library's choice
  ByteView block_;           ///< the lines of a block, as stored
  Bytes tiles_;              ///< the lines of a row of tiles; only the channels that are read
  std::int64_t first_ = 0;   ///< line of the block
  std::int64_t height_ = 0;  ///< lines of the block; 0 where there is none
  ByteView line_;
};

}  // namespace hdrp
