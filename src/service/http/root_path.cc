#include "service/http/root_path.h"

#include <algorithm>

namespace hdrp {
namespace {

constexpr std::size_t kMaxSize = 200;

/// What no client, proxy or page writes in another way ("~" may become "%7E").
[[nodiscard]] bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

[[nodiscard]] bool IsSegment(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         std::ranges::all_of(segment, IsPlain);
}

[[nodiscard]] bool IsRootPath(std::string_view root) {
  if (root.size() > kMaxSize) return false;
  while (!root.empty()) {
    if (root.front() != '/') return false;
    const std::size_t end = std::min(root.find('/', 1), root.size());
    if (!IsSegment(root.substr(1, end - 1))) return false;
    root = root.substr(end);
  }
  return true;
}

}  // namespace

Expected<void> CheckRootPath(std::string_view root) {
  if (IsRootPath(root)) return {};
  return Fail(ErrorCode::kBadArgument, "--root-path",
              "expected a path such as /hdr of letters, digits, \"-\", \"_\" and \".\", without a "
              "slash at its end, found \"{}\"",
              root.substr(0, kMaxSize));
}

std::string_view BelowRoot(std::string_view path, std::string_view root) {
  const std::string_view below = path.starts_with(root) ? path.substr(root.size()) : path;
  return below.empty() || below.front() == '/' ? below : path;
}

}  // namespace hdrp
