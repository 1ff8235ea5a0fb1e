// Small pictures to send, and what every refusal looks like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/support/client.h"
#include "service/support/multipart.h"

namespace hdrp::test {

/// An edited picture and its HDR original, as files. The same for the same numbers.
struct Pair {
  std::string edit, original;
};
[[nodiscard]] const Pair& PairOf(int width = 96, int height = 64, unsigned seed = 1);

/// The parts of a job on them; `more` comes last.
[[nodiscard]] std::vector<FormPart> Predicted(const std::vector<FormPart>& more = {});
[[nodiscard]] std::vector<FormPart> Referenced(const std::vector<FormPart>& more = {});

/// A number of GET /metrics ("hdr_process_worker_kills_total"); -1 where it is not there.
[[nodiscard]] double MetricOf(int port, std::string_view name);

}  // namespace hdrp::test
