#include "decode/exr/lines.h"

#include <Imath/half.h>

#include <algorithm>
#include <bit>

namespace hdrp {
namespace {

using Coded = std::span<const exr_coding_channel_info_t>;

[[nodiscard]] Coded ChannelsOf(const exr_decode_pipeline_t& decoder) {
  return {decoder.channels, static_cast<std::size_t>(decoder.channel_count)};
}

[[nodiscard]] std::size_t SampleBytes(const exr_coding_channel_info_t& channel) {
  return channel.data_type == EXR_PIXEL_HALF ? 2 : 4;
}

/// Bytes of a channel in line y; 0 in lines it has no samples of.
[[nodiscard]] std::size_t RowBytes(const exr_coding_channel_info_t& channel, std::int64_t y) {
  if (channel.y_samples > 1 && y % channel.y_samples != 0) return 0;
  return static_cast<std::size_t>(channel.width) * SampleBytes(channel);
}

[[nodiscard]] std::size_t LineBytes(Coded channels, std::int64_t y) {
  std::size_t bytes = 0;
  for (const auto& channel : channels) bytes += RowBytes(channel, y);
  return bytes;
}

// Samples are little-endian.
[[nodiscard]] float HalfAt(const std::uint8_t* bytes) {
  Imath::half value;
  value.setBits(static_cast<std::uint16_t>(bytes[0] | (bytes[1] << 8)));
  return value;
}

[[nodiscard]] float FloatAt(const std::uint8_t* bytes) {
  std::uint32_t bits = 0;
  for (int i = 3; i >= 0; --i) bits = (bits << 8) | bytes[i];
  return std::bit_cast<float>(bits);
}

}  // namespace

ExrLines::ExrLines(const ExrFile& file, const ExrHeader& header,
                   std::span<const std::string_view> names)
    : file_(file), header_(header) {
  const exr_attr_chlist_t* channels = nullptr;
  exr_get_channels(file.context(), header.part, &channels);
  for (const std::string_view name : names) {
    std::size_t channel = 0;
    const auto count = static_cast<std::size_t>(channels->num_channels);
    while (channel < count && name != channels->entries[channel].name.str) ++channel;
    places_.push_back({.channel = channel});
  }
  exr_storage_t storage = EXR_STORAGE_SCANLINE;
  exr_get_storage(file.context(), header.part, &storage);
  if (storage == EXR_STORAGE_TILED) {
    exr_get_tile_sizes(file.context(), header.part, 0, 0, &tile_width_, &tile_height_);
  }
}

Expected<void> ExrLines::Load(std::int64_t y) {
  if (y < first_ || y >= first_ + height_) {
    height_ = 0;  // until all of the block is decoded
    HDRP_RETURN_IF_ERROR(tile_height_ > 0 ? LoadTiles(y) : LoadLines(y));
  }
  if (tile_height_ > 0) {
    const std::size_t line_bytes = tiles_.size() / static_cast<std::size_t>(height_);
    line_ = ByteView(tiles_).subspan(static_cast<std::size_t>(y - first_) * line_bytes, line_bytes);
    return {};
  }
  const Coded channels = ChannelsOf(decoder_);
  std::size_t offset = 0;
  for (std::int64_t above = first_; above < y; ++above) offset += LineBytes(channels, above);
  line_ = block_.subspan(offset, LineBytes(channels, y));
  offset = 0;
  for (std::size_t channel = 0; channel < channels.size(); ++channel) {
    const std::size_t bytes = RowBytes(channels[channel], y);
    const std::size_t sample_bytes = SampleBytes(channels[channel]);
    for (Place& place : places_) {
      if (place.channel == channel) place = {channel, offset, bytes / sample_bytes, sample_bytes};
    }
    offset += bytes;
  }
  return {};
}

Expected<void> ExrLines::LoadLines(std::int64_t y) {
  exr_chunk_info_t chunk{};
  const exr_result_t found =
      exr_read_scanline_chunk_info(file_.context(), header_.part, static_cast<int>(y), &chunk);
  HDRP_RETURN_IF_ERROR(file_.Checked(found));
  HDRP_ASSIGN_OR_RETURN(block_, Decode(chunk, header_.data.width(), chunk.height));
  first_ = chunk.start_y;
  height_ = chunk.height;
  return {};
}

Expected<void> ExrLines::LoadTiles(std::int64_t y) {
  const ExrWindow& data = header_.data;
  const std::int64_t row = (y - data.min_y) / tile_height_;
  const std::int64_t first = data.min_y + row * tile_height_;
  const std::int64_t height = std::min<std::int64_t>(tile_height_, data.max_y - first + 1);
  for (std::int64_t left = 0; left < data.width(); left += tile_width_) {
    exr_chunk_info_t chunk{};
    const exr_result_t found = exr_read_tile_chunk_info(file_.context(), header_.part,
                                                        static_cast<int>(left / tile_width_),
                                                        static_cast<int>(row), 0, 0, &chunk);
    HDRP_RETURN_IF_ERROR(file_.Checked(found));
    const std::int64_t width = std::min<std::int64_t>(tile_width_, data.width() - left);
    HDRP_ASSIGN_OR_RETURN(const auto decoded, Decode(chunk, width, height));
    KeepTile(decoded, static_cast<std::size_t>(left), static_cast<std::size_t>(height));
  }
  first_ = first;
  height_ = height;
  return {};
}

void ExrLines::KeepTile(ByteView tile, std::size_t left, std::size_t height) {
  const Coded channels = ChannelsOf(decoder_);
  std::size_t line_bytes = 0;
  for (Place& place : places_) {
    if (place.channel >= channels.size()) continue;
    place.offset = line_bytes;
    place.samples = static_cast<std::size_t>(header_.data.width());
    place.sample_bytes = SampleBytes(channels[place.channel]);
    line_bytes += place.samples * place.sample_bytes;
  }
  tiles_.resize(line_bytes * height);
  for (std::size_t line = 0; line < height; ++line) {
    for (std::size_t channel = 0; channel < channels.size(); ++channel) {
      const ByteView samples = tile.first(RowBytes(channels[channel], 0));
      tile = tile.subspan(samples.size());
      for (const Place& place : places_) {
        if (place.channel != channel) continue;
        const auto target = std::span(tiles_).subspan(
            line * line_bytes + place.offset + left * place.sample_bytes, samples.size());
        std::ranges::copy(samples, target.begin());
      }
    }
  }
}

Expected<void> ExrLines::StartDecoder(const exr_chunk_info_t& chunk) {
  exr_const_context_t context = file_.context();
  if (decoder_.context != nullptr) {
    return file_.Checked(exr_decoding_update(context, header_.part, &chunk, &decoder_));
  }
  exr_result_t result = exr_decoding_initialize(context, header_.part, &chunk, &decoder_);
  if (result == EXR_ERR_SUCCESS) {
    result = exr_decoding_choose_default_routines(context, header_.part, &decoder_);
  }
  // The library's own unpacking writes through the null pointers of channels nobody wants (3.2).
  decoder_.unpack_and_convert_fn = nullptr;
  decompress_ = decoder_.decompress_fn;
  return file_.Checked(result);
}

Expected<ByteView> ExrLines::Decode(const exr_chunk_info_t& chunk, std::int64_t width,
                                    std::int64_t height) {
  HDRP_RETURN_IF_ERROR(StartDecoder(chunk));
  std::uint64_t expected = 0;
  for (int line = 0; line < chunk.height; ++line) {
    expected += LineBytes(ChannelsOf(decoder_), chunk.start_y + line);
  }
  // What is as long as the pixels is stored as it is, whatever the compression: writers do so where
  // it would not get shorter. The library gives B44 blocks to the decoder all the same (3.2).
  const bool is_stored = chunk.packed_size == chunk.unpacked_size;
  decoder_.decompress_fn = is_stored ? nullptr : decompress_;
  // The decoders refuse what does not decode to the full size. Empty blocks, and uncompressed ones
  // of another size, never meet one and leave the buffer as it is.
  const bool is_whole =
      is_stored || (chunk.compression != EXR_COMPRESSION_NONE && chunk.packed_size > 0);
  if (!is_whole || chunk.unpacked_size != expected || chunk.width != width ||
      chunk.height != height) {
    return Fail(ErrorCode::kBadInput, kExrWhere,
                "expected a block of {} bytes at byte {}, found one of {} bytes", expected,
                chunk.data_offset, chunk.packed_size);
  }
  HDRP_RETURN_IF_ERROR(file_.Checked(exr_decoding_run(file_.context(), header_.part, &decoder_)));
  return ByteView(static_cast<const std::uint8_t*>(decoder_.unpacked_buffer), expected);
}

void ExrLines::Copy(std::size_t n, std::span<float> out, std::size_t step) const {
  const Place& place = places_[n];
  const std::uint8_t* sample = line_.data() + place.offset;
  float* target = out.data();
  const auto copy = [&](auto convert) {
    for (std::size_t i = 0; i < place.samples; ++i) {
      target[i * step] = convert(sample + i * place.sample_bytes);
    }
  };
  if (place.sample_bytes == 2) {
    copy(HalfAt);
  } else {
    copy(FloatAt);
  }
}

}  // namespace hdrp
