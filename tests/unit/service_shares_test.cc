// What is shared out between clients, and what each has to keep to.
#include <gtest/gtest.h>

#include <string>

#include "service/http/form_reader.h"
#include "service/http/pace.h"
#include "service/job_names.h"

namespace hdrp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(UploadBudget, LeavesRoomForOthers) {
  UploadBudget budget(900);
  EXPECT_FALSE(budget.Take("a", 901));
  EXPECT_TRUE(budget.Take("a", 600));  // two thirds
  EXPECT_FALSE(budget.Take("a", 1));
  EXPECT_TRUE(budget.Take("b", 200));
  EXPECT_FALSE(budget.Take("b", 1));
  EXPECT_TRUE(budget.Take("c", 66));
  budget.Give("a", 600);
  EXPECT_EQ(budget.used(), 266U);
  EXPECT_TRUE(budget.Take("b", 200));
  budget.Give("b", 400);
  budget.Give("c", 66);
  EXPECT_EQ(budget.used(), 0U);
  EXPECT_TRUE(budget.Take("c", 600));
}

TEST(Pace, IsAskedForOnceThereWasTimeToBegin) {
  const Pace pace{.bytes_per_second = 1000, .allowance = seconds(5)};
  EXPECT_TRUE(pace.IsKept(0, seconds(5)));
  EXPECT_FALSE(pace.IsKept(0, milliseconds(5001)));
  EXPECT_TRUE(pace.IsKept(10'000, seconds(15)));
  EXPECT_FALSE(pace.IsKept(9'999, seconds(15)));
  EXPECT_TRUE((Pace{.bytes_per_second = 0}.IsKept(0, seconds(1000))));
}

TEST(JobNames, HoldAtLeast128Bits) {
  EXPECT_TRUE(IsJobName(std::string(31, 'a') + 'g'));
  EXPECT_TRUE(IsJobName(std::string(32, 'f')));
  EXPECT_FALSE(IsJobName(std::string(31, 'f')));
  EXPECT_TRUE(IsJobName(std::string(22, 'z')));
  EXPECT_FALSE(IsJobName(std::string(21, 'z')));
  EXPECT_TRUE(IsJobName("123e4567-e89b-12d3-a456-426614174000"));
  EXPECT_TRUE(IsJobName(std::string(128, '_')));
  EXPECT_FALSE(IsJobName(std::string(129, '_')));
  EXPECT_FALSE(IsJobName(std::string(30, 'z') + '/'));
  EXPECT_FALSE(IsJobName(""));
}

TEST(JobNames, AreGoneWithTheirJobs) {
  JobNames names;
  std::shared_ptr<NamedJob> job = names.Take("a");
  ASSERT_NE(job, nullptr);
  EXPECT_EQ(names.Take("a"), nullptr);
  EXPECT_NE(names.Take("b"), nullptr);
  job->received = 7;
  ASSERT_NE(names.Find("a"), nullptr);
  EXPECT_EQ(names.Find("a")->received, 7U);
  job = nullptr;
  EXPECT_EQ(names.Find("a"), nullptr);
  EXPECT_NE(names.Take("a"), nullptr);
}

}  // namespace
}  // namespace hdrp
