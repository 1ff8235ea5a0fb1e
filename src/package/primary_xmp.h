// The XMP of a primary image we write: the user's packet and its extension under the privacy
// policy, without stale gain-map claims, with our announcement merged in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

struct PrimaryXmp {
  std::string packet;     ///< one standard packet of at most kMaxStandardXmpBytes; may be empty
  std::string extension;  ///< text for ExtendedXmpPayloads(); the packet holds its GUID
  std::vector<std::string> warnings;
};

/// With `map_size` the packet announces a gain map of that many bytes, otherwise none. A user's
/// packet that does not fit with ours moves to the extension.
[[nodiscard]] PrimaryXmp PrimaryXmpOf(const JpegStream& base, ExifPolicy policy,
                                      std::optional<std::uint32_t> map_size);

}  // namespace hdrp
