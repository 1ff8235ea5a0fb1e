// Prefixes that a proxy may put before every address.
#include <gtest/gtest.h>

#include <string>

#include "service/http/root_path.h"

namespace hdrp {
namespace {

TEST(ServiceRootPath, PlainPathsPass) {
  for (const char* root : {"", "/hdr", "/tools/hdr-process", "/a/b/c", "/v1.2", "/..a", "/_"}) {
    EXPECT_TRUE(CheckRootPath(root)) << root;
  }
}

TEST(ServiceRootPath, OthersDoNot) {
  for (const std::string& root :
       {std::string("/"), std::string("hdr"), std::string("/hdr/"), std::string("//hdr"),
        std::string("/a//b"), std::string("/.."), std::string("/a/../b"), std::string("/."),
        std::string("/a b"), std::string("/a\"b"), std::string("/a\r\nX: y"), std::string("/a?b"),
        std::string("/a#b"), std::string("/%2e"), std::string("/h\xc3\xa4"), std::string("/a\0", 3),
        std::string("https://example.org/hdr"), "/" + std::string(300, 'a')}) {
    const Expected<void> checked = CheckRootPath(root);
    ASSERT_FALSE(checked) << root;
    EXPECT_EQ(checked.error().code, ErrorCode::kBadArgument);
  }
}

TEST(ServiceRootPath, ThePrefixComesOffOnceWhereItIs) {
  EXPECT_EQ(BelowRoot("/hdr/process", "/hdr"), "/process");
  EXPECT_EQ(BelowRoot("/process", "/hdr"), "/process");
  EXPECT_EQ(BelowRoot("/hdr/", "/hdr"), "/");
  EXPECT_EQ(BelowRoot("/hdr", "/hdr"), "");
  EXPECT_EQ(BelowRoot("/hdrx/process", "/hdr"), "/hdrx/process");
  EXPECT_EQ(BelowRoot("/hdr/hdr/process", "/hdr"), "/hdr/process");
  EXPECT_EQ(BelowRoot("/hdr/process", ""), "/hdr/process");
  EXPECT_EQ(BelowRoot("", ""), "");
}

}  // namespace
}  // namespace hdrp
