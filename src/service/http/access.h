// Who may ask: pages of other sites (CSRF) and names that merely resolve to this machine (DNS
// rebinding) may not, but for the sites that are named.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "service/http/http.h"

namespace hdrp {

/// A rebound name is never an address, so every address passes, `localhost`, and `hosts`.
/// forbidden_origin for others, and for an Origin that is neither the request's own nor one of
/// `origins`.
[[nodiscard]] std::optional<Refusal> RefuseForeign(const HttpHead& head,
                                                   std::span<const std::string> hosts,
                                                   std::span<const std::string> origins);

/// What a trusted proxy says of the request that it passes on, in X-Forwarded-Proto and -Host. What
/// is none or more than one is not taken: it may be the client's own word.
void TakeForwarded(HttpHead& head, std::string_view scheme, std::string_view host);

/// "https://example.org" as browsers write an origin. bad_argument for what they never write.
[[nodiscard]] Expected<void> CheckOrigin(std::string_view origin);

/// Adds what every answer carries: kSecurityHeaders, and to a page of one of `origins` that it may
/// read it. Never with credentials: whoever is logged in at a proxy is no other site's to use.
void AddCommonHeaders(HttpResponse& response, std::string_view origin,
                      std::span<const std::string> origins);

/// To a browser that asks whether a page may send what it wants to, with one of `methods`.
[[nodiscard]] HttpResponse PreflightResponse(std::string methods);

}  // namespace hdrp
