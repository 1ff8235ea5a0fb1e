#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfDeepFrameBuffer.h>
#include <OpenEXR/ImfDeepScanLineOutputFile.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfMultiPartOutputFile.h>
#include <OpenEXR/ImfOutputFile.h>
#include <OpenEXR/ImfOutputPart.h>
#include <OpenEXR/ImfPartType.h>
#include <OpenEXR/ImfRgbaFile.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <OpenEXR/ImfTiledOutputFile.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
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

class ByteSink : public Imf::OStream {
 public:
  ByteSink() : OStream("bytes") {}
  void write(const char bytes[], int count) override {
    const auto size = static_cast<std::size_t>(count);
    if (at_ + size > file.size()) file.resize(at_ + size);
    std::copy_n(bytes, size, file.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += size;
  }
  std::uint64_t tellp() override { return at_; }
  void seekp(std::uint64_t position) override { at_ = position; }

  Bytes file;

 private:
  std::size_t at_ = 0;
};

class ByteSource : public Imf::IStream {
 public:
  explicit ByteSource(ByteView file) : IStream("bytes"), file_(file) {}
  bool read(char bytes[], int count) override {
    std::copy_n(file_.begin() + static_cast<std::ptrdiff_t>(at_), count, bytes);
    at_ += static_cast<std::size_t>(count);
    return at_ < file_.size();
  }
  std::uint64_t tellg() override { return at_; }
  void seekg(std::uint64_t position) override { at_ = position; }

 private:
  ByteView file_;
  std::size_t at_ = 0;
};

/// What is written: floats that halves hold, of the named channels, at (x, y) of the data window.
float ValueAt(int x, int y, std::size_t channel) {
  return static_cast<float>((x * 5 + y * 11 + static_cast<int>(channel) * 3) % 256 - 20) / 16;
}

struct ExrCase {
  std::vector<std::string> names{"R", "G", "B"};
  Imf::PixelType type = Imf::HALF;
  Imath::Box2i display{{0, 0}, {36, 44}};
  Imath::Box2i data{{0, 0}, {36, 44}};
  float alpha = 1;  ///< of channel A
};

Imf::Header HeaderOf(const ExrCase& c) {
  Imf::Header header(c.display, c.data);
  header.compression() = Imf::ZIP_COMPRESSION;
  for (const auto& name : c.names) header.channels().insert(name, Imf::Channel(c.type));
  return header;
}

/// The pixels of a case and the frame buffer on them. Halves and floats alike are written from
/// floats: `samples` holds the type the library wants.
struct Source {
  explicit Source(const ExrCase& c) {
    const int width = c.data.max.x - c.data.min.x + 1;
    const int height = c.data.max.y - c.data.min.y + 1;
    const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    for (std::size_t n = 0; n < c.names.size(); ++n) {
      auto& half = halves.emplace_back(size);
      auto& full = floats.emplace_back(size);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const float value = c.names[n] == "A" ? c.alpha : ValueAt(x, y, n);
          const auto at = static_cast<std::size_t>(y * width + x);
          half[at] = value;
          full[at] = value;
        }
      }
      const void* data = c.type == Imf::HALF ? static_cast<const void*>(half.data())
                                             : static_cast<const void*>(full.data());
      buffer.insert(c.names[n], Imf::Slice::Make(c.type, data, c.data));
    }
  }
  std::vector<std::vector<half>> halves;
  std::vector<std::vector<float>> floats;
  Imf::FrameBuffer buffer;
};

Bytes WriteScanlines(const ExrCase& c, const Imf::Header& header) {
  ByteSink sink;
  {
    const Source source(c);
    Imf::OutputFile file(sink, header, 0);
    file.setFrameBuffer(source.buffer);
    file.writePixels(c.data.max.y - c.data.min.y + 1);
  }
  return sink.file;
}

Bytes WriteTiles(const ExrCase& c, Imf::Header header, const Imf::TileDescription& tiles) {
  header.setTileDescription(tiles);
  ByteSink sink;
  {
    const Source source(c);
    Imf::TiledOutputFile file(sink, header, 0);
    file.setFrameBuffer(source.buffer);
    file.writeTiles(0, file.numXTiles(0) - 1, 0, file.numYTiles(0) - 1, 0);
  }
  return sink.file;
}

