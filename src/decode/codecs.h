// The formats whose libraries are costly to load: WebP, HEIF, AVIF and JPEG XL. The program keeps
// them in a module beside it (module/codecs_module.h) and loads that at the first such picture;
// whatever else links hdrp_decode has them linked in.
#pragma once

#include "decode/gain_map_file.h"
#include "decode/picture.h"

namespace hdrp {

/// Opens a picture of one of these formats. Defined by decode/codecs.cc, and in the program in its
/// place by module/load_codecs.cc.
[[nodiscard]] Expected<PictureRows> OpenWithCodec(FileFormat format, ByteView file,
                                                  const PictureOptions& options);

/// The same for the gain map of a HEIC or AVIF file.
[[nodiscard]] Expected<GainMapFile> OpenGainMapWithCodec(FileFormat format, ByteView file,
                                                         const PictureOptions& options);

}  // namespace hdrp
