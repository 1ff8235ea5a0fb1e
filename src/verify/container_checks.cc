// S1, S2, S4, S5: what the primary says of the map, and where the map is.
#include <algorithm>

#include "metadata/iso21496.h"
#include "metadata/xmp.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

constexpr std::size_t kIsoSingle = 61;  // bytes for one channel, and for three
constexpr std::size_t kIsoTriple = 141;

std::size_t SizeOf(const JpegStream& stream) { return stream.end - stream.begin; }

/// S1: primary, map, and nothing else.
Check StreamsFollow(const Subject& subject) {
  Findings findings(subject);
  const GainMapJpeg& parsed = subject.parsed;
  if (!parsed.primary.complete) findings.Fail("the primary image has no EOI marker");
  if (!parsed.map) {
    findings.Fail("no gain map was found{}{}", parsed.problems.empty() ? "" : ": ",
                  Joined(parsed.problems));
    return std::move(findings).Verdict();
  }
  const JpegStream& map = subject.map().stream;
  if (!map.complete) {
    findings.Fail("the gain map at byte {} ends without an EOI marker", map.begin);
  }
  if (map.begin != parsed.primary.end) {
    findings.Deviates("expected the gain map at byte {} right after the primary, found it at {}",
                      parsed.primary.end, map.begin);
  }
  if (map.end < subject.file.size()) {
    findings.Deviates("{} bytes follow the gain map", subject.file.size() - map.end);
  }
  return std::move(findings).Verdict();
}

void CheckMpfEntries(const Subject& subject, const MpfIndex& index, std::size_t tiff_header,
                     Findings& findings) {
  const JpegStream& primary = subject.parsed.primary;
  const JpegStream& map = subject.map().stream;
  if (index.entries.size() < 2) {
    return findings.Fail("MPF lists {} images, expected 2", index.entries.size());
  }
  if (index.entries.size() > 2) {
    findings.Deviates("MPF lists {} images, expected 2", index.entries.size());
  }
  // Types and the first offset are among the index's own deviations.
  if (index.entries[0].size != SizeOf(primary)) {
    findings.Deviates("MPF entry 0: size {}, the primary has {} bytes", index.entries[0].size,
                      SizeOf(primary));
  }
  const auto position_of = [&](const MpfEntry& entry) { return tiff_header + entry.offset; };
  const auto second =
      std::ranges::find(index.entries.begin() + 1, index.entries.end(), map.begin, position_of);
  if (second == index.entries.end()) {
    const MpfEntry& entry = index.entries[1];
    findings.Fail("MPF entry 1: offset {} is byte {} of the file, the gain map starts at {}{}",
                  entry.offset, position_of(entry), map.begin,
                  entry.offset == map.begin ? " (counted from the start of the file)" : "");
  } else if (second->size != SizeOf(map)) {
    findings.Fail("MPF entry 1: size {}, the gain map has {} bytes", second->size, SizeOf(map));
  }
}

/// S2: the index most readers depend on.
Check MpfIsRight(const Subject& subject) {
  Findings findings(subject);
  const StreamMetadata& primary = subject.parsed.announcements;
  if (primary.mpf.size() != 1) {
    findings.Fail("expected one MPF segment in the primary, found {}", primary.mpf.size());
    return std::move(findings).Verdict();
  }
  const Expected<MpfIndex>& index = primary.mpf.front();
  if (!index) {
    findings.Fail("MPF: {}", index.error().message);
    return std::move(findings).Verdict();
  }
  for (const std::string& deviation : index->deviations) findings.Fail("MPF: {}", deviation);
  const std::size_t tiff_header = primary.mpf_positions.front();
  CheckMpfEntries(subject, *index, tiff_header, findings);
  if (tiff_header > subject.parsed.primary.tables_begin && !subject.iso_only()) {
    findings.Deviates("MPF stands at byte {}, behind the first table at {}", tiff_header - 8,
                      subject.parsed.primary.tables_begin);
  }
  return std::move(findings).Verdict();
}

