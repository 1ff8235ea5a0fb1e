#include "service/http/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/formatted.h"
#include "service/http/header_text.h"

namespace hdrp {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kV4Bits = 8 * kV4Prefix.size();
/// Chains of proxies are short; a longer list was made to keep us busy.
constexpr int kMaxHops = 32;

[[nodiscard]] IpAddress FromV4(const in_addr& v4) {
  IpAddress address;
  std::ranges::copy(kV4Prefix, address.bytes.begin());
  std::memcpy(address.bytes.data() + kV4Prefix.size(), &v4, sizeof v4);
  return address;
}

[[nodiscard]] IpAddress FromV6(const in6_addr& v6) {
  IpAddress address;
  std::memcpy(address.bytes.data(), &v6, sizeof v6);
  return address;
}

/// What two networks of `bits` share with each other.
[[nodiscard]] IpAddress Masked(IpAddress address, unsigned bits) {
  for (unsigned i = 0; i < address.bytes.size(); ++i) {
    const unsigned kept = bits > 8 * i ? std::min(bits - 8 * i, 8U) : 0;
    address.bytes[i] &= static_cast<std::uint8_t>(0xFF00U >> kept);
  }
  return address;
}

[[nodiscard]] bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Some proxies add the port: "192.0.2.1:5000", "[2001:db8::1]:5000".
[[nodiscard]] std::optional<IpAddress> ReadHop(std::string_view text) {
  text = Trimmed(text);
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !IsPort(rest.substr(1)))) return std::nullopt;
    const std::optional<IpAddress> address = ReadAddress(text.substr(1, end - 1));
    return address && text.substr(1, end - 1).contains(':') ? address : std::nullopt;
  }
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && colon == text.rfind(':');
  if (!has_port) return ReadAddress(text);
  return IsPort(text.substr(colon + 1)) ? ReadAddress(text.substr(0, colon)) : std::nullopt;
}

}  // namespace

bool IpAddress::IsV4() const {
  return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes.begin());
}

std::optional<IpAddress> ReadAddress(std::string_view text) {
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  // inet_pton takes text up to the first NUL.
  if (text.contains('\0')) return std::nullopt;
  const std::string whole(text);
  in_addr v4{};
  if (inet_pton(AF_INET, whole.c_str(), &v4) == 1) return FromV4(v4);
  in6_addr v6{};
  if (inet_pton(AF_INET6, whole.c_str(), &v6) == 1) return FromV6(v6);
  return std::nullopt;
}

std::optional<IpAddress> AddressIn(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    return FromV4(reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
  }
  if (address->sa_family == AF_INET6) {
    return FromV6(reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  }
  return std::nullopt;
}

std::string ClientKey(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.IsV4()) {
    inet_ntop(AF_INET, address.bytes.data() + kV4Prefix.size(), text.data(), text.size());
    return text.data();
  }
  const IpAddress network = Masked(address, 64);
  inet_ntop(AF_INET6, network.bytes.data(), text.data(), text.size());
  return Formatted("{}/64", std::string_view(text.data()));
}

Expected<TrustedProxies> TrustedProxies::Read(std::span<const std::string> texts) {
  TrustedProxies proxies;
  for (const std::string& text : texts) {
    const std::size_t slash = text.find('/');
    const std::optional<IpAddress> first = ReadAddress(std::string_view(text).substr(0, slash));
    if (!first) {
      return Fail(ErrorCode::kBadArgument, "--proxy",
                  "expected an address or a network such as 10.0.0.0/8, found \"{}\"", text);
    }
    unsigned bits = 128;
    if (slash != std::string::npos) {
      const unsigned longest = first->IsV4() && !text.contains(':') ? 32 : 128;
      unsigned given = 0;
      const char* const end = text.data() + text.size();
      const auto [last, error] = std::from_chars(text.data() + slash + 1, end, given);
      if (error != std::errc() || last != end || given > longest) {
        return Fail(ErrorCode::kBadArgument, "--proxy", "expected /0 to /{} behind \"{}\"", longest,
                    text.substr(0, slash));
      }
      bits = given + 128 - longest;
      // Most likely a slip, and whom one trusts should not rest on one.
      if (Masked(*first, bits) != *first) {
        return Fail(ErrorCode::kBadArgument, "--proxy", "\"{}\" is an address inside of a network",
                    text);
      }
    }
    proxies.networks_.push_back({*first, bits});
  }
  return proxies;
}

bool TrustedProxies::Has(const IpAddress& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    // ::/0 is all of IPv6, and no IPv4.
    if (address.IsV4() != (network.bits >= kV4Bits && network.first.IsV4())) return false;
    return Masked(address, network.bits) == network.first;
  });
}

IpAddress ForwardedClient(const IpAddress& peer, std::string_view forwarded_for,
                          const TrustedProxies& proxies) {
  if (!proxies.Has(peer) || Trimmed(forwarded_for).empty()) return peer;
  for (int hop = 0; hop < kMaxHops; ++hop) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::optional<IpAddress> address = ReadHop(forwarded_for.substr(begin));
    if (!address) return peer;
    if (comma == std::string_view::npos || !proxies.Has(*address)) return *address;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return peer;
}

}  // namespace hdrp
