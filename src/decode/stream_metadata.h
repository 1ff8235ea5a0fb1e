// What one JPEG stream's segments say about gain maps: XMP (standard and extended), ISO 21496-1
// blocks, MPF. Each segment is read for itself; nothing is concluded here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "metadata/jpeg_structure.h"
#include "metadata/mpf.h"
#include "metadata/xmp.h"

namespace hdrp {

/// All gain-map announcements of one stream.
struct StreamMetadata {
  std::vector<XmpFacts> xmp;  ///< one per standard packet, Extended XMP last
  std::size_t standard_xmp_packets = 0;
  std::vector<ByteView> iso_payloads;  ///< after the namespace
  std::vector<Expected<MpfIndex>> mpf;
  std::vector<std::size_t> mpf_positions;  ///< file position of each MPF segment's TIFF header
  std::vector<std::string> problems;  ///< packets that do not parse, Extended XMP incomplete ...
};

/// Packets that cannot be read are named in `problems`. Extended XMP counts only where its parts
/// are complete, its MD5 is its GUID and a standard packet names it, as the specification wants.
[[nodiscard]] StreamMetadata ReadStreamMetadata(const JpegStream& stream, const Limits& limits);

}  // namespace hdrp
