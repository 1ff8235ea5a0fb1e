// What every reader of HEIF files shares: a context over the file's bytes with our limits, and
// what the headers of an image say.
#pragma once

#include <libheif/heif.h>

#include <memory>
#include <string>
#include <string_view>

#include "decode/picture.h"
#include "heif/libheif.h"
#include "metadata/heif_structure.h"

namespace hdrp {

inline constexpr std::string_view kHeifWhere = "HEIF decoder";

using HeifOptions =
    std::unique_ptr<heif_decoding_options, HeifReleaser<heif_decoding_options_free>>;

/// libheif's error as ours.
[[nodiscard]] Expected<void> CheckHeif(const heif_error& error);

/// Reads the file's structure; no pixel is decoded. The bytes must outlive the context.
[[nodiscard]] Expected<HeifContext> OpenHeifContext(ByteView file, const Limits& limits);
[[nodiscard]] Expected<HeifHandle> PrimaryOf(heif_context* context);

/// too_large unless the image may be decoded, as displayed and as stored.
[[nodiscard]] Expected<void> CheckHeifSize(const heif_image_handle* handle, const Limits& limits);

/// The first metadata item of a type ("Exif", "mime") and, where given, a content type.
[[nodiscard]] Expected<Bytes> HeifMetadata(const heif_image_handle* handle, const char* type,
                                           std::string_view content_type, const Limits& limits);
inline constexpr std::string_view kHeifXmpType = "application/rdf+xml";

/// What OpenHeif says of an image.
[[nodiscard]] Expected<PictureInfo> ReadHeifInfo(const heif_image_handle* handle,
                                                 const Limits& limits);

/// How samples are to come out of libheif.
struct HeifTarget {
  heif_colorspace colorspace = heif_colorspace_RGB;
  heif_chroma chroma = heif_chroma_interleaved_RGB;
};

/// An image of a file, and what decoding it may use.
struct HeifJob {
  ByteView file;
  const heif_image_handle* handle = nullptr;
  Limits limits = {};
  StopCondition stop = {};
};

/// Decodes strictly, turned as the file says; where the stream codes some more columns and rows
/// than the file states, without those. `stop` is looked at between the tiles of a grid alone;
/// libheif asks nowhere else.
[[nodiscard]] Expected<HeifImage> DecodeHeif(const HeifJob& job, HeifTarget target);

/// In words, where the stream of an item codes more than the file states; else empty. `name`: "the
/// base image".
[[nodiscard]] std::string SurplusProblem(const HeifItem* item, std::string_view name);

}  // namespace hdrp
