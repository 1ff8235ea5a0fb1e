#include "decode/map_numbers.h"

#include <array>
#include <cmath>

#include "base/formatted.h"
#include "metadata/iso21496.h"

namespace hdrp {
namespace {

/// ISO and XMP of one writer are rounded differently; what differs by more is another number.
constexpr double kAgreement = 1e-3;

std::optional<GainMapMetadata> ReadIso(const StreamMetadata& stream,
                                       std::vector<std::string>& problems) {
  std::vector<ByteView> blocks;
  for (const ByteView payload : stream.iso_payloads) {
    if (!IsIsoVersionBlock(payload)) blocks.push_back(payload);
  }
  if (blocks.empty()) return std::nullopt;
  if (blocks.size() > 1) {
    problems.push_back(
        Formatted("{} ISO 21496-1 blocks stand in the map; the first is used", blocks.size()));
  }
  auto block = ReadIsoBlock(blocks.front());
  if (!block) {
    problems.push_back("the ISO 21496-1 block is passed over: " + block.error().message);
    return std::nullopt;
  }
  problems.insert(problems.end(), block->deviations.begin(), block->deviations.end());
  return std::move(block->metadata);
}

std::optional<GainMapMetadata> ReadHdrgm(const StreamMetadata& stream,
                                         std::vector<std::string>& problems) {
  for (const XmpFacts& facts : stream.xmp) {
    if (!facts.hdrgm) continue;
    auto metadata = MetadataFromHdrgm(*facts.hdrgm);
    if (metadata) return std::move(*metadata);
    problems.push_back("the hdrgm XMP is passed over: " + metadata.error().message);
  }
  return std::nullopt;
}

std::optional<double> ReadAppleHeadroom(const StreamMetadata& stream, const AppleMakerNote& note,
                                        std::vector<std::string>& problems) {
  for (const XmpFacts& facts : stream.xmp) {
    if (!facts.apple_version) continue;
    const auto headroom =
        facts.apple_headroom_linear ? facts.apple_headroom_linear : HeadroomLinearFrom(note);
    if (headroom && std::isfinite(*headroom) && *headroom > 0) return headroom;
    problems.push_back(
        headroom ? Formatted("Apple's headroom is {}, expected a positive number", *headroom)
                 : "Apple's map has no headroom: none in its XMP, no MakerNote tags 33 and 48");
  }
  return std::nullopt;
}

/// One sentence for all numbers that differ.
void CompareIsoWithXmp(const GainMapMetadata& iso, const GainMapMetadata& xmp,
                       std::vector<std::string>& problems) {
  std::string differences;
  const auto compare = [&](std::string_view name, double a, double b) {
    if (std::abs(a - b) <= kAgreement) return;
    differences +=
        Formatted("{}{} {:.6g} against {:.6g}", differences.empty() ? "" : ", ", name, a, b);
  };
  const auto compare_channels = [&](std::string_view name, const std::array<double, 3>& a,
                                    const std::array<double, 3>& b) {
    for (std::size_t c = 0; c < 3; ++c) compare(Formatted("{}[{}]", name, c), a[c], b[c]);
  };
  compare_channels("gain_map_min", iso.gain_map_min, xmp.gain_map_min);
  compare_channels("gain_map_max", iso.gain_map_max, xmp.gain_map_max);
  compare_channels("gamma", iso.gamma, xmp.gamma);
  compare_channels("base_offset", iso.base_offset, xmp.base_offset);
  compare_channels("alternate_offset", iso.alternate_offset, xmp.alternate_offset);
  compare("base_hdr_headroom", iso.base_hdr_headroom, xmp.base_hdr_headroom);
  compare("alternate_hdr_headroom", iso.alternate_hdr_headroom, xmp.alternate_hdr_headroom);
  if (!differences.empty()) {
    problems.push_back("ISO 21496-1 and XMP disagree, ISO is used: " + differences);
  }
}

}  // namespace

std::string_view NameOf(MetadataSource source) {
  switch (source) {
    case MetadataSource::kIso:
      return "iso";
    case MetadataSource::kXmp:
      return "xmp";
    case MetadataSource::kApple:
      return "apple";
  }
  return "";
}

MapNumbers ReadMapNumbers(const StreamMetadata& stream, const AppleMakerNote& note) {
  MapNumbers numbers;
  auto iso = ReadIso(stream, numbers.problems);
  auto xmp = ReadHdrgm(stream, numbers.problems);
  if (iso && xmp) CompareIsoWithXmp(*iso, *xmp, numbers.problems);
  if (iso) {
    numbers.source = MetadataSource::kIso;
    numbers.metadata = std::move(*iso);
  } else if (xmp) {
    numbers.source = MetadataSource::kXmp;
    numbers.metadata = std::move(*xmp);
  } else if (const auto headroom = ReadAppleHeadroom(stream, note, numbers.problems)) {
    numbers.source = MetadataSource::kApple;
    numbers.metadata = MetadataFromApple(*headroom);
    numbers.apple_headroom_linear = *headroom;
  }
  return numbers;
}

}  // namespace hdrp
