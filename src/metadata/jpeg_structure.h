// Walks one JPEG stream marker by marker, from SOI through the entropy-coded data to its EOI.
// Nothing is decoded; the result is a list of places in the bytes. Reader, writer and verifier share it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

/// A marker segment before the first scan. Positions count from the start of the file.
struct JpegSegment {
  std::uint8_t marker = 0;    ///< second byte: 0xE1 for APP1, 0xDB for DQT ...
  std::size_t position = 0;   ///< of the 0xFF
  std::size_t size = 0;       ///< marker, length field and payload together
  ByteView payload;           ///< after the length field (borrowed)
};

struct JpegComponent {
  std::uint8_t id = 0;
  int horizontal = 1;  ///< sampling factors
  int vertical = 1;
};

/// What SOFn says.
struct JpegFrame {
  std::uint8_t marker = 0;  ///< 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC9.. arithmetic
  int bits = 8;
  int width = 0;
  int height = 0;
  std::vector<JpegComponent> components;
};

struct JpegStream {
  std::size_t begin = 0;             ///< position of SOI
  std::size_t end = 0;               ///< one past EOI (or where the walk had to stop)
  std::vector<JpegSegment> segments; ///< all segments before the first SOS, in order, SOF included
  std::size_t tables_begin = 0;      ///< first byte that is not part of an APPn/COM header segment
  JpegFrame frame;
  bool complete = false;             ///< EOI was found

  /// The segments whose payload starts with `prefix`, for one APPn marker.
  [[nodiscard]] std::vector<const JpegSegment*> Find(std::uint8_t marker,
                                                     std::string_view prefix) const;
};

/// Walks the stream whose SOI stands at `begin`. bad_input when there is no SOI there, when a
/// segment's length runs past the end, or when no SOF precedes the first scan; a stream that ends
/// before EOI is returned with complete = false.
[[nodiscard]] Expected<JpegStream> WalkJpeg(ByteView file, std::size_t begin);

/// The joined ICC profile of the stream's APP2 chunks; empty when there is none. bad_input when
/// chunks are missing, repeated or inconsistent.
[[nodiscard]] Expected<Bytes> JoinIcc(const JpegStream& stream);

}  // namespace hdrp
