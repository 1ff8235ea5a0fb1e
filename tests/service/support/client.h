// A client that does what no library would: any bytes, at any pace, half a request, two at once.
// Every wait has an end.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "service/worker/fd.h"

namespace hdrp::test {

/// What came back. Status 0: nothing that is an answer.
struct Answer {
  int status = 0;
  std::multimap<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  /// Empty where there is none.
  [[nodiscard]] std::string Header(const std::string& name) const;
  /// The body; `discarded` where it is no JSON.
  [[nodiscard]] nlohmann::json Json() const;
};

enum class AnswerBody : std::uint8_t { kExpected, kNone };

class Client {
 public:
  /// `window_bytes`: how much may be under way to it unread, about; 0: what is usual.
  explicit Client(int port, int window_bytes = 0);
  /// From one of this machine's own addresses ("127.0.0.2"): another client, to the service.
  Client(int port, const char* address);

  /// False where the other side does not take all of it within the limit.
  bool Send(std::string_view bytes, std::chrono::milliseconds limit = std::chrono::seconds(30));
  /// The next answer; kNone for that of a HEAD.
  [[nodiscard]] Answer Read(AnswerBody body = AnswerBody::kExpected,
                            std::chrono::milliseconds limit = std::chrono::seconds(60));
  /// Reads and drops at most so many bytes, if there are any. False once the other side has closed.
  bool Sip(std::size_t bytes);
  /// Reads and drops until the other side closes. False where it does not do so in time.
  [[nodiscard]] bool ClosedWithin(std::chrono::milliseconds limit);
  /// True where something arrived, or the other side closed, without waiting.
  [[nodiscard]] bool HasNews();
  /// Closes at once; what was on its way to us is lost.
  void Leave() { socket_ = Fd(); }

 private:
  /// Adds what is there to read. False at the end, or after the limit.
  bool ReadMore(std::chrono::steady_clock::time_point end);
  void Connect(int port);

  Fd socket_;
  std::string buffer_;
  bool ended_ = false;
};

/// One request on a connection of its own.
[[nodiscard]] Answer Ask(int port, std::string_view request,
                         AnswerBody body = AnswerBody::kExpected);
/// The request's head: "GET /path HTTP/1.1", Host, `headers` (each with CRLF), the empty line.
[[nodiscard]] std::string Head(std::string_view method, std::string_view path,
                               std::string_view headers = "");
[[nodiscard]] Answer Get(int port, std::string_view path, std::string_view headers = "");

}  // namespace hdrp::test
