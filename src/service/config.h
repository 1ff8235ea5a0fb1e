// What a service is told when it is started. Every limit has a flag of `serve`
// (cli/serve_command.cc).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/http/pace.h"
#include "service/worker/job.h"
#include "service/worker/worker_pool.h"

namespace hdrp {

struct ServiceConfig {
  std::string bind = "127.0.0.1:8080";
  std::vector<std::string> hosts;    ///< further names under which it may be asked
  std::vector<std::string> origins;  ///< of other sites, whose pages may ask as well
  std::vector<std::string> proxies;  ///< addresses and networks that tell for whom they ask
  std::string root_path;             ///< "/hdr" where the service lies below it
  std::filesystem::path folder;      ///< whose file system takes uploads and results
  std::uint64_t max_image_bytes = 40'000'000;
  std::uint64_t max_reference_bytes = 80'000'000;
  std::uint64_t upload_bytes = 1'000'000'000;  ///< of all requests together
  std::uint64_t store_bytes = 512'000'000;     ///< of all results together
  JobLimits job;
  PoolOptions pool;
  std::chrono::milliseconds head_time{5'000};    ///< for the head of a request
  std::chrono::milliseconds body_time{120'000};  ///< for its body, which has to keep the pace
  Pace pace;
  std::chrono::milliseconds request_time{20'000};  ///< from its last byte until there is an answer
  bool deadline_from_first_byte = false;           ///< request_time begins with the first one
  std::chrono::milliseconds lifetime{600'000};     ///< of a result
  /// For its jobs when it is stopped; otherwise request_time.
  std::optional<std::chrono::milliseconds> grace;
  int connections = 512;

  /// A body: two pictures and a reference at most, and room for what separates them.
  [[nodiscard]] std::uint64_t max_body_bytes() const {
    return 2 * max_image_bytes + max_reference_bytes + 1'000'000;
  }
};

}  // namespace hdrp
