// Results until they are fetched: each is one unnamed file, kept for a few minutes and within a
// number of bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_format.h"
#include "service/http/http.h"
#include "service/worker/job.h"

namespace hdrp {

/// What of a result could be the input of another (again.h).
enum class Reusable : std::uint8_t {
  kNothing,
  kBase,        ///< the edit's own bytes, from which the map was predicted
  kBaseAndMap,  ///< and an original's map, as it was obtained
};

struct StoredResult {
  std::string id;
  JobDone done;
  FileFormat format = FileFormat::kJpeg;
  std::vector<FormText> fields = {};  ///< of the job
  Reusable reusable = Reusable::kNothing;
  std::string json = {};  ///< the answer to POST /process
  std::uint64_t bytes = 0;
  std::chrono::steady_clock::time_point expires = {};
};

class ResultStore {
 public:
  static constexpr std::size_t kMaxResults = 512;  ///< each holds a descriptor

  ResultStore(std::uint64_t max_bytes, std::chrono::milliseconds lifetime)
      : max_bytes_(max_bytes), lifetime_(lifetime) {}

  /// 128 random bits as 32 hexadecimal digits: whoever does not know it finds nothing.
  [[nodiscard]] static std::string NewId();

  /// Keeps it from `now` on; the oldest results go where all are more than max_bytes.
  void Add(StoredResult result, std::chrono::steady_clock::time_point now);
  /// nullptr where there is none (any more).
  [[nodiscard]] const StoredResult* Find(std::string_view id,
                                         std::chrono::steady_clock::time_point now) const;
  /// False where there is none.
  bool Remove(std::string_view id);
  void Expire(std::chrono::steady_clock::time_point now);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return results_.size(); }

 private:
  void DropOldest();

  std::uint64_t max_bytes_;
  std::chrono::milliseconds lifetime_;
  std::list<StoredResult> results_;  ///< oldest first
  std::uint64_t bytes_ = 0;
};

}  // namespace hdrp
