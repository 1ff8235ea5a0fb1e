#include "service/http/entity_tag.h"

#include "base/formatted.h"
#include "service/http/header_text.h"

namespace hdrp {

std::string EntityTag(std::string_view id, std::string_view part) {
  return part.empty() ? Formatted("\"{}\"", id) : Formatted("\"{}-{}\"", id, part);
}

bool HasAlready(std::string_view if_none_match, std::string_view tag) {
  constexpr int kMaxTags = 100;
  for (int i = 0; i < kMaxTags && !if_none_match.empty(); ++i) {
    std::string_view each = TakeElement(if_none_match, ',');
    if (each == "*") return true;
    if (each.starts_with("W/")) each.remove_prefix(2);
    if (each == tag) return true;
  }
  return false;
}

}  // namespace hdrp
