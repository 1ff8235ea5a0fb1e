// Jobs and what is said of them, between the service and a worker: one JSON text for each message
// on a socket that keeps messages apart, and the files beside it as descriptors.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "service/worker/job.h"
#include "service/worker/run_job.h"

namespace hdrp {

/// A message and the descriptors that came with it. An empty text: the other side is gone.
struct Envelope {
  std::string text;
  std::vector<Fd> files;
};

/// io_failed where it cannot be sent (the other side is gone).
[[nodiscard]] Expected<void> SendEnvelope(int socket, std::string_view text,
                                          const std::vector<int>& files);
/// Waits for the next message. io_failed on a broken socket.
[[nodiscard]] Expected<Envelope> ReceiveEnvelope(int socket);

/// Files go in the order img, ref, mask ..., and the output last.
[[nodiscard]] Expected<void> SendJob(int socket, const Job& job);
[[nodiscard]] Expected<Job> JobFrom(Envelope envelope);

/// What a worker says: it enters a stage; it is done; it refuses.
struct StageEntered {
  std::string stage;
  double share = 0;  ///< of all stages that is done
};
using WorkerMessage = std::variant<StageEntered, JobWork, Error>;
[[nodiscard]] Expected<void> SendWorkerMessage(int socket, const WorkerMessage& message);
/// internal for anything that a sane worker does not say.
[[nodiscard]] Expected<WorkerMessage> WorkerMessageFrom(std::string_view text);

}  // namespace hdrp
