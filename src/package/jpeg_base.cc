#include "package/jpeg_base.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/byte_writer.h"
#include "base/formatted.h"
#include "metadata/digest.h"
#include "metadata/exif.h"
#include "metadata/extended_xmp.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"
#include "metadata/xmp.h"
#include "package/primary_header.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "base JPEG";
// ICC.1:2022, B.4: each chunk says its number and how many there are, in a byte each.
constexpr std::size_t kIccChunkBytes = kMaxSegmentPayload - kIccNamespace.size() - 2;
constexpr std::size_t kMaxIccChunks = 255;

class BaseBuilder {
 public:
  explicit BaseBuilder(const JpegStream& stream) {
    for (const JpegSegment& segment : stream.segments) {
      if (IsHeaderMarker(segment.marker)) AddOwn(segment);
    }
  }

  void AddExif(ByteView tiff) {
    if (tiff.empty()) return;
    if (tiff.size() <= kMaxSegmentPayload - kExifNamespace.size()) {
      return Add(HeaderPlace::kExif, kApp1, kExifNamespace, tiff);
    }
    warnings_.push_back(Formatted(
        "{} bytes of EXIF do not fit their segment; only the orientation was kept", tiff.size()));
    const FilteredMetadata kept = FilterExif(tiff, ExifPolicy::kStrip);
    warnings_.insert(warnings_.end(), kept.warnings.begin(), kept.warnings.end());
    if (!kept.bytes.empty()) Add(HeaderPlace::kExif, kApp1, kExifNamespace, kept.bytes);
  }

  void AddXmp(std::string_view xmp) {
    if (xmp.empty()) return;
    const std::string packet = InXmpPacket(xmp);
    if (packet.size() <= kMaxStandardXmpBytes) {
      return Add(HeaderPlace::kXmp, kApp1, kXmpNamespace, AsBytes(packet));
    }
    if (auto moved = MoveToExtension(packet); !moved) {
      warnings_.push_back(
          Formatted("the XMP packet was left out: {} bytes do not fit one segment, and {}",
                    packet.size(), moved.error().message));
    }
  }

  Expected<void> AddIcc(ByteView profile) {
    const std::size_t count = (profile.size() + kIccChunkBytes - 1) / kIccChunkBytes;
    if (count > kMaxIccChunks) {
      return Fail(ErrorCode::kExportFailed, kWhere,
                  "an ICC profile of {} bytes does not fit {} segments", profile.size(),
                  kMaxIccChunks);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = i * kIccChunkBytes;
      ByteWriter chunk;
      chunk.U8(static_cast<std::uint8_t>(i + 1));
      chunk.U8(static_cast<std::uint8_t>(count));
      chunk.Append(profile.subspan(at, std::min(kIccChunkBytes, profile.size() - at)));
      Add(HeaderPlace::kIcc, kApp2, kIccNamespace, chunk.view());
    }
    return {};
  }

  BaseFile Build(const JpegStream& stream) && {
    std::ranges::stable_sort(segments_, {}, &HeaderSegment::place);
    ByteWriter out;
    out.Append(kSoiBytes);
    for (const HeaderSegment& segment : segments_) AppendSegment(out, segment);
    for (const ByteView range : stream.picture) out.Append(range);
    return {std::move(out).Take(), std::move(warnings_)};
  }

 private:
  void Add(HeaderPlace place, std::uint8_t marker, std::string_view name, ByteView content) {
    ByteWriter payload;
    payload.Append(name);
    payload.Append(content);
    segments_.push_back({place, marker, std::move(payload).Take()});
  }

  void AddOwn(const JpegSegment& segment) {
    switch (KindOf(segment)) {
      case SegmentKind::kExif:
      case SegmentKind::kXmp:
      case SegmentKind::kExtendedXmp:
      case SegmentKind::kIcc:
        return;
      case SegmentKind::kJfif:
        return Add(HeaderPlace::kJfif, segment.marker, {}, segment.payload);
      case SegmentKind::kJfifThumbnail:
      case SegmentKind::kIso:
      case SegmentKind::kMpf:
      case SegmentKind::kRestartOffsets:
      case SegmentKind::kContentCredentials:
      case SegmentKind::kPhotoshop:
      case SegmentKind::kAdobe:
      case SegmentKind::kComment:
      case SegmentKind::kUnknown:
        return Add(HeaderPlace::kOther, segment.marker, {}, segment.payload);
    }
    std::unreachable();
  }

  Expected<void> MoveToExtension(std::string_view packet) {
    // ReadXmp bounds what the functions below may be given.
    HDRP_RETURN_IF_ERROR(ReadXmp(packet));
    HDRP_ASSIGN_OR_RETURN(const std::string extension, WithExtendedXmpNote(packet, ""));
    HDRP_ASSIGN_OR_RETURN(const std::string note,
                          WithExtendedXmpNote("", Md5Hex(AsBytes(extension))));
    Add(HeaderPlace::kXmp, kApp1, kXmpNamespace, AsBytes(InXmpPacket(note)));
    for (Bytes& part : ExtendedXmpPayloads(extension)) {
      segments_.push_back({HeaderPlace::kExtendedXmp, kApp1, std::move(part)});
    }
    return {};
  }

  std::vector<HeaderSegment> segments_;
  std::vector<std::string> warnings_;
};

}  // namespace

Expected<BaseFile> WithMetadata(ByteView jpeg, const BaseMetadata& metadata) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream stream, Within(kWhere, WalkJpeg(jpeg, 0)));
  BaseBuilder builder(stream);
  builder.AddExif(metadata.exif_tiff);
  builder.AddXmp(metadata.xmp);
  HDRP_RETURN_IF_ERROR(builder.AddIcc(metadata.icc));
  return std::move(builder).Build(stream);
}

Bytes WithIccProfile(ByteView file, const JpegStream& stream, ByteView icc) {
  assert(icc.size() <= kIccChunkBytes);
  ByteWriter payload;
  payload.Append(kIccNamespace);
  payload.U8(1);
  payload.U8(1);
  payload.Append(icc);
  ByteWriter out;
  out.Append(file.subspan(stream.begin, stream.tables_begin - stream.begin));
  AppendSegment(out, {HeaderPlace::kIcc, kApp2, std::move(payload).Take()});
  out.Append(file.subspan(stream.tables_begin, stream.end - stream.tables_begin));
  return std::move(out).Take();
}

}  // namespace hdrp
