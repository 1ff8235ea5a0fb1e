// Jobs and words survive the way between two processes; nonsense does not.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <utility>

#include "service/worker/job_message.h"
#include "service/worker/unnamed_file.h"
#include "support/program.h"

namespace hdrp {
namespace {

struct Pair {
  Fd ours, theirs;
};
[[nodiscard]] Pair MakePair() {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

[[nodiscard]] WorkerMessage RoundTrip(const WorkerMessage& word) {
  const Pair pair = MakePair();
  EXPECT_TRUE(SendWorkerMessage(pair.ours.get(), word));
  const Expected<Envelope> envelope = ReceiveEnvelope(pair.theirs.get());
  EXPECT_TRUE(envelope);
  const Expected<WorkerMessage> back = WorkerMessageFrom(envelope->text);
  EXPECT_TRUE(back);
  return *back;
}

TEST(JobMessage, AJobArrivesWithItsFiles) {
  const test::ScratchFolder folder;
  const Pair pair = MakePair();
  Job job{.kind = JobKind::kProcess,
          .fields = {{"boost", "2"}, {"guard", "skin"}},
          .limits = {1234, 56, 3},
          .deadline = std::chrono::steady_clock::time_point(std::chrono::milliseconds(987654))};
  Expected<Fd> image = MakeUnnamedFile(folder.path());
  Expected<Fd> output = MakeUnnamedFile(folder.path());
  ASSERT_TRUE(image && output);
  ASSERT_TRUE(WriteAt(image->get(), 0, AsBytes("picture"), "test"));
  job.files.push_back({"img", *std::move(image), 7});
  job.output = *std::move(output);
  ASSERT_TRUE(SendJob(pair.ours.get(), job));
  Expected<Envelope> envelope = ReceiveEnvelope(pair.theirs.get());
  ASSERT_TRUE(envelope);
  const Expected<Job> back = JobFrom(*std::move(envelope));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->kind, JobKind::kProcess);
  ASSERT_EQ(back->fields.size(), 2U);
  EXPECT_EQ(back->fields[1].name, "guard");
  EXPECT_EQ(back->fields[1].text, "skin");
  EXPECT_EQ(back->limits.max_pixels, 1234U);
  EXPECT_EQ(back->limits.max_side, 56U);
  EXPECT_EQ(back->limits.threads, 3);
  EXPECT_EQ(back->deadline, job.deadline);
  ASSERT_EQ(back->files.size(), 1U);
  const Expected<Bytes> content = ReadAt(back->files[0].content.get(), 0, 7, "test");
  ASSERT_TRUE(content);
  EXPECT_EQ(AsText(*content), "picture");
  // What is written on that side is read on this one.
  ASSERT_TRUE(WriteAt(back->output.get(), 0, AsBytes("result"), "test"));
  EXPECT_TRUE(ReadAt(job.output.get(), 0, 6, "test"));
}

TEST(JobMessage, WordsArrive) {
  const WorkerMessage stage = RoundTrip(StageEntered{"obtain"});
  EXPECT_EQ(std::get<StageEntered>(stage).stage, "obtain");
  const WorkerMessage work = RoundTrip(JobWork{{{"hdr", 0, 9}, {"meta", 9, 1}}, {{"read", 1.5}}});
  EXPECT_EQ(std::get<JobWork>(work).parts[1].offset, 9U);
  EXPECT_EQ(std::get<JobWork>(work).times[0].milliseconds, 1.5);
  const WorkerMessage error =
      RoundTrip(Error{ErrorCode::kMismatch, "not the same", "ref", {"a", "b"}, {{"c", "d", "e"}}});
  EXPECT_EQ(std::get<Error>(error).code, ErrorCode::kMismatch);
  EXPECT_EQ(std::get<Error>(error).details.size(), 2U);
  ASSERT_EQ(std::get<Error>(error).causes.size(), 1U);
  const Cause& cause = std::get<Error>(error).causes[0];
  EXPECT_EQ(cause.option + cause.word + cause.sentence, "cde");
}

TEST(JobMessage, LongAndForeignTextsFit) {
  const std::string large(5000, 'y');
  const Error error{ErrorCode::kBadInput, std::string(1'000'000, 'x'), "\xff\xfe",
                    std::vector<std::string>(1000, large),
                    std::vector<Cause>(1000, {large, large, large})};
  const WorkerMessage back = RoundTrip(error);
  EXPECT_EQ(std::get<Error>(back).code, ErrorCode::kBadInput);
  EXPECT_EQ(std::get<Error>(back).message.size(), 1000U);
}

/// Whoever took a worker over does not keep to what it sends.
TEST(JobMessage, WhatAWorkerSaysIsCut) {
  std::string text = R"({"error":"no_gain_map","message":"a","where":"b","details":[],"causes":[)";
  for (int i = 0; i < 1000; ++i) text += R"(["guard",")" + std::string(5000, 'y') + R"(","z"],)";
  text.back() = ']';
  const Expected<WorkerMessage> message = WorkerMessageFrom(text + "}");
  ASSERT_TRUE(message);
  const std::vector<Cause>& causes = std::get<Error>(*message).causes;
  EXPECT_EQ(causes.size(), 16U);
  EXPECT_EQ(causes[0].word.size(), 64U);
  EXPECT_EQ(causes[0].sentence, "z");
}

TEST(JobMessage, NonsenseIsRefused) {
  for (const char* text :
       {"", "{", "[]", "{}", "{\"stage\":1}", "{\"parts\":[[1,2,3]],\"times\":[]}",
        "{\"parts\":[[\"hdr\",-1]],\"times\":[]}", "{\"error\":\"mismatch\"}", "null",
        "{\"error\":\"mismatch\",\"message\":\"a\",\"where\":\"\",\"details\":[],\"causes\":[1]"
        "}"}) {
    EXPECT_FALSE(WorkerMessageFrom(text)) << text;
  }
  EXPECT_FALSE(JobFrom({"{}", {}}));
  EXPECT_FALSE(
      JobFrom({"{\"kind\":0,\"max_pixels\":1,\"max_side\":1,\"threads\":1,\"deadline\":1,"
               "\"fields\":[],\"files\":[[\"img\",1]]}",
               {}}));
}

TEST(JobMessage, AnEndIsAnEmptyEnvelope) {
  Pair pair = MakePair();
  pair.ours = Fd();
  const Expected<Envelope> envelope = ReceiveEnvelope(pair.theirs.get());
  ASSERT_TRUE(envelope);
  EXPECT_TRUE(envelope->text.empty());
}

}  // namespace
}  // namespace hdrp
