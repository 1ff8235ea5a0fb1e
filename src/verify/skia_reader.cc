#include "verify/skia_reader.h"

#include <algorithm>
#include <utility>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "metadata/iso21496.h"

namespace hdrp {
namespace {

// Skia tries every entry; real files hold two to four.
constexpr std::size_t kMaxEntries = 8;

/// A place where a second image is said to be.
struct Place {
  std::uint64_t position = 0;
  std::uint64_t size = 0;
};

struct Candidate {
  JpegStream stream;
  StreamMetadata announcements;
};

/// Why Skia does not use the MPF index at all; nullopt where it does.
std::optional<std::string> MpfRefusal(const StreamMetadata& primary) {
  if (primary.mpf.empty()) return "there is no MPF index";
  const Expected<MpfIndex>& index = primary.mpf.front();
  if (!index) return Formatted("the MPF index cannot be read: {}", index.error().message);
  if (!index->deviations.empty()) {
    return Formatted("the MPF index is refused: {}", index->deviations.front());
  }
  if (index->entries.size() < 2) return "the MPF index lists no second image";
  return std::nullopt;
}

/// The image at a place that lies in the file and holds at least the image's header.
Expected<Candidate> CandidateAt(ByteView file, const Place& place) {
  if (place.position >= file.size() || place.size > file.size() - place.position) {
    return Fail(ErrorCode::kBadInput, "", "{} bytes from byte {} run past the end of the file",
                place.size, place.position);
  }
  Expected<JpegStream> stream = WalkJpeg(file, static_cast<std::size_t>(place.position));
  if (!stream) return Fail(ErrorCode::kBadInput, "", "no JPEG at byte {}", place.position);
  if (stream->tables_begin - stream->begin > place.size) {
    return Fail(ErrorCode::kBadInput, "", "its stated size of {} bytes cuts off its metadata",
                place.size);
  }
  if (!stream->complete) return Fail(ErrorCode::kBadInput, "", "the gain map is cut off");
  StreamMetadata announcements = ReadStreamMetadata(*stream, Limits{});
  return Candidate{std::move(*stream), std::move(announcements)};
}

/// Full block, version 0, not the compact form, which Skia does not know.
bool IsReadableIso(ByteView payload) {
  ByteReader reader(payload);
  const auto version = reader.U16();
  const auto writer = reader.U16();
  const auto flags = reader.U8();
  return version == 0 && writer && flags && (*flags & 0x08) == 0 &&
         payload.size() >= ((*flags & 0x80) != 0 ? 141U : 61U);
}

const HdrgmValues* MapHdrgm(const StreamMetadata& map) {
  // Only the first packet is looked at.
  if (map.xmp.empty()) return nullptr;
  const XmpFacts& facts = map.xmp.front();
  return facts.hdrgm && facts.hdrgm_version == "1.0" && !facts.hdrgm_outside_description
             ? &*facts.hdrgm
             : nullptr;
}

GainMapMetadata MetadataWithSkiaDefaults(HdrgmValues values) {
  values = WithoutApplesNames(std::move(values));
  if (!values.gain_map_max) values.gain_map_max = {"1"};
  if (!values.capacity_max) values.capacity_max = "1";
  return MetadataFromHdrgm(values).value_or(GainMapMetadata{});
}

/// Fills `view` where this candidate is a gain map to Skia; otherwise says why not.
bool TakeIso(const StreamMetadata& primary, const Candidate& candidate, SkiaView& view) {
  const auto& payloads = candidate.announcements.iso_payloads;
  if (payloads.empty()) return false;
  if (primary.iso_payloads.empty()) {
    view.why = "the primary has no ISO 21496-1 block, so the map's is not looked for";
    return false;
  }
  if (!IsReadableIso(payloads.front())) {
    view.why = "the map's ISO 21496-1 block has a form that is not read";
    return false;
  }
  const Expected<IsoBlock> block = ReadIsoBlock(payloads.front());
  view.route = SkiaRoute::kIso;
  view.metadata = block ? block->metadata : GainMapMetadata{};
  view.why = block ? "" : Formatted("the SDR view is damaged: {}", block.error().message);
  return true;
}

bool TakeXmp(const StreamMetadata& primary, const Candidate& candidate, SkiaView& view) {
  const HdrgmValues* values = MapHdrgm(candidate.announcements);
  if (values == nullptr) return false;
  if (!ClaimsHdrgm(primary)) {
    view.why = "the primary's first XMP packet does not say hdrgm:Version=\"1.0\"";
    return false;
  }
  view.route = SkiaRoute::kXmp;
  view.metadata = MetadataWithSkiaDefaults(*values);
  view.why.clear();
  return true;
}

bool TakeApple(const GainMapJpeg& parsed, const Candidate& candidate, SkiaView& view) {
  const bool is_apple = parsed.map && parsed.map->source == MetadataSource::kApple &&
                        parsed.map->stream.begin == candidate.stream.begin;
  if (!is_apple) return false;
  view.route = SkiaRoute::kApple;
  view.why.clear();
  return true;
}

/// GainMap of the directory, counted from the primary's EOI.
std::optional<Place> DirectoryPlace(const GainMapJpeg& parsed) {
  for (const XmpFacts& facts : parsed.announcements.xmp) {
    if (!facts.directory || facts.directory->empty()) continue;
    Place place{parsed.primary.end + facts.directory->front().padding.value_or(0), 0};
    for (std::size_t k = 1; k < facts.directory->size(); ++k) {
      const DirectoryItem& item = (*facts.directory)[k];
      place.size = item.length.value_or(0);
      if (item.semantic == "GainMap") return place;
      place.position += place.size;
    }
  }
  return std::nullopt;
}

}  // namespace

bool ClaimsHdrgm(const StreamMetadata& stream) {
  for (std::size_t i = 0; i < stream.xmp.size(); ++i) {
    const XmpFacts& facts = stream.xmp[i];
    const bool is_looked_at = i == 0 || i >= stream.standard_xmp_packets;
    if (is_looked_at && facts.hdrgm_version == "1.0" && !facts.hdrgm_outside_description) {
      return true;
    }
  }
  return false;
}

SkiaView SkiaViewOf(ByteView file, const GainMapJpeg& parsed) {
  SkiaView view;
  const StreamMetadata& primary = parsed.announcements;
  if (std::optional<std::string> refusal = MpfRefusal(primary)) {
    view.why = std::move(*refusal);
    return view;
  }
  view.why = "no image has gain-map metadata";
  const auto& entries = primary.mpf.front()->entries;
  for (std::size_t k = 1; k < std::min(entries.size(), kMaxEntries); ++k) {
    const Place place{std::uint64_t{primary.mpf_positions.front()} + entries[k].offset,
                      entries[k].size};
    const Expected<Candidate> candidate = CandidateAt(file, place);
    if (!candidate) {
      view.why = Formatted("MPF entry {}: {}", k, candidate.error().message);
    } else if (TakeIso(primary, *candidate, view) || TakeXmp(primary, *candidate, view) ||
               TakeApple(parsed, *candidate, view)) {
      view.through_mpf = true;
      return view;
    }
  }
  // What MPF does not lead to, GContainer may; its map is read by XMP alone.
  if (const std::optional<Place> place = DirectoryPlace(parsed)) {
    std::string why = view.why;
    const Expected<Candidate> candidate = CandidateAt(file, *place);
    if (!candidate || !TakeXmp(primary, *candidate, view)) view.why = std::move(why);
  }
  return view;
}

}  // namespace hdrp
