// Hosts and origins that may ask, and those that may not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/http/access.h"

namespace hdrp {
namespace {

const std::vector<std::string> kHosts = {"hdr.example.org"};

[[nodiscard]] bool Passes(const std::string& host, const std::string& origin = "") {
  const auto refusal =
      RefuseForeign({.method = "POST", .path = "/", .host = host, .origin = origin}, kHosts);
  if (refusal) {
    EXPECT_EQ(refusal->id, "forbidden_origin");
  }
  return !refusal;
}

TEST(ServiceAccess, AddressesLocalhostAndNamedHostsPass) {
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:8080", "192.168.1.7:80", "[::1]:8080", "[fe80::1]", "localhost",
        "LOCALHOST:8080", "hdr.example.org", "HDR.example.org:443"}) {
    EXPECT_TRUE(Passes(host)) << host;
  }
}

TEST(ServiceAccess, OtherNamesDoNot) {
  for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                           "evil.example:8080", "localhost:8080:80", "localhost:99999999", "[::1",
                           "::1", "localhost:8o", "hdr.example.org.", "0x7f000001", "127.1"}) {
    EXPECT_FALSE(Passes(host)) << host;
  }
}

TEST(ServiceAccess, AnOriginIsTheHostsOwn) {
  EXPECT_TRUE(Passes("127.0.0.1:8080", "http://127.0.0.1:8080"));
  EXPECT_TRUE(Passes("hdr.example.org", "https://hdr.example.org"));
  for (const char* origin :
       {"null", "http://127.0.0.1", "http://127.0.0.1:8081", "http://localhost:8080",
        "http://evil.example", "file://", "http://127.0.0.1:8080.evil.example",
        "http://127.0.0.1:8080@evil.example"}) {
    EXPECT_FALSE(Passes("127.0.0.1:8080", origin)) << origin;
  }
}

}  // namespace
}  // namespace hdrp
