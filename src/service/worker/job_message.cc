#include "service/worker/job_message.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kWhere = "worker";
constexpr std::size_t kMaxMessage = 64 << 10;
constexpr std::size_t kMaxFiles = 8;
/// An error's further sentences: a message has to fit. What a worker says is cut again.
constexpr std::size_t kMaxDetails = 32;
constexpr std::size_t kMaxCauses = 16;
constexpr std::size_t kMaxSentence = 1000;
constexpr std::size_t kMaxWord = 64;

[[nodiscard]] std::string TextOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Cut(std::string& text, std::size_t size = kMaxSentence) {
  if (text.size() > size) text.resize(size);
}

[[nodiscard]] Error Bounded(Error error) {
  Cut(error.message);
  Cut(error.where);
  if (error.details.size() > kMaxDetails) error.details.resize(kMaxDetails);
  for (std::string& sentence : error.details) Cut(sentence);
  if (error.causes.size() > kMaxCauses) error.causes.resize(kMaxCauses);
  for (Cause& cause : error.causes) {
    Cut(cause.option, kMaxWord);
    Cut(cause.word, kMaxWord);
    Cut(cause.sentence);
  }
  return error;
}

/// Both sides live on one machine, whose steady clock is one.
[[nodiscard]] std::int64_t Ticks(steady_clock::time_point time) {
  return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] Json MessageJson(const StageEntered& word) {
  return {{"stage", word.stage}, {"share", word.share}};
}
[[nodiscard]] Json MessageJson(const JobWork& work) {
  Json json{{"parts", Json::array()}, {"times", Json::array()}, {"cpu_seconds", work.cpu_seconds}};
  for (const JobPart& part : work.parts) {
    json["parts"].push_back({part.name, part.offset, part.size});
  }
  for (const JobTime& time : work.times) json["times"].push_back({time.stage, time.milliseconds});
  return json;
}
[[nodiscard]] Json MessageJson(const Error& whole) {
  const Error error = Bounded(whole);
  Json causes = Json::array();
  for (const auto& [option, word, sentence] : error.causes) {
    causes.push_back({option, word, sentence});
  }
  return {{"error", KindOf(error.code).id},
          {"message", error.message},
          {"where", error.where},
          {"details", error.details},
          {"causes", std::move(causes)}};
}

[[nodiscard]] WorkerMessage MessageOf(const Json& json) {
  if (json.contains("stage")) {
    return StageEntered{json.at("stage").get<std::string>(), json.at("share").get<double>()};
  }
  if (json.contains("error")) {
    Error error{ErrorCode::kInternal, json.at("message").get<std::string>(),
                json.at("where").get<std::string>(),
                json.at("details").get<std::vector<std::string>>()};
    const auto id = json.at("error").get<std::string>();
    const auto* kind = std::ranges::find(kErrorKinds, id, &ErrorKind::id);
    if (kind != kErrorKinds.end()) error.code = kind->code;
    for (const Json& cause : json.at("causes")) {
      error.causes.push_back({cause.at(0).get<std::string>(), cause.at(1).get<std::string>(),
                              cause.at(2).get<std::string>()});
    }
    return Bounded(std::move(error));
  }
  JobWork work;
  for (const Json& part : json.at("parts")) {
    work.parts.push_back({part.at(0).get<std::string>(), part.at(1).get<std::uint64_t>(),
                          part.at(2).get<std::uint64_t>()});
  }
  for (const Json& time : json.at("times")) {
    work.times.push_back({time.at(0).get<std::string>(), time.at(1).get<double>()});
  }
  work.cpu_seconds = json.at("cpu_seconds").get<double>();
  return work;
}

}  // namespace

