#include "verify/readers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/formatted.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_markers.h"
#include "verify/checks.h"
#include "verify/skia_reader.h"

namespace hdrp {
namespace {

/// What numbers that were read do to the picture.
ReaderVerdict ByNumbers(std::string_view reader, const GainMapMetadata& metadata, std::string how) {
  if (metadata.base_hdr_headroom >= metadata.alternate_hdr_headroom) {
    return {reader, false, "the headrooms say that the base is the HDR rendition"};
  }
  for (std::size_t c = 0; c < 3; ++c) {
    if (metadata.gamma[c] <= 0 || metadata.gain_map_max[c] < metadata.gain_map_min[c]) {
      return {reader, std::nullopt, "the numbers are broken (gamma, or max below min)"};
    }
  }
  if (*std::ranges::max_element(metadata.gain_map_max) <= 0) {
    return {reader, false, "the gain map brightens nothing"};
  }
  return {reader, true, std::move(how)};
}

ReaderVerdict Chrome(const SkiaView& view) {
  constexpr std::string_view kName = "chrome";
  if (!view.route) return {kName, false, view.why};
  if (!view.why.empty()) return {kName, false, view.why};
  const std::string_view way = view.through_mpf ? "MPF" : "GContainer";
  switch (*view.route) {
    case SkiaRoute::kIso:
      return ByNumbers(kName, view.metadata, Formatted("{} leads to an ISO 21496-1 map", way));
    case SkiaRoute::kXmp:
      return ByNumbers(kName, view.metadata, Formatted("{} leads to an hdrgm map", way));
    case SkiaRoute::kApple:
      return {kName, true, "MPF leads to an Apple map"};
  }
  std::unreachable();
}

ReaderVerdict Android15(ReaderVerdict chrome) {
  chrome.reader = "android15";
  chrome.why += " (expected: it shares Chrome's decoder; not run on a device)";
  return chrome;
}

const HdrgmValues* Hdrgm(const StreamMetadata& stream) {
  for (const XmpFacts& facts : stream.xmp) {
    if (facts.hdrgm) return &*facts.hdrgm;
  }
  return nullptr;
}

bool LedToByMpf(const GainMapJpeg& parsed) {
  return parsed.map && parsed.map->locator == MapLocator::kMpf;
}

ReaderVerdict Android14(const GainMapJpeg& parsed) {
  constexpr std::string_view kName = "android14";
  if (!parsed.map) return {kName, false, "there is no gain map"};
  const HdrgmValues* values = Hdrgm(parsed.map->announcements);
  if (values == nullptr || !ClaimsHdrgm(parsed.announcements)) {
    return {kName, false, "it wants hdrgm XMP in both images and does not know ISO 21496-1"};
  }
  const Expected<GainMapMetadata> metadata = MetadataFromHdrgm(WithoutApplesNames(*values));
  if (!metadata) return {kName, false, metadata.error().message};
  if (parsed.map->locator != MapLocator::kMpf &&
      parsed.map->locator != MapLocator::kDirectoryFromEoi) {
    return {kName, false, "neither MPF nor GContainer leads to the gain map"};
  }
  if (!metadata->IsSingleChannel()) {
    return {kName, std::nullopt, "numbers per channel were not tried on it"};
  }
  return ByNumbers(kName, *metadata, "hdrgm XMP in both images (reported; not run on a device)");
}

ReaderVerdict Apple(const GainMapJpeg& parsed) {
  constexpr std::string_view kName = "apple";
  if (!parsed.map) return {kName, false, "there is no gain map"};
  if (!LedToByMpf(parsed)) return {kName, false, "no MPF entry leads to the gain map"};
  const GainMapStream& map = *parsed.map;
  const bool is_apples = std::ranges::any_of(map.announcements.xmp, [](const XmpFacts& facts) {
    return facts.apple_version || facts.apple_headroom_linear;
  });
  if (is_apples) return {kName, true, "Apple's own form"};
  if (map.source == MetadataSource::kXmp) {
    return {kName, std::nullopt, "reports differ on files without an ISO 21496-1 block"};
  }
  if (parsed.announcements.iso_payloads.empty()) {
    return {kName, std::nullopt, "the primary lacks the ISO 21496-1 version block; not tried"};
  }
  if (!map.stream.Find(kApp2, kIccNamespace).empty()) {
    return {kName, std::nullopt, "an ICC profile on the map is reported to break some versions"};
  }
  return ByNumbers(kName, map.metadata, "ISO 21496-1 and MPF (reported; not run on a device)");
}

ReaderVerdict Libavif(const GainMapJpeg& parsed) {
  constexpr std::string_view kName = "libavif";
  if (!parsed.map) return {kName, false, "there is no gain map"};
  if (!LedToByMpf(parsed)) return {kName, false, "no MPF entry leads to the gain map"};
  const StreamMetadata& map = parsed.map->announcements;
  if (parsed.map->source == MetadataSource::kApple) {
    return {kName, std::nullopt, "Apple's metadata alone were not tried"};
  }
  if (parsed.announcements.standard_xmp_packets != 1 || map.standard_xmp_packets != 1) {
    return {kName, false, "it wants exactly one XMP packet in each image"};
  }
  const HdrgmValues* values = Hdrgm(map);
  if (values == nullptr) return {kName, false, "it reads hdrgm XMP only"};
  const Expected<GainMapMetadata> metadata = MetadataFromHdrgm(WithoutApplesNames(*values));
  if (!metadata) return {kName, false, metadata.error().message};
  return ByNumbers(kName, *metadata, "MPF leads to an hdrgm map (in builds with libxml2)");
}

/// What libultrahdr minds in an ISO block beyond our own reader; empty where nothing.
std::string IsoObjection(ByteView payload) {
  const Expected<IsoBlock> block = ReadIsoBlock(payload);
  if (!block) return "the ISO 21496-1 block is broken, and then XMP is not tried";
  // Bytes 0..1: minimum_version, 4: flags, of which 0x04 is a draft's.
  if (payload.size() > 4 && (payload[0] != 0 || payload[1] != 0)) {
    return "the ISO 21496-1 block is a draft's";
  }
  if (payload.size() > 4 && (payload[4] & 0x04) != 0) return "the ISO block's flag 0x04 is refused";
  return {};
}

std::string XmpObjection(const StreamMetadata& map) {
  const XmpFacts& facts = map.xmp.front();
  if (facts.hdrgm_version != "1.0") return "the map's hdrgm:Version is not \"1.0\"";
  const std::string is_hdr =
      facts.hdrgm ? facts.hdrgm->base_rendition_is_hdr.value_or("False") : "";
  if (is_hdr != "False") return "BaseRenditionIsHDR is not spelt \"False\"";
  if (facts.hdrgm->alternate_headroom && !facts.hdrgm->capacity_max) {
    return "hdrgm:HDRCapacityMax is missing";
  }
  return {};
}

ReaderVerdict Libultrahdr(ByteView file, const GainMapJpeg& parsed) {
  constexpr std::string_view kName = "libultrahdr";
  if (!parsed.map) return {kName, false, "there is no gain map"};
  const GainMapStream& map = *parsed.map;
  if (map.source == MetadataSource::kApple) {
    return {kName, std::nullopt, "it misreads Apple's headroom"};
  }
  if (const auto exceptions = LibultrahdrExceptions(parsed); !exceptions.empty()) {
    return {kName, false, exceptions.front()};
  }
  if (!map.stream.complete) return {kName, false, "the gain map is cut off"};
  const std::size_t second = AsText(file).find(kStreamStart, parsed.primary.end);
  if (second != map.stream.begin) {
    return {kName, std::nullopt, "another JPEG stands before the map; it takes the second one"};
  }
  const auto& payloads = map.announcements.iso_payloads;
  const std::string objection =
      payloads.empty() ? XmpObjection(map.announcements) : IsoObjection(payloads.front());
  if (!objection.empty()) return {kName, false, objection};
  const GainMapMetadata& metadata = map.metadata;
  for (std::size_t c = 0; c < 3; ++c) {
    if (metadata.base_offset[c] < 0 || metadata.alternate_offset[c] < 0) {
      return {kName, false, "negative offsets are refused"};
    }
    if (metadata.gamma[c] <= 0 || metadata.gain_map_max[c] < metadata.gain_map_min[c]) {
      return {kName, false, "the numbers are broken (gamma, or max below min)"};
    }
  }
  return ByNumbers(kName, metadata, "a second JPEG with gain-map metadata follows");
}

constexpr auto kReaders = std::to_array<std::string_view>(
    {"chrome", "android14", "android15", "apple", "libavif", "libultrahdr"});

/// Browsers and phones are built without arithmetic decoding; libraries may have it, but a file
/// that only they show is shown by nobody.
std::string WhyNobodyDecodes(const GainMapJpeg& parsed) {
  if (IsArithmetic(parsed.primary.frame)) {
    return Formatted(
        "the picture is arithmetic-coded (SOF{}), which few browsers and no phone decode",
        SofNumber(parsed.primary.frame.marker));
  }
  if (parsed.map && IsArithmetic(parsed.map->stream.frame)) {
    return Formatted(
        "the gain map is arithmetic-coded (SOF{}), which few browsers and no phone decode",
        SofNumber(parsed.map->stream.frame.marker));
  }
  return {};
}

}  // namespace

std::vector<ReaderVerdict> PredictReaders(ByteView file, const GainMapJpeg& parsed) {
  if (const std::string why = WhyNobodyDecodes(parsed); !why.empty()) {
    std::vector<ReaderVerdict> verdicts;
    for (const std::string_view reader : kReaders) verdicts.push_back({reader, false, why});
    return verdicts;
  }
  const ReaderVerdict chrome = Chrome(SkiaViewOf(file, parsed));
  return {chrome,        Android14(parsed), Android15(chrome),
          Apple(parsed), Libavif(parsed),   Libultrahdr(file, parsed)};
}

}  // namespace hdrp
