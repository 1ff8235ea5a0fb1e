// Writes JPEG_R (Ultra HDR): the base JPEG's own scans, our four gain-map announcements (MPF,
// GContainer, hdrgm XMP, ISO 21496-1), then the map's stream. No pixel work.
// Byte layout and segment order: docs/formats.md.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "gainmap/metadata.h"
#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// A base as the user handed it in: the whole file and its primary stream.
struct BaseJpeg {
  ByteView file;
  const JpegStream* stream = nullptr;
};

struct PackagedJpeg {
  Bytes bytes;
  std::size_t primary_size = 0;
  std::vector<std::string> warnings;  ///< what of the base's metadata was dropped and why
};

/// The Ultra HDR file. `map_jpeg` is one JPEG stream; of it only what codes the picture is used
/// (tables, scans, JFIF, APP14). bad_input for a base or map without EOI; unsupported for numbers
/// that break the writing rules and for a grey map with numbers per channel; export_failed when a
/// size exceeds what MPF can say.
[[nodiscard]] Expected<PackagedJpeg> WriteJpegR(const BaseJpeg& base, ByteView map_jpeg,
                                                const GainMapMetadata& metadata, ExifPolicy policy);

/// The SDR preview: the same base with the same policy and no trace of a gain map.
[[nodiscard]] Expected<PackagedJpeg> WritePlainJpeg(const BaseJpeg& base, ExifPolicy policy);

}  // namespace hdrp
