#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/float_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;
using test::ReadPicture;

/// Of tags.
using Codes = std::initializer_list<std::uint16_t>;

struct Memory {
  Bytes bytes;
  std::size_t at = 0;
};

tmsize_t ReadMemory(thandle_t handle, void* target, tmsize_t count) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::size_t left = memory.bytes.size() - std::min(memory.at, memory.bytes.size());
  const std::size_t size = std::min(left, static_cast<std::size_t>(count));
  if (size > 0) std::memcpy(target, memory.bytes.data() + memory.at, size);
  memory.at += size;
  return static_cast<tmsize_t>(size);
}
tmsize_t WriteMemory(thandle_t handle, void* bytes, tmsize_t count) {
  auto& memory = *static_cast<Memory*>(handle);
  const auto size = static_cast<std::size_t>(count);
  if (memory.at + size > memory.bytes.size()) memory.bytes.resize(memory.at + size);
  std::memcpy(memory.bytes.data() + memory.at, bytes, size);
  memory.at += size;
  return count;
}
toff_t SeekMemory(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  if (whence == SEEK_CUR) offset += memory.at;
  if (whence == SEEK_END) offset += memory.bytes.size();
  return memory.at = offset;
}
int CloseMemory(thandle_t) { return 0; }
toff_t SizeOfMemory(thandle_t handle) { return static_cast<Memory*>(handle)->bytes.size(); }

/// A picture of 37 x 29 unless it says otherwise; sample (x, y, s) is what `code` gives.
struct TiffCase {
  std::uint32_t width = 37, height = 29;
  int bits = 8;
  int samples = 3;
  std::uint16_t format = SAMPLEFORMAT_UINT;
  std::uint16_t photometric = PHOTOMETRIC_RGB;
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t predictor = PREDICTOR_NONE;
  std::uint16_t planar = PLANARCONFIG_CONTIG;
  std::uint32_t rows_per_strip = 5;
  std::uint32_t tile = 0;  ///< a side; 0 for strips
  const char* mode = "wl";
  std::function<std::uint32_t(std::uint32_t, std::uint32_t, int)> code =
      [](std::uint32_t x, std::uint32_t y, int s) {
        return x * 7 + y * 3 + static_cast<std::uint32_t>(s) * 50;
      };
  std::function<void(TIFF*)> more_tags = [](TIFF*) {};
};

std::uint32_t CodeAt(const TiffCase& c, std::uint32_t x, std::uint32_t y, int s) {
  const std::uint32_t mask = c.bits == 32 ? ~0U : (1U << c.bits) - 1;
  return c.code(x, y, s) & mask;
}

/// A block of samples, packed, from (x0, y) on; zeros outside the picture.
Bytes PackRow(const TiffCase& c, std::uint32_t x0, std::uint32_t count, std::uint32_t y,
              int plane) {
  const int first = plane < 0 ? 0 : plane;
  const int last = plane < 0 ? c.samples : plane + 1;
  Bytes row;
  unsigned partial = 0;
  int filled = 0;
  for (std::uint32_t x = x0; x < x0 + count; ++x) {
    for (int s = first; s < last; ++s) {
      const std::uint32_t code = x < c.width && y < c.height ? CodeAt(c, x, y, s) : 0;
      if (c.bits >= 8) {  // the byte order of this machine
        for (int b = 0; b < c.bits; b += 8) row.push_back(static_cast<std::uint8_t>(code >> b));
        continue;
      }
      partial = partial << c.bits | code;
      filled += c.bits;
      if (filled == 8) row.push_back(static_cast<std::uint8_t>(partial)), filled = 0, partial = 0;
    }
  }
  if (filled > 0) row.push_back(static_cast<std::uint8_t>(partial << (8 - filled)));
  return row;
}

