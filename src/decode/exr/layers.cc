#include "decode/exr/layers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/formatted.h"

namespace hdrp {
namespace {

/// How programs call the channels of a layer, in the order in which they are looked for.
using Triple = std::array<std::string_view, 4>;
constexpr std::array<Triple, 3> kNames = {
    {{"R", "G", "B", "A"}, {"r", "g", "b", "a"}, {"red", "green", "blue", "alpha"}}};

[[nodiscard]] bool Has(ExrChannels channels, std::string_view name) {
  return FindChannel(channels, name) != nullptr;
}

[[nodiscard]] std::string ChannelNames(ExrChannels channels) {
  constexpr std::size_t kEnough = 200;
  std::string names;
  for (const auto& channel : channels) {
    if (names.size() > kEnough) return names + ", ...";
    if (!names.empty()) names += ", ";
    names += channel.name.str;
  }
  return names;
}

[[nodiscard]] std::string PartName(const ExrFile& file, int part) {
  const char* name = nullptr;
  if (exr_get_name(file.context(), part, &name) != EXR_ERR_SUCCESS || name == nullptr) return {};
  return name;
}

/// R, G, B or Y themselves, of which some may be missing.
[[nodiscard]] std::optional<ExrLayer> OwnLayer(ExrChannels channels) {
  ExrLayer layer;
  if (Has(channels, "R") || Has(channels, "G") || Has(channels, "B")) {
    layer.channels = {"R", "G", "B"};
  } else if (!Has(channels, "Y")) {
    return std::nullopt;
  } else if (Has(channels, "RY") && Has(channels, "BY")) {
    layer.layout = ExrLayout::kLumaChroma;
    layer.channels = {"Y", "RY", "BY"};
  } else {
    layer.layout = ExrLayout::kGrey;
    layer.channels = {"Y"};
  }
  if (Has(channels, "A")) layer.alpha = "A";
  return layer;
}

/// Identifiers that are stored as colours (Cryptomatte).
[[nodiscard]] bool HoldsIdentifiers(std::string_view layer) {
  std::string lower(layer);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return lower.contains("crypto");
}

/// The layer of this prefix, where it has all of red, green and blue, in light and at every pixel.
[[nodiscard]] std::optional<ExrLayer> NamedLayer(ExrChannels channels, const std::string& prefix) {
  for (const Triple& names : kNames) {
    ExrLayer layer;
    for (int c = 0; c < 3; ++c) {
      const std::string name = Formatted("{}.{}", prefix, names[static_cast<std::size_t>(c)]);
      const exr_attr_chlist_entry_t* channel = FindChannel(channels, name);
      const bool is_light = channel != nullptr && channel->pixel_type != EXR_PIXEL_UINT &&
                            channel->x_sampling == 1 && channel->y_sampling == 1;
      if (is_light) layer.channels.push_back(name);
    }
    if (layer.channels.size() != 3) continue;
    layer.name = prefix;
    if (std::string alpha = Formatted("{}.{}", prefix, names[3]); Has(channels, alpha)) {
      layer.alpha = std::move(alpha);
    }
    return layer;
  }
  return std::nullopt;
}

/// What stands before the last dots, each once, in the channels' order.
[[nodiscard]] std::vector<std::string> PrefixesOf(ExrChannels channels) {
  std::vector<std::string> prefixes;
  for (const auto& channel : channels) {
    const std::string_view name = channel.name.str;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) continue;
    const std::string_view prefix = name.substr(0, dot);
    if (!std::ranges::contains(prefixes, prefix)) prefixes.emplace_back(prefix);
  }
  return prefixes;
}

/// Everything that may be the picture; first of each part its own channels.
struct Choices {
  std::vector<ExrLayer> layers;
  int parts = 0;
  bool saw_deep = false;
};

[[nodiscard]] Expected<Choices> ChoicesOf(const ExrFile& file) {
  constexpr std::size_t kMaxLayers = 1000;
  Choices choices;
  HDRP_RETURN_IF_ERROR(file.Checked(exr_get_count(file.context(), &choices.parts)));
  for (int part = 0; part < choices.parts; ++part) {
    exr_storage_t storage = EXR_STORAGE_LAST_TYPE;
    HDRP_RETURN_IF_ERROR(file.Checked(exr_get_storage(file.context(), part, &storage)));
    if (storage != EXR_STORAGE_SCANLINE && storage != EXR_STORAGE_TILED) {
      choices.saw_deep = true;
      continue;
    }
    const ExrChannels channels = ChannelsOf(file, part);
    const auto add = [&](std::optional<ExrLayer> layer, std::string name) {
      if (!layer || choices.layers.size() == kMaxLayers) return;
      layer->part = part;
      layer->name = std::move(name);
      choices.layers.push_back(*std::move(layer));
    };
    const std::string part_name = choices.parts > 1 ? PartName(file, part) : std::string();
    add(OwnLayer(channels), part_name);
    for (const std::string& prefix : PrefixesOf(channels)) {
      if (HoldsIdentifiers(prefix) || HoldsIdentifiers(part_name)) continue;
      // "part.layer" where one name is not enough.
      const bool is_new = std::ranges::none_of(
          choices.layers, [&](const ExrLayer& known) { return known.name == prefix; });
      add(NamedLayer(channels, prefix), is_new ? prefix : Formatted("{}.{}", part_name, prefix));
    }
  }
  return choices;
}

[[nodiscard]] std::string NamesOf(const std::vector<ExrLayer>& layers) {
  constexpr std::size_t kEnough = 600;
  std::string names;
  for (const ExrLayer& layer : layers) {
    if (names.size() > kEnough) return names + ", ...";
    names += Formatted("{}\"{}\"", names.empty() ? "" : ", ", layer.name);
  }
  return names;
}

[[nodiscard]] std::unexpected<Error> NoLayer(const ExrFile& file, const Choices& choices) {
  if (choices.saw_deep) {
    return Fail(ErrorCode::kUnsupported, kExrWhere, "expected flat pixels, found deep data only");
  }
  return Fail(ErrorCode::kUnsupported, kExrWhere,
              "expected channels R, G, B or Y, or one layer of them, found {}",
              choices.parts > 0 ? ChannelNames(ChannelsOf(file, 0)) : "no part");
}

}  // namespace