Bytes Write(const ExrCase& c) { return WriteScanlines(c, HeaderOf(c)); }

/// Every pixel of the display window: the data window's, or NaN.
void ExpectPixels(const ExrCase& c, const Plane<float>& rows, float tolerance = 0) {
  ASSERT_EQ(rows.width(), c.display.max.x - c.display.min.x + 1);
  ASSERT_EQ(rows.height(), c.display.max.y - c.display.min.y + 1);
  for (int y = 0; y < rows.height(); ++y) {
    for (int x = 0; x < rows.width(); ++x) {
      for (int channel = 0; channel < rows.channels(); ++channel) {
        const Imath::V2i at = c.display.min + Imath::V2i(x, y);
        if (!c.data.intersects(at)) {
          ASSERT_TRUE(std::isnan(rows.view().At(x, y, channel))) << x << ", " << y;
          continue;
        }
        const float expected =
            ValueAt(at.x - c.data.min.x, at.y - c.data.min.y, static_cast<std::size_t>(channel));
        ASSERT_NEAR(rows.view().At(x, y, channel), expected, tolerance)
            << x << ", " << y << ", " << channel;
      }
    }
  }
}

void ExpectRead(const ExrCase& c, const Bytes& file, float tolerance = 0) {
  const auto first = ReadPicture(OpenExr, file);
  ASSERT_TRUE(first) << first.error().message;
  ExpectPixels(c, *first, tolerance);
  for (const int rows : {1, 7, 1000}) {
    auto picture = OpenExr(file, {});
    ASSERT_TRUE(picture);
    const auto again = ReadAllRows(*picture, rows);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(test::SameSamples(*first, *again)) << rows;
  }
}

TEST(ExrPicture, EveryCompression) {
  for (int compression = 0; compression < Imf::NUM_COMPRESSION_METHODS; ++compression) {
    for (const Imf::PixelType type : {Imf::HALF, Imf::FLOAT}) {
      for (const auto order : {Imf::INCREASING_Y, Imf::DECREASING_Y}) {
        SCOPED_TRACE(testing::Message() << compression << " " << type << " " << order);
        const ExrCase c{.type = type};
        Imf::Header header = HeaderOf(c);
        header.compression() = static_cast<Imf::Compression>(compression);
        header.lineOrder() = order;
        const bool is_lossy = compression == Imf::B44_COMPRESSION ||
                              compression == Imf::B44A_COMPRESSION ||
                              compression >= Imf::DWAA_COMPRESSION;
        ByteSink sink;
        {
          const Source source(c);
          Imf::OutputFile file(sink, header, 0);
          file.setFrameBuffer(source.buffer);
          file.writePixels(45);
        }
        ExpectRead(c, sink.file, is_lossy ? 4.0F : 0.0F);
      }
    }
  }
}

TEST(ExrPicture, Tiles) {
  for (const auto order : {Imf::INCREASING_Y, Imf::DECREASING_Y, Imf::RANDOM_Y}) {
    const ExrCase c{.data = {{-3, 2}, {30, 50}}};
    Imf::Header header = HeaderOf(c);
    header.lineOrder() = order;
    ExpectRead(c, WriteTiles(c, header, Imf::TileDescription(16, 8)));
  }
}

/// Level 0 of the tiles is the picture.
TEST(ExrPicture, Levels) {
  for (const auto mode : {Imf::MIPMAP_LEVELS, Imf::RIPMAP_LEVELS}) {
    const ExrCase c;
    Imf::Header header = HeaderOf(c);
    header.setTileDescription(Imf::TileDescription(16, 8, mode));
    ByteSink sink;
    {
      const Source source(c);
      Imf::TiledOutputFile file(sink, header, 0);
      file.setFrameBuffer(source.buffer);
      for (int y = 0; y < file.numYLevels(); ++y) {
        for (int x = 0; x < file.numXLevels(); ++x) {
          if (!file.isValidLevel(x, y)) continue;
          file.writeTiles(0, file.numXTiles(x) - 1, 0, file.numYTiles(y) - 1, x, y);
        }
      }
    }
    ExpectRead(c, sink.file);
  }
}

