// Who may ask: pages of other sites (CSRF) and names that merely resolve to this machine (DNS
// rebinding) may not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "service/http/http.h"

namespace hdrp {

/// A rebound name is never an address, so every address passes, `localhost`, and `hosts`.
/// forbidden_origin for others, and for an Origin that is not the Host's own.
[[nodiscard]] std::optional<Refusal> RefuseForeign(const HttpHead& head,
                                                   std::span<const std::string> hosts);

}  // namespace hdrp
