// Walks one JPEG stream marker by marker, from SOI through the entropy-coded data to its EOI.
// Nothing is decoded; the result is a list of places in the bytes. Reader, writer and verifier
// share it. Source of the format: ITU-T T.81, annex B.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

/// A marker segment before the first scan. Positions count from the start of the file.
struct JpegSegment {
  std::uint8_t marker = 0;   ///< second byte (metadata/jpeg_markers.h)
  std::size_t position = 0;  ///< of the 0xFF
  std::size_t size = 0;      ///< marker, length field and payload together
  ByteView payload;          ///< after the length field (borrowed)
};

/// True for APP0..APP15 and COM: segments that describe the picture but do not code it.
[[nodiscard]] bool IsHeaderMarker(std::uint8_t marker);

struct JpegComponent {
  std::uint8_t id = 0;
  int horizontal = 1;  ///< sampling factors, 1..4
  int vertical = 1;
};

/// What SOFn says.
struct JpegFrame {
  std::uint8_t marker = 0;  ///< SOF0 baseline, SOF1 extended, SOF2 progressive, SOF9.. arithmetic
  int bits = 8;
  int width = 0;
  int height = 0;
  std::vector<JpegComponent> components;
};

/// What libjpeg holds of a picture whose coefficients it keeps: 16 bits for each.
[[nodiscard]] std::uint64_t CoefficientBytes(const JpegFrame& frame);

/// True for SOF9 to SOF11: arithmetic coding, which libjpeg reads and few browsers and no phone do.
[[nodiscard]] bool IsArithmetic(const JpegFrame& frame);

struct JpegStream {
  std::size_t begin = 0;  ///< position of SOI
  std::size_t end = 0;    ///< one past EOI (or where the walk had to stop)
  /// All segments before the first SOS, in order: APPn and COM wherever they stand (some writers
  /// put MPF behind SOF), tables and SOF.
  std::vector<JpegSegment> segments;
  std::size_t tables_begin = 0;  ///< position of the first segment that is neither APPn nor COM
  /// The bytes that code the picture, in order: every table, SOF and scan, and EOI. A writer that
  /// emits SOI, the header segments it wants and then these ranges has dropped every APPn and COM
  /// of the original, also those behind the first table. One range, [tables_begin, end), unless
  /// such segments stand there.
  std::vector<ByteView> picture;
  std::size_t header_segments_after_scan = 0;  ///< APPn/COM between scans: in neither list
  JpegFrame frame;
  bool complete = false;  ///< EOI was found

  /// The segments whose payload starts with `prefix`, for one APPn marker.
  [[nodiscard]] std::vector<const JpegSegment*> Find(std::uint8_t marker,
                                                     std::string_view prefix) const;

  /// The stream's own bytes, SOI to EOI, of the file it was found in.
  [[nodiscard]] ByteView In(ByteView file) const { return file.subspan(begin, end - begin); }
};

/// Walks the stream whose SOI stands at `begin`. Fill bytes, and stray bytes between segments, are
/// skipped as decoders do. bad_input when there is no SOI there, when a segment before the first
/// scan runs past the end or is malformed, when no SOF precedes the first scan, when there is no
/// scan, or when there are more than 4096 segments before it; a stream that ends before EOI is
/// returned with complete = false.
[[nodiscard]] Expected<JpegStream> WalkJpeg(ByteView file, std::size_t begin);

/// The joined ICC profile of the stream's APP2 chunks; empty when there is none. bad_input when
/// chunks are missing, repeated or inconsistent.
[[nodiscard]] Expected<Bytes> JoinIcc(const JpegStream& stream);

}  // namespace hdrp