TEST(ExrPicture, MissingAndOtherChannels) {
  for (const bool is_tiled : {false, true}) {
    const ExrCase c{.names = {"R", "G.other", "Z"}};
    const Bytes file =
        is_tiled ? WriteTiles(c, HeaderOf(c), Imf::TileDescription(16, 8)) : Write(c);
    const auto picture = OpenExr(file, {});
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->info.warnings.size(), 1U);
    const auto rows = ReadPicture(OpenExr, file);
    ASSERT_TRUE(rows) << rows.error().message;
    for (int y = 0; y < rows->height(); ++y) {
      for (int x = 0; x < rows->width(); ++x) {
        ASSERT_EQ(rows->view().At(x, y, 0), ValueAt(x, y, 0));
        ASSERT_EQ(rows->view().At(x, y, 1), 0);
        ASSERT_EQ(rows->view().At(x, y, 2), 0);
      }
    }
  }
}

TEST(ExrPicture, IntegerColour) {
  Imf::Header header(8, 8);
  header.compression() = Imf::NO_COMPRESSION;
  header.channels().insert("R", Imf::Channel(Imf::UINT));
  ByteSink sink;
  {
    std::vector<unsigned> pixels(64, 7);
    Imf::FrameBuffer buffer;
    buffer.insert("R", Imf::Slice(Imf::UINT, reinterpret_cast<char*>(pixels.data()),
                                  sizeof(unsigned), 8 * sizeof(unsigned)));
    Imf::OutputFile file(sink, header, 0);
    file.setFrameBuffer(buffer);
    file.writePixels(8);
  }
  const auto picture = OpenExr(sink.file, {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(picture.error().message.find("integers"), std::string::npos);
}

TEST(ExrPicture, DataWindows) {
  const std::vector<std::pair<Imath::Box2i, Imath::Box2i>> cases{
      {{{0, 0}, {36, 44}}, {{5, 6}, {20, 30}}},        // within
      {{{0, 0}, {36, 44}}, {{-10, -20}, {60, 70}}},    // around
      {{{-7, 100}, {9, 120}}, {{-20, 90}, {0, 110}}},  // across a corner
      {{{0, 0}, {9, 9}}, {{100, 100}, {110, 110}}},    // elsewhere
  };
  for (const auto& [display, data] : cases) {
    const ExrCase c{.display = display, .data = data};
    const Bytes file = Write(c);
    ExpectRead(c, file);
    const auto picture = OpenExr(file, {});
    ASSERT_TRUE(picture);
    ASSERT_EQ(picture->info.warnings.size(), 1U);
    EXPECT_NE(picture->info.warnings[0].find("data window"), std::string::npos);
  }
}

TEST(ExrPicture, Information) {
  const ExrCase c{.type = Imf::FLOAT};
  Imf::Header header = HeaderOf(c);
  Imf::addChromaticities(header, Imf::Chromaticities({0.680F, 0.320F}, {0.265F, 0.690F},
                                                     {0.150F, 0.060F}, {0.3127F, 0.3290F}));
  Imf::addWhiteLuminance(header, 203);
  const Bytes file = WriteScanlines(c, header);
  const auto picture = OpenExr(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  const PictureInfo& info = picture->info;
  EXPECT_EQ(info.format, FileFormat::kOpenExr);
  EXPECT_EQ(info.width, 37);
  EXPECT_EQ(info.height, 45);
  EXPECT_EQ(info.channels, 3);
  EXPECT_EQ(info.bits, 32);
  EXPECT_TRUE(info.is_float);
  EXPECT_EQ(info.orientation, Orientation::kTopLeft);
  EXPECT_EQ(info.color.transfer, Transfer::kLinear);
  EXPECT_NEAR(info.color.primaries.green[0], 0.265, 1e-6);
  EXPECT_TRUE(info.color.stated);
  EXPECT_EQ(info.color.white_nits, 203);
  EXPECT_TRUE(info.warnings.empty());

  const auto plain = OpenExr(Write({}), {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->info.bits, 16);
  EXPECT_EQ(plain->info.color.primaries, kRec709Primaries);
  EXPECT_FALSE(plain->info.color.stated);
  EXPECT_FALSE(plain->info.color.white_nits);
}

TEST(ExrPicture, ImpossibleChromaticities) {
  const ExrCase c;
  Imf::Header header = HeaderOf(c);
  Imf::addChromaticities(
      header, Imf::Chromaticities({0.3F, 0.3F}, {0.3F, 0.3F}, {0.3F, 0.3F}, {0.3F, 0.3F}));
  const auto picture = OpenExr(WriteScanlines(c, header), {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.color.primaries, kRec709Primaries);
  EXPECT_FALSE(picture->info.color.stated);
  EXPECT_EQ(picture->info.warnings.size(), 1U);
}

TEST(ExrPicture, Grey) {
  const ExrCase c{.names = {"Y"}};
  const Bytes file = Write(c);
  const auto picture = OpenExr(file, {});
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.channels, 1);
  ExpectRead(c, file);
}

TEST(ExrPicture, LuminanceAndChroma) {
  for (const auto order : {Imf::INCREASING_Y, Imf::DECREASING_Y}) {
    ByteSink sink;
    constexpr int kWidth = 40;
    constexpr int kHeight = 50;
    std::vector<Imf::Rgba> pixels(kWidth * kHeight);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const float v = static_cast<float>(x + y) / 32 + 0.1F;
        pixels[static_cast<std::size_t>(y * kWidth + x)] = Imf::Rgba(v, v * 0.5F, v * 0.25F);
      }
    }
    {
      Imf::RgbaOutputFile file(sink, Imf::Header(kWidth, kHeight, 1, {0, 0}, 1, order),
                               Imf::WRITE_YC, 0);
      file.setFrameBuffer(pixels.data(), 1, kWidth);
      file.writePixels(kHeight);
    }
    auto picture = OpenExr(sink.file, {});
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->info.channels, 3);
    const auto rows = ReadAllRows(*picture, 7);
    ASSERT_TRUE(rows) << rows.error().message;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const Imf::Rgba& p = pixels[static_cast<std::size_t>(y * kWidth + x)];
        ASSERT_NEAR(rows->view().At(x, y, 0), p.r, 0.05) << x << ", " << y;
        ASSERT_NEAR(rows->view().At(x, y, 1), p.g, 0.05);
        ASSERT_NEAR(rows->view().At(x, y, 2), p.b, 0.05);
      }
    }
  }
}

