// The light of an HDR original, as rows, however its file holds it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/input_file.h"
#include "color/linearise.h"
#include "decode/gain_map_file.h"
#include "decode/picture.h"
#include "metadata/apple.h"
#include "obtain/light_rows.h"

namespace hdrp {

/// A reference that is an HDR rendition, or has one.
struct HdrOriginal {
  const InputFile& file;
  GainMapFile* with_map = nullptr;  ///< the file as gain-map file, whose map is applied; else null
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
};

struct HdrLight {
  LightRows rows;
  std::string_view kind;  ///< of the file, for reports: "OpenEXR", "JPEG"
  std::vector<std::string> warnings;
  /// False where the file says how bright its white is: PQ, HLG, a stated luminance of white, a
  /// gain map on a base.
  bool has_free_scale = true;
  /// The largest sample read so far, of a picture that says nothing of what its samples mean; else
  /// null.
  std::shared_ptr<const float> largest_unexplained = nullptr;
};

/// True for a picture that is an HDR rendition by itself: float, PQ, HLG, 16-bit linear.
[[nodiscard]] bool IsHdr(const PictureInfo& info);

/// Its light times wanted.scale in wanted.target. no_gain_map where the file holds an SDR picture;
/// else OpenPicture's, OpenRenderedLight's and RowLineariser's errors. The file's bytes must
/// outlive it.
[[nodiscard]] Expected<HdrLight> OpenHdrLight(const HdrOriginal& original,
                                              const LineariseOptions& wanted,
                                              const PictureOptions& options);

}  // namespace hdrp
