// S3, S6..S10: each stream for itself, and the primary against the base it was made from.
#include <algorithm>
#include <optional>

#include "metadata/extended_xmp.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

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

/// S6: the map's stream is a plain JPEG that every reader decodes.
Check MapStreamIsPlain(const Subject& subject) {
  Findings findings(subject);
  const GainMapStream& map = subject.map();
  if (!map.stream.Find(kApp2, kIccNamespace).empty()) {
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
  if (frame.marker < kSof0 || frame.marker > kSof2) {
    findings.Fail("the gain map is coded with SOF{}, expected baseline or progressive",
                  SofNumber(frame.marker));
  }
  return std::move(findings).Verdict();
}

/// What of a JFIF payload is not ours to change: version, unit and densities.
ByteView JfifCore(const JpegStream& stream) {
  const auto segments = stream.Find(kApp0, kJfifNamespace);
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

constexpr auto kStreamChecks = std::to_array<NamedCheck>({
    {"S3", Scope::kMap, PacketsAreSingle},
    {"S6", Scope::kMap, MapStreamIsPlain},
    {"S7", Scope::kAnyFile, PrimarySegmentsAreKept},
    {"S8", Scope::kAnyFile, PictureIsTheBases},
    {"S9", Scope::kGainMapFile, NothingIsLeftOver},
    {"S10", Scope::kAnyFile, ExtendedXmpIsWhole},
});

}  // namespace

std::span<const NamedCheck> StreamChecks() { return kStreamChecks; }

bool IsRgbCoded(const JpegStream& stream) {
  const ByteView adobe = Adobe(stream);
  return stream.Find(kApp0, kJfifNamespace).empty() && adobe.size() >= 12 && adobe[11] == 0;
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
