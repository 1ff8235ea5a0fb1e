#include "decode/container_report.h"

#include "base/formatted.h"
#include "metadata/iso21496.h"

namespace hdrp {
namespace {

constexpr double kAspectWarning = 0.005;

std::size_t SizeOf(const JpegStream& stream) { return stream.end - stream.begin; }

void CompareMpf(const GainMapJpeg& file, std::vector<std::string>& problems) {
  const StreamMetadata& primary = file.announcements;
  if (primary.mpf.size() > 1) {
    problems.push_back(Formatted("{} MPF segments stand in the primary", primary.mpf.size()));
  }
  for (std::size_t i = 0; i < primary.mpf.size(); ++i) {
    if (!primary.mpf[i]) {
      problems.push_back("the MPF index cannot be read: " + primary.mpf[i].error().message);
      continue;
    }
    const auto& deviations = primary.mpf[i]->deviations;
    problems.insert(problems.end(), deviations.begin(), deviations.end());
    const auto& entries = primary.mpf[i]->entries;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const std::size_t position = k == 0 ? 0 : primary.mpf_positions[i] + entries[k].offset;
      const bool is_map = k > 0 && file.map && position == file.map->stream.begin;
      if (k > 0 && !is_map) continue;
      const std::size_t size = SizeOf(is_map ? file.map->stream : file.primary);
      if (entries[k].size != size) {
        problems.push_back(Formatted("MPF entry {}: size {} is stated, the {} has {} bytes", k,
                                     entries[k].size, is_map ? "gain map" : "primary image", size));
      }
    }
  }
}

void CompareDirectory(const GainMapJpeg& file, std::vector<std::string>& problems) {
  if (!file.map) return;
  for (const XmpFacts& facts : file.announcements.xmp) {
    if (!facts.directory) continue;
    for (const DirectoryItem& item : *facts.directory) {
      if (item.semantic == "GainMap" && item.length != SizeOf(file.map->stream)) {
        problems.push_back(Formatted("GContainer: length {} is stated, the gain map has {} bytes",
                                     item.length ? std::to_string(*item.length) : "none",
                                     SizeOf(file.map->stream)));
      }
    }
  }
}

void CheckXmp(const StreamMetadata& stream, std::string_view name,
              std::vector<std::string>& problems) {
  if (stream.standard_xmp_packets > 1) {
    problems.push_back(
        Formatted("{} XMP packets stand in the {}", stream.standard_xmp_packets, name));
  }
  for (const XmpFacts& facts : stream.xmp) {
    if (facts.hdrgm_version && *facts.hdrgm_version != "1.0") {
      problems.push_back(Formatted("hdrgm:Version in the {} is \"{}\", expected \"1.0\"", name,
                                   *facts.hdrgm_version));
    }
    if (facts.hdrgm_outside_description) {
      problems.push_back(
          Formatted("the {}'s XMP declares hdrgm outside rdf:RDF and rdf:Description", name));
    }
  }
}

void CheckMap(const GainMapJpeg& file, std::vector<std::string>& problems) {
  const GainMapStream& map = *file.map;
  if (map.locator != MapLocator::kMpf) {
    problems.push_back(Formatted("no MPF entry leads to the gain map; {}",
                                 map.locator == MapLocator::kNextStream
                                     ? "it was found by looking for JPEGs behind the primary"
                                     : "it was found through GContainer"));
  }
  CheckXmp(map.announcements, "gain map", problems);
  if (!map.stream.complete) problems.emplace_back("the gain map is cut off before its end marker");
  if (map.stream.begin != file.primary.end) {
    problems.push_back(Formatted("the gain map begins at byte {}, the primary ends at byte {}",
                                 map.stream.begin, file.primary.end));
  }
  const double difference = AspectDifference(file.primary.frame, map.stream.frame);
  if (difference > kAspectWarning) {
    problems.push_back(
        Formatted("the gain map's aspect differs from the base's by {:.2f} %", 100 * difference));
  }
}

}  // namespace

std::vector<std::string> ClaimsOf(const StreamMetadata& primary) {
  std::vector<std::string> claims;
  for (const XmpFacts& facts : primary.xmp) {
    if (facts.hdrgm_version) {
      claims.push_back(
          Formatted("hdrgm:Version=\"{}\" in the primary's XMP", *facts.hdrgm_version));
    }
    if (facts.hdrgm) claims.emplace_back("hdrgm numbers in the primary's own XMP");
    if (facts.apple_version) claims.emplace_back("HDRGainMapVersion in the primary's own XMP");
    if (!facts.directory) continue;
    for (const DirectoryItem& item : *facts.directory) {
      if (item.semantic != "GainMap") continue;
      claims.push_back(item.length ? Formatted("a GainMap of {} bytes in GContainer", *item.length)
                                   : "a GainMap in GContainer");
    }
  }
  for (const ByteView payload : primary.iso_payloads) {
    claims.push_back(
        IsIsoVersionBlock(payload)
            ? "an ISO 21496-1 version block in the primary"
            : Formatted("an ISO 21496-1 block of {} bytes in the primary itself", payload.size()));
  }
  for (const auto& index : primary.mpf) {
    if (index && index->entries.size() > 1) {
      claims.push_back(Formatted("{} further image(s) in MPF", index->entries.size() - 1));
    }
  }
  return claims;
}

std::vector<std::string> ContainerProblems(const GainMapJpeg& file) {
  std::vector<std::string> problems;
  CompareMpf(file, problems);
  CompareDirectory(file, problems);
  CheckXmp(file.announcements, "primary", problems);
  if (file.map) CheckMap(file, problems);
  if (!file.primary.complete) {
    problems.emplace_back("the primary image is cut off before its end marker");
  }
  if (file.primary.header_segments_after_scan > 0) {
    problems.push_back(Formatted("{} APPn or COM segment(s) stand between the primary's scans",
                                 file.primary.header_segments_after_scan));
  }
  if (file.trailing_bytes > 0) {
    problems.push_back(Formatted("{} bytes follow the {}", file.trailing_bytes,
                                 file.map ? "gain map" : "last JPEG"));
  }
  return problems;
}

}  // namespace hdrp
