// Which files `evaluate` judges, and where each comes from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "evaluate/evaluate.h"

namespace hdrp {

struct JudgedPath {
  std::filesystem::path path;
  std::string source;  ///< the manifest's repository; without a manifest the folder's name
};

struct JudgedPaths {
  std::vector<JudgedPath> files;
  std::vector<SkippedFile> unlisted;  ///< files without a row in the manifest
};

/// The paths of the command line, folders standing for the regular files in them, by name; with
/// `--use` those whose rows say so. bad_argument for an unreadable folder or manifest, a manifest
/// without uses where one is asked for, and where nothing is left; ReadManifest's errors.
[[nodiscard]] Expected<JudgedPaths> JudgedPathsOf(const EvaluateArguments& arguments);

}  // namespace hdrp
