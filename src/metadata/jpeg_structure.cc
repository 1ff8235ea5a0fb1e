#include "metadata/jpeg_structure.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "metadata/icc_chunks.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {
namespace {

constexpr std::size_t kMaxSegments = 4096;

bool IsFrameHeader(std::uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}
bool IsRestart(std::uint8_t marker) { return marker >= kRst0 && marker <= kRst7; }
bool StandsAlone(std::uint8_t marker) { return marker == kTem || IsRestart(marker); }

std::string PlaceOf(std::size_t position) { return Formatted("JPEG marker at byte {}", position); }

Expected<JpegFrame> ReadFrame(const JpegSegment& segment) {
  ByteReader reader(segment.payload);
  JpegFrame frame{.marker = segment.marker, .components = {}};
  const auto bits = reader.U8();
  const auto height = reader.U16();
  const auto width = reader.U16();
  const auto count = reader.U8();
  if (!count || *count == 0 || reader.remaining() != std::size_t{3} * *count) {
    return Fail(ErrorCode::kBadInput, PlaceOf(segment.position),
                "frame header of {} bytes does not fit its {} components", segment.payload.size(),
                count.value_or(0));
  }
  frame.bits = *bits;
  frame.height = *height;
  frame.width = *width;
  for (int i = 0; i < *count; ++i) {
    const std::uint8_t id = reader.U8().value_or(0);
    const int sampling = reader.U8().value_or(0);
    (void)reader.Skip(1);  // which quantisation table
    const JpegComponent component{id, sampling >> 4, sampling & 15};
    for (const int factor : {component.horizontal, component.vertical}) {
      if (factor < 1 || factor > 4) {
        return Fail(ErrorCode::kBadInput, PlaceOf(segment.position),
                    "sampling factor of component {} is {}, expected 1 to 4", i + 1, factor);
      }
    }
    frame.components.push_back(component);
  }
  return frame;
}

/// One pass over one stream. The picture's bytes are collected as ranges that only an APPn or COM
/// segment interrupts, so that everything else (fill bytes too) is copied as it was.
class Walk {
 public:
  Walk(ByteView file, std::size_t begin) : file_(file), reader_(file) { stream_.begin = begin; }

  Expected<JpegStream> Run() {
    if (!reader_.Seek(stream_.begin) || !StartsWith(reader_.rest(), kSoiBytes)) {
      return Fail(ErrorCode::kBadInput, PlaceOf(stream_.begin), "expected the start of a JPEG");
    }
    (void)reader_.Skip(2);
    while (const auto marker = NextMarker()) {
      HDRP_ASSIGN_OR_RETURN(const bool is_last, Take(*marker));
      if (is_last) return Finish();
    }
    if (!in_scans_) {
      return Fail(ErrorCode::kBadInput, PlaceOf(reader_.position()),
                  "the JPEG ends before its first scan");
    }
    stream_.end = file_.size();
    return Finish();
  }

 private:
  /// Moves behind the next marker and leaves its 0xFF in marker_position_. Between scans as before
  /// them, whatever is no marker (entropy-coded data, fill bytes, stray bytes) is passed over.
  std::optional<std::uint8_t> NextMarker() {
    previous_end_ = reader_.position();
    while (true) {
      const std::size_t distance = AsText(reader_.rest()).find('\xFF');
      if (distance == std::string_view::npos || !reader_.Skip(distance + 1)) return std::nullopt;
      auto code = reader_.U8();
      while (code == kMarkerPrefix) code = reader_.U8();
      if (!code) return std::nullopt;
      if (*code == 0 || StandsAlone(*code)) continue;
      marker_position_ = reader_.position() - 2;
      return code;
    }
  }

  /// Handles one marker; true when the stream ends with it.
  Expected<bool> Take(std::uint8_t marker) {
    if (marker == kEoi || marker == kSoi) return TakeEnd(marker);
    auto read = ReadSegment(marker);
    if (!read && in_scans_) {  // cut off within a later segment: usable as far as it goes
      stream_.end = file_.size();
      return true;
    }
    HDRP_ASSIGN_OR_RETURN(const JpegSegment segment, std::move(read));

    if (IsHeaderMarker(marker)) {
      // Behind a scan's header follow its data, before the first scan at most stray bytes.
      EndRange(in_scans_ ? marker_position_ : previous_end_);
      if (in_scans_) ++stream_.header_segments_after_scan;
    } else if (!range_begin_) {
      range_begin_ = marker_position_;
    }
    HDRP_RETURN_IF_ERROR(NoteFrame(segment));
    if (marker == kSos) {
      if (stream_.frame.marker == 0) {
        return Fail(ErrorCode::kBadInput, PlaceOf(marker_position_),
                    "a scan begins before any frame header (SOF)");
      }
      in_scans_ = true;
    }
    if (in_scans_) return false;
    if (stream_.segments.size() == kMaxSegments) {
      return Fail(ErrorCode::kBadInput, PlaceOf(marker_position_),
                  "more than {} segments before the first scan", kMaxSegments);
    }
    stream_.segments.push_back(segment);
    return false;
  }

  Expected<bool> TakeEnd(std::uint8_t marker) {
    if (!in_scans_) {
      return Fail(ErrorCode::kBadInput, PlaceOf(marker_position_), "{} before the first scan",
                  marker == kEoi ? "end of image" : "a second start of image");
    }
    // A new SOI inside the scans belongs to the next stream: this one lost its end.
    stream_.complete = marker == kEoi;
    stream_.end = stream_.complete ? reader_.position() : marker_position_;
    if (stream_.complete && !range_begin_) range_begin_ = marker_position_;
    return true;
  }

