// The table that says where pictures come from: tab-separated, its first line names the columns.
// Needed are `file` (a name without folders) and `repo` (any text: pictures with the same one come
// from one source); `use` (which pictures serve for what) may be there, others are ignored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

/// Some 10,000 rows; readers of the file refuse more before they allocate.
inline constexpr std::uint64_t kMaxManifestBytes = 4U << 20;

struct ManifestRow {
  std::string repo;
  std::string use;  ///< empty without that column
};

struct Manifest {
  std::map<std::string, ManifestRow, std::less<>> rows;  ///< by `file`
  bool has_uses = false;
};

/// bad_input, naming the line: missing or repeated columns, rows of another length than the first,
/// empty or over-long names, control characters, a file named twice. CR LF counts as a line's end.
[[nodiscard]] Expected<Manifest> ReadManifest(ByteView bytes);

}  // namespace hdrp
