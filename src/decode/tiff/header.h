// What the tags of a TIFF file say: the page that is read, how its samples lie, and its colour.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "decode/picture.h"
#include "decode/tiff/file.h"

namespace hdrp {

enum class TiffAlpha : std::uint8_t { kNone, kAssociated, kUnassociated };

/// How the samples lie in the file and what they are.
struct TiffLayout {
  std::uint32_t width = 0, height = 0;
  int page = 0;
  int bits = 8;
  bool is_float = false;
  int samples = 3;        ///< per pixel as stored
  int color_samples = 3;  ///< of those, the first; 1 for grey and for palettes
  int alpha_sample = 0;   ///< where `alpha` is not kNone
  TiffAlpha alpha = TiffAlpha::kNone;
  bool is_planar = false;
  bool is_inverted = false;    ///< 0 is white
  std::vector<float> palette;  ///< RGB triples; empty where the samples are no indices

  [[nodiscard]] int channels() const { return palette.empty() ? color_samples : 3; }
};

/// The first page that is no reduced copy and no mask.
[[nodiscard]] Expected<int> ChooseTiffPage(const TiffHandle& handle);

/// unsupported for a compression that is not read. Also has libtiff turn JPEG's YCbCr into RGB: for
/// every handle that reads pixels.
[[nodiscard]] Expected<void> CheckTiffCompression(TIFF* tiff);

/// Of the current page; `page` stays 0.
[[nodiscard]] Expected<TiffLayout> ReadTiffLayout(TIFF* tiff, const Limits& limits,
                                                  std::vector<std::string>& warnings);

/// A tag's bytes; nullopt where there is none.
[[nodiscard]] Expected<std::optional<ByteView>> TiffBlob(TIFF* tiff, std::uint32_t tag,
                                                         const Limits& limits);

/// Needs info.is_float.
[[nodiscard]] Expected<void> ReadTiffColor(TIFF* tiff, const Limits& limits, PictureInfo& info);

}  // namespace hdrp