void CheckDirectory(const Subject& subject, const std::vector<DirectoryItem>& items,
                    Findings& findings) {
  if (items.size() < 2 || items[0].semantic != "Primary" || items[1].semantic != "GainMap") {
    return findings.Deviates("the GContainer directory does not list Primary, then GainMap");
  }
  for (const DirectoryItem& item : {items[0], items[1]}) {
    if (item.mime != "image/jpeg") {
      findings.Deviates("GContainer item {}: Mime \"{}\", expected \"image/jpeg\"", item.semantic,
                        item.mime);
    }
  }
  const JpegStream& map = subject.map().stream;
  if (items[1].length != SizeOf(map)) {
    findings.Fail("GContainer: Length {} of the gain map, which has {} bytes",
                  items[1].length.value_or(0), SizeOf(map));
  }
  const std::uint64_t position = subject.parsed.primary.end + items[0].padding.value_or(0);
  if (position != map.begin) {
    findings.Fail("GContainer puts the gain map at byte {}, it starts at {}", position, map.begin);
  }
}

/// S4: what the primary's XMP announces is there. Runs without a map too: that is the usual lie.
Check AnnouncementHolds(const Subject& subject) {
  if (subject.iso_only()) return Findings::NotRun("this exporter writes no XMP");
  Findings findings(subject);
  if (!subject.parsed.map) {
    if (subject.parsed.claims.empty()) return Findings::NotRun("nothing announces a gain map");
    findings.Fail("announced, but absent: {}", Joined(subject.parsed.claims));
    return std::move(findings).Verdict();
  }
  const auto& xmp = subject.parsed.announcements.xmp;
  const auto version = std::ranges::find_if(
      xmp, [](const XmpFacts& facts) { return facts.hdrgm_version.has_value(); });
  if (version == xmp.end()) {
    findings.Deviates("the primary's XMP has no hdrgm:Version");
  } else if (version->hdrgm_version != "1.0") {
    findings.Fail("the primary's hdrgm:Version is \"{}\", expected \"1.0\"",
                  *version->hdrgm_version);
  }
  const auto directory =
      std::ranges::find_if(xmp, [](const XmpFacts& facts) { return facts.directory.has_value(); });
  if (directory == xmp.end()) {
    findings.Deviates("the primary's XMP has no GContainer directory");
  } else {
    CheckDirectory(subject, *directory->directory, findings);
  }
  return std::move(findings).Verdict();
}

/// S5: the pair of ISO blocks.
Check IsoBlocksArePaired(const Subject& subject) {
  Findings findings(subject);
  const auto& in_primary = subject.parsed.announcements.iso_payloads;
  const auto& in_map = subject.map().announcements.iso_payloads;
  if (in_primary.size() != 1) {
    findings.Deviates("{} ISO 21496-1 blocks in the primary, expected one", in_primary.size());
  } else if (!IsIsoVersionBlock(in_primary.front())) {
    findings.Deviates("the primary's ISO 21496-1 block has {} bytes, expected a version of 4",
                      in_primary.front().size());
  } else if (std::ranges::any_of(in_primary.front(), [](std::uint8_t byte) { return byte != 0; })) {
    findings.Fail("the primary's ISO 21496-1 version is not 0.0");
  }
  if (in_map.size() != 1) {
    findings.Deviates("{} ISO 21496-1 blocks in the gain map, expected one", in_map.size());
  }
  for (const ByteView block : in_map) {
    if (block.size() != kIsoSingle && block.size() != kIsoTriple) {
      findings.Fail("the gain map's ISO 21496-1 block has {} bytes, expected 61 or 141",
                    block.size());
    }
  }
  return std::move(findings).Verdict();
}

constexpr auto kContainerChecks = std::to_array<NamedCheck>({
    {"S1", Scope::kGainMapFile, StreamsFollow},
    {"S2", Scope::kMap, MpfIsRight},
    {"S4", Scope::kGainMapFile, AnnouncementHolds},
    {"S5", Scope::kMap, IsoBlocksArePaired},
});

}  // namespace

std::span<const NamedCheck> ContainerChecks() { return kContainerChecks; }

}  // namespace hdrp
