// An edit of any format becomes the JPEG that the rest of the flow works on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/input_file.h"
#include "base/plane.h"
#include "base/rows.h"
#include "decode/picture.h"
#include "edit/edit_jpeg.h"

namespace hdrp {

inline constexpr int kDefaultJpegQuality = 95;

struct EditOptions {
  Flatten flatten = Flatten::kRefuse;
  bool keep_icc = false;              ///< keep a wide profile where the picture is encoded anyway
  bool convert_icc = false;           ///< convert a JPEG's wide profile too, which encodes it anew
  int quality = kDefaultJpegQuality;  ///< of a JPEG that is made, 1..100
  std::optional<bool> subsample_chroma = std::nullopt;  ///< default: below quality 90
  bool keep_codes = false;  ///< a container that codes the pixels anew is to be written
};

/// The edit as a JPEG: itself, where it is one already and may stay as it is; else encoded once,
/// with its profile, EXIF and XMP.
struct PreparedEdit {
  const InputFile* original = nullptr;
  std::optional<InputFile> made;
  /// The pixels before JPEG; only where `made` is, and they were to be kept.
  Plane<std::uint8_t> codes;
  std::vector<std::string> steps;  ///< what was done to make a JPEG of the edit
  std::vector<std::string> warnings;
  [[nodiscard]] const InputFile& file() const { return made ? *made : *original; }
};
[[nodiscard]] Expected<PreparedEdit> PrepareEdit(const InputFile& edit, const EditOptions& options,
                                                 const Resources& resources);

/// The prepared edit after parsing. One whose EXIF alone says Adobe RGB gets a profile that says it
/// too, for viewers read no EXIF: that becomes `made`. unsupported for PQ and HLG, which a JPEG can
/// say in its profile. Borrows `prepared`.
[[nodiscard]] Expected<EditJpeg> ReadPreparedEdit(PreparedEdit& prepared, const Limits& limits);

}  // namespace hdrp