void WritePage(TIFF* tiff, const TiffCase& c) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, c.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, c.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, c.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, c.samples);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, c.format);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, c.photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, c.planar);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, c.compression);
  if (c.predictor != PREDICTOR_NONE) TIFFSetField(tiff, TIFFTAG_PREDICTOR, c.predictor);
  c.more_tags(tiff);
  const bool is_planar = c.planar == PLANARCONFIG_SEPARATE;
  const int planes = is_planar ? c.samples : 1;
  if (c.tile == 0) {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, c.rows_per_strip);
  } else {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, c.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, c.tile);
  }
  for (int plane = 0; plane < planes; ++plane) {
    const int which = is_planar ? plane : -1;
    const auto sample = static_cast<std::uint16_t>(plane);
    if (c.tile == 0) {
      for (std::uint32_t y = 0; y < c.height; ++y) {
        Bytes row = PackRow(c, 0, c.width, y, which);
        ASSERT_EQ(TIFFWriteScanline(tiff, row.data(), y, sample), 1);
      }
      continue;
    }
    for (std::uint32_t y = 0; y < c.height; y += c.tile) {
      for (std::uint32_t x = 0; x < c.width; x += c.tile) {
        Bytes tile;
        for (std::uint32_t row = 0; row < c.tile; ++row) {
          const Bytes packed = PackRow(c, x, c.tile, y + row, which);
          tile.insert(tile.end(), packed.begin(), packed.end());
        }
        ASSERT_GT(TIFFWriteTile(tiff, tile.data(), x, y, 0, sample), 0);
      }
    }
  }
  ASSERT_EQ(TIFFWriteDirectory(tiff), 1);
}

Bytes Write(const std::vector<TiffCase>& pages) {
  TIFFSetWarningHandler(nullptr);  // the old number of Deflate is deprecated
  Memory memory;
  TIFF* tiff = TIFFClientOpen("memory", pages[0].mode, &memory, ReadMemory, WriteMemory, SeekMemory,
                              CloseMemory, SizeOfMemory, nullptr, nullptr);
  for (const TiffCase& page : pages) WritePage(tiff, page);
  TIFFClose(tiff);
  return memory.bytes;
}
Bytes Write(const TiffCase& c) { return Write(std::vector{c}); }

using Value = std::function<float(std::uint32_t, std::uint32_t, int)>;

void ExpectRead(const Bytes& file, const Value& value, const PictureOptions& options = {}) {
  const auto first = ReadPicture(OpenTiff, file, options);
  ASSERT_TRUE(first) << first.error().message;
  for (int y = 0; y < first->height(); ++y) {
    for (int x = 0; x < first->width(); ++x) {
      for (int c = 0; c < first->channels(); ++c) {
        ASSERT_NEAR(first->view().At(x, y, c),
                    value(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), c), 1e-6)
            << x << ", " << y << ", " << c;
      }
    }
  }
  for (const int rows : {1, 7, 1000}) {
    auto picture = OpenTiff(file, options);
    ASSERT_TRUE(picture);
    const auto again = ReadAllRows(*picture, rows);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(test::SameSamples(*first, *again)) << rows;
  }
}

Value Unsigned(const TiffCase& c) {
  return [c](std::uint32_t x, std::uint32_t y, int s) {
    return static_cast<float>(CodeAt(c, x, y, s)) / static_cast<float>((1 << c.bits) - 1);
  };
}

