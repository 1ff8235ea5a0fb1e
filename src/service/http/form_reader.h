// Builds a form from the pieces of a multipart body as they arrive. Pieces are foreign: names,
// order and sizes are checked here, before anything is kept.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/http.h"

namespace hdrp {

/// What a field of a form may hold.
struct FormRule {
  std::string_view name;
  bool is_file = false;
  bool repeats = false;
  bool required = false;
  std::uint64_t max_bytes = 256;
};

/// Bytes of uploads that are on their way or in work, all requests together.
struct UploadBudget {
  std::uint64_t limit = 0, used = 0;
};

class FormReader {
 public:
  /// Files are kept, without a name, on the folder's file system.
  FormReader(std::vector<FormRule> rules, std::filesystem::path folder, UploadBudget& budget);
  FormReader(const FormReader&) = delete;
  FormReader& operator=(const FormReader&) = delete;
  ~FormReader();

  /// The next piece of the part called `name` (nullopt: the part has none), which begins at
  /// `offset` of its value. Returns why the body is refused: 422 for unknown, duplicate and
  /// nameless fields, 413 for too much, 503 where all uploads together are too much, 500 on a full
  /// disk.
  [[nodiscard]] std::optional<Refusal> Take(std::optional<std::string_view> name,
                                            std::uint64_t offset, ByteView piece);

  /// The form, once the body has ended properly. 422 where a required field is missing.
  [[nodiscard]] std::expected<Form, Refusal> Finish();

 private:
  struct Part {
    std::size_t rule;
    std::uint64_t bytes = 0;
    std::size_t index;  ///< in files or texts
  };
  [[nodiscard]] std::optional<Refusal> Begin(std::string_view name);
  [[nodiscard]] std::optional<Refusal> Append(ByteView piece);

  std::vector<FormRule> rules_;
  std::filesystem::path folder_;
  UploadBudget& budget_;
  std::uint64_t charged_ = 0;
  std::vector<Part> parts_;
  Form form_;
};

}  // namespace hdrp
