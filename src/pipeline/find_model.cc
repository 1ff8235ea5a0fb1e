#include "pipeline/find_model.h"

#include <cstdlib>
#include <string_view>

namespace hdrp {
namespace fs = std::filesystem;

Expected<ModelChoice> FindModel(const ModelWish& wish) {
  constexpr std::string_view kGmnet = "gmnet=";
  ModelChoice choice{.max_edge = wish.max_edge};
  if (wish.model == "bright") {
    choice.bright = true;
    return choice;
  }
  if (wish.model.starts_with(kGmnet)) {
    choice.path = wish.model.substr(kGmnet.size());
    choice.family = wish.preset ? "gmnet-" + *wish.preset : "gmnet";
    if (choice.path.empty()) {
      return Fail(ErrorCode::kBadArgument, "--model", "expected gmnet=PATH, found no path");
    }
    return choice;
  }
  if (!wish.model.empty()) {
    choice.path = wish.model;
    return choice;
  }
  if (wish.folder.empty()) return choice;
  // Whatever lies there counts, even a folder: a broken installation has to be heard of.
  const std::string family = "gmnet-" + wish.preset.value_or("real");
  for (const std::string& name :
       {std::string("trained.weights"), std::string("trained.onnx"), family + ".onnx"}) {
    std::error_code ignored;
    const fs::path file = wish.folder / name;
    if (!fs::exists(file, ignored)) continue;
    choice.path = file.string();
    choice.installed = true;
    if (name.starts_with(family)) choice.family = family;
    break;
  }
  return choice;
}

fs::path DefaultModelFolder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return fs::path(value == nullptr ? "" : value);
  };
  if (const fs::path data = variable("XDG_DATA_HOME"); data.is_absolute()) {
    return data / "hdr-process" / "models";
  }
  const fs::path home = variable("HOME");
  return home.empty() ? fs::path() : home / ".local" / "share" / "hdr-process" / "models";
}

}  // namespace hdrp
