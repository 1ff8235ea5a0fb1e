#include "metadata/digest.h"

#include <nettle/md5.h>
#include <nettle/sha2.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace hdrp {
namespace {

[[nodiscard]] std::string Hex(ByteView digest, std::string_view digits) {
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace

std::array<std::uint8_t, 32> Sha256(ByteView bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), bytes.data());
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

std::string Sha256Hex(ByteView bytes) { return Hex(Sha256(bytes), "0123456789abcdef"); }

std::string Md5Hex(ByteView bytes) {
  md5_ctx context;
  md5_init(&context);
  md5_update(&context, bytes.size(), bytes.data());
  std::array<std::uint8_t, MD5_DIGEST_SIZE> digest{};
  md5_digest(&context, digest.size(), digest.data());
  return Hex(digest, "0123456789ABCDEF");
}

}  // namespace hdrp
