// A job as it goes to a worker process, and what comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/http/http.h"

namespace hdrp {

enum class JobKind : std::uint8_t { kProcess, kInspect };

/// What a job may use; the service's own limits, never the client's.
struct JobLimits {
  std::uint64_t max_pixels = 64'000'000;  ///< phones' "50 MP" are 8192 x 6144 and more
  std::uint32_t max_side = 16'384;
  int threads = 1;  ///< set when it is given to a worker
};

/// What of a processed picture is wanted: everything that a result offers, or the container alone.
enum class JobOutputs : std::uint8_t { kEverything, kContainer };

struct Job {
  JobKind kind = JobKind::kProcess;
  std::vector<FormText> fields = {};  ///< of pipeline/fields.h, checked already
  std::vector<FormFile> files = {};   ///< "img", "ref", "mask"
  Fd output = Fd();                   ///< an unnamed file for everything that comes of it
  JobLimits limits;
  std::chrono::steady_clock::time_point deadline;
  JobOutputs outputs = JobOutputs::kEverything;
  bool patient = false;     ///< long: shorter ones beside it have the processor first
  std::string client = {};  ///< whose turn it takes; stays in the service
};

/// A piece of the output file: "hdr", "preview", "gainmap", "meta", "readers",
/// perhaps "overlay" and "agreement"; of an inspection "inspection".
struct JobPart {
  std::string name;
  std::uint64_t offset = 0, size = 0;
};

struct JobTime {
  std::string stage;
  double milliseconds = 0;
};

struct JobDone {
  std::vector<JobPart> parts;
  std::vector<JobTime> times;
  std::shared_ptr<const Fd> output;

  /// The part's slice of the output. The name must be one of those that the job's kind makes.
  [[nodiscard]] std::optional<FileSlice> Part(std::string_view name) const;
};

using JobOutcome = std::variant<JobDone, Refusal>;

}  // namespace hdrp
