// S1..S10: the container.
#include <algorithm>
#include <optional>

#include "metadata/extended_xmp.h"
#include "metadata/iso21496.h"
#include "metadata/xmp.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

constexpr std::uint8_t kApp0 = 0xE0;
constexpr std::uint8_t kApp1 = 0xE1;
constexpr std::uint8_t kApp2 = 0xE2;
constexpr std::uint8_t kApp14 = 0xEE;
constexpr std::string_view kJfifName{"JFIF\0", 5};
constexpr std::string_view kIccName{"ICC_PROFILE\0", 12};
constexpr std::size_t kIsoSingle = 61;
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

void CheckPackets(std::string_view name, const JpegStream& stream, Findings& findings) {
  const auto packets = stream.Find(kApp1, kXmpNamespace);
  if (packets.empty()) findings.Deviates("{}: no XMP packet", name);
  if (packets.size() > 1) findings.Fail("{}: {} XMP packets, expected one", name, packets.size());
  for (const JpegSegment* packet : packets) {
    const auto facts = ReadXmp(AsText(packet->payload.subspan(kXmpNamespace.size())));
    if (!facts) {
      findings.Fail("{}: XMP at byte {}: {}", name, packet->position, facts.error().message);
    } else if (facts->hdrgm_outside_description) {
      findings.Fail("{}: the hdrgm namespace is declared outside rdf:RDF and rdf:Description",
                    name);
    }
  }
}

