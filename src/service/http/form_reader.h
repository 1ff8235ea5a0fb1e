// Builds a form from the pieces of a multipart body as they arrive. Pieces are foreign: names,
// order and sizes are checked here, before anything is kept.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
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

/// Bytes of uploads that are on their way or in work. No client takes all of the room: it may have
/// twice as much as is left for others (dynamic thresholds: A. K. Choudhury, E. L. Hahne, IEEE/ACM
/// Transactions on Networking 6, 1998).
class UploadBudget {
 public:
  explicit UploadBudget(std::uint64_t limit) : limit_(limit) {}
  /// False where there is not so much room for the client.
  [[nodiscard]] bool Take(std::string_view client, std::uint64_t bytes);
  void Give(std::string_view client, std::uint64_t bytes);

  [[nodiscard]] std::uint64_t used() const { return used_; }
  /// When whoever is refused may come again: once what is in work is done.
  std::function<int()> retry_after_seconds = [] { return 2; };

 private:
  std::uint64_t limit_, used_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> of_clients_;
};

class FormReader {
 public:
  /// Files are kept, without a name, on the folder's file system, at the client's expense.
  FormReader(std::vector<FormRule> rules, std::filesystem::path folder, UploadBudget& budget,
             std::string client);
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
  std::string client_;
  std::uint64_t charged_ = 0;
  std::vector<Part> parts_;
  Form form_;
};

}  // namespace hdrp
