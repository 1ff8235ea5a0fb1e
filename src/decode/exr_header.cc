#include "decode/exr_header.h"

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

using Channels = std::span<const exr_attr_chlist_entry_t>;

[[nodiscard]] Channels ChannelsOf(const ExrFile& file, int part) {
  const exr_attr_chlist_t* list = nullptr;
  if (exr_get_channels(file.context(), part, &list) != EXR_ERR_SUCCESS) return {};
  return {list->entries, static_cast<std::size_t>(list->num_channels)};
}

[[nodiscard]] const exr_attr_chlist_entry_t* Find(Channels channels, std::string_view name) {
  const auto found =
      std::ranges::find_if(channels, [&](const auto& channel) { return name == channel.name.str; });
  return found == channels.end() ? nullptr : &*found;
}

[[nodiscard]] bool Has(Channels channels, std::string_view name) {
  return Find(channels, name) != nullptr;
}

[[nodiscard]] std::optional<ExrLayout> LayoutOf(Channels channels) {
  if (Has(channels, "R") || Has(channels, "G") || Has(channels, "B")) return ExrLayout::kRgb;
  if (!Has(channels, "Y")) return std::nullopt;
  return Has(channels, "RY") && Has(channels, "BY") ? ExrLayout::kLumaChroma : ExrLayout::kGrey;
}

[[nodiscard]] std::string ChannelNames(Channels channels) {
  constexpr std::size_t kEnough = 200;
  std::string names;
  for (const auto& channel : channels) {
    if (names.size() > kEnough) return names + ", ...";
    if (!names.empty()) names += ", ";
    names += channel.name.str;
  }
  return names;
}

/// Part, layout and alpha.
[[nodiscard]] Expected<ExrHeader> ChoosePart(const ExrFile& file) {
  int parts = 0;
  if (auto got = file.Checked(exr_get_count(file.context(), &parts)); !got) {
    return std::unexpected(std::move(got.error()));
  }
  bool saw_deep = false;
  for (int part = 0; part < parts; ++part) {
    exr_storage_t storage = EXR_STORAGE_LAST_TYPE;
    if (auto got = file.Checked(exr_get_storage(file.context(), part, &storage)); !got) {
      return std::unexpected(std::move(got.error()));
    }
    if (storage != EXR_STORAGE_SCANLINE && storage != EXR_STORAGE_TILED) {
      saw_deep = true;
      continue;
    }
    const Channels channels = ChannelsOf(file, part);
    if (const auto layout = LayoutOf(channels)) {
      ExrHeader header;
      header.part = part;
      header.layout = *layout;
      header.has_alpha = Has(channels, "A");
      if (parts > 1) {
        header.warnings.push_back(Formatted("part {} of {} is read", part + 1, parts));
      }
      return header;
    }
  }
  if (saw_deep) {
    return Fail(ErrorCode::kUnsupported, kExrWhere, "expected flat pixels, found deep data only");
  }
  return Fail(ErrorCode::kUnsupported, kExrWhere, "expected channels R, G, B or Y, found {}",
              parts > 0 ? ChannelNames(ChannelsOf(file, 0)) : "no part");
}

/// Colour at full resolution, chroma at half of it as the library's own writer has it; no integers,
/// which are identifiers and not light.
[[nodiscard]] Expected<void> CheckChannels(Channels channels) {
  for (const std::string_view name : {"R", "G", "B", "Y", "A", "RY", "BY"}) {
    const exr_attr_chlist_entry_t* channel = Find(channels, name);
    if (channel == nullptr) continue;
    const int expected = name.size() == 2 ? 2 : 1;
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
    if (auto got = file.Checked(result); !got) return got;
  }
  header.data = WindowOf(data);
  header.display = WindowOf(display);
  if (auto fits = CheckWindow(header.display, limits, "display window"); !fits) return fits;
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
    const auto got = file.Checked(exr_get_scanlines_per_chunk(file.context(), header.part, &lines));
    if (!got) return got;
    bytes = row_bytes * static_cast<std::uint64_t>(std::max(1, lines));
  }
  if (bytes > kMaxBlockBytes) {
    return Fail(ErrorCode::kUnsupported, kExrWhere,
                "expected blocks of lines or tiles of at most {} MiB, found {} MiB",
                kMaxBlockBytes >> 20, bytes >> 20);
  }
  std::int32_t chunks = 0;
  if (auto got = file.Checked(exr_get_chunk_count(file.context(), header.part, &chunks)); !got) {
    return got;
  }
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

[[nodiscard]] int BitsOf(Channels channels, ExrLayout layout) {
  int bits = 16;
  for (const std::string_view name : {"R", "G", "B", "Y"}) {
    if (layout == ExrLayout::kRgb && name == "Y") continue;
    const exr_attr_chlist_entry_t* channel = Find(channels, name);
    if (channel != nullptr && channel->pixel_type != EXR_PIXEL_HALF) bits = 32;
  }
  return bits;
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
                  "0",
                  data.width(), data.height(), data.min_x, data.min_y, display.width(),
                  display.height(), display.min_x, display.min_y));
  }
  const Channels channels = ChannelsOf(file, header.part);
  if (header.layout == ExrLayout::kRgb &&
      !(Has(channels, "R") && Has(channels, "G") && Has(channels, "B"))) {
    warnings.emplace_back("not all of the channels R, G, B are there; missing ones are 0");
  }
  const float ratio = FloatOf(file, header.part, "pixelAspectRatio").value_or(1);
  if (std::abs(ratio - 1) > 1e-3F) {
    warnings.push_back(
        Formatted("the pixels are not square (ratio {}); they are kept as they are", ratio));
  }
}

}  // namespace

Expected<ExrHeader> ReadExrHeader(const ExrFile& file, const Limits& limits) {
  auto header = ChoosePart(file);
  if (!header) return header;
  const Channels channels = ChannelsOf(file, header->part);
  if (auto fits = ReadWindows(file, limits, *header); !fits) {
    return std::unexpected(std::move(fits.error()));
  }
  if (auto known = CheckChannels(channels); !known) {
    return std::unexpected(std::move(known.error()));
  }
  if (auto fits = CheckBlocks(file, *header); !fits) {
    return std::unexpected(std::move(fits.error()));
  }
  header->bits = BitsOf(channels, header->layout);
  AddWarnings(file, *header);
  header->color = ColorOf(file, header->part, header->warnings);
  return header;
}

}  // namespace hdrp
