#include "service/http/access.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace hdrp {
namespace {

[[nodiscard]] char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

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

}  // namespace

std::optional<Refusal> RefuseForeign(const HttpHead& head, std::span<const std::string> hosts) {
  const std::string name = NameOf(head.host);
  const bool known = IsAddress(name) || SameName(name, "localhost") ||
                     std::ranges::any_of(hosts, [&](const std::string& host) {
                       return !name.empty() && SameName(name, host);
                     });
  if (!known) {
    return Because(kForeignHost,
                   Refuse(ServiceCode::kForbiddenOrigin, "Host",
                          "expected an address, localhost or a host named by --allow-host"));
  }
  if (head.origin.empty()) return std::nullopt;
  std::string_view authority = head.origin;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (authority.starts_with(scheme)) {
      authority.remove_prefix(scheme.size());
      if (SameName(authority, head.host)) return std::nullopt;
    }
  }
  return Because(kForeignPage,
                 Refuse(ServiceCode::kForbiddenOrigin, "Origin",
                        "expected a page of this service, found one of another origin"));
}

}  // namespace hdrp