/// S3: one packet per stream.
Check PacketsAreSingle(const Subject& subject) {
  if (subject.iso_only()) return Findings::NotRun("this exporter writes no XMP");
  Findings findings(subject);
  CheckPackets("primary", subject.parsed.primary, findings);
  CheckPackets("gain map", subject.map().stream, findings);
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

/// S6: the map's stream is a plain JPEG that every reader decodes.
Check MapStreamIsPlain(const Subject& subject) {
  Findings findings(subject);
  const GainMapStream& map = subject.map();
  if (!map.stream.Find(kApp2, kIccName).empty()) {
    findings.Deviates("the gain map carries an ICC profile");
  }
  if (!map.stream.Find(kApp1, kExifNamespace).empty()) {
    findings.Deviates("the gain map carries EXIF");
  }
  if (!map.announcements.mpf.empty()) findings.Deviates("the gain map carries an MPF index");
  const JpegFrame& frame = map.stream.frame;
  if (frame.bits != 8) findings.Fail("the gain map has {} bits per sample, expected 8", frame.bits);
  if (frame.components.size() != 1 && frame.components.size() != 3) {
    findings.Fail("the gain map has {} components, expected 1 or 3", frame.components.size());
  }
  if (frame.marker < 0xC0 || frame.marker > 0xC2) {
    findings.Fail("the gain map is coded with SOF{}, expected baseline or progressive",
                  frame.marker - 0xC0);
  }
  return std::move(findings).Verdict();
}

/// What of a JFIF payload is not ours to change: version, unit and densities.
ByteView JfifCore(const JpegStream& stream) {
  const auto segments = stream.Find(kApp0, kJfifName);
  return segments.empty() ? ByteView{}
                          : segments.front()->payload.first(
                                std::min<std::size_t>(12, segments.front()->payload.size()));
}
ByteView Adobe(const JpegStream& stream) {
  const auto segments = stream.Find(kApp14, "Adobe");
  return segments.empty() ? ByteView{} : segments.front()->payload;
}

/// S7: the primary's own segments are whole, and those that decide its colours are the base's.
Check PrimarySegmentsAreKept(const Subject& subject) {
  Findings findings(subject);
  const JpegStream& primary = subject.parsed.primary;
  if (const auto icc = JoinIcc(primary); !icc) findings.Fail("{}", icc.error().message);
  if (const std::size_t count = primary.Find(kApp1, kExifNamespace).size(); count > 1) {
    findings.Deviates("{} EXIF segments in the primary", count);
  }
  if (subject.expected == nullptr) return std::move(findings).Verdict();

  const JpegStream& base = *subject.expected->base;
  if (IsRgbCoded(primary) != IsRgbCoded(base)) {
    findings.Fail("JFIF and APP14 make decoders take the base for {}, it is {}",
                  IsRgbCoded(primary) ? "RGB" : "YCbCr", IsRgbCoded(base) ? "RGB" : "YCbCr");
  } else if (!subject.iso_only()) {
    if (!std::ranges::equal(Adobe(primary), Adobe(base))) {
      findings.Fail("APP14 differs from the base's");
    }
    if (!std::ranges::equal(JfifCore(primary), JfifCore(base))) {
      findings.Fail("JFIF differs from the base's");
    }
  }
  return std::move(findings).Verdict();
}

/// S8: not one bit of the picture was touched.
Check PictureIsTheBases(const Subject& subject) {
  if (subject.expected == nullptr) return Findings::NotRun("there is no base to compare with");
  Findings findings(subject);
  if (!SamePicture(subject.parsed.primary, *subject.expected->base)) {
    findings.Fail("tables or scans of the primary differ from the base's");
  }
  return std::move(findings).Verdict();
}

/// S9: nothing of an older gain map or a motion photo is left.
Check NothingIsLeftOver(const Subject& subject) {
  Findings findings(subject);
  const StreamMetadata& primary = subject.parsed.announcements;
  for (std::size_t i = 0; i < primary.xmp.size(); ++i) {
    const XmpFacts& facts = primary.xmp[i];
    if (facts.apple_version || facts.apple_headroom_linear) {
      findings.Deviates("the primary's XMP still speaks of an Apple HDRGainMap");
    }
    if (facts.motion_photo) {
      findings.Deviates("the primary's XMP still announces a motion photo");
    }
    if (facts.hdrgm) findings.Deviates("the primary's XMP holds gain-map numbers of its own");
    // Extended XMP follows the standard packets.
    if (i >= primary.standard_xmp_packets && (facts.hdrgm_version || facts.directory)) {
      findings.Deviates("Extended XMP announces a gain map");
    }
  }
  return std::move(findings).Verdict();
}

/// S10: Extended XMP can be put together again.
Check ExtendedXmpIsWhole(const Subject& subject) {
  Findings findings(subject);
  const JpegStream& primary = subject.parsed.primary;
  std::optional<std::string> guid;
  for (const XmpFacts& facts : subject.parsed.announcements.xmp) {
    if (facts.extended_xmp_guid) guid = facts.extended_xmp_guid;
  }
  if (!guid) {
    if (const auto parts = primary.Find(kApp1, kExtendedXmpNamespace); !parts.empty()) {
      findings.Deviates("{} Extended XMP segments, but no packet names them", parts.size());
    }
    return std::move(findings).Verdict();
  }
  const auto joined = JoinExtendedXmp(primary, *guid, subject.options.limits.max_metadata_bytes);
  if (!joined) {
    findings.Fail("Extended XMP: {}", joined.error().message);
  } else if (!joined->digest_matches) {
    findings.Fail("Extended XMP: its MD5 is not its GUID {}", *guid);
  }
  return std::move(findings).Verdict();
}

/// A preview's S1: one stream.
Check PreviewIsOneStream(const Subject& subject) {
  Findings findings(subject);
  const JpegStream& primary = subject.parsed.primary;
  if (!primary.complete) findings.Fail("the picture has no EOI marker");
  if (primary.end < subject.file.size()) {
    findings.Fail("{} bytes follow the picture", subject.file.size() - primary.end);
  }
  return std::move(findings).Verdict();
}

/// A preview's S9.
Check PreviewAnnouncesNothing(const Subject& subject) {
  Findings findings(subject);
  if (!subject.parsed.claims.empty()) {
    findings.Fail("a gain map is announced: {}", Joined(subject.parsed.claims));
  }
  return std::move(findings).Verdict();
}

constexpr auto kStructureChecks = std::to_array<NamedCheck>({
    {"S1", Scope::kGainMapFile, StreamsFollow},
    {"S2", Scope::kMap, MpfIsRight},
    {"S3", Scope::kMap, PacketsAreSingle},
    {"S4", Scope::kGainMapFile, AnnouncementHolds},
    {"S5", Scope::kMap, IsoBlocksArePaired},
    {"S6", Scope::kMap, MapStreamIsPlain},
    {"S7", Scope::kAnyFile, PrimarySegmentsAreKept},
    {"S8", Scope::kAnyFile, PictureIsTheBases},
    {"S9", Scope::kGainMapFile, NothingIsLeftOver},
    {"S10", Scope::kAnyFile, ExtendedXmpIsWhole},
});

constexpr auto kPreviewChecks = std::to_array<NamedCheck>({
    {"S1", Scope::kAnyFile, PreviewIsOneStream},
    {"S9", Scope::kAnyFile, PreviewAnnouncesNothing},
});

}  // namespace

std::span<const NamedCheck> StructureChecks() { return kStructureChecks; }
std::span<const NamedCheck> PreviewChecks() { return kPreviewChecks; }

bool IsRgbCoded(const JpegStream& stream) {
  const ByteView adobe = Adobe(stream);
  return stream.Find(kApp0, kJfifName).empty() && adobe.size() >= 12 && adobe[11] == 0;
}

bool SamePicture(const JpegStream& a, const JpegStream& b) {
  // Either may be cut in ranges at its own places.
  std::size_t at = 0;
  ByteView rest;
  for (ByteView range : a.picture) {
    while (!range.empty()) {
      if (rest.empty()) {
        if (at == b.picture.size()) return false;
        rest = b.picture[at++];
        continue;
      }
      const std::size_t count = std::min(range.size(), rest.size());
      if (!std::ranges::equal(range.first(count), rest.first(count))) return false;
      range = range.subspan(count);
      rest = rest.subspan(count);
    }
  }
  return rest.empty() && at == b.picture.size();
}
}  // namespace hdrp
