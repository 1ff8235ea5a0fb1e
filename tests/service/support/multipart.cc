#include "service/support/multipart.h"

#include <algorithm>

#include "base/formatted.h"

namespace hdrp::test {

std::string RawPart(std::string_view header_line, std::string_view content) {
  return Formatted("--{}\r\n{}\r\n\r\n{}\r\n", kBoundary, header_line, content);
}

std::string BodyEnd() { return Formatted("--{}--\r\n", kBoundary); }

std::string MultipartBody(const std::vector<FormPart>& parts) {
  std::string body;
  for (const FormPart& part : parts) {
    std::string line = Formatted("Content-Disposition: form-data; name=\"{}\"", part.name);
    if (!part.file_name.empty()) {
      line +=
          Formatted("; filename=\"{}\"\r\nContent-Type: application/octet-stream", part.file_name);
    }
    body += RawPart(line, part.content);
  }
  return body + BodyEnd();
}

std::string PostOf(std::string_view path, std::string_view body, std::string_view headers) {
  return Head("POST", path,
              Formatted("{}Content-Length: {}\r\n{}", kMultipart, body.size(), headers)) +
         std::string(body);
}

Answer Post(int port, std::string_view path, const std::vector<FormPart>& parts,
            std::string_view headers) {
  return Ask(port, PostOf(path, MultipartBody(parts), headers));
}

std::string Chunked(std::string_view body, const std::vector<std::size_t>& sizes) {
  std::string text;
  for (std::size_t i = 0; !body.empty(); ++i) {
    const std::size_t size = std::min(sizes[i % sizes.size()], body.size());
    text += Formatted("{:x}\r\n{}\r\n", size, body.substr(0, size));
    body.remove_prefix(size);
  }
  return text + "0\r\n\r\n";
}

}  // namespace hdrp::test
