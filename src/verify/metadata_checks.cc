// M1..M5 and M7: the numbers. (M6 needs the map's samples: pixel_checks.cc.)
#include <algorithm>
#include <optional>

#include "base/byte_reader.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

constexpr std::uint8_t kCompactFlag = 0x08;
constexpr std::uint8_t kDraftFlag = 0x04;

// XMP prints the same fractions with 14 decimals.
constexpr Tolerance kSameFraction{1e-6, 1e-12};
// Computed numbers become fractions with denominators up to 10^9.
constexpr Tolerance kSameNumber{1e-6, 1e-9};
// Beyond this a stranger's two sets of numbers are two different maps.
constexpr Tolerance kSameMap{0, 1e-3};
// libultrahdr carries linear floats.
constexpr Tolerance kThroughFloat{1e-5, 1e-6};

/// The fraction at the reader's place: only that its denominator is not 0 matters here.
void CheckFraction(ByteReader& reader, std::string_view name, Findings& findings) {
  (void)reader.U32();
  if (reader.U32() == 0U) findings.Fail("ISO 21496-1: the denominator of {} is 0", name);
}

void CheckIsoBytes(ByteView payload, Findings& findings) {
  ByteReader reader(payload);
  const auto minimum_version = reader.U16();
  (void)reader.U16();  // writer_version may be anything
  const auto flags = reader.U8();
  if (!flags) return findings.Fail("ISO 21496-1: {} bytes are too few", payload.size());
  if (*minimum_version != 0) {
    return findings.Fail("ISO 21496-1: minimum_version {}, expected 0", *minimum_version);
  }
  if ((*flags & kCompactFlag) != 0) {
    return findings.Fail("ISO 21496-1: flag 0x08, the compact form, which browsers ignore");
  }
  if ((*flags & kDraftFlag) != 0) {
    findings.Fail("ISO 21496-1: flag 0x04 of a draft, which libultrahdr refuses");
  } else if ((*flags & 0x3F) != 0) {
    findings.Deviates("ISO 21496-1: flags 0x{:02X}, only 0x80 and 0x40 may be set", *flags);
  }
  const int channels = (*flags & 0x80) != 0 ? 3 : 1;
  const std::size_t expected = channels == 3 ? 141 : 61;
  if (payload.size() < expected) {
    return findings.Fail("ISO 21496-1: {} bytes, {} channels need {}", payload.size(), channels,
                         expected);
  }
  CheckFraction(reader, "the base headroom", findings);
  CheckFraction(reader, "the alternate headroom", findings);
  for (int c = 0; c < channels; ++c) {
    for (const std::string_view name : {"min", "max", "gamma", "base offset", "alternate offset"}) {
      CheckFraction(reader, name, findings);
    }
  }
}

/// M1: the ISO block's bytes, read here once more by themselves.
Check IsoBlockIsSound(const Subject& subject) {
  Findings findings(subject);
  const auto& payloads = subject.map().announcements.iso_payloads;
  if (payloads.empty()) return Findings::NotRun("the gain map has no ISO 21496-1 block");
  for (const ByteView payload : payloads) CheckIsoBytes(payload, findings);
  return std::move(findings).Verdict();
}

/// M2: the numbers make a gain map.
Check NumbersKeepTheRules(const Subject& subject) {
  Findings findings(subject);
  const GainMapMetadata& metadata = subject.map().metadata;
  const auto broken = BrokenRules(metadata, MetadataUse::kRead);
  for (const std::string& rule : broken) findings.Fail("{}", rule);
  if (broken.empty()) {
    for (const std::string& rule : BrokenRules(metadata, MetadataUse::kWrite)) {
      findings.Deviates("{}", rule);
    }
  }
  return std::move(findings).Verdict();
}

bool IsPlainDecimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(point);
  const auto digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits(text.substr(0, point)) && (fraction.empty() || digits(fraction.substr(1)));
}

/// The packet of the map's stream that holds the numbers.
const XmpFacts* MapXmp(const Subject& subject) {
  const auto& xmp = subject.map().announcements.xmp;
  const auto found =
      std::ranges::find_if(xmp, [](const XmpFacts& facts) { return facts.hdrgm.has_value(); });
  return found == xmp.end() ? nullptr : &*found;
}

