// Which state of a result a client has already: RFC 9110, 8.8.3 and 13.1.2.
#pragma once

#include <string>
#include <string_view>

namespace hdrp {

/// Strong. What a result's part is never changes, and no other result has its id: the two names say
/// as much as a hash of the bytes would.
[[nodiscard]] std::string EntityTag(std::string_view id, std::string_view part);

/// What If-None-Match says of this tag: true where the client has it. A weak tag counts as its
/// strong one, "*" as all of them; of a long list the first hundred are looked at.
[[nodiscard]] bool HasAlready(std::string_view if_none_match, std::string_view tag);

}  // namespace hdrp
