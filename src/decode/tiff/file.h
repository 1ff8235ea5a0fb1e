// A TIFF file opened with libtiff: from memory, with limits, its messages kept.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

inline constexpr std::string_view kTiffWhere = "TIFF reader";
/// What libtiff may allocate at once (a decoded tile, a tag), and what a row of tiles may take.
inline constexpr std::uint64_t kMaxTiffBlockBytes = 256ULL << 20;

/// What libtiff reads, and its last complaint.
struct TiffSource {
  explicit TiffSource(ByteView file) : bytes(file), reader(file) {}
  ByteView bytes;
  ByteReader reader;
  std::string message;
};

/// One libtiff handle on the file. A picture in planes has one for each, so that each goes through
/// its own strips in order.
class TiffHandle {
 public:
  /// The bytes must outlive the handle. Without a TIFF in them get() is nullptr.
  explicit TiffHandle(ByteView file);

  [[nodiscard]] TIFF* get() const { return tiff_.get(); }
  /// libtiff's last complaint as an error.
  [[nodiscard]] std::unexpected<Error> Failed(std::string_view stage) const;

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  std::unique_ptr<TiffSource> source_;  // libtiff keeps its address
  std::unique_ptr<TIFF, Close> tiff_;
};

/// A tag's value, or its default, or else `otherwise`.
template <typename T>
[[nodiscard]] T TiffField(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

}  // namespace hdrp