TEST(TiffPicture, LayoutsAndCompressions) {
  for (const std::uint16_t compression :
       Codes{COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
             COMPRESSION_PACKBITS, COMPRESSION_ZSTD, COMPRESSION_LZMA}) {
    if (TIFFIsCODECConfigured(compression) == 0) continue;
    for (const int bits : {8, 16}) {
      for (const std::uint16_t planar : Codes{PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE}) {
        for (const std::uint32_t tile : {0U, 16U}) {
          for (const char* mode : {"wl", "wb", "wb8"}) {
            const bool predicts =
                compression != COMPRESSION_NONE && compression != COMPRESSION_PACKBITS;
            for (const std::uint16_t predictor : Codes{PREDICTOR_NONE, PREDICTOR_HORIZONTAL}) {
              if (predictor != PREDICTOR_NONE && !predicts) continue;
              SCOPED_TRACE(testing::Message() << compression << " " << bits << " " << planar << " "
                                              << tile << " " << mode << " " << predictor);
              TiffCase c;
              c.bits = bits;
              c.compression = compression;
              c.predictor = predictor;
              c.planar = planar;
              c.tile = tile;
              c.mode = mode;
              if (bits == 16) {
                c.code = [](std::uint32_t x, std::uint32_t y, int s) {
                  return x * 1700 + y * 300 + static_cast<std::uint32_t>(s) * 5000;
                };
              }
              ExpectRead(Write(c), Unsigned(c));
            }
          }
        }
      }
    }
  }
}

TEST(TiffPicture, GreyOfAnyBits) {
  for (const int bits : {1, 2, 4, 8, 16}) {
    for (const std::uint32_t tile : {0U, 16U}) {
      SCOPED_TRACE(testing::Message() << bits << " " << tile);
      TiffCase c;
      c.bits = bits;
      c.samples = 1;
      c.tile = tile;
      c.photometric = PHOTOMETRIC_MINISBLACK;
      ExpectRead(Write(c), Unsigned(c));
      c.photometric = PHOTOMETRIC_MINISWHITE;
      const Value upright = Unsigned(c);
      ExpectRead(Write(c),
                 [&](std::uint32_t x, std::uint32_t y, int s) { return 1 - upright(x, y, s); });
    }
  }
}

TEST(TiffPicture, Palettes) {
  for (const int bits : {1, 2, 4, 8}) {
    for (const std::uint16_t unit : Codes{1, 257}) {
      std::array<std::vector<std::uint16_t>, 3> map;
      for (std::uint16_t i = 0; i < (1 << bits); ++i) {
        for (std::uint16_t c = 0; c < 3; ++c) {
          map[c].push_back(static_cast<std::uint16_t>((i * 53 + c * 90 + 255) % 256 * unit));
        }
      }
      TiffCase c;
      c.bits = bits;
      c.samples = 1;
      c.photometric = PHOTOMETRIC_PALETTE;
      c.more_tags = [&](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_COLORMAP, map[0].data(), map[1].data(), map[2].data());
      };
      ExpectRead(Write(c), [&](std::uint32_t x, std::uint32_t y, int channel) {
        return static_cast<float>(map[static_cast<std::size_t>(channel)][CodeAt(c, x, y, 0)] /
                                  unit) /
               255;
      });
    }
  }
}

struct FloatBits {
  int bits;
  std::uint32_t code;
  float value;
};

