// Runs a fuzz target over files, where libFuzzer is not at hand: replay NAME FILE...
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "replay_targets.h"

namespace {

int Replay(const ReplayTarget& target, std::span<char*> files) {
  for (const char* file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
      std::fprintf(stderr, "%s cannot be read\n", file);
      return 1;
    }
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream),
                                          std::istreambuf_iterator<char>()};
    target.run(bytes.data(), bytes.size());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  for (const ReplayTarget& target : ReplayTargets()) {
    if (argc > 1 && target.name == arguments[1]) return Replay(target, arguments.subspan(2));
  }
  std::fputs("usage: replay NAME FILE..., with a name of fuzz/NAME.cc\n", stderr);
  return 2;
}
