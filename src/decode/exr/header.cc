#include "decode/exr/header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "base/formatted.h"
#include "decode/chromaticity_check.h"

namespace hdrp {
namespace {

/// What is held decoded at a time: one block of lines, or one row of tiles.
constexpr std::uint64_t kMaxBlockBytes = 256ULL << 20;
/// An entry of the chunk table, and the header of the chunk it points to.
constexpr std::uint64_t kLeastBytesPerChunk = 16;

using Channels = ExrChannels;

/// Of the channels that are read; nullptr for one that is missing.
[[nodiscard]] std::vector<const exr_attr_chlist_entry_t*> ReadChannels(Channels channels,
                                                                       const ExrHeader& header) {
  std::vector<const exr_attr_chlist_entry_t*> found;
  for (const std::string& name : header.channels) found.push_back(FindChannel(channels, name));
  return found;
}

[[nodiscard]] Expected<ExrHeader> ChooseLayer(const ExrFile& file, std::string_view wanted) {
  HDRP_ASSIGN_OR_RETURN(ExrLayer layer, ChooseExrLayer(file, wanted));
  ExrHeader header;
  header.part = layer.part;
  header.layout = layer.layout;
  header.channels = std::move(layer.channels);
  header.has_alpha = !layer.alpha.empty();
  if (header.has_alpha) header.channels.push_back(std::move(layer.alpha));
  header.warnings = std::move(layer.warnings);
  return header;
}

/// Colour at full resolution, chroma at half of it as the library's own writer has it; no integers,
/// which are identifiers and not light.
[[nodiscard]] Expected<void> CheckChannels(Channels channels, const ExrHeader& header) {
  const bool has_chroma = header.layout == ExrLayout::kLumaChroma;
  for (std::size_t i = 0; i < header.channels.size(); ++i) {
    const std::string& name = header.channels[i];
    const exr_attr_chlist_entry_t* channel = FindChannel(channels, name);
    if (channel == nullptr) continue;
    const int expected = has_chroma && (i == 1 || i == 2) ? 2 : 1;
    if (channel->x_sampling != expected || channel->y_sampling != expected) {
      return Fail(ErrorCode::kUnsupported, kExrWhere,
                  "expected channel {} to have every {} sample, found sampling {} x {}", name,
                  expected == 1 ? "single" : "second", channel->x_sampling, channel->y_sampling);
    }
    if (channel->pixel_type != EXR_PIXEL_HALF && channel->pixel_type != EXR_PIXEL_FLOAT) {
      return Fail(ErrorCode::kUnsupported, kExrWhere,
                  "expected channel {} to have half or float samples, found integers", name);
    }
  }
  return {};
}

[[nodiscard]] ExrWindow WindowOf(const exr_attr_box2i_t& box) {
  return {box.min.x, box.min.y, box.max.x, box.max.y};
}

[[nodiscard]] Expected<void> CheckWindow(const ExrWindow& window, const Limits& limits,
                                         std::string_view name) {
  if (window.width() <= 0 || window.height() <= 0) {
    return Fail(ErrorCode::kBadInput, kExrWhere, "expected a {}, found {} x {} pixels", name,
                window.width(), window.height());
  }
  return CheckSize(static_cast<std::uint64_t>(window.width()),
                   static_cast<std::uint64_t>(window.height()), limits,
                   Formatted("{}: {}", kExrWhere, name));
}

[[nodiscard]] Expected<void> ReadWindows(const ExrFile& file, const Limits& limits,
                                         ExrHeader& header) {
  exr_attr_box2i_t data{};
  exr_attr_box2i_t display{};
  for (const exr_result_t result :
       {exr_get_data_window(file.context(), header.part, &data),
        exr_get_display_window(file.context(), header.part, &display)}) {
    HDRP_RETURN_IF_ERROR(file.Checked(result));
  }
  header.data = WindowOf(data);
  header.display = WindowOf(display);
  HDRP_RETURN_IF_ERROR(CheckWindow(header.display, limits, "display window"));
  return CheckWindow(header.data, limits, "data window");
}

/// What is allocated for a block, and that the file can hold as many as it claims.
[[nodiscard]] Expected<void> CheckBlocks(const ExrFile& file, const ExrHeader& header) {
  const auto width = static_cast<std::uint64_t>(header.data.width());
  const Channels channels = ChannelsOf(file, header.part);
  std::uint64_t row_bytes = 0;
  for (const auto& channel : channels) {
    const std::uint64_t sample = channel.pixel_type == EXR_PIXEL_HALF ? 2 : 4;
    row_bytes += sample * (width / static_cast<std::uint64_t>(std::max(1, channel.x_sampling)) + 1);
  }
  std::uint64_t bytes = 0;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  std::int32_t lines = 0;
  if (exr_get_tile_descriptor(file.context(), header.part, &tile_width, &tile_height, nullptr,
                              nullptr) == EXR_ERR_SUCCESS) {
    // One tile of all channels, and a row of tiles of the channels that are read.
    const std::uint64_t tile = 4 * channels.size() * tile_width * tile_height;
    const std::uint64_t row_of_tiles =
        4 * std::min<std::uint64_t>(channels.size(), 4) * width * tile_height;
    bytes = std::max(tile, row_of_tiles);
  } else {
    HDRP_RETURN_IF_ERROR(
        file.Checked(exr_get_scanlines_per_chunk(file.context(), header.part, &lines)));
    bytes = row_bytes * static_cast<std::uint64_t>(std::max(1, lines));
  }
  if (bytes > kMaxBlockBytes) {
    return Fail(ErrorCode::kUnsupported, kExrWhere,
                "expected blocks of lines or tiles of at most {} MiB, found {} MiB",
                kMaxBlockBytes >> 20, bytes >> 20);
  }
  std::int32_t chunks = 0;
  HDRP_RETURN_IF_ERROR(file.Checked(exr_get_chunk_count(file.context(), header.part, &chunks)));
  const std::uint64_t file_bytes = file.bytes().size();
  if (chunks < 0 || static_cast<std::uint64_t>(chunks) * kLeastBytesPerChunk > file_bytes) {
    return Fail(ErrorCode::kBadInput, kExrWhere,
                "expected {} blocks of pixels, found a file of {} bytes", chunks, file_bytes);
  }
  return {};
}

[[nodiscard]] std::array<double, 2> Xy(float x, float y) {
  return {static_cast<double>(x), static_cast<double>(y)};
}

/// The attribute's value if it is there and of type float.
[[nodiscard]] std::optional<float> FloatOf(const ExrFile& file, int part, const char* name) {
  const exr_attribute_t* attribute = nullptr;
  const exr_result_t found = exr_get_attribute_by_name(file.context(), part, name, &attribute);
  if (found != EXR_ERR_SUCCESS || attribute->type != EXR_ATTR_FLOAT) return std::nullopt;
  return attribute->f;
}

[[nodiscard]] ColorSpec ColorOf(const ExrFile& file, int part, std::vector<std::string>& warnings) {
  ColorSpec color;
  color.transfer = Transfer::kLinear;
  const exr_attribute_t* attribute = nullptr;
  const exr_result_t found =
      exr_get_attribute_by_name(file.context(), part, "chromaticities", &attribute);
  if (found == EXR_ERR_SUCCESS && attribute->type == EXR_ATTR_CHROMATICITIES) {
    const exr_attr_chromaticities_t& stated = *attribute->chromaticities;
    auto checked = CheckedChromaticities(
        {Xy(stated.red_x, stated.red_y), Xy(stated.green_x, stated.green_y),
         Xy(stated.blue_x, stated.blue_y), Xy(stated.white_x, stated.white_y)});
    color.stated = checked.has_value();
    if (checked) {
      color.primaries = *checked;
    } else {
      warnings.push_back(std::move(checked.error()));
    }
  }
  if (const auto stated = FloatOf(file, part, "whiteLuminance")) {
    const auto nits = static_cast<double>(*stated);
    if (std::isfinite(nits) && nits > 0) color.white_nits = nits;
  }
  return color;
}

[[nodiscard]] int BitsOf(Channels channels, const ExrHeader& header) {
  const auto read = ReadChannels(channels, header);
  const std::size_t colours = read.size() - (header.has_alpha ? 1 : 0);
  const bool has_float = std::any_of(
      read.begin(), read.begin() + static_cast<std::ptrdiff_t>(colours), [](const auto* channel) {
        return channel != nullptr && channel->pixel_type != EXR_PIXEL_HALF;
      });
  return has_float ? 32 : 16;
}

void AddWarnings(const ExrFile& file, ExrHeader& header) {
  auto& warnings = header.warnings;
  const ExrWindow& data = header.data;
  const ExrWindow& display = header.display;
  if (data != display) {
    warnings.insert(
        warnings.begin(),
        Formatted("the data window ({} x {} at {}, {}) differs from the display window ({} x {} "
                  "at {}, {}): pixels outside the display window are left out, missing ones are "
                  "unknown",
                  data.width(), data.height(), data.min_x, data.min_y, display.width(),
                  display.height(), display.min_x, display.min_y));
  }
  const Channels channels = ChannelsOf(file, header.part);
  if (std::ranges::contains(ReadChannels(channels, header), nullptr)) {
    warnings.emplace_back("not all of the channels R, G, B are there; missing ones are 0");
  }
  const float ratio = FloatOf(file, header.part, "pixelAspectRatio").value_or(1);
  if (std::abs(ratio - 1) > 1e-3F) {
    warnings.push_back(
        Formatted("the pixels are not square (ratio {}); they are kept as they are", ratio));
  }
}

}  // namespace

Expected<ExrHeader> ReadExrHeader(const ExrFile& file, const Limits& limits,
                                  std::string_view layer) {
  HDRP_ASSIGN_OR_RETURN(auto header, ChooseLayer(file, layer));
  const Channels channels = ChannelsOf(file, header.part);
  HDRP_RETURN_IF_ERROR(ReadWindows(file, limits, header));
  HDRP_RETURN_IF_ERROR(CheckChannels(channels, header));
  HDRP_RETURN_IF_ERROR(CheckBlocks(file, header));
  header.bits = BitsOf(channels, header);
  AddWarnings(file, header);
  header.color = ColorOf(file, header.part, header.warnings);
  return header;
}

}  // namespace hdrp