ExrChannels ChannelsOf(const ExrFile& file, int part) {
  const exr_attr_chlist_t* list = nullptr;
  if (exr_get_channels(file.context(), part, &list) != EXR_ERR_SUCCESS) return {};
  return {list->entries, static_cast<std::size_t>(list->num_channels)};
}

const exr_attr_chlist_entry_t* FindChannel(ExrChannels channels, std::string_view name) {
  const auto found =
      std::ranges::find_if(channels, [&](const auto& channel) { return name == channel.name.str; });
  return found == channels.end() ? nullptr : &*found;
}

Expected<ExrLayer> ChooseExrLayer(const ExrFile& file, std::string_view wanted) {
  HDRP_ASSIGN_OR_RETURN(Choices choices, ChoicesOf(file));
  std::vector<ExrLayer>& layers = choices.layers;
  if (layers.empty()) return NoLayer(file, choices);
  const auto take = [&](ExrLayer layer) {
    if (choices.parts > 1) {
      layer.warnings.push_back(Formatted("part {} of {} is read", layer.part + 1, choices.parts));
    }
    if (layers.size() > 1 && wanted.empty()) {
      layer.warnings.push_back(Formatted("of the layers {} \"{}\" is read (--exr-layer chooses)",
                                         NamesOf(layers), layer.name));
    }
    return layer;
  };
  if (!wanted.empty()) {
    const auto found = std::ranges::find(layers, wanted, &ExrLayer::name);
    if (found != layers.end()) return take(*found);
    return Fail(ErrorCode::kBadArgument, "--exr-layer", "expected one of {}; found \"{}\"",
                NamesOf(layers), wanted);
  }
  const auto is_own = [](const ExrLayer& layer) { return !layer.channels[0].contains('.'); };
  const auto own = std::ranges::find_if(layers, is_own);
  if (own != layers.end()) return take(*own);
  if (layers.size() == 1) return take(layers.front());
  return Fail(ErrorCode::kUnsupported, kExrWhere,
              "expected one layer of R, G and B, found {}; --exr-layer says which one is meant",
              NamesOf(layers));
}

}  // namespace hdrp
