#include "service/http/access.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/header_text.h"

namespace hdrp {
namespace {

/// "name" of "name:8080", "::1" of "[::1]:8080"; empty where it is neither.
[[nodiscard]] std::string NameOf(std::string_view authority) {
  std::string_view rest = authority;
  std::string_view name;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return {};
    name = rest.substr(1, end - 1);
    rest = rest.substr(end + 1);
  } else {
    name = rest.substr(0, rest.find(':'));
    rest = rest.substr(name.size());
  }
  if (!rest.empty() &&
      (rest.front() != ':' || rest.size() > 6 ||
       !std::ranges::all_of(rest.substr(1), [](char c) { return c >= '0' && c <= '9'; }))) {
    return {};
  }
  return std::string(name);
}

[[nodiscard]] bool IsAddress(const std::string& name) {
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

/// Browsers leave a scheme's own port out, proxies may not.
[[nodiscard]] std::string_view WithoutDefaultPort(std::string_view authority,
                                                  std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

/// The page is this service's own. Where nobody knows by which scheme it is asked, either will do.
[[nodiscard]] bool IsOwnOrigin(const HttpHead& head) {
  for (const std::string_view scheme : {"http", "https"}) {
    const std::string start = std::string(scheme) + "://";
    if (!head.origin.starts_with(start)) continue;
    return (head.scheme.empty() || head.scheme == scheme) &&
           SameIgnoringCase(
               WithoutDefaultPort(std::string_view(head.origin).substr(start.size()), scheme),
               WithoutDefaultPort(head.host, scheme));
  }
  return false;
}

}  // namespace

std::optional<Refusal> RefuseForeign(const HttpHead& head, std::span<const std::string> hosts,
                                     std::span<const std::string> origins) {
  const std::string name = NameOf(head.host);
  const bool known = IsAddress(name) || SameIgnoringCase(name, "localhost") ||
                     std::ranges::any_of(hosts, [&](const std::string& host) {
                       return !name.empty() && SameIgnoringCase(name, host);
                     });
  if (!known) {
    return Because(kForeignHost,
                   Refuse(ServiceCode::kForbiddenOrigin, "Host",
                          "expected an address, localhost or a host named by --allow-host"));
  }
  if (head.origin.empty() || IsOwnOrigin(head) || std::ranges::contains(origins, head.origin)) {
    return std::nullopt;
  }
  return Because(kForeignPage,
                 Refuse(ServiceCode::kForbiddenOrigin, "Origin",
                        "expected a page of this service, found one of another origin"));
}

void TakeForwarded(HttpHead& head, std::string_view scheme, std::string_view host) {
  head.scheme = scheme == "http" || scheme == "https" ? scheme : std::string_view();
  if (!NameOf(host).empty()) head.host = host;
}

Expected<void> CheckOrigin(std::string_view origin) {
  std::string_view authority;
  for (const std::string_view scheme : {"http", "https"}) {
    const std::string start = std::string(scheme) + "://";
    if (!origin.starts_with(start)) continue;
    authority = origin.substr(start.size());
    if (authority != WithoutDefaultPort(authority, scheme)) authority = {};
  }
  const bool plain = std::ranges::all_of(authority, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-.:[]").contains(c);
  });
  if (plain && !NameOf(authority).empty()) return {};
  return Fail(ErrorCode::kBadArgument, "--allow-origin",
              "expected an origin as browsers write it, https://example.org (lower case, no path, "
              "no port where it is the scheme's own), found \"{}\"",
              origin);
}

void AddCommonHeaders(HttpResponse& response, std::string_view origin,
                      std::span<const std::string> origins) {
  const bool named = !origin.empty() && std::ranges::contains(origins, origin);
  auto& headers = response.headers;
  for (const auto& [name, value] : kSecurityHeaders) {
    const bool shared = named && std::string_view(name) == "Cross-Origin-Resource-Policy";
    headers.emplace_back(name, shared ? "cross-origin" : value);
  }
  // Without Origin as well: what a cache keeps of this must not answer those that have one.
  if (!origins.empty()) headers.emplace_back("Vary", "Origin");
  if (!named) return;
  headers.emplace_back("Access-Control-Allow-Origin", origin);
  headers.emplace_back("Access-Control-Expose-Headers", "X-Request-ID, Retry-After, ETag");
}

HttpResponse PreflightResponse(std::string methods) {
  return {
      .status = 204,
      .headers = {{"Cache-Control", "no-store"},
                  {"Access-Control-Allow-Methods", std::move(methods)},
                  {"Access-Control-Allow-Headers", "Content-Type, Accept, Job-Name, If-None-Match"},
                  {"Access-Control-Max-Age", "600"}}};
}

}  // namespace hdrp
