// The service without its sockets: what each address answers.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/assets.h"
#include "service/config.h"
#include "service/http/form_reader.h"
#include "service/http/http.h"
#include "service/metrics.h"
#include "service/store.h"
#include "service/worker/job.h"

namespace hdrp {

/// A job to be run before there is an answer; a job that is refused is answered by ResponseOf().
struct PendingJob {
  Job job;
  std::function<HttpResponse(JobDone)> answer;
  std::shared_ptr<NamedJob> named = nullptr;
};
using Reply = std::variant<HttpResponse, PendingJob>;

/// What a body may hold; no rules: there should be none.
struct BodyRules {
  std::vector<FormRule> fields = {};
  std::uint64_t max_bytes = 0;
  std::shared_ptr<NamedJob> named = nullptr;
};

class Service {
 public:
  explicit Service(ServiceConfig config);

  /// "/result/{id}" for "/result/0123...": what logs and metrics may hold. "other" for unknown
  /// ones.
  [[nodiscard]] static std::string_view PatternOf(std::string_view path);

  /// After the head of a request: what its body may hold, or why it is refused at once.
  [[nodiscard]] std::expected<BodyRules, Refusal> Open(const HttpHead& head);

  /// The whole request, which Open() let pass.
  [[nodiscard]] Reply Handle(HttpRequest request);

  /// Drops results that are too old.
  void Tick() { store_.Expire(std::chrono::steady_clock::now()); }

  [[nodiscard]] const ServiceConfig& config() const { return config_; }
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  [[nodiscard]] UploadBudget& uploads() { return uploads_; }
  /// Where the numbers of the running parts come from; what tests leave out.
  std::function<PoolState()> pool_state = [] { return PoolState{}; };
  std::function<bool()> has_room = [] { return true; };  ///< for a small job
  std::function<bool()> stopping = [] { return false; };
  std::function<std::optional<JobProgress>(std::uint64_t ticket)> progress_of = [](std::uint64_t) {
    return std::optional<JobProgress>();
  };
  std::function<int()> requests_in_progress = [] { return 0; };

 private:
  /// A browser asks for a page of a site that is named (http/access.h).
  [[nodiscard]] bool IsPreflight(const HttpHead& head) const;
  [[nodiscard]] BodyRules RulesOfProcess() const;
  [[nodiscard]] BodyRules RulesOfInspect() const;
  [[nodiscard]] Reply Process(HttpRequest request);
  [[nodiscard]] Reply Inspect(HttpRequest request);
  [[nodiscard]] Reply Again(HttpRequest request);
  [[nodiscard]] HttpResponse Result(const HttpRequest& request);
  [[nodiscard]] HttpResponse Progress(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse Alive() const;
  [[nodiscard]] HttpResponse Ready() const;
  [[nodiscard]] HttpResponse MetricsText() const;
  [[nodiscard]] std::expected<Job, Refusal> MakeJob(JobKind kind, HttpRequest& request) const;
  struct Delivery {
    std::string request_id;
    FileFormat format = FileFormat::kJpeg;
    bool whole = false;  ///< the container itself is the answer, and nothing is kept
    std::vector<FormText> fields = {};
  };
  [[nodiscard]] HttpResponse Deliver(JobDone done, const Delivery& delivery);

  ServiceConfig config_;
  ResultStore store_;
  JobNames names_;
  Metrics metrics_;
  UploadBudget uploads_;
  std::string openapi_;
};

}  // namespace hdrp
