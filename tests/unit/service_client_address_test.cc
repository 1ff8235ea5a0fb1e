// Whom a request is counted for, whatever it says of itself.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>
#include <vector>

#include "service/http/client_address.h"

namespace hdrp {
namespace {

[[nodiscard]] TrustedProxies Trusted(const std::vector<std::string>& texts) {
  Expected<TrustedProxies> proxies = TrustedProxies::Read(texts);
  EXPECT_TRUE(proxies) << (proxies ? "" : proxies.error().message);
  return proxies ? *proxies : TrustedProxies();
}

[[nodiscard]] std::string Key(std::string_view address) {
  const std::optional<IpAddress> read = ReadAddress(address);
  return read ? ClientKey(*read) : "none";
}

/// Under which a request of `peer` is counted.
[[nodiscard]] std::string Client(std::string_view peer, std::string_view forwarded_for) {
  static const TrustedProxies kProxies =
      Trusted({"127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48", "::1"});
  return ClientKey(ForwardedClient(*ReadAddress(peer), forwarded_for, kProxies));
}

TEST(ServiceClientAddress, KeysAreAnAddressOrAnIpv6Network) {
  EXPECT_EQ(Key("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Key("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Key("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::/64");
  EXPECT_EQ(Key("2001:DB8:0:1::5"), "2001:db8:0:1::/64");
  EXPECT_EQ(Key("::1"), "::/64");
}

TEST(ServiceClientAddress, NothingElseIsAnAddress) {
  using std::string_literals::operator""s;
  for (const std::string& text :
       {""s, " 192.0.2.1"s, "192.0.2.1:80"s, "[::1]"s, "fe80::1%eth0"s, "192.0.2"s, "0x7f000001"s,
        "192.0.2.256"s, "1::2::3"s, "localhost"s, "192.0.2.1\0x"s, std::string(4000, '1')}) {
    EXPECT_FALSE(ReadAddress(text)) << text;
  }
}

TEST(ServiceClientAddress, PeersOfBothFamiliesAreRead) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(0xC0000201);
  EXPECT_EQ(AddressIn(reinterpret_cast<const sockaddr*>(&v4)), ReadAddress("192.0.2.1"));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  ASSERT_EQ(inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr), 1);
  EXPECT_EQ(AddressIn(reinterpret_cast<const sockaddr*>(&v6)), ReadAddress("192.0.2.1"));
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(AddressIn(reinterpret_cast<const sockaddr*>(&local)));
  EXPECT_FALSE(AddressIn(nullptr));
}

TEST(ServiceClientAddress, NetworksHoldWhatTheyShould) {
  const TrustedProxies proxies = Trusted({"10.1.0.0/16", "192.0.2.128/25", "2001:db8::/33"});
  for (const char* inside : {"10.1.255.255", "::ffff:10.1.0.1", "192.0.2.128", "2001:db8:7fff::"}) {
    EXPECT_TRUE(proxies.Has(*ReadAddress(inside))) << inside;
  }
  for (const char* outside : {"10.2.0.0", "192.0.2.127", "2001:db8:8000::", "::", "::10.1.0.1"}) {
    EXPECT_FALSE(proxies.Has(*ReadAddress(outside))) << outside;
  }
  EXPECT_TRUE(Trusted({"0.0.0.0/0"}).Has(*ReadAddress("192.0.2.1")));
  EXPECT_FALSE(Trusted({"0.0.0.0/0"}).Has(*ReadAddress("2001:db8::1")));
  EXPECT_TRUE(Trusted({"::/0"}).Has(*ReadAddress("2001:db8::1")));
  EXPECT_FALSE(Trusted({"::/0"}).Has(*ReadAddress("192.0.2.1")));
  EXPECT_TRUE(Trusted({"::ffff:10.0.0.0/104"}).Has(*ReadAddress("10.9.9.9")));
  EXPECT_FALSE(TrustedProxies().Has(*ReadAddress("127.0.0.1")));
}

TEST(ServiceClientAddress, WhatIsNoNetworkIsRefused) {
  for (const char* text : {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
                           "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.1/8", "::1/129", "[::1]", "/8"}) {
    const std::vector<std::string> texts = {text};
    const Expected<TrustedProxies> proxies = TrustedProxies::Read(texts);
    ASSERT_FALSE(proxies) << text;
    EXPECT_EQ(proxies.error().code, ErrorCode::kBadArgument);
  }
}

TEST(ServiceClientAddress, AStrangerIsHimselfWhateverHeSays) {
  EXPECT_EQ(Client("198.51.100.7", "192.0.2.1"), "198.51.100.7");
  EXPECT_EQ(Client("198.51.100.7", "127.0.0.1"), "198.51.100.7");
  EXPECT_EQ(Client("2001:db8::7", "192.0.2.1"), "2001:db8::/64");
}

TEST(ServiceClientAddress, AProxyTellsForWhomItAsks) {
  EXPECT_EQ(Client("127.0.0.1", "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client("::ffff:127.0.0.1", "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client("::1", "2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
  EXPECT_EQ(Client("127.0.0.1", "::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", "192.0.2.1:5000"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", "[2001:db8:1::4]:5000"), "2001:db8:1::/64");
  EXPECT_EQ(Client("127.0.0.1", "[2001:db8:1::4]"), "2001:db8:1::/64");
  EXPECT_EQ(Client("127.0.0.1", ""), "127.0.0.1");
  EXPECT_EQ(Client("127.0.0.1", " \t"), "127.0.0.1");
}

TEST(ServiceClientAddress, OnlyTheRightmostStrangerCounts) {
  EXPECT_EQ(Client("127.0.0.1", "192.0.2.9, 192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", "192.0.2.9,192.0.2.1 ,\t10.2.3.4,10.0.0.1"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", "junk\", 192.0.2.1, 2001:db8:ffff::1"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", "10.0.0.2, 10.0.0.1"), "10.0.0.2") << "all are trusted";
}

TEST(ServiceClientAddress, RubbishFromAProxyMeansTheProxy) {
  for (const char* text :
       {"unknown", "192.0.2.1,", ",", "192.0.2.1, ,10.0.0.1", "192.0.2.1:", "192.0.2.1:x",
        "192.0.2.1:123456", "[192.0.2.1]:80", "[2001:db8::1", "[2001:db8::1]x",
        "[2001:db8::1]:", "[]", "\"192.0.2.1\"", "for=192.0.2.1", "fe80::1%1", "192.0.2.1 10.0.0.1",
        "192.0.2.1;10.0.0.1", "<script>"}) {
    EXPECT_EQ(Client("127.0.0.1", text), "127.0.0.1") << text;
  }
}

TEST(ServiceClientAddress, EndlessListsEnd) {
  std::string trusted;
  for (int i = 0; i < 2000; ++i) trusted += "10.0.0.1,";
  EXPECT_EQ(Client("127.0.0.1", trusted + "10.0.0.1"), "127.0.0.1");
  EXPECT_EQ(Client("127.0.0.1", trusted + "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client("127.0.0.1", std::string(30'000, ',')), "127.0.0.1");
  EXPECT_EQ(Client("127.0.0.1", std::string(30'000, '1')), "127.0.0.1");
}

}  // namespace
}  // namespace hdrp
