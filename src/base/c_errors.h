// Calls into C libraries that report errors by longjmp (libjpeg, libpng): the jump is caught in one
// place, and the code it leaves owns nothing.
#pragma once

#include <array>
#include <csetjmp>

namespace hdrp {

/// Where the library's error callback jumps to, and what it said.
struct CErrorTrap {
  std::jmp_buf jump;
  std::array<char, 256> message{};  ///< zero-terminated
};

/// Runs `body`; false when the library jumped out of it. The jump runs no destructors, so `body`
/// and the callbacks between it and the library must hold no object that has one at that moment.
template <typename Body>
[[nodiscard]] bool RunTrapped(CErrorTrap& trap, const Body& body) {
  if (setjmp(trap.jump) != 0) return false;  // NOLINT(cert-err52-cpp): the libraries' own protocol
  body();
  return true;
}

}  // namespace hdrp