TEST(TiffPicture, Floats) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<FloatBits> values{{16, 0x3C00, 1},
                                      {16, 0xC000, -2},
                                      {16, 0x0001, 0x1p-24F},
                                      {16, 0x7BFF, 65504},
                                      {16, 0x7C00, kInfinity},
                                      {16, 0xFC00, -kInfinity},
                                      {16, 0x7E00, kNan},
                                      {16, 0x03FF, 0x1.ff8p-15F},
                                      {24, 0x3F0000, 1},
                                      {24, 0xC00000, -2},
                                      {24, 0x3F8000, 1.5F},
                                      {24, 0x000001, 0x1p-78F},
                                      {24, 0x7F0000, kInfinity},
                                      {24, 0xFF0001, kNan},
                                      {32, 0x3F800000, 1},
                                      {32, 0xC0200000, -2.5F},
                                      {32, 0x7F800000, kInfinity},
                                      {32, 0x7FC00000, kNan},
                                      {32, 0x00000001, 0x1p-149F}};
  for (const auto& [bits, code, value] : values) {
    for (const std::uint16_t predictor : Codes{PREDICTOR_NONE, PREDICTOR_FLOATINGPOINT}) {
      for (const char* mode : {"wl", "wb"}) {
        for (const std::uint32_t tile : {0U, 16U}) {
          SCOPED_TRACE(testing::Message() << bits << " " << code << " " << predictor << mode);
          TiffCase c;
          c.bits = bits;
          c.format = SAMPLEFORMAT_IEEEFP;
          c.compression = COMPRESSION_ADOBE_DEFLATE;
          c.predictor = predictor;
          c.mode = mode;
          c.tile = tile;
          // The predictor's bytes lie most significant first in files of either byte order (Adobe's
          // TIFF Technical Note 3). libtiff's writer swaps them for big-endian files nevertheless;
          // its reader is right.
          const bool swaps = predictor != PREDICTOR_NONE && std::string_view(mode) == "wb";
          const std::uint32_t written = swaps ? std::byteswap(code) >> (32 - bits) : code;
          c.code = [written](std::uint32_t x, std::uint32_t, int) { return x == 3 ? written : 0; };
          const Bytes file = Write(c);
          auto picture = OpenTiff(file, {});
          ASSERT_TRUE(picture) << picture.error().message;
          EXPECT_TRUE(picture->info.is_float);
          EXPECT_EQ(picture->info.bits, bits);
          EXPECT_EQ(picture->info.color.transfer, Transfer::kLinear);
          const auto rows = ReadAllRows(*picture);
          ASSERT_TRUE(rows) << rows.error().message;
          const float found = rows->view().At(3, 20, 2);
          EXPECT_TRUE(found == value || (std::isnan(found) && std::isnan(value))) << found;
          EXPECT_EQ(rows->view().At(4, 20, 2), 0);
        }
      }
    }
  }
}

TEST(TiffPicture, Alpha) {
  for (const std::uint16_t kind : Codes{EXTRASAMPLE_ASSOCALPHA, EXTRASAMPLE_UNASSALPHA}) {
    for (const std::uint16_t planar : Codes{PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE}) {
      // An unknown sample stands before alpha.
      TiffCase c;
      c.samples = 5;
      c.planar = planar;
      c.more_tags = [kind](TIFF* tiff) {
        const std::array<std::uint16_t, 2> kinds{EXTRASAMPLE_UNSPECIFIED, kind};
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 2, kinds.data());
      };
      std::uint32_t alpha = 255;
      c.code = [&alpha](std::uint32_t x, std::uint32_t, int s) {
        return s == 4 ? alpha : s == 3 ? 77 : x;
      };
      const auto colour = [](std::uint32_t x) { return static_cast<float>(x) / 255; };
      ExpectRead(Write(c), [&](std::uint32_t x, std::uint32_t, int) { return colour(x); });
      alpha = 51;
      const Bytes file = Write(c);
      const auto refused = ReadPicture(OpenTiff, file);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
      EXPECT_NE(refused.error().message.find("--flatten"), std::string::npos);
      const float own = kind == EXTRASAMPLE_UNASSALPHA ? 0.2F : 1;
      ExpectRead(file, [&](std::uint32_t x, std::uint32_t, int) { return colour(x) * own; },
                 {.flatten = Flatten::kBlack});
      ExpectRead(file, [&](std::uint32_t x, std::uint32_t, int) { return colour(x) * own + 0.8F; },
                 {.flatten = Flatten::kWhite});
    }
  }
}

TEST(TiffPicture, UnknownExtraSamplesAreLeftOut) {
  TiffCase c;
  c.samples = 4;
  const Bytes file = Write(c);
  ExpectRead(file, Unsigned(c));
  const auto picture = OpenTiff(file, {});
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->info.warnings.size(), 1U);
}