/// The library's own reader of luminance and chroma gives the same, but for the last bit of the
/// weights of luminance.
TEST(ExrPicture, LuminanceAndChromaAsTheLibraryReadsThem) {
  const Imath::Box2i data{{-4, -6}, {35, 43}};
  const Imath::Box2i display{{0, 10}, {30, 60}};
  constexpr std::size_t kWidth = 40;
  std::vector<Imf::Rgba> pixels(kWidth * 50);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto v = [&](std::size_t factor) { return static_cast<float>(i * factor % 101) / 64; };
    pixels[i] = Imf::Rgba(v(7), v(11), v(23));
  }
  const std::ptrdiff_t origin = -6 * static_cast<std::ptrdiff_t>(kWidth) - 4;
  for (const auto compression : {Imf::ZIPS_COMPRESSION, Imf::PIZ_COMPRESSION}) {
    ByteSink sink;
    {
      Imf::RgbaOutputFile file(
          sink, Imf::Header(display, data, 1, {0, 0}, 1, Imf::INCREASING_Y, compression),
          Imf::WRITE_YC, 0);
      file.setFrameBuffer(pixels.data() - origin, 1, kWidth);
      file.writePixels(50);
    }
    std::vector<Imf::Rgba> expected(pixels.size());
    ByteSource source(sink.file);
    Imf::RgbaInputFile library(source, 0);
    library.setFrameBuffer(expected.data() - origin, 1, kWidth);
    library.readPixels(data.min.y, data.max.y);
    const auto rows = ReadPicture(OpenExr, sink.file);
    ASSERT_TRUE(rows) << rows.error().message;
    for (int y = display.min.y; y <= data.max.y; ++y) {
      for (int x = display.min.x; x <= display.max.x; ++x) {
        const auto at = static_cast<std::size_t>((y + 6) * static_cast<int>(kWidth) + x + 4);
        const auto near = [&](int channel, float value) {
          const float found = rows->view().At(x - display.min.x, y - display.min.y, channel);
          return std::abs(found - value) <= 0.002F * std::max(1.0F, std::abs(value));
        };
        ASSERT_TRUE(near(0, expected[at].r) && near(1, expected[at].g) && near(2, expected[at].b))
            << x << ", " << y;
      }
    }
  }
}

