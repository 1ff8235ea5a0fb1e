// The gate before delivery of HEIC and AVIF files, and the judge of strangers': as verify/verify.h
// for JPEG. The item structure is read by our own parser, pixels by libheif or libavif. Ids and
// sentences: docs/formats.md, section "Verification".
#pragma once

#include <optional>
#include <vector>

#include "base/plane.h"
#include "decode/gain_map_file.h"
#include "gainmap/gain.h"
#include "verify/readers.h"
#include "verify/verify.h"

namespace hdrp {

/// What was written.
struct ExpectedPicture {
  FileFormat format = FileFormat::kHeif;
  PlaneView<const std::uint8_t> base;  ///< rows as stored, 1 or 3 channels
  Orientation orientation = Orientation::kTopLeft;
  const EncodedGainMap* map =
      nullptr;  ///< the codes written, and what they mean to a reader of ISO
  bool iso = true;
  std::optional<double> apple_headroom_linear = std::nullopt;
};

/// H1..H7. From kPixels on, base and map are decoded and compared with what was written. Fails only
/// where the run is asked to stop.
[[nodiscard]] Expected<Verification> VerifyPictureFile(ByteView file,
                                                       const ExpectedPicture& expected,
                                                       const VerifyOptions& options);

/// H1..H3, H5 and H6 as far as they make sense for a stranger's file.
[[nodiscard]] Verification CheckForeignPicture(ByteView file, GainMapFile& parsed);

/// Who shows the file as HDR: the six verdicts of PredictReaders.
/// Of a picture without a gain map; `is_hdr`: it is an HDR rendition by itself.
[[nodiscard]] std::vector<ReaderVerdict> PredictStillReaders(const PictureInfo& info, bool is_hdr);
[[nodiscard]] std::vector<ReaderVerdict> PredictPictureReaders(ByteView file,
                                                               const GainMapFile& parsed);

}  // namespace hdrp
