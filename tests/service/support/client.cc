#include "service/support/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/formatted.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// True where the socket is ready for `events` before `end`.
bool Await(int socket, short events, steady_clock::time_point end) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    pollfd wanted{socket, events, 0};
    const int ready =
        poll(&wanted, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// Status and headers of "HTTP/1.1 200 OK\r\n...".
Answer ParseHead(std::string_view head) {
  Answer answer;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return answer;
  answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  std::size_t begin = head.find("\r\n");
  while (begin != std::string_view::npos && begin + 2 < head.size()) {
    const std::size_t end = std::min(head.find("\r\n", begin + 2), head.size());
    const std::string_view line = head.substr(begin + 2, end - begin - 2);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      answer.headers.emplace(Lower(std::string(line.substr(0, colon))), line.substr(colon + 2));
    }
    begin = end < head.size() ? end : std::string_view::npos;
  }
  return answer;
}

}  // namespace

std::string Answer::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

nlohmann::json Answer::Json() const { return nlohmann::json::parse(body, nullptr, false); }

Client::Client(int port, int window_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (window_bytes > 0) {
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &window_bytes, sizeof window_bytes);
  }
  Connect(port);
}

Client::Client(int port, const char* address)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  inet_pton(AF_INET, address, &own.sin_addr);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    ended_ = true;
  }
  Connect(port);
}

void Client::Connect(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ended_ = true;
  }
  const int yes = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
}

bool Client::Send(std::string_view bytes, milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN || !Await(socket_.get(), POLLOUT, end)) {
      return false;
    }
  }
  return true;
}

bool Client::ReadMore(steady_clock::time_point end) {
  if (ended_ || !Await(socket_.get(), POLLIN, end)) return false;
  std::array<char, 65536> piece{};
  const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

Answer Client::Read(AnswerBody body, milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  std::size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore(end)) return {};
  }
  Answer answer = ParseHead(std::string_view(buffer_).substr(0, head_end));
  buffer_.erase(0, head_end + 4);
  const bool has_body = body == AnswerBody::kExpected && answer.status >= 200 &&
                        answer.status != 204 && answer.status != 304;
  if (!has_body) return answer;
  const std::string length = answer.Header("content-length");
  const std::size_t wanted = length.empty() ? SIZE_MAX : std::stoull(length);
  while (buffer_.size() < wanted) {
    if (ReadMore(end)) continue;
    if (!length.empty()) return {};  // cut off
    break;
  }
  answer.body = buffer_.substr(0, wanted);
  buffer_.erase(0, answer.body.size());
  return answer;
}

bool Client::Sip(std::size_t bytes) {
  std::string piece(bytes, '\0');
  const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
  return got > 0 || (got < 0 && errno == EAGAIN);
}

bool Client::ClosedWithin(milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  while (ReadMore(end)) buffer_.clear();
  return ended_;
}

bool Client::HasNews() { return ended_ || Await(socket_.get(), POLLIN, steady_clock::now()); }

Answer Ask(int port, std::string_view request, AnswerBody body) {
  Client client(port);
  // A server that has said no already need not take the rest.
  client.Send(request);
  return client.Read(body);
}

std::string Head(std::string_view method, std::string_view path, std::string_view headers) {
  return Formatted("{} {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", method, path, headers);
}

Answer Get(int port, std::string_view path, std::string_view headers) {
  return Ask(port, Head("GET", path, headers));
}

}  // namespace hdrp::test
