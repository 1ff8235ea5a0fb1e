// The digests of FIPS 180-4 and RFC 1321.
#include <gtest/gtest.h>

#include "metadata/digest.h"

namespace hdrp {
namespace {

TEST(Sha256Hex, StandardVectors) {
  EXPECT_EQ(Sha256Hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex(AsBytes("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(Bytes(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Md5Hex, StandardVectorsInUpperCase) {
  EXPECT_EQ(Md5Hex({}), "D41D8CD98F00B204E9800998ECF8427E");
  EXPECT_EQ(Md5Hex(AsBytes("message digest")), "F96B697D7CB7938D525A2F31AAF161D0");
}

}  // namespace
}  // namespace hdrp
