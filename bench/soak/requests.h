// What the soak's clients ask: valid and hostile requests, each with the answers it may get.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace hdrp::soak {

enum class Verdict : std::uint8_t {
  kAsItShould,
  kBusy,   ///< 503 with Retry-After, which any job may get
  kWrong,  ///< an answer that this request must not get, or none
};

struct Outcome {
  Verdict verdict = Verdict::kAsItShould;
  std::string why = {};  ///< of kWrong
};

struct Kind {
  std::string_view name;
  int weight;  ///< how often, among all
  Outcome (*ask)(int port, std::mt19937& random);
};

[[nodiscard]] std::span<const Kind> Kinds();

/// Makes the pictures, so that clients do not wait for them.
void MakePictures();

}  // namespace hdrp::soak
