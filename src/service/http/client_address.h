// Who asks: the peer, or whom a proxy names that the operator trusts. What anybody else says of
// himself is not looked at.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace hdrp {

/// Of either family: IPv4 as ::ffff:192.0.2.1, as a socket of both families shows it.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] bool IsV4() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// "192.0.2.1" or "2001:db8::1", and nothing else: no port, no brackets, no zone.
[[nodiscard]] std::optional<IpAddress> ReadAddress(std::string_view text);
/// A socket's peer; nullopt for other families.
[[nodiscard]] std::optional<IpAddress> AddressIn(const sockaddr* address);
/// What a client is counted under: "192.0.2.1"; of IPv6 the /64 ("2001:db8:0:1::/64"), of which
/// everyone has 2^64 addresses.
[[nodiscard]] std::string ClientKey(const IpAddress& address);

/// The peers that are believed.
class TrustedProxies {
 public:
  /// Addresses and networks ("10.0.0.0/8"). bad_argument for what is neither.
  [[nodiscard]] static Expected<TrustedProxies> Read(std::span<const std::string> texts);

  [[nodiscard]] bool empty() const { return networks_.empty(); }
  [[nodiscard]] bool Has(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress first;
    unsigned bits = 128;  ///< that all its addresses share
  };
  std::vector<Network> networks_;
};

/// The rightmost of X-Forwarded-For's addresses that is no trusted proxy: what stands left of it
/// is the client's own word. Where all are trusted, the leftmost. `peer` where it is not trusted,
/// or where the header cannot be read so far.
[[nodiscard]] IpAddress ForwardedClient(const IpAddress& peer, std::string_view forwarded_for,
                                        const TrustedProxies& proxies);

}  // namespace hdrp
