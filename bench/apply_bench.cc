// apply_bench FILE      decodes a gain-map JPEG to linear half float in bands, full boost, and
// prints
//                       a checksum of the halves; writes no file.
// apply_bench --kernel  prints how long the Highway kernels take as shares of their scalar twins.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "color/icc.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/apply.h"
#include "gainmap/derive.h"
#include "gainmap/gain_rows.h"
#include "gainmap/half.h"
#include "obtain/extract.h"

namespace hdrp {
namespace {

/// Rows at a time: a band of the picture and of its result stays in the cache.
constexpr int kFineBandRows = 16;

/// FNV-1a over the halves.
[[nodiscard]] std::uint64_t Hashed(std::uint64_t hash, std::span<const std::uint16_t> halves) {
  for (const std::uint16_t half : halves) hash = (hash ^ half) * 0x100000001B3;
  return hash;
}

[[nodiscard]] Expected<BaseColor> ColorOf(const GainMapJpeg& jpeg) {
  HDRP_ASSIGN_OR_RETURN(const Bytes icc, JoinIcc(jpeg.primary));
  return icc.empty() ? SrgbColor() : ReadIccProfile(icc);
}

[[nodiscard]] Expected<std::uint64_t> DecodeToHalf(const char* path) {
  HDRP_ASSIGN_OR_RETURN(const Bytes file, ReadFile(path, {}));
  HDRP_ASSIGN_OR_RETURN(const GainMapJpeg jpeg, ReadGainMapJpeg(file, {}));
  HDRP_ASSIGN_OR_RETURN(const GainMapStream* stream, RequireGainMap(jpeg));
  HDRP_ASSIGN_OR_RETURN(const EncodedGainMap map,
                        ExtractGainMap(file, *stream, AppleTransfer::kGamma22, {}));
  HDRP_ASSIGN_OR_RETURN(const BaseColor color, ColorOf(jpeg));
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader,
                        JpegRowReader::Open(ByteView(file).subspan(jpeg.primary.begin),
                                            {.output = JpegOutput::kAsStored}));

  const GainRows gain_rows(map, reader.width(), reader.height());
  const ApplyConstants constants = ApplyConstantsOf(map.metadata, 1);
  const auto width = static_cast<std::size_t>(reader.width());
  Plane<std::uint8_t> codes(reader.width(), kFineBandRows, reader.channels());
  Plane<std::uint16_t> halves(reader.width(), kFineBandRows, 3);
  std::vector<float> linear(3 * width);
  std::vector<float> gain(static_cast<std::size_t>(gain_rows.channels()) * width);
  std::vector<float> hdr(3 * width);
  std::uint64_t hash = 0xCBF29CE484222325;
  while (reader.rows_read() < reader.height()) {
    const int first = reader.rows_read();
    PlaneView<std::uint8_t> band = codes.view();
    band.height = std::min(kFineBandRows, reader.height() - first);
    HDRP_RETURN_IF_ERROR(reader.Read(band));
    for (int y = 0; y < band.height; ++y) {
      LinearFromCodes(band.RowSpan(y), color, linear);
      gain_rows.Row(first + y, gain);
      ApplyGainRow(linear, gain, constants, hdr);
      HalfFromFloatRow(hdr, halves.view().RowSpan(y));
    }
    // One row of each band: the checksum must not cost as much as what it checks.
    hash = Hashed(hash, halves.view().RowSpan(band.height - 1));
  }
  return hash;
}

[[nodiscard]] double MedianSeconds(const std::function<void()>& body) {
  constexpr int kRuns = 9;
  constexpr int kRepeats = 300;
  std::vector<double> seconds;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kRepeats; ++i) body();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(seconds);
  return seconds[kRuns / 2];
}

void CompareKernels() {
  constexpr std::size_t kPixels = 4080;
  std::mt19937 random(1);
  std::uniform_real_distribution<float> unit(0, 1);
  std::vector<float> base(3 * kPixels);
  std::vector<float> three(3 * kPixels);
  std::vector<float> hdr(3 * kPixels);
  std::vector<std::uint16_t> halves(3 * kPixels);
  std::vector<float> stops(kPixels);
  std::vector<float> three_stops(3 * kPixels);
  std::vector<float> luminance(kPixels);
  for (float& v : base) v = unit(random);
  for (float& v : three) v = 3 * unit(random);
  const std::vector<float> one(three.begin(), three.begin() + kPixels);
  const ApplyConstants constants = ApplyConstantsOf(GainMapMetadata{}, 1);

  struct Row {
    const char* name;
    std::function<void()> kernel;
    std::function<void()> twin;
  };
  const std::vector<Row> rows = {
      {"apply, one gain per pixel", [&] { ApplyGainRow(base, one, constants, hdr); },
       [&] { ApplyGainRowScalar(base, one, constants, hdr); }},
      {"apply, three gains per pixel", [&] { ApplyGainRow(base, three, constants, hdr); },
       [&] { ApplyGainRowScalar(base, three, constants, hdr); }},
      {"derive, one gain per pixel", [&] { DeriveGainRow({hdr, base}, stops, luminance); },
       [&] { DeriveGainRowScalar({hdr, base}, stops, luminance); }},
      {"derive, three gains per pixel", [&] { DeriveGainRow({hdr, base}, three_stops, luminance); },
       [&] { DeriveGainRowScalar({hdr, base}, three_stops, luminance); }},
      {"half from float", [&] { HalfFromFloatRow(hdr, halves); },
       [&] { HalfFromFloatRowScalar(hdr, halves); }}};
  std::printf("| kernel | Highway / scalar twin | Highway ns per pixel |\n|---|---|---|\n");
  for (const auto& [name, kernel, twin] : rows) {
    const double ours = MedianSeconds(kernel);
    std::printf("| %s | %.3f | %.2f |\n", name, ours / MedianSeconds(twin),
                ours * 1e9 / 300 / kPixels);
  }
}

int Run(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: apply_bench FILE | --kernel\n");
    return 2;
  }
  if (std::string_view(argv[1]) == "--kernel") {
    CompareKernels();
    return 0;
  }
  const Expected<std::uint64_t> hash = DecodeToHalf(argv[1]);
  if (!hash) {
    std::fprintf(stderr, "apply_bench: %s: %s\n", hash.error().where.c_str(),
                 hash.error().message.c_str());
    return 1;
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(*hash));
  return 0;
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) { return hdrp::Run(argc, argv); }
