#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <limits>

#include "metadata/extended_xmp.h"
#include "metadata/xmp.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

[[nodiscard]] std::string_view Stripped(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

template <typename T>
[[nodiscard]] std::optional<T> NumberFrom(std::string_view text) {
  text = Stripped(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

[[nodiscard]] bool IsList(pugi::xml_node node) {
  return IsElement(node, kRdfUri, "Seq") || IsElement(node, kRdfUri, "Bag") ||
         IsElement(node, kRdfUri, "Alt");
}

/// The values of a property element: its list's items, or its own text.
[[nodiscard]] std::vector<std::string> ValuesOf(pugi::xml_node property) {
  std::vector<std::string> values;
  for (const pugi::xml_node list : property.children()) {
    if (!IsList(list)) continue;
    for (const pugi::xml_node item : list.children()) {
      if (IsElement(item, kRdfUri, "li")) values.emplace_back(Stripped(item.text().get()));
    }
    return values;
  }
  values.emplace_back(Stripped(property.text().get()));
  return values;
}

void SetHdrgm(std::string_view name, std::vector<std::string> values, XmpFacts& facts) {
  if (values.empty()) return;
  if (name == "Version") {
    facts.hdrgm_version = values[0];
    return;
  }
  HdrgmValues hdrgm = facts.hdrgm.value_or(HdrgmValues{});
  const std::array<std::pair<std::string_view, HdrgmValues::PerChannel*>, 5> per_channel = {{
      {"GainMapMin", &hdrgm.gain_map_min},
      {"GainMapMax", &hdrgm.gain_map_max},
      {"Gamma", &hdrgm.gamma},
      {"OffsetSDR", &hdrgm.offset_sdr},
      {"OffsetHDR", &hdrgm.offset_hdr},
  }};
  const std::array<std::pair<std::string_view, std::optional<std::string>*>, 3> scalars = {{
      {"HDRCapacityMin", &hdrgm.capacity_min},
      {"HDRCapacityMax", &hdrgm.capacity_max},
      {"BaseRenditionIsHDR", &hdrgm.base_rendition_is_hdr},
  }};
  bool known = false;
  for (const auto& [field, into] : scalars) {
    if (name != field) continue;
    *into = values[0];
    known = true;
  }
  for (const auto& [field, into] : per_channel) {
    if (name != field) continue;
    *into = std::move(values);
    known = true;
  }
  if (known) facts.hdrgm = std::move(hdrgm);
}

/// One property in one of our namespaces, whichever way it was written.
void SetProperty(const XmlName& name, std::vector<std::string> values, XmpFacts& facts) {
  const std::string first = values.empty() ? std::string() : values[0];
  if (name.uri == kHdrgmUri) {
    SetHdrgm(name.local, std::move(values), facts);
  } else if (name.uri == kAppleUri && name.local == "HDRGainMapVersion") {
    facts.apple_version = NumberFrom<std::uint32_t>(first);
  } else if (name.uri == kAppleUri && name.local == "HDRGainMapHeadroom") {
    facts.apple_headroom_linear = NumberFrom<double>(first);
  } else if (name.uri == kCameraUri) {
    facts.motion_photo |=
        name.local.starts_with("MotionPhoto") || name.local.starts_with("MicroVideo");
  } else if (name.uri == kXmpNoteUri && name.local == "HasExtendedXMP") {
    facts.extended_xmp_guid = first;
  }
}

void SetItem(std::string_view local, std::string_view value, DirectoryItem& item) {
  if (local == "Semantic") item.semantic = value;
  if (local == "Mime") item.mime = value;
  if (local == "Length") item.length = NumberFrom<std::uint64_t>(value);
  if (local == "Padding") item.padding = NumberFrom<std::uint64_t>(value);
}

/// Item:* attributes and child elements of one node.
void ReadItemFields(pugi::xml_node node, DirectoryItem& item) {
  for (const pugi::xml_attribute attribute : node.attributes()) {
    const XmlName name = ExpandedName(node, attribute.name());
    if (name.uri == kItemUri) SetItem(name.local, attribute.value(), item);
  }
  for (const pugi::xml_node child : node.children()) {
    const XmlName name = ExpandedName(child, child.name());
    if (name.uri == kItemUri) SetItem(name.local, Stripped(child.text().get()), item);
  }
}

[[nodiscard]] std::vector<DirectoryItem> ReadDirectory(pugi::xml_node directory) {
  std::vector<DirectoryItem> items;
  for (const pugi::xml_node list : directory.children()) {
    if (!IsList(list)) continue;
    for (const pugi::xml_node li : list.children()) {
      if (!IsElement(li, kRdfUri, "li")) continue;
      DirectoryItem item;
      ReadItemFields(li, item);
      for (const pugi::xml_node inner : li.children()) {
        ReadItemFields(inner, item);
        for (const pugi::xml_node deeper : inner.children()) ReadItemFields(deeper, item);
      }
      items.push_back(std::move(item));
    }
  }
  return items;
}

void ReadDescription(pugi::xml_node description, XmpFacts& facts) {
  for (const pugi::xml_attribute attribute : description.attributes()) {
    SetProperty(ExpandedName(description, attribute.name()), {attribute.value()}, facts);
  }
  for (const pugi::xml_node property : description.children()) {
    if (property.type() != pugi::node_element) continue;
    const XmlName name = ExpandedName(property, property.name());
    if (name.uri == kContainerUri && name.local == "Directory") {
      facts.directory = ReadDirectory(property);
    } else {
      SetProperty(name, ValuesOf(property), facts);
    }
  }
}

/// Chromium resolves prefixes on rdf:RDF and rdf:Description only.
[[nodiscard]] bool DeclaredOutside(pugi::xml_node rdf) {
  const auto declares = [](pugi::xml_node node) {
    for (const pugi::xml_attribute attribute : node.attributes()) {
      if (attribute.value() == kHdrgmUri) return true;
    }
    return false;
  };
  if (declares(rdf)) return false;
  for (const pugi::xml_node child : rdf.children()) {
    if (declares(child)) return false;
  }
  return declares(rdf.parent());
}

/// A decimal text as a fraction: exact where numerator and denominator fit, else the nearest with
/// a denominator of at most 10^9. nullopt when it is no finite number or does not fit at all.
[[nodiscard]] std::optional<Fraction> FractionFrom(std::string_view text, bool is_signed) {
  const std::optional<double> value = NumberFrom<double>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  const double limit = is_signed ? static_cast<double>(std::numeric_limits<std::int32_t>::max())
                                 : static_cast<double>(std::numeric_limits<std::uint32_t>::max());
  if (!is_signed && *value < 0) return std::nullopt;
  std::optional<Fraction> best;
  for (std::uint32_t denominator = 1; denominator <= 1'000'000'000; denominator *= 10) {
    const double scaled = std::round(*value * denominator);
    if (std::abs(scaled) > limit) break;
    best = Fraction{static_cast<std::int64_t>(scaled), denominator};
    if (best->value() == *value) break;
  }
  // At least six decimals, as every text and block of ours has.
  while (best && best->denominator < 1'000'000 &&
         std::abs(static_cast<double>(best->numerator)) * 10 <= limit) {
    best->numerator *= 10;
    best->denominator *= 10;
  }
  return best;
}

[[nodiscard]] std::unexpected<Error> NoNumber(std::string_view attribute, std::string_view text) {
  return Fail(ErrorCode::kBadInput, "hdrgm XMP", "hdrgm:{} is \"{}\", expected a number", attribute,
              text);
}

[[nodiscard]] Expected<std::array<Fraction, 3>> ChannelFractions(
    std::string_view attribute, const HdrgmValues::PerChannel& texts,
    std::optional<Fraction> fallback, bool is_signed) {
  if (!texts) {
    if (!fallback) {
      return Fail(ErrorCode::kBadInput, "hdrgm XMP", "hdrgm:{} is missing", attribute);
    }
    return std::array{*fallback, *fallback, *fallback};
  }
  if (texts->size() != 1 && texts->size() != 3) {
    return Fail(ErrorCode::kBadInput, "hdrgm XMP", "hdrgm:{} has {} values, expected 1 or 3",
                attribute, texts->size());
  }
  std::array<Fraction, 3> fractions;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::string& text = (*texts)[texts->size() == 1 ? 0 : c];
    const std::optional<Fraction> fraction = FractionFrom(text, is_signed);
    if (!fraction) return NoNumber(attribute, text);
    fractions[c] = *fraction;
  }
  return fractions;
}

}  // namespace

Expected<XmpFacts> ReadXmp(std::string_view packet) {
  pugi::xml_document document;
  const Expected<pugi::xml_node> rdf = ParseXmp(packet, document);
  if (!rdf) return std::unexpected(rdf.error());
  XmpFacts facts;
  for (const pugi::xml_node description : rdf->children()) {
    if (IsElement(description, kRdfUri, "Description")) ReadDescription(description, facts);
  }
  facts.hdrgm_outside_description =
      (facts.hdrgm || facts.hdrgm_version) && DeclaredOutside(*rdf);
  return facts;
}

Expected<GainMapMetadata> MetadataFromHdrgm(const HdrgmValues& values) {
  constexpr Fraction kZero{0, 1'000'000};
  constexpr Fraction kOne{1'000'000, 1'000'000};
  constexpr Fraction kOffset{15'625, 1'000'000};
  const auto one_text = [](const std::optional<std::string>& text) {
    return text ? HdrgmValues::PerChannel{{*text}} : std::nullopt;
  };
  const auto min = ChannelFractions("GainMapMin", values.gain_map_min, kZero, true);
  if (!min) return std::unexpected(min.error());
  const auto max = ChannelFractions("GainMapMax", values.gain_map_max, std::nullopt, true);
  if (!max) return std::unexpected(max.error());
  const auto gamma = ChannelFractions("Gamma", values.gamma, kOne, false);
  if (!gamma) return std::unexpected(gamma.error());
  const auto sdr = ChannelFractions("OffsetSDR", values.offset_sdr, kOffset, true);
  if (!sdr) return std::unexpected(sdr.error());
  const auto hdr = ChannelFractions("OffsetHDR", values.offset_hdr, kOffset, true);
  if (!hdr) return std::unexpected(hdr.error());
  const auto low = ChannelFractions("HDRCapacityMin", one_text(values.capacity_min), kZero, false);
  if (!low) return std::unexpected(low.error());
  const auto high =
      ChannelFractions("HDRCapacityMax", one_text(values.capacity_max), std::nullopt, false);
  if (!high) return std::unexpected(high.error());

  // Readers differ on the spelling; both mean the same.
  const bool hdr_base =
      values.base_rendition_is_hdr && (Stripped(*values.base_rendition_is_hdr) == "True" ||
                                       Stripped(*values.base_rendition_is_hdr) == "true");
  const GainMapFractions fractions{
      *min, *max, *gamma, *sdr, *hdr, hdr_base ? (*high)[0] : (*low)[0],
      hdr_base ? (*low)[0] : (*high)[0]};
  return MetadataFrom(fractions, true);
}

}  // namespace hdrp