  Expected<JpegSegment> ReadSegment(std::uint8_t marker) {
    const auto length = reader_.U16();
    const auto payload = length && *length >= 2 ? reader_.Read(*length - 2U) : std::nullopt;
    if (!payload) {
      return Fail(ErrorCode::kBadInput, PlaceOf(marker_position_),
                  "segment 0xFF{:02X} of length {} does not fit the {} bytes left", marker,
                  length.value_or(0), file_.size() - marker_position_);
    }
    return JpegSegment{marker, marker_position_, payload->size() + 4, *payload};
  }

  Expected<void> NoteFrame(const JpegSegment& segment) {
    if (IsFrameHeader(segment.marker)) {
      if (stream_.frame.marker != 0) {
        return Fail(ErrorCode::kBadInput, PlaceOf(segment.position), "a second frame header (SOF)");
      }
      HDRP_ASSIGN_OR_RETURN(stream_.frame, ReadFrame(segment));
    } else if (segment.marker == kDnl && stream_.frame.height == 0) {
      // DNL: the height that the frame header left open (T.81, B.2.5).
      stream_.frame.height = ByteReader(segment.payload).U16().value_or(0);
    }
    return {};
  }

  void EndRange(std::size_t end) {
    if (!range_begin_) return;
    stream_.picture.push_back(file_.subspan(*range_begin_, end - *range_begin_));
    range_begin_.reset();
  }

  JpegStream Finish() {
    EndRange(stream_.end);
    for (const JpegSegment& segment : stream_.segments) {
      if (IsHeaderMarker(segment.marker)) continue;
      stream_.tables_begin = segment.position;
      break;
    }
    return std::move(stream_);
  }

  ByteView file_;
  ByteReader reader_;
  JpegStream stream_;
  std::size_t marker_position_ = 0;
  std::size_t previous_end_ = 0;  ///< where the segment before the current marker ended
  std::optional<std::size_t> range_begin_;
  bool in_scans_ = false;
};

}  // namespace

bool IsHeaderMarker(std::uint8_t marker) {
  return (marker >= kApp0 && marker <= kApp15) || marker == kCom;
}

bool IsArithmetic(const JpegFrame& frame) {
  return frame.marker >= kSof9 && frame.marker <= kSof15;
}

std::uint64_t CoefficientBytes(const JpegFrame& frame) {
  constexpr std::uint64_t kBlockBytes = 64 * 2;
  const auto widest = std::ranges::max(frame.components, {}, &JpegComponent::horizontal);
  const auto highest = std::ranges::max(frame.components, {}, &JpegComponent::vertical);
  const auto blocks = [](int samples, int factor, int max_factor) {
    return static_cast<std::uint64_t>((samples * factor + 8 * max_factor - 1) / (8 * max_factor));
  };
  std::uint64_t bytes = 0;
  for (const JpegComponent& component : frame.components) {
    bytes += blocks(frame.width, component.horizontal, widest.horizontal) *
             blocks(frame.height, component.vertical, highest.vertical) * kBlockBytes;
  }
  return bytes;
}

std::vector<const JpegSegment*> JpegStream::Find(std::uint8_t marker,
                                                 std::string_view prefix) const {
  std::vector<const JpegSegment*> found;
  for (const JpegSegment& segment : segments) {
    if (segment.marker == marker && StartsWith(segment.payload, prefix)) found.push_back(&segment);
  }
  return found;
}

Expected<JpegStream> WalkJpeg(ByteView file, std::size_t begin) { return Walk(file, begin).Run(); }

Expected<std::vector<const JpegSegment*>> IccChunks(const JpegStream& stream) {
  std::vector<const JpegSegment*> chunks;
  std::size_t found = 0;
  for (const JpegSegment* segment : stream.Find(kApp2, kIccNamespace)) {
    ByteReader reader(segment->payload.subspan(kIccNamespace.size()));
    const std::size_t index = reader.U8().value_or(0);
    const std::size_t count = reader.U8().value_or(0);
    if (chunks.empty()) chunks.resize(count);
    const bool fits = index >= 1 && index <= count && count == chunks.size();
    if (fits && chunks[index - 1] == nullptr) {
      chunks[index - 1] = segment;
      ++found;
      continue;
    }
    if (fits && std::ranges::equal(chunks[index - 1]->payload, segment->payload)) continue;
    return Fail(ErrorCode::kBadInput, PlaceOf(segment->position), "ICC chunk {} of {} {}", index,
                count,
                fits ? "is there twice, with different content"
                     : Formatted("does not fit the profile of {} chunks", chunks.size()));
  }
  if (found < chunks.size()) {
    return Fail(ErrorCode::kBadInput, PlaceOf(stream.begin), "{} of the {} ICC chunks are missing",
                chunks.size() - found, chunks.size());
  }
  return chunks;
}

Expected<Bytes> JoinIcc(const JpegStream& stream) {
  HDRP_ASSIGN_OR_RETURN(const auto chunks, IccChunks(stream));
  Bytes profile;
  for (const JpegSegment* chunk : chunks) {
    const ByteView part = chunk->payload.subspan(kIccNamespace.size() + 2);  // index and count
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return profile;
}

}  // namespace hdrp
