// Whole pictures read through an opener of decode/picture.h, and what must hold for every format.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <string>

#include "decode/picture.h"
#include "support/corpus.h"

namespace hdrp::test {

using PictureOpener = Expected<PictureRows> (*)(ByteView, const PictureOptions&);

struct ReadPicture {
  PictureInfo info;
  Plane<float> pixels;
};

/// All rows, in bands of `band_rows` (0: all at once).
[[nodiscard]] inline Expected<ReadPicture> ReadAllRows(PictureOpener open, ByteView file,
                                                       const PictureOptions& options = {},
                                                       int band_rows = 0) {
  auto rows = open(file, options);
  if (!rows) return std::unexpected(std::move(rows.error()));
  const int height = rows->info.height;
  ReadPicture picture{std::move(rows->info), {}};
  picture.pixels = Plane<float>(picture.info.width, height, picture.info.channels);
  const int step = band_rows == 0 ? height : band_rows;
  for (int y = 0; y < height; y += step) {
    PlaneView<float> band = picture.pixels.view();
    band.data = band.Row(y);
    band.height = std::min(step, height - y);
    if (auto read = rows->read(band); !read) return std::unexpected(std::move(read.error()));
  }
  return picture;
}

inline void ExpectSameInAnyBands(PictureOpener open, ByteView file) {
  const auto whole = ReadAllRows(open, file);
  ASSERT_TRUE(whole) << whole.error().message;
  for (const int band_rows : {1, 7}) {
    const auto banded = ReadAllRows(open, file, {}, band_rows);
    ASSERT_TRUE(banded) << banded.error().message;
    for (int y = 0; y < whole->info.height; ++y) {
      ASSERT_TRUE(
          std::ranges::equal(whole->pixels.view().RowSpan(y), banded->pixels.view().RowSpan(y)))
          << "bands of " << band_rows << ", row " << y;
    }
  }
}

/// Every `step`-th prefix below `end` bytes is an error, at opening or while reading.
inline void ExpectPrefixesFail(PictureOpener open, ByteView file, std::size_t end,
                               std::size_t step = 1) {
  for (std::size_t size = 0; size < end; size += step) {
    const auto read = ReadAllRows(open, file.first(size));
    ASSERT_FALSE(read) << size << " of " << file.size() << " bytes";
    EXPECT_NE(read.error().code, ErrorCode::kInternal) << read.error().message;
  }
}

/// Limits hold before anything is decoded.
inline void ExpectLimitsHold(PictureOpener open, ByteView file, std::uint64_t pixels) {
  const auto allowed = open(file, {.limits = {.max_pixels = pixels}});
  EXPECT_TRUE(allowed) << allowed.error().message;
  const auto refused = open(file, {.limits = {.max_pixels = pixels - 1}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge) << refused.error().message;
  const auto narrow = open(file, {.limits = {.max_side = 8}});
  ASSERT_FALSE(narrow);
  EXPECT_EQ(narrow.error().code, ErrorCode::kTooLarge) << narrow.error().message;
}

/// Every hostile file of a format ends as a picture or as an error that blames the file, in time.
inline void ExpectHostileFilesEnd(PictureOpener open, FileFormat format) {
  int count = 0;
  for (const CorpusFile& file : CorpusFiles("hostile")) {
    const Bytes bytes = ReadWhole(file.path);
    if (Sniff(bytes) != format) continue;
    SCOPED_TRACE(file.name);
    ++count;
    const std::clock_t start = std::clock();
    const auto picture = ReadAllRows(open, bytes, {.flatten = Flatten::kBlack}, 16);
    const double cpu_seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    EXPECT_LE(cpu_seconds, 20) << "tenfold slack";
    if (!picture) {
      EXPECT_NE(picture.error().code, ErrorCode::kInternal) << picture.error().message;
      std::cout << file.name << ": " << KindOf(picture.error().code).id << " "
                << picture.error().message << '\n';
    }
  }
  EXPECT_GT(count, 0);
}

/// A picture with one translucent pixel is refused, naming the way out.
inline void ExpectAlphaRefused(PictureOpener open, ByteView file) {
  const auto refused = ReadAllRows(open, file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message.find("--flatten"), std::string::npos)
      << refused.error().message;
}

/// Mean |found - expected| of all samples, in codes of a depth.
[[nodiscard]] inline double MeanCodeError(PlaneView<const float> found,
                                          PlaneView<const float> expected, double largest_code) {
  double sum = 0;
  for (int y = 0; y < found.height; ++y) {
    const auto a = found.RowSpan(y);
    const auto b = expected.RowSpan(y);
    for (std::size_t i = 0; i < a.size(); ++i) {
      sum += std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    }
  }
  return sum * largest_code / (static_cast<double>(found.width) * found.height * found.channels);
}

/// A smooth RGB picture of codes / largest_code, each channel different: what lossy codecs keep.
[[nodiscard]] inline Plane<float> SmoothPicture(int width, int height, double largest_code) {
  Plane<float> picture(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = static_cast<double>(x) / width;
      const double v = static_cast<double>(y) / height;
      const std::array<double, 3> rgb = {0.1 + 0.8 * u, 0.1 + 0.7 * v, 0.2 + 0.3 * (u + v)};
      for (int c = 0; c < 3; ++c) {
        picture.view().At(x, y, c) = static_cast<float>(
            std::round(rgb[static_cast<std::size_t>(c)] * largest_code) / largest_code);
      }
    }
  }
  return picture;
}

}  // namespace hdrp::test
