// Hosts and origins that may ask, and those that may not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/http/access.h"

namespace hdrp {
namespace {

const std::vector<std::string> kHosts = {"hdr.example.org"};
const std::vector<std::string> kOrigins = {"https://gallery.example", "http://[2001:db8::1]:3000"};

/// Asked by this scheme; empty where nobody knows.
[[nodiscard]] bool PassesBy(const std::string& scheme, const std::string& host,
                            const std::string& origin) {
  const auto refusal = RefuseForeign(
      {.method = "POST", .path = "/", .host = host, .origin = origin, .scheme = scheme}, kHosts,
      kOrigins);
  if (refusal) {
    EXPECT_EQ(refusal->id, "forbidden_origin");
  }
  return !refusal;
}

[[nodiscard]] bool Passes(const std::string& host, const std::string& origin = "") {
  return PassesBy("", host, origin);
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

TEST(ServiceAccess, ASchemeThatIsKnownIsComparedToo) {
  EXPECT_TRUE(PassesBy("https", "hdr.example.org", "https://hdr.example.org"));
  EXPECT_FALSE(PassesBy("https", "hdr.example.org", "http://hdr.example.org"));
  EXPECT_TRUE(PassesBy("http", "127.0.0.1:8080", "http://127.0.0.1:8080"));
  EXPECT_FALSE(PassesBy("http", "127.0.0.1:8080", "https://127.0.0.1:8080"));
}

TEST(ServiceAccess, ADefaultPortMayBeLeftOut) {
  EXPECT_TRUE(Passes("hdr.example.org:443", "https://hdr.example.org"));
  EXPECT_TRUE(Passes("hdr.example.org:80", "http://hdr.example.org"));
  EXPECT_FALSE(Passes("hdr.example.org:80", "https://hdr.example.org"));
  EXPECT_FALSE(Passes("hdr.example.org:443", "http://hdr.example.org"));
}

TEST(ServiceAccess, NamedOriginsPassAndNoOthers) {
  EXPECT_TRUE(Passes("hdr.example.org", "https://gallery.example"));
  EXPECT_TRUE(Passes("hdr.example.org", "http://[2001:db8::1]:3000"));
  for (const char* origin :
       {"http://gallery.example", "https://gallery.example:444", "https://gallery.example.evil",
        "https://GALLERY.example", "https://gallery.example/", "https://x.gallery.example"}) {
    EXPECT_FALSE(Passes("hdr.example.org", origin)) << origin;
  }
  EXPECT_FALSE(Passes("evil.example", "https://gallery.example")) << "the host counts as before";
}

TEST(ServiceAccess, OriginsAreAsBrowsersWriteThem) {
  for (const char* origin : {"https://example.org", "http://localhost:3000", "http://[::1]:3000",
                             "http://example.org:443", "https://192.0.2.1"}) {
    EXPECT_TRUE(CheckOrigin(origin)) << origin;
  }
  for (const char* origin :
       {"", "*", "null", "https://", "https://*.example.org", "example.org", "ftp://example.org",
        "https://example.org/", "https://Example.org", "https://example.org:443",
        "http://example.org:80", "https://user@example.org", "https://example.org:80:80",
        "https://example.org\r\nX: y", "https://[::1"}) {
    EXPECT_FALSE(CheckOrigin(origin)) << origin;
  }
}

TEST(ServiceAccess, AProxyIsBelievedWhatItMaySay) {
  const auto taken = [](std::string_view scheme, std::string_view host) {
    HttpHead head{.method = "GET", .path = "/", .host = "127.0.0.1:8080", .scheme = "http"};
    TakeForwarded(head, scheme, host);
    return head.scheme + " " + head.host;
  };
  EXPECT_EQ(taken("https", "hdr.example.org"), "https hdr.example.org");
  EXPECT_EQ(taken("http", "hdr.example.org:8443"), "http hdr.example.org:8443");
  EXPECT_EQ(taken("https", ""), "https 127.0.0.1:8080");
  EXPECT_EQ(taken("", ""), " 127.0.0.1:8080") << "nobody knows the scheme";
  for (const char* scheme : {"HTTPS", "https,http", "ftp", " https", "https://"}) {
    EXPECT_EQ(taken(scheme, ""), " 127.0.0.1:8080") << scheme;
  }
  for (const char* host : {"a:b", "[::1", "a:80:80", ":80"}) {
    EXPECT_EQ(taken("https", host), "https 127.0.0.1:8080") << host;
  }
}

TEST(ServiceAccess, OnlyANamedPageMayRead) {
  const auto header = [](std::string_view origin, const std::vector<std::string>& origins,
                         std::string_view name) {
    HttpResponse response;
    AddCommonHeaders(response, origin, origins);
    std::string found;
    for (const auto& [key, value] : response.headers) {
      if (key == name) found += value;
    }
    return found;
  };
  constexpr std::string_view kAllowed = "Access-Control-Allow-Origin";
  constexpr std::string_view kPolicy = "Cross-Origin-Resource-Policy";
  EXPECT_EQ(header("https://gallery.example", kOrigins, kAllowed), "https://gallery.example");
  EXPECT_EQ(header("https://gallery.example", kOrigins, kPolicy), "cross-origin");
  EXPECT_EQ(header("https://evil.example", kOrigins, kAllowed), "");
  EXPECT_EQ(header("https://evil.example", kOrigins, kPolicy), "same-origin");
  EXPECT_EQ(header("", kOrigins, kAllowed), "");
  EXPECT_EQ(header("", kOrigins, "Vary"), "Origin");
  EXPECT_EQ(header("https://gallery.example", {}, kAllowed), "");
  EXPECT_EQ(header("https://gallery.example", {}, "Vary"), "");
}

}  // namespace
}  // namespace hdrp
