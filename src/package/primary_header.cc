#include "package/primary_header.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <string_view>
#include <utility>

#include "base/formatted.h"
#include "metadata/extended_xmp.h"
#include "metadata/icc_chunks.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "package/primary_xmp.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

constexpr std::size_t kThumbnailWidthAt = 12;  // in a JFIF payload
constexpr std::size_t kThumbnailHeightAt = 13;
constexpr std::string_view kAmpf = "AMPF";

Bytes Copied(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Bytes WithNamespace(std::string_view name, ByteView content) {
  ByteWriter payload;
  payload.Append(name);
  payload.Append(content);
  return std::move(payload).Take();
}

/// The rule of KeptHeader's comment, for the segments that are copied or dropped whole.
bool StaysWhole(SegmentKind kind, ExifPolicy policy) {
  switch (kind) {
    case SegmentKind::kAdobe:
    case SegmentKind::kRestartOffsets:
      return true;
    case SegmentKind::kComment:
      return policy != ExifPolicy::kStrip;
    case SegmentKind::kJfifThumbnail:
    case SegmentKind::kContentCredentials:
    case SegmentKind::kPhotoshop:
    case SegmentKind::kUnknown:
      return policy == ExifPolicy::kKeep;
    case SegmentKind::kJfif:  // each of these has its own place, or is replaced
    case SegmentKind::kExif:
    case SegmentKind::kXmp:
    case SegmentKind::kExtendedXmp:
    case SegmentKind::kIcc:
    case SegmentKind::kIso:
    case SegmentKind::kMpf:
      return false;
  }
  std::unreachable();
}

class HeaderBuilder {
 public:
  HeaderBuilder(const JpegStream& base, ExifPolicy policy, std::optional<std::uint32_t> map_size)
      : base_(base), policy_(policy), map_size_(map_size) {}

  PrimaryHeader Build() && {
    KeepJfif();
    KeepExif();
    KeepXmp();
    KeepIcc();
    KeepOthers();
    return std::move(header_);
  }

 private:
  template <typename... Args>
  void Warn(FormatFor<Args...> format, const Args&... args) {
    header_.warnings.push_back(Formatted(format, args...));
  }
  void Note(const std::vector<std::string>& warnings) {
    header_.warnings.insert(header_.warnings.end(), warnings.begin(), warnings.end());
  }
  void Add(HeaderPlace place, std::uint8_t marker, Bytes payload) {
    assert(payload.size() <= kMaxSegmentPayload);
    header_.segments.push_back({place, marker, std::move(payload)});
  }

  void KeepJfif() {
    const auto segments = SegmentsOf(base_, SegmentKind::kJfif);
    // A base without JFIF gets none: it would force YCbCr and override APP14.
    if (segments.empty()) return;
    if (segments.size() > 1) Warn("only the first of {} JFIF segments was kept", segments.size());
    const ByteView payload = segments.front()->payload;
    const bool has_thumbnail = payload[kThumbnailWidthAt] != 0 && payload[kThumbnailHeightAt] != 0;
    if (has_thumbnail && policy_ != ExifPolicy::kStrip) {
      return Add(HeaderPlace::kJfif, kApp0, Copied(payload));
    }
    Bytes jfif = BareJfif(payload);
    if (map_size_) jfif.insert(jfif.end(), kAmpf.begin(), kAmpf.end());
    Add(HeaderPlace::kJfif, kApp0, std::move(jfif));
  }

  void KeepExif() {
    const auto segments = SegmentsOf(base_, SegmentKind::kExif);
    if (segments.empty()) return;
    if (segments.size() > 1) Warn("only the first of {} EXIF segments was kept", segments.size());
    const ByteView tiff = segments.front()->payload.subspan(kExifNamespace.size());
    FilteredMetadata kept = FilterExif(tiff, policy_);
    if (kept.bytes.size() > kMaxSegmentPayload - kExifNamespace.size()) {
      Warn("the filtered EXIF does not fit its segment; only the orientation was kept");
      kept = FilterExif(tiff, ExifPolicy::kStrip);
    }
    Note(kept.warnings);
    if (kept.bytes.empty()) return;
    Add(HeaderPlace::kExif, kApp1, WithNamespace(kExifNamespace, kept.bytes));
  }

  void KeepXmp() {
    const PrimaryXmp xmp = PrimaryXmpOf(base_, policy_, map_size_);
    Note(xmp.warnings);
    if (!xmp.packet.empty()) {
      Add(HeaderPlace::kXmp, kApp1, WithNamespace(kXmpNamespace, AsBytes(xmp.packet)));
    }
    for (Bytes& part : ExtendedXmpPayloads(xmp.extension)) {
      Add(HeaderPlace::kExtendedXmp, kApp1, std::move(part));
    }
  }

  void KeepIcc() {
    const auto chunks = IccChunks(base_);
    if (!chunks) {
      // No decoder uses such a profile; keeping it would only spread the damage.
      return Warn("the ICC profile was left out: {}", chunks.error().message);
    }
    for (const JpegSegment* chunk : *chunks) {
      Add(HeaderPlace::kIcc, kApp2, Copied(chunk->payload));
    }
    const std::size_t all = SegmentsOf(base_, SegmentKind::kIcc).size();
    if (all > chunks->size()) Warn("a second, equal copy of the ICC profile was left out");
  }

  void KeepOthers() {
    bool photoshop_done = policy_ == ExifPolicy::kKeep;
    std::set<int> unknown;  // APPn numbers
    for (const JpegSegment& segment : base_.segments) {
      if (!IsHeaderMarker(segment.marker)) continue;
      const SegmentKind kind = KindOf(segment);
      if (StaysWhole(kind, policy_)) {
        Add(HeaderPlace::kOther, segment.marker, Copied(segment.payload));
      } else if (kind == SegmentKind::kPhotoshop && !std::exchange(photoshop_done, true)) {
        KeepFilteredPhotoshop();
      } else if (kind == SegmentKind::kUnknown || kind == SegmentKind::kJfifThumbnail) {
        unknown.insert(segment.marker - kApp0);
      }
    }
    for (const int number : unknown) {
      Warn("APP{} segments that may hold personal data were left out", number);
    }
    WarnOfContentCredentials();
  }

  /// Photoshop splits long resource lists over several segments, in the middle of a resource.
  void KeepFilteredPhotoshop() {
    ByteWriter joined;
    joined.Append(kPhotoshopNamespace);
    for (const JpegSegment* segment : SegmentsOf(base_, SegmentKind::kPhotoshop)) {
      joined.Append(segment->payload.subspan(kPhotoshopNamespace.size()));
    }
    FilteredMetadata kept = FilterPhotoshop(joined.view(), policy_);
    Note(kept.warnings);
    if (kept.bytes.size() > kMaxSegmentPayload) {
      Warn("the filtered IPTC data do not fit one segment and were left out");
    } else if (!kept.bytes.empty()) {
      Add(HeaderPlace::kOther, kApp13, std::move(kept.bytes));
    }
  }

  void WarnOfContentCredentials() {
    if (SegmentsOf(base_, SegmentKind::kContentCredentials).empty()) return;
    if (policy_ == ExifPolicy::kKeep) {
      Warn("the C2PA manifest was kept, but it signs the file as it was: it cannot validate now");
    } else {
      Warn("the C2PA manifest was left out: it names its makers and could not validate any more");
    }
  }

  const JpegStream& base_;
  ExifPolicy policy_;
  std::optional<std::uint32_t> map_size_;
  PrimaryHeader header_;
};

}  // namespace

PrimaryHeader KeptHeader(const JpegStream& base, ExifPolicy policy,
                         std::optional<std::uint32_t> map_size) {
  return HeaderBuilder(base, policy, map_size).Build();
}

void AppendSegment(ByteWriter& out, const HeaderSegment& segment) {
  out.U8(kMarkerPrefix);
  out.U8(segment.marker);
  out.U16(static_cast<std::uint16_t>(segment.payload.size() + 2));
  out.Append(segment.payload);
}

Bytes BareJfif(ByteView payload) {
  Bytes jfif = Copied(payload.first(kJfifSize));
  jfif[kThumbnailWidthAt] = 0;
  jfif[kThumbnailHeightAt] = 0;
  return jfif;
}

}  // namespace hdrp