TEST(ExrPicture, Alpha) {
  ExrCase c{.names = {"R", "G", "B", "A"}};
  ExpectRead(c, Write(c));  // opaque
  c.alpha = 0.75F;
  const Bytes file = Write(c);
  const auto refused = ReadPicture(OpenExr, file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(refused.error().message.find("--flatten"), std::string::npos);
  const auto black = ReadPicture(OpenExr, file, {.flatten = Flatten::kBlack});
  ASSERT_TRUE(black);
  ExpectPixels(c, *black);
  const auto white = ReadPicture(OpenExr, file, {.flatten = Flatten::kWhite});
  ASSERT_TRUE(white);
  EXPECT_EQ(white->view().At(3, 4, 1), ValueAt(3, 4, 1) + 0.25F);
}

TEST(ExrPicture, NotANumberPasses) {
  const ExrCase c{.type = Imf::FLOAT};
  ByteSink sink;
  {
    Source source(c);
    source.floats[0][0] = std::numeric_limits<float>::quiet_NaN();
    source.floats[1][0] = std::numeric_limits<float>::infinity();
    source.floats[2][0] = -std::numeric_limits<float>::infinity();
    Imf::OutputFile file(sink, HeaderOf(c), 0);
    file.setFrameBuffer(source.buffer);
    file.writePixels(45);
  }
  const auto rows = ReadPicture(OpenExr, sink.file);
  ASSERT_TRUE(rows);
  EXPECT_TRUE(std::isnan(rows->Row(0)[0]));
  EXPECT_EQ(rows->Row(0)[1], std::numeric_limits<float>::infinity());
  EXPECT_EQ(rows->Row(0)[2], -std::numeric_limits<float>::infinity());
}

TEST(ExrPicture, FirstPartWithColour) {
  const ExrCase depth{.names = {"Z"}};
  const ExrCase colour;
  std::vector<Imf::Header> headers{HeaderOf(depth), HeaderOf(colour)};
  headers[0].setName("depth");
  headers[1].setName("colour");
  for (auto& header : headers) header.setType(Imf::SCANLINEIMAGE);
  ByteSink sink;
  {
    Imf::MultiPartOutputFile file(sink, headers.data(), 2, false, 0);
    for (int n = 0; n < 2; ++n) {
      const Source source(n == 0 ? depth : colour);
      Imf::OutputPart part(file, n);
      part.setFrameBuffer(source.buffer);
      part.writePixels(45);
    }
  }
  ExpectRead(colour, sink.file);
}

TEST(ExrPicture, NoColour) {
  const auto depth = OpenExr(Write({.names = {"Z", "diffuse.R"}}), {});
  ASSERT_FALSE(depth);
  EXPECT_EQ(depth.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(depth.error().message.find("diffuse.R"), std::string::npos);
}

/// What ValueAt gives for the channels of these places among the names.
void ExpectChannels(const ExrCase& c, const Bytes& file, const PictureOptions& options,
                    const std::vector<std::size_t>& places) {
  const auto rows = ReadPicture(OpenExr, file, options);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->channels(), static_cast<int>(places.size()));
  for (int y = 0; y < rows->height(); ++y) {
    for (int x = 0; x < rows->width(); ++x) {
      for (std::size_t channel = 0; channel < places.size(); ++channel) {
        ASSERT_EQ(rows->view().At(x, y, static_cast<int>(channel)), ValueAt(x, y, places[channel]))
            << c.names[places[channel]];
      }
    }
  }
}

TEST(ExrPicture, ASingleLayerIsReadWhateverItsName) {
  const std::vector<std::vector<std::string>> cases{
      {"ViewLayer.Combined.R", "ViewLayer.Combined.G", "ViewLayer.Combined.B"},
      {"beauty.r", "beauty.g", "beauty.b"},
      {"main.red", "main.green", "main.blue"},
      {"a.R", "a.G", "a.B", "depth.Z", "N.X", "N.Y", "N.Z", "uCryptoMaterial00.r",
       "uCryptoMaterial00.g", "uCryptoMaterial00.b"}};
  for (const auto& names : cases) {
    const ExrCase c{.names = names};
    ExpectChannels(c, Write(c), {}, {0, 1, 2});
    ExpectChannels(c, WriteTiles(c, HeaderOf(c), Imf::TileDescription(16, 8)), {}, {0, 1, 2});
  }
}

TEST(ExrPicture, OfSeveralLayersOneIsChosenByName) {
  const ExrCase c{
      .names = {"light.R", "light.G", "light.B", "view.sky.R", "view.sky.G", "view.sky.B"}};
  const Bytes file = Write(c);
  const auto refused = OpenExr(file, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  for (const std::string_view word : {"\"light\"", "\"view.sky\"", "--exr-layer"}) {
    EXPECT_NE(refused.error().message.find(word), std::string::npos) << refused.error().message;
  }
  ExpectChannels(c, file, {.exr_layer = "light"}, {0, 1, 2});
  ExpectChannels(c, file, {.exr_layer = "view.sky"}, {3, 4, 5});
  const auto other = OpenExr(file, {.exr_layer = "sun"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kBadArgument);
  EXPECT_NE(other.error().message.find("\"view.sky\""), std::string::npos);
}

TEST(ExrPicture, ItsOwnColoursComeBeforeLayers) {
  const ExrCase c{.names = {"R", "G", "B", "sky.R", "sky.G", "sky.B"}};
  const Bytes file = Write(c);
  ExpectChannels(c, file, {}, {0, 1, 2});
  ExpectChannels(c, file, {.exr_layer = "sky"}, {3, 4, 5});
  const auto picture = OpenExr(file, {});
  ASSERT_EQ(picture->info.warnings.size(), 1U);
  EXPECT_NE(picture->info.warnings[0].find("sky"), std::string::npos);
}

TEST(ExrPicture, ALayersAlphaIsItsOwn) {
  const ExrCase c{.names = {"sky.R", "sky.G", "sky.B", "sky.A"}};
  const auto refused = ReadPicture(OpenExr, Write(c));  // ValueAt is no opaque alpha
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--flatten"), std::string::npos);
}

TEST(ExrPicture, PartsAreLayersToo) {
  const ExrCase sky{.names = {"sky.R", "sky.G", "sky.B"}};
  const ExrCase sun{.names = {"sun.R", "sun.G", "sun.B"}};
  std::vector<Imf::Header> headers{HeaderOf(sky), HeaderOf(sun)};
  headers[0].setName("first");
  headers[1].setName("second");
  for (auto& header : headers) header.setType(Imf::SCANLINEIMAGE);
  ByteSink sink;
  {
    Imf::MultiPartOutputFile file(sink, headers.data(), 2, false, 0);
    for (int n = 0; n < 2; ++n) {
      const Source source(n == 0 ? sky : sun);
      Imf::OutputPart part(file, n);
      part.setFrameBuffer(source.buffer);
      part.writePixels(45);
    }
  }
  EXPECT_FALSE(OpenExr(sink.file, {}));
  ExpectChannels(sun, sink.file, {.exr_layer = "sun"}, {0, 1, 2});
}

TEST(ExrPicture, Subsampling) {
  Imf::Header header(8, 8);
  header.compression() = Imf::NO_COMPRESSION;
  header.channels().insert("R", Imf::Channel(Imf::HALF, 2, 2));
  ByteSink sink;
  {
    std::vector<half> pixels(16);
    Imf::FrameBuffer buffer;
    buffer.insert("R", Imf::Slice(Imf::HALF, reinterpret_cast<char*>(pixels.data()), sizeof(half),
                                  4 * sizeof(half), 2, 2));
    Imf::OutputFile file(sink, header, 0);
    file.setFrameBuffer(buffer);
    file.writePixels(8);
  }
  const auto picture = OpenExr(sink.file, {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::kUnsupported);
}

TEST(ExrPicture, Deep) {
  Imf::Header header(4, 1);
  header.compression() = Imf::ZIPS_COMPRESSION;
  header.setType(Imf::DEEPSCANLINE);
  header.channels().insert("R", Imf::Channel(Imf::HALF));
  ByteSink sink;
  {
    std::vector<unsigned> counts(4, 0);
    std::vector<half*> pointers(4, nullptr);
    Imf::DeepFrameBuffer buffer;
    buffer.insertSampleCountSlice(Imf::Slice(Imf::UINT, reinterpret_cast<char*>(counts.data()),
                                             sizeof(unsigned), sizeof(unsigned) * 4));
    buffer.insert("R", Imf::DeepSlice(Imf::HALF, reinterpret_cast<char*>(pointers.data()),
                                      sizeof(half*), sizeof(half*) * 4, sizeof(half)));
    Imf::DeepScanLineOutputFile file(sink, header, 0);
    file.setFrameBuffer(buffer);
    file.writePixels(1);
  }
  const auto picture = OpenExr(sink.file, {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(picture.error().message.find("deep"), std::string::npos);
}

TEST(ExrPicture, Limits) {
  // The data window counts as well as the display window.
  const Bytes wide = Write({.display = {{0, 0}, {3, 3}}, .data = {{0, 0}, {199, 199}}});
  const auto limited = OpenExr(wide, {.limits = {.max_pixels = 10'000}});
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, ErrorCode::kTooLarge);
}

TEST(ExrPicture, AnyPrefixIsAnError) {
  const ExrCase c{.display = {{0, 0}, {4, 20}}, .data = {{0, 0}, {4, 20}}};
  for (const auto compression :
       {Imf::NO_COMPRESSION, Imf::ZIP_COMPRESSION, Imf::PIZ_COMPRESSION, Imf::DWAA_COMPRESSION}) {
    Imf::Header header = HeaderOf(c);
    header.compression() = compression;
    const Bytes lines = WriteScanlines(c, header);
    const Bytes tiles = WriteTiles(c, header, Imf::TileDescription(4, 8));
    for (const Bytes& file : {lines, tiles}) {
      ASSERT_TRUE(ReadPicture(OpenExr, file));
      for (std::size_t size = 0; size < file.size(); ++size) {
        const auto rows = ReadPicture(OpenExr, ByteView(file).first(size));
        ASSERT_FALSE(rows) << size << " of " << file.size();
        EXPECT_EQ(rows.error().code, ErrorCode::kBadInput) << rows.error().message;
      }
    }
  }
}

/// The first attribute claims 2 GiB.
TEST(ExrPicture, AttributesPastTheEnd) {
  Bytes file = Write({});
  const auto text = AsText(file);
  const std::size_t size_at = text.find("chlist") + sizeof("chlist");
  file[size_at + 3] = 0x7F;
  const auto picture = OpenExr(file, {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::kBadInput);
  EXPECT_NE(picture.error().message.find("past the end"), std::string::npos);
}

TEST(ExrPicture, AnyDamagedByteEnds) {
  const ExrCase c{.display = {{0, 0}, {4, 20}}, .data = {{0, 0}, {4, 20}}};
  for (const auto compression : {Imf::NO_COMPRESSION, Imf::RLE_COMPRESSION, Imf::ZIP_COMPRESSION,
                                 Imf::PIZ_COMPRESSION, Imf::B44_COMPRESSION}) {
    Imf::Header header = HeaderOf(c);
    header.compression() = compression;
    Bytes file = WriteScanlines(c, header);
    for (std::size_t at = 0; at < file.size(); ++at) {
      const std::uint8_t before = file[at];
      for (const std::uint8_t value : std::initializer_list<std::uint8_t>{0x00, 0x7F, 0xFF}) {
        file[at] = value;
        (void)ReadPicture(OpenExr, file, {.limits = {.max_pixels = 1'000'000}});
      }
      file[at] = before;
    }
  }
}

/// Blocks that decode to fewer bytes than the data window has pixels.
TEST(ExrPicture, ShortBlocksAreErrors) {
  const ExrCase c{.display = {{0, 0}, {4, 20}}, .data = {{0, 0}, {4, 20}}};
  for (int compression = 0; compression <= Imf::PXR24_COMPRESSION; ++compression) {
    Imf::Header header = HeaderOf(c);
    header.compression() = static_cast<Imf::Compression>(compression);
    Bytes file = WriteScanlines(c, header);
    // Name and type of the attribute, its size, and then the window's sides.
    const std::size_t window = AsText(file).find("dataWindow") + sizeof("dataWindow box2i") + 4;
    ASSERT_EQ(file[window + 8], 4);
    file[window + 8] = 5;
    const auto rows = ReadPicture(OpenExr, file);
    ASSERT_FALSE(rows) << compression;
    EXPECT_EQ(rows.error().code, ErrorCode::kBadInput);
  }
}

/// Nothing that the heap held before gets into a picture.
TEST(ExrPicture, AnyDamagedByteReadsTheSameTwice) {
  const auto read = [](const Bytes& file, int poison) {
    mallopt(M_PERTURB, poison);
    auto rows = ReadPicture(OpenExr, file, {.limits = {.max_pixels = 100'000}});
    mallopt(M_PERTURB, 0);
    return rows;
  };
  const ExrCase c{.display = {{0, 0}, {5, 19}}, .data = {{0, 0}, {5, 19}}};
  int refused = 0;
  for (const auto compression :
       {Imf::NO_COMPRESSION, Imf::RLE_COMPRESSION, Imf::ZIP_COMPRESSION, Imf::PIZ_COMPRESSION,
        Imf::PXR24_COMPRESSION, Imf::B44_COMPRESSION, Imf::DWAA_COMPRESSION}) {
    Imf::Header header = HeaderOf(c);
    header.compression() = compression;
    ByteSink chroma;
    {
      Imf::Header half(6, 20);
      half.compression() = compression;
      const std::vector<Imf::Rgba> pixels(120, Imf::Rgba(0.5F, 0.25F, 0.125F));
      Imf::RgbaOutputFile file(chroma, half, Imf::WRITE_YC, 0);
      file.setFrameBuffer(pixels.data(), 1, 6);
      file.writePixels(20);
    }
    for (Bytes file : {WriteScanlines(c, header), WriteTiles(c, header, Imf::TileDescription(4, 8)),
                       chroma.file}) {
      ASSERT_TRUE(read(file, 0));
      for (std::size_t at = 0; at < file.size(); ++at) {
        const std::uint8_t before = file[at];
        for (const int change : {0x01, 0x04, 0x80}) {
          file[at] = static_cast<std::uint8_t>(before ^ change);
          const auto first = read(file, 0x55);
          const auto second = read(file, 0xAA);
          ASSERT_EQ(first.has_value(), second.has_value()) << compression << ", byte " << at;
          if (first) {
            ASSERT_TRUE(test::SameSamples(*first, *second)) << compression << ", byte " << at;
          } else {
            ++refused;
          }
        }
        file[at] = before;
      }
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(ExrPicture, Corpus) {
  HDRP_NEEDS_CORPUS();
  int files = 0;
  for (const auto& entry : test::CorpusFiles("float")) {
    if (!entry.name.ends_with(".exr")) continue;
    SCOPED_TRACE(entry.name);
    const Bytes file = test::ReadWhole(entry.path);
    auto picture = OpenExr(file, {.flatten = Flatten::kBlack});
    ASSERT_TRUE(picture) << picture.error().message;
    const auto rows = ReadAllRows(*picture, 32);
    ASSERT_TRUE(rows) << rows.error().message;
    auto again = OpenExr(file, {.flatten = Flatten::kBlack});
    const auto by_one = ReadAllRows(*again, 1);
    ASSERT_TRUE(by_one);
    EXPECT_TRUE(test::SameSamples(*rows, *by_one));
    double sum = 0;
    double count = 0;
    for (int y = 0; y < rows->height(); ++y) {
      for (const float value : rows->view().RowSpan(y)) {
        if (!std::isfinite(value) || std::abs(value) > 1000) continue;  // test charts of all values
        sum += static_cast<double>(value);
        ++count;
      }
    }
    EXPECT_GT(count, 100);
    EXPECT_LT(std::abs(sum / count), 100);
    ++files;
  }
  EXPECT_GE(files, 14);
}

/// An error or a picture, and soon.
TEST(ExrPicture, HostileFiles) {
  HDRP_NEEDS_CORPUS();
  for (const auto& entry : test::CorpusFiles("hostile")) {
    const Bytes file = test::ReadWhole(entry.path);
    if (Sniff(file) != FileFormat::kOpenExr) continue;
    const auto start = std::chrono::steady_clock::now();
    (void)ReadPicture(OpenExr, file, {.flatten = Flatten::kBlack});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << entry.name;
  }
}

}  // namespace
}  // namespace hdrp
