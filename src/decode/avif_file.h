// What every reader of AVIF files shares: a decoder over the file's bytes with our limits, and what
// its headers say.
#pragma once

#include <avif/avif.h>

#include <memory>
#include <string_view>

#include "decode/picture.h"

namespace hdrp {

inline constexpr std::string_view kAvifWhere = "AVIF decoder";

struct AvifDecoderDeleter {
  void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};
using AvifDecoder = std::unique_ptr<avifDecoder, AvifDecoderDeleter>;

/// libavif's error as ours.
[[nodiscard]] Expected<void> CheckAvif(avifResult result, const avifDecoder& decoder);

/// avifDecoderNextImage, without what dav1d prints about damaged pictures.
[[nodiscard]] Expected<void> DecodeAvif(avifDecoder& decoder);

/// Parses; no pixel is decoded. `content` is what decoding will give. The bytes must outlive it.
[[nodiscard]] Expected<AvifDecoder> OpenAvifDecoder(ByteView file,
                                                    avifImageContentTypeFlags content);

/// What OpenAvif says of the primary image. Sets the limits that stop the codec.
[[nodiscard]] Expected<PictureInfo> ReadAvifInfo(avifDecoder& decoder, const Limits& limits);

}  // namespace hdrp
