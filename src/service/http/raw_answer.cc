#include "service/http/raw_answer.h"

#include <variant>

#include "base/formatted.h"

namespace hdrp {

std::string RawAnswer(const HttpResponse& response, std::string_view reason,
                      std::string_view request_id) {
  const auto* body = std::get_if<std::string>(&response.body);
  const std::string_view content = body == nullptr ? std::string_view() : *body;
  std::string text = Formatted(
      "HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "X-Request-ID: {}\r\n",
      response.status, reason, response.media_type, content.size(), request_id);
  for (const auto& [name, value] : response.headers) text += Formatted("{}: {}\r\n", name, value);
  text += "\r\n";
  text += content;
  return text;
}

}  // namespace hdrp
