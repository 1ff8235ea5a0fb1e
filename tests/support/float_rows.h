// All rows of a picture at once, as tests compare them.
#pragma once

#include <algorithm>

#include "decode/picture.h"

namespace hdrp::test {

/// In bands of `rows`.
[[nodiscard]] inline Expected<Plane<float>> ReadAllRows(PictureRows& picture, int rows = 16) {
  Plane<float> all(picture.info.width, picture.info.height, picture.info.channels);
  for (int y = 0; y < all.height(); y += rows) {
    PlaneView<float> band = all.view();
    band.data = all.Row(y);
    band.height = std::min(rows, all.height() - y);
    if (auto read = picture.read(band); !read) return std::unexpected(std::move(read.error()));
  }
  return all;
}

/// Opens and reads.
template <typename Opener>
[[nodiscard]] Expected<Plane<float>> ReadPicture(const Opener& open, ByteView file,
                                                 const PictureOptions& options = {}) {
  auto picture = open(file, options);
  if (!picture) return std::unexpected(std::move(picture.error()));
  return ReadAllRows(*picture);
}

/// Every sample, bit for bit but for the kind of NaN.
[[nodiscard]] inline bool SameSamples(const Plane<float>& a, const Plane<float>& b) {
  if (a.width() != b.width() || a.height() != b.height() || a.channels() != b.channels()) {
    return false;
  }
  for (int y = 0; y < a.height(); ++y) {
    const auto same = [](float left, float right) {
      return left == right || (left != left && right != right);
    };
    if (!std::ranges::equal(a.view().RowSpan(y), b.view().RowSpan(y), same)) return false;
  }
  return true;
}

}  // namespace hdrp::test