/// M3: every hdrgm attribute, in the spelling that all readers take.
Check HdrgmIsComplete(const Subject& subject) {
  if (subject.iso_only()) return Findings::NotRun("this exporter writes no XMP");
  Findings findings(subject);
  const XmpFacts* xmp = MapXmp(subject);
  if (xmp == nullptr) {
    findings.Deviates("the gain map's XMP holds no hdrgm numbers");
    return std::move(findings).Verdict();
  }
  const HdrgmValues* values = &*xmp->hdrgm;
  const std::string version = xmp->hdrgm_version.value_or("");
  if (version != "1.0") {
    findings.Fail("the gain map's hdrgm:Version is \"{}\", expected \"1.0\"", version);
  }
  const auto check = [&](std::string_view name, const HdrgmValues::PerChannel& texts) {
    if (!texts) return findings.Deviates("hdrgm:{} is missing", name);
    for (const std::string& text : *texts) {
      if (!IsPlainDecimal(text)) {
        findings.Deviates("hdrgm:{} is \"{}\", expected a plain decimal", name, text);
      }
    }
  };
  const auto single = [](const std::optional<std::string>& text) {
    return text ? HdrgmValues::PerChannel(std::vector{*text}) : std::nullopt;
  };
  check("GainMapMin", values->gain_map_min);
  check("GainMapMax", values->gain_map_max);
  check("Gamma", values->gamma);
  check("OffsetSDR", values->offset_sdr);
  check("OffsetHDR", values->offset_hdr);
  check("HDRCapacityMin", single(values->capacity_min));
  check("HDRCapacityMax", single(values->capacity_max));
  const std::string is_hdr = values->base_rendition_is_hdr.value_or("");
  if (!values->base_rendition_is_hdr) {
    findings.Deviates("hdrgm:BaseRenditionIsHDR is missing");
  } else if (is_hdr != "False") {
    findings.Fail("hdrgm:BaseRenditionIsHDR is \"{}\", expected \"False\"", is_hdr);
  }
  return std::move(findings).Verdict();
}

/// M4: both kinds of metadata say the same.
Check XmpAgreesWithIso(const Subject& subject) {
  if (subject.iso_only()) return Findings::NotRun("this exporter writes no XMP");
  const GainMapStream& map = subject.map();
  const XmpFacts* packet = MapXmp(subject);
  if (packet == nullptr || map.announcements.iso_payloads.empty()) {
    return Findings::NotRun("the gain map does not carry both XMP and ISO metadata");
  }
  Findings findings(subject);
  const auto iso = ReadIsoBlock(map.announcements.iso_payloads.front());
  const auto xmp = MetadataFromHdrgm(*packet->hdrgm);
  if (!iso) findings.Fail("{}", iso.error().message);
  if (!xmp) findings.Fail("{}", xmp.error().message);
  if (iso && xmp) {
    const Tolerance& tolerance = subject.expected != nullptr ? kSameFraction : kSameMap;
    for (const std::string& difference : Differences(iso->metadata, *xmp, tolerance)) {
      findings.Fail("ISO and XMP disagree: {}", difference);
    }
  }
  return std::move(findings).Verdict();
}

/// M5: these are the numbers of *this* map. The only check that notices another picture's block.
Check NumbersAreThisMaps(const Subject& subject) {
  if (subject.expected == nullptr) return Findings::NotRun("the intended numbers are not known");
  Findings findings(subject);
  const GainMapMetadata& found = subject.map().metadata;
  const GainMapMetadata& meant = subject.expected->metadata;
  for (const std::string& difference :
       Differences(found, meant, subject.iso_only() ? kThroughFloat : kSameNumber)) {
    findings.Fail("found against meant: {}", difference);
  }
  if (found.use_base_color_space != meant.use_base_color_space) {
    findings.Fail("the gains are marked as {} the base's primaries",
                  found.use_base_color_space ? "in" : "outside");
  }
  return std::move(findings).Verdict();
}

/// M7: what decides how the picture lies and looks is the base's.
Check RasterIsTheBases(const Subject& subject) {
  Findings findings(subject);
  if (subject.parsed.map) {
    for (const JpegSegment* exif : subject.map().stream.Find(kApp1, kExifNamespace)) {
      const auto facts = ReadExif(exif->payload.subspan(kExifNamespace.size()));
      if (facts && facts->orientation != Orientation::kTopLeft) {
        findings.Deviates("the gain map carries an orientation ({}), which no reader applies",
                          static_cast<int>(facts->orientation));
      }
    }
  }
  if (subject.expected == nullptr) return std::move(findings).Verdict();

  const JpegStream& primary = subject.parsed.primary;
  const JpegStream& base = *subject.expected->base;
  if (primary.frame.width != base.frame.width || primary.frame.height != base.frame.height) {
    findings.Fail("the primary is {}x{}, the base {}x{}", primary.frame.width, primary.frame.height,
                  base.frame.width, base.frame.height);
  }
  const Orientation orientation = subject.parsed.exif.orientation;
  if (orientation != subject.expected->orientation) {
    findings.Fail("the primary's orientation is {}, the base's {}", static_cast<int>(orientation),
                  static_cast<int>(subject.expected->orientation));
  }
  // A damaged profile of the base counts as none: decoders ignore it.
  const Bytes profile = JoinIcc(primary).value_or(Bytes{});
  if (profile != JoinIcc(base).value_or(Bytes{})) {
    if (subject.iso_only()) {
      findings.Warn("the primary's ICC profile is not the base's");
    } else {
      findings.Fail("the primary's ICC profile is not the base's");
    }
  }
  return std::move(findings).Verdict();
}

constexpr auto kMetadataChecks = std::to_array<NamedCheck>({
    {"M1", Scope::kMap, IsoBlockIsSound},
    {"M2", Scope::kMap, NumbersKeepTheRules},
    {"M3", Scope::kMap, HdrgmIsComplete},
    {"M4", Scope::kMap, XmpAgreesWithIso},
    {"M5", Scope::kMap, NumbersAreThisMaps},
    {"M7", Scope::kAnyFile, RasterIsTheBases},
});

}  // namespace

std::span<const NamedCheck> MetadataChecks() { return kMetadataChecks; }

}  // namespace hdrp