TEST(TiffPicture, Information) {
  const std::string packet = "<x:xmpmeta/>";
  TiffCase c;
  c.more_tags = [&](TIFF* tiff) {
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, 6);
    TIFFSetField(tiff, TIFFTAG_ICCPROFILE, 5, "12345");
    TIFFSetField(tiff, TIFFTAG_XMLPACKET, static_cast<int>(packet.size()) + 1, packet.c_str());
  };
  const Bytes file = Write(c);
  const auto picture = OpenTiff(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  const PictureInfo& info = picture->info;
  EXPECT_EQ(info.format, FileFormat::kTiff);
  EXPECT_EQ(info.width, 37);
  EXPECT_EQ(info.height, 29);
  EXPECT_EQ(info.channels, 3);
  EXPECT_EQ(info.bits, 8);
  EXPECT_FALSE(info.is_float);
  EXPECT_EQ(info.orientation, Orientation::kRightTop);
  EXPECT_EQ(AsText(info.color.icc), "12345");
  EXPECT_TRUE(info.color.stated);
  EXPECT_EQ(info.xmp, packet);
  EXPECT_TRUE(info.exif.empty());
  EXPECT_TRUE(info.warnings.empty());
  const auto limited = OpenTiff(file, {.limits = {.max_metadata_bytes = 4}});
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::kTooLarge);

  const auto plain = OpenTiff(Write(TiffCase{}), {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->info.color.transfer, Transfer::kSrgb);
  EXPECT_FALSE(plain->info.color.stated);
}

TEST(TiffPicture, PrimariesOfFloats) {
  TiffCase c;
  c.bits = 32;
  c.format = SAMPLEFORMAT_IEEEFP;
  c.more_tags = [](TIFF* tiff) {
    const std::array<float, 6> primaries{0.708F, 0.292F, 0.170F, 0.797F, 0.131F, 0.046F};
    const std::array<float, 2> white{0.3127F, 0.3290F};
    TIFFSetField(tiff, TIFFTAG_PRIMARYCHROMATICITIES, primaries.data());
    TIFFSetField(tiff, TIFFTAG_WHITEPOINT, white.data());
  };
  const Bytes file = Write(c);
  const auto picture = OpenTiff(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_TRUE(picture->info.color.stated);
  EXPECT_NEAR(picture->info.color.primaries.green[1], 0.797, 1e-6);
}

TEST(TiffPicture, FirstPageAtFullResolution) {
  TiffCase small;
  small.width = 8;
  small.height = 6;
  small.more_tags = [](TIFF* tiff) {
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE);
  };
  TiffCase full;
  full.planar = PLANARCONFIG_SEPARATE;
  const Bytes file = Write({small, full, full});
  ExpectRead(file, Unsigned(full));
  const auto picture = OpenTiff(file, {});
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->info.width, 37);
  EXPECT_EQ(picture->info.warnings.size(), 1U);
  EXPECT_FALSE(OpenTiff(Write(small), {}));
}

TEST(TiffPicture, JpegInside) {
  if (TIFFIsCODECConfigured(COMPRESSION_JPEG) == 0) GTEST_SKIP() << "libtiff without JPEG";
  for (const std::uint16_t photometric : Codes{PHOTOMETRIC_RGB, PHOTOMETRIC_YCBCR}) {
    for (const std::uint32_t tile : {0U, 32U}) {
      TiffCase c;
      c.compression = COMPRESSION_JPEG;
      c.photometric = photometric;
      c.rows_per_strip = 16;
      c.tile = tile;
      c.code = [](std::uint32_t x, std::uint32_t y, int s) {
        return s == 0 ? x * 3 + 60 : s == 1 ? y * 2 + 60 : 90;
      };
      c.more_tags = [](TIFF* tiff) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, 95);
      };
      const auto rows = ReadPicture(OpenTiff, Write(c));
      ASSERT_TRUE(rows) << rows.error().message;
      for (int y = 0; y < 29; ++y) {
        ASSERT_NEAR(rows->view().At(20, y, 0), 120 / 255.0F, 0.04F) << photometric;
        ASSERT_NEAR(rows->view().At(20, y, 2), 90 / 255.0F, 0.04F);
      }
    }
  }
}

