// Bodies of multipart/form-data, right ones and such as no browser makes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/support/client.h"

namespace hdrp::test {

struct FormPart {
  std::string name;
  std::string content;
  std::string file_name = {};  ///< empty: no file
};

inline constexpr std::string_view kBoundary = "----------------hdrTestBoundary7";
inline constexpr std::string_view kMultipart =
    "Content-Type: multipart/form-data; boundary=----------------hdrTestBoundary7\r\n";

[[nodiscard]] std::string MultipartBody(const std::vector<FormPart>& parts);
/// A part with this line in the place of Content-Disposition, and no end of the body.
[[nodiscard]] std::string RawPart(std::string_view header_line, std::string_view content);
[[nodiscard]] std::string BodyEnd();
/// Head with Content-Length, and the body.
[[nodiscard]] std::string PostOf(std::string_view path, std::string_view body,
                                 std::string_view headers = "");
[[nodiscard]] Answer Post(int port, std::string_view path, const std::vector<FormPart>& parts,
                          std::string_view headers = "");
/// The body as chunks, cut at these sizes in turn, with the last chunk.
[[nodiscard]] std::string Chunked(std::string_view body, const std::vector<std::size_t>& sizes);

}  // namespace hdrp::test