Expected<void> SendEnvelope(int socket, std::string_view text, const std::vector<int>& files) {
  iovec content{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxFiles)> control{};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  if (!files.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * files.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * files.size());
    std::memcpy(CMSG_DATA(header), files.data(), sizeof(int) * files.size());
  }
  while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) {
      return Fail(ErrorCode::kIoFailed, kWhere, "cannot send: {}", std::strerror(errno));
    }
  }
  return {};
}

Expected<Envelope> ReceiveEnvelope(int socket) {
  Envelope envelope{std::string(kMaxMessage, '\0'), {}};
  iovec content{envelope.text.data(), envelope.text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxFiles)> control{};
  msghdr message{};
  message.msg_iov = &content;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size = 0;
  do {
    size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  for (cmsghdr* header = size < 0 ? nullptr : CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    std::vector<int> numbers((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(numbers.data(), CMSG_DATA(header), numbers.size() * sizeof(int));
    for (const int number : numbers) envelope.files.emplace_back(number);
  }
  if (size < 0) {
    return Fail(ErrorCode::kIoFailed, kWhere, "cannot receive: {}", std::strerror(errno));
  }
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    return Fail(ErrorCode::kInternal, kWhere, "a message is too long");
  }
  envelope.text.resize(static_cast<std::size_t>(size));
  return envelope;
}

Expected<void> SendJob(int socket, const Job& job) {
  Json json{{"kind", static_cast<int>(job.kind)},
            {"outputs", static_cast<int>(job.outputs)},
            {"max_pixels", job.limits.max_pixels},
            {"max_side", job.limits.max_side},
            {"threads", job.limits.threads},
            {"deadline", Ticks(job.deadline)},
            {"patient", job.patient},
            {"fields", Json::array()},
            {"files", Json::array()}};
  std::vector<int> files;
  for (const FormText& field : job.fields) json["fields"].push_back({field.name, field.text});
  for (const FormFile& file : job.files) {
    json["files"].push_back({file.name, file.bytes, file.offset});
    files.push_back(file.content.get());
  }
  files.push_back(job.output.get());
  return SendEnvelope(socket, TextOf(json), files);
}

Expected<Job> JobFrom(Envelope envelope) {
  try {
    const Json json = Json::parse(envelope.text);
    Job job{
        .kind = static_cast<JobKind>(json.at("kind").get<int>()),
        .limits = {json.at("max_pixels").get<std::uint64_t>(),
                   json.at("max_side").get<std::uint32_t>(), json.at("threads").get<int>()},
        .deadline = steady_clock::time_point(milliseconds(json.at("deadline").get<std::int64_t>())),
        .outputs = static_cast<JobOutputs>(json.at("outputs").get<int>()),
        .patient = json.at("patient").get<bool>()};
    for (const Json& field : json.at("fields")) {
      job.fields.push_back({field.at(0).get<std::string>(), field.at(1).get<std::string>()});
    }
    const Json& files = json.at("files");
    if (envelope.files.size() != files.size() + 1) {
      return Fail(ErrorCode::kInternal, kWhere, "expected {} files, found {}", files.size() + 1,
                  envelope.files.size());
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      job.files.push_back({files[i].at(0).get<std::string>(), std::move(envelope.files[i]),
                           files[i].at(1).get<std::uint64_t>(),
                           files[i].at(2).get<std::uint64_t>()});
    }
    job.output = std::move(envelope.files.back());
    return job;
  } catch (const Json::exception& error) {
    return Fail(ErrorCode::kInternal, kWhere, "not a job: {}", error.what());
  }
}

Expected<void> SendWorkerMessage(int socket, const WorkerMessage& message) {
  return SendEnvelope(
      socket, TextOf(std::visit([](const auto& each) { return MessageJson(each); }, message)), {});
}

Expected<WorkerMessage> WorkerMessageFrom(std::string_view text) {
  try {
    return MessageOf(Json::parse(text));
  } catch (const Json::exception& error) {
    return Fail(ErrorCode::kInternal, kWhere, "not a message of a worker: {}", error.what());
  }
}

}  // namespace hdrp
