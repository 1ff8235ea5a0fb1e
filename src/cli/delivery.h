// Where outputs go, and how they get there: all of them or none, never over an input, and only what
// was verified.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "pipeline/request.h"

namespace hdrp {

/// `--out`: a folder (existing, ending in '/', or without an extension) or the main file's name.
struct OutputPlace {
  std::filesystem::path folder;
  std::string stem;                           ///< of the edit
  std::optional<std::filesystem::path> main;  ///< the main output's own name, where one was given
  FileFormat format = FileFormat::kJpeg;
};

/// Without `out`, beside the input. The format is `wanted`, else what the name's extension says
/// (base/file_format.h), else JPEG. unsupported for another extension; bad_argument where
/// name and wish disagree.
[[nodiscard]] Expected<OutputPlace> PlaceOutputs(const std::filesystem::path& input,
                                                 const std::string& out,
                                                 std::optional<FileFormat> wanted);

/// bad_argument when a target exists (unless `replace`) or is one of the inputs (always).
[[nodiscard]] Expected<void> CheckTargets(const std::vector<std::filesystem::path>& targets,
                                          const std::vector<std::filesystem::path>& inputs,
                                          bool replace);

/// Creates the folder where it is missing.
[[nodiscard]] Expected<void> MakeFolder(const std::filesystem::path& folder);

/// Writes under a temporary name and reads it back: what is on disk is what was verified.
[[nodiscard]] Expected<PendingFile> WriteVerified(const std::filesystem::path& path,
                                                  ByteView content);

/// Renames all of them into place, the last one last; where one fails, those already in place are
/// removed again.
[[nodiscard]] Expected<void> CommitAll(std::vector<PendingFile>& files, bool replace);

}  // namespace hdrp
