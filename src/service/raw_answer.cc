#include "service/raw_answer.h"

#include <format>
#include <iterator>

namespace hdrp {

std::string RawAnswer(const HttpResponse& response, std::string_view reason,
                      std::string_view request_id) {
  const auto* body = std::get_if<std::string>(&response.body);
  const std::string_view content = body == nullptr ? std::string_view() : *body;
  std::string text = std::format(
      "HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "X-Request-ID: {}\r\n",
      response.status, reason, response.media_type, content.size(), request_id);
  auto out = std::back_inserter(text);
  for (const auto& [name, value] : kSecurityHeaders) std::format_to(out, "{}: {}\r\n", name, value);
  for (const auto& [name, value] : response.headers) std::format_to(out, "{}: {}\r\n", name, value);
  text += "\r\n";
  text += content;
  return text;
}

}  // namespace hdrp
