#include "service/support/pictures.h"

#include <map>
#include <mutex>
#include <sstream>
#include <tuple>

#include "support/scene.h"

namespace hdrp::test {
namespace {

Pair MakePair(int width, int height, unsigned seed) {
  const Scene scene = MakeScene(width, height, seed);
  return {std::string(AsText(SdrJpeg(Edited(scene.sdr.view()).view(), {}))),
          std::string(AsText(OriginalJpeg(scene, {})))};
}

}  // namespace

const Pair& PairOf(int width, int height, unsigned seed) {
  static std::mutex mutex;
  static std::map<std::tuple<int, int, unsigned>, Pair> made;
  const std::scoped_lock lock(mutex);
  const auto key = std::tuple(width, height, seed);
  const auto found = made.find(key);
  return found != made.end() ? found->second
                             : made.emplace(key, MakePair(width, height, seed)).first->second;
}

std::vector<FormPart> Predicted(const std::vector<FormPart>& more) {
  std::vector<FormPart> parts = {{"img", PairOf().edit, "edit.jpg"}};
  parts.insert(parts.end(), more.begin(), more.end());
  return parts;
}

std::vector<FormPart> Referenced(const std::vector<FormPart>& more) {
  std::vector<FormPart> parts = Predicted({{"ref", PairOf().original, "original.jpg"}});
  parts.insert(parts.end(), more.begin(), more.end());
  return parts;
}

double MetricOf(int port, std::string_view name) {
  std::istringstream lines(Get(port, "/metrics").body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(std::string(name) + " ")) return std::stod(line.substr(name.size() + 1));
  }
  return -1;
}

}  // namespace hdrp::test