TEST(TiffPicture, Unsupported) {
  std::vector<TiffCase> cases(5);
  cases[0].samples = 4;
  cases[0].photometric = PHOTOMETRIC_SEPARATED;
  cases[1].photometric = PHOTOMETRIC_CIELAB;
  cases[2].bits = 32;  // unsigned
  cases[3].bits = 16;
  cases[3].format = SAMPLEFORMAT_INT;
  cases[4].bits = 4;
  for (const TiffCase& c : cases) {
    const auto picture = OpenTiff(Write(c), {});
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().code, ErrorCode::kUnsupported) << picture.error().message;
  }
}

TEST(TiffPicture, Limits) {
  const auto limited = OpenTiff(Write(TiffCase{}), {.limits = {.max_pixels = 1000}});
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::kTooLarge);
}

TEST(TiffPicture, AnyPrefixIsAnError) {
  for (const std::uint16_t compression :
       Codes{COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
    for (const std::uint32_t tile : {0U, 16U}) {
      TiffCase c;
      c.width = 20;
      c.height = 9;
      c.compression = compression;
      c.tile = tile;
      const Bytes file = Write(c);
      ASSERT_TRUE(ReadPicture(OpenTiff, file));
      for (std::size_t size = 0; size < file.size(); ++size) {
        const auto rows = ReadPicture(OpenTiff, ByteView(file).first(size));
        ASSERT_FALSE(rows) << size << " of " << file.size();
        EXPECT_EQ(rows.error().code, ErrorCode::kBadInput) << rows.error().message;
      }
    }
  }
}

TEST(TiffPicture, AnyDamagedByteEnds) {
  for (const std::uint32_t tile : {0U, 16U}) {
    TiffCase c;
    c.width = 20;
    c.height = 9;
    c.compression = COMPRESSION_LZW;
    c.tile = tile;
    Bytes file = Write(c);
    for (std::size_t at = 0; at < file.size(); ++at) {
      const std::uint8_t before = file[at];
      for (const std::uint8_t value : std::initializer_list<std::uint8_t>{0x00, 0x7F, 0xFF}) {
        file[at] = value;
        (void)ReadPicture(OpenTiff, file, {.limits = {.max_pixels = 1'000'000}});
      }
      file[at] = before;
    }
  }
}

TEST(TiffPicture, Corpus) {
  HDRP_NEEDS_CORPUS();
  int files = 0;
  for (const auto& entry : test::CorpusFiles("float")) {
    if (!entry.name.ends_with(".tiff")) continue;
    const Bytes file = test::ReadWhole(entry.path);
    auto picture = OpenTiff(file, {});
    ASSERT_TRUE(picture) << entry.name << ": " << picture.error().message;
    EXPECT_TRUE(picture->info.is_float);
    const auto rows = ReadAllRows(*picture, 7);
    ASSERT_TRUE(rows) << entry.name << ": " << rows.error().message;
    float largest = 0;
    for (int y = 0; y < rows->height(); ++y) {
      for (const float value : rows->view().RowSpan(y)) {
        ASSERT_TRUE(std::isfinite(value) && std::abs(value) < 1000) << value;
        largest = std::max(largest, value);
      }
    }
    EXPECT_GT(largest, 0.1F);
    ++files;
  }
  EXPECT_EQ(files, 2);
}

/// An error or a picture, and soon.
TEST(TiffPicture, HostileFiles) {
  HDRP_NEEDS_CORPUS();
  for (const auto& entry : test::CorpusFiles("hostile")) {
    const Bytes file = test::ReadWhole(entry.path);
    if (Sniff(file) != FileFormat::kTiff) continue;
    const auto start = std::chrono::steady_clock::now();
    (void)ReadPicture(OpenTiff, file, {.flatten = Flatten::kBlack});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << entry.name;
  }
}

}  // namespace
}  // namespace hdrp
