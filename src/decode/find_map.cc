#include "decode/find_map.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/formatted.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {
namespace {

constexpr std::size_t kMaxCandidates = 64;

/// Position of a directory's item k counted from the primary's EOI: padding of the first item and
/// lengths of the items before it (docs/formats.md). nullopt when a length is missing or nonsense.
std::optional<std::uint64_t> LengthOfItems(const std::vector<DirectoryItem>& items,
                                           std::size_t first, std::size_t end,
                                           std::uint64_t file_size) {
  std::uint64_t sum = 0;
  for (std::size_t i = first; i < end; ++i) {
    const std::uint64_t length = items[i].length.value_or(file_size + 1);
    if (length > file_size - sum) return std::nullopt;
    sum += length;
  }
  return sum;
}

class Search {
 public:
  Search(ByteView file, const PrimaryStream& primary, const Limits& limits)
      : file_(file), primary_(primary), limits_(limits) {
    search_.known_end = primary.stream.end;
  }

  MapSearch Run() {
    ThroughMpf();
    if (!search_.map) ThroughDirectory();
    if (!search_.map) ThroughFollowingStreams();
    if (!search_.map) Explain();
    return std::move(search_);
  }

 private:
  void ThroughMpf() {
    const StreamMetadata& announcements = primary_.announcements;
    for (std::size_t i = 0; i < announcements.mpf.size() && !search_.map; ++i) {
      if (!announcements.mpf[i]) continue;
      const auto& entries = announcements.mpf[i]->entries;
      for (std::size_t k = 1; k < entries.size() && !search_.map; ++k) {
        const std::uint64_t position = announcements.mpf_positions[i] + entries[k].offset;
        if (StartsAt(position)) {
          Try(position, MapLocator::kMpf);
        } else if (position >= file_.size()) {
          search_.problems.push_back(
              Formatted("MPF entry {}: offset {} is past the end: byte {} of {}", k,
                        entries[k].offset, position, file_.size()));
        } else {
          search_.problems.push_back(
              Formatted("MPF entry {}: no JPEG begins at byte {}", k, position));
        }
      }
    }
  }

  void ThroughDirectory() {
    for (const XmpFacts& facts : primary_.announcements.xmp) {
      if (facts.directory) ThroughItems(*facts.directory);
    }
  }

  void ThroughItems(const std::vector<DirectoryItem>& items) {
    for (std::size_t k = 1; k < items.size() && !search_.map; ++k) {
      if (items[k].semantic != "GainMap") continue;
      const std::uint64_t padding = items[0].padding.value_or(0);
      const auto before = LengthOfItems(items, 1, k, file_.size());
      if (before && padding <= file_.size()) {
        TryItem(primary_.stream.end + padding + *before, MapLocator::kDirectoryFromEoi);
      }
      const auto rest = LengthOfItems(items, k, items.size(), file_.size());
      if (rest && !search_.map) {
        TryItem(file_.size() - *rest, MapLocator::kDirectoryFromEnd);
      }
    }
  }

  void TryItem(std::uint64_t position, MapLocator locator) {
    if (StartsAt(position)) {
      Try(position, locator);
    } else {
      rejections_.push_back(Formatted(
          "GContainer: no JPEG begins at byte {}, where the directory counted from the {} puts it",
          position, locator == MapLocator::kDirectoryFromEoi ? "primary's end" : "file's end"));
    }
  }

  void ThroughFollowingStreams() {
    std::size_t position = primary_.stream.end;
    while (!search_.map && tried_.size() < kMaxCandidates) {
      const std::size_t found = AsText(file_).find(kStreamStart, position);
      if (found == std::string_view::npos) return;
      position = std::max(Try(found, MapLocator::kNextStream), found + kSoiBytes.size());
    }
  }

  [[nodiscard]] bool StartsAt(std::uint64_t position) const {
    return position < file_.size() && StartsWith(file_.subspan(position), kSoiBytes);
  }

  /// Looks at the stream at `position` unless it has been looked at. Its end; 0 where none is read.
  std::size_t Try(std::size_t position, MapLocator locator) {
    if (const auto known = tried_.find(position); known != tried_.end()) return known->second;
    if (position == primary_.stream.begin || tried_.size() == kMaxCandidates) return 0;
    auto stream = WalkJpeg(file_, position);
    if (!stream) {
      rejections_.push_back(
          Formatted("the JPEG at byte {} cannot be read: {}", position, stream.error().message));
      tried_[position] = 0;
      return 0;
    }
    const std::size_t end = stream->end;
    tried_[position] = end;
    search_.known_end = std::max(search_.known_end, end);
    StreamMetadata announcements = ReadStreamMetadata(*stream, limits_);
    MapNumbers numbers = ReadMapNumbers(announcements, primary_.apple);
    std::vector<std::string>& sentences = numbers.source ? search_.problems : rejections_;
    if (!numbers.source) {
      sentences.push_back(
          Formatted("the JPEG at byte {} ({} x {}) has no usable gain-map metadata of its own",
                    position, stream->frame.width, stream->frame.height));
    }
    for (const auto* problems : {&announcements.problems, &numbers.problems}) {
      for (const std::string& problem : *problems) {
        sentences.push_back(numbers.source ? "gain map: " + problem
                                           : Formatted("JPEG at byte {}: {}", position, problem));
      }
    }
    if (numbers.source) {
      search_.map.emplace(std::move(*stream), std::move(announcements), locator, *numbers.source,
                          std::move(numbers.metadata), numbers.apple_headroom_linear);
    }
    return end;
  }

  void Explain() {
    if (tried_.empty()) {
      search_.problems.emplace_back("no JPEG follows the primary image");
    }
    for (std::string& rejection : rejections_) search_.problems.push_back(std::move(rejection));
  }

  ByteView file_;
  const PrimaryStream& primary_;
  const Limits& limits_;
  std::map<std::size_t, std::size_t> tried_;  ///< position to end
  std::vector<std::string> rejections_;
  MapSearch search_;
};

}  // namespace

MapSearch FindMap(ByteView file, const PrimaryStream& primary, const Limits& limits) {
  return Search(file, primary, limits).Run();
}

}  // namespace hdrp
