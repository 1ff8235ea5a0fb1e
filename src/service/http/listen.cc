#include "service/http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstring>
#include <memory>

#include "base/formatted.h"

namespace hdrp {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

[[nodiscard]] Expected<Addresses> Resolve(const std::string& bind) {
  const std::size_t colon = bind.rfind(':');
  if (colon == std::string::npos) {
    return Fail(ErrorCode::kBadArgument, "--bind", "expected ADDRESS:PORT, found \"{}\"", bind);
  }
  std::string host = bind.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  // Numbers only: starting a service asks no name server.
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (host == "localhost") host = "127.0.0.1";
  const int failed = getaddrinfo(host.c_str(), bind.substr(colon + 1).c_str(), &hints, &found);
  if (failed != 0) {
    return Fail(ErrorCode::kBadArgument, "--bind", "expected ADDRESS:PORT, found \"{}\": {}", bind,
                gai_strerror(failed));
  }
  return Addresses(found, &freeaddrinfo);
}

[[nodiscard]] Expected<Fd> SocketFor(const addrinfo& address) {
  Fd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) {
    return Fail(ErrorCode::kIoFailed, "--bind", "no socket: {}", std::strerror(errno));
  }
  return socket;
}

}  // namespace

Expected<Fd> Listen(const std::string& bind) {
  HDRP_ASSIGN_OR_RETURN(const Addresses addresses, Resolve(bind));
  const addrinfo& address = *addresses;
  HDRP_ASSIGN_OR_RETURN(Fd socket, SocketFor(address));
  const int yes = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0 ||
      listen(socket.get(), SOMAXCONN) != 0) {
    return Fail(ErrorCode::kIoFailed, "--bind", "cannot listen on {}: {}", bind,
                std::strerror(errno));
  }
  return socket;
}

std::string AddressOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (getsockname(socket, generic, &size) != 0 ||
      getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  return address.ss_family == AF_INET6 ? Formatted("[{}]:{}", host.data(), port.data())
                                       : Formatted("{}:{}", host.data(), port.data());
}

Expected<void> CheckHealth(const std::string& bind) {
  HDRP_ASSIGN_OR_RETURN(const Addresses addresses, Resolve(bind));
  const addrinfo& address = *addresses;
  HDRP_ASSIGN_OR_RETURN(const Fd socket, SocketFor(address));
  const timeval patience{3, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  constexpr std::string_view kRequest =
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  std::array<char, 64> answer{};
  const bool asked = connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0 &&
                     send(socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0;
  const ssize_t got =
      asked ? recv(socket.get(), answer.data(), answer.size() - 1, MSG_WAITALL) : -1;
  if (got <= 0 || !std::string_view(answer.data()).starts_with("HTTP/1.1 200 ")) {
    return Fail(ErrorCode::kIoFailed, "health", "no service answers at {}", bind);
  }
  return {};
}

}  // namespace hdrp
