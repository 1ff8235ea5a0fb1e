// Names that clients give their jobs, so that they can ask how far those are. A name holds as long
// as its request; whoever does not know it finds nothing, and it is written nowhere.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hdrp {

/// What is known of a request with a name.
struct NamedJob {
  std::uint64_t received = 0;                ///< bytes of its body
  std::optional<std::uint64_t> ticket = {};  ///< once its body is there (worker/worker_pool.h)
};

/// 128 random bits and more can be written so: 22 to 128 letters, digits, "-" and "_" (base64url),
/// or, in hexadecimal digits alone, 32 and more.
[[nodiscard]] bool IsJobName(std::string_view text);

class JobNames {
 public:
  /// Takes the name for as long as the pointer or a copy of it lives; nullptr where it is taken.
  [[nodiscard]] std::shared_ptr<NamedJob> Take(std::string_view name);
  [[nodiscard]] std::shared_ptr<const NamedJob> Find(std::string_view name) const;

 private:
  std::map<std::string, std::weak_ptr<NamedJob>, std::less<>> names_;
};

}  // namespace hdrp
