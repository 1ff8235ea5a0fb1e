// Pieces of header values, as RFC 9110, 5.6 has them. Values are foreign; nothing here allocates.
#pragma once

#include <string_view>

namespace hdrp {

/// Without spaces and tabs around it.
[[nodiscard]] std::string_view Trimmed(std::string_view text);

/// ASCII alone, whatever the locale.
[[nodiscard]] bool SameIgnoringCase(std::string_view a, std::string_view b);

/// One or more of the characters that names are made of.
[[nodiscard]] bool IsToken(std::string_view text);

/// Takes what comes before the next separator, which may stand in quotes, off `rest`; trimmed.
[[nodiscard]] std::string_view TakeElement(std::string_view& rest, char separator);

}  // namespace hdrp
