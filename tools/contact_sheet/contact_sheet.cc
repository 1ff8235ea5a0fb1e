// contact_sheet OUT.png PICTURE...: what Predictive Mode makes of pictures, to be looked at. One
// row for each: the SDR picture, its gain map in false colour, the HDR rendition as an SDR screen
// clips it, and the same two stops darker, where the highlights show. A file that holds a gain map
// is shown as it is, so that files made with other options can be compared.
//
// The colours of the map: black 0, blue 0.5, cyan 1, green 1.5, yellow 2, red 3, white 4 stops;
// violet below 0.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "color/transfer.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "package/png_write.h"
#include "pipeline/process.h"

using namespace hdrp;

namespace {

constexpr int kCell = 320;  ///< longest side of a picture, and the height of a row
constexpr int kGap = 4;

struct Colour {
  double stops;
  std::array<double, 3> rgb;
};
constexpr std::array<Colour, 8> kColours = {{{-1, {160, 0, 160}},
                                             {0, {0, 0, 0}},
                                             {0.5, {0, 0, 200}},
                                             {1, {0, 180, 220}},
                                             {1.5, {0, 160, 0}},
                                             {2, {240, 220, 0}},
                                             {3, {220, 0, 0}},
                                             {4, {255, 255, 255}}}};

[[nodiscard]] std::uint8_t FalseColour(double stops, std::size_t channel) {
  const double at = std::clamp(stops, kColours.front().stops, kColours.back().stops);
  std::size_t i = 1;
  while (i + 1 < kColours.size() && kColours[i].stops < at) ++i;
  const Colour& low = kColours[i - 1];
  const Colour& high = kColours[i];
  const double share = (at - low.stops) / (high.stops - low.stops);
  return static_cast<std::uint8_t>(
      std::lround(low.rgb[channel] + share * (high.rgb[channel] - low.rgb[channel])));
}

[[nodiscard]] std::uint8_t SrgbCode(double linear) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(SrgbFromLinear(linear), 0.0, 1.0)));
}

/// The base in linear light (its codes through the sRGB curve) at the cell's size, three channels.
[[nodiscard]] Plane<float> LinearCell(PlaneView<const std::uint8_t> codes) {
  Plane<float> linear(codes.width, codes.height, 3);
  for (int y = 0; y < codes.height; ++y) {
    for (int x = 0; x < codes.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        linear.view().At(x, y, c) = static_cast<float>(LinearFromSrgb(codes.At(x, y, c) / 255.0));
      }
    }
  }
  const double scale = static_cast<double>(kCell) / std::max(codes.width, codes.height);
  const auto side = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return Resized(linear.view(), side(codes.width), side(codes.height));
}

struct Shown {
  Plane<float> base;        ///< linear
  Plane<float> gain_stops;  ///< same size, one or three channels
  GainMapMetadata metadata;
};

[[nodiscard]] Expected<Shown> Show(ByteView ultra_hdr) {
  HDRP_ASSIGN_OR_RETURN(const GainMapJpeg parsed, ReadGainMapJpeg(ultra_hdr, {}));
  HDRP_ASSIGN_OR_RETURN(const GainMapStream* map, RequireGainMap(parsed));
  HDRP_ASSIGN_OR_RETURN(const DecodedJpeg base, DecodeJpeg(parsed.primary.In(ultra_hdr), {}));
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg codes,
                        DecodeJpeg(map->stream.In(ultra_hdr), {.output = JpegOutput::kAsStored}));
  Shown shown{LinearCell(base.pixels.view()), {}, map->metadata};
  const Log2Gain gain = DecodeGain({std::move(codes.pixels), shown.metadata});
  shown.gain_stops = Resized(gain.stops.view(), shown.base.width(), shown.base.height());
  return shown;
}

void DrawRow(const Shown& shown, PlaneView<std::uint8_t> sheet, int top) {
  const int channels = shown.gain_stops.channels();
  for (int y = 0; y < shown.base.height(); ++y) {
    for (int x = 0; x < shown.base.width(); ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto k = static_cast<std::size_t>(c);
        const double sdr = static_cast<double>(shown.base.view().At(x, y, c));
        const double stops =
            static_cast<double>(shown.gain_stops.view().At(x, y, channels == 3 ? c : 0));
        const double hdr = (sdr + shown.metadata.base_offset[k]) * std::exp2(stops) -
                           shown.metadata.alternate_offset[k];
        const std::array<std::uint8_t, 4> cells = {SrgbCode(sdr), FalseColour(stops, k),
                                                   SrgbCode(hdr), SrgbCode(hdr / 4)};
        for (int cell = 0; cell < 4; ++cell) {
          sheet.At(cell * (kCell + kGap) + x, top + y, c) = cells[static_cast<std::size_t>(cell)];
        }
      }
    }
  }
}

/// The picture as a gain-map file: itself, or a prediction.
[[nodiscard]] Expected<Bytes> GainMapFileOf(const std::string& path) {
  HDRP_ASSIGN_OR_RETURN(Bytes file, ReadFile(path, {}));
  if (const auto parsed = ReadGainMapJpeg(file, {}); parsed && RequireGainMap(*parsed)) return file;
  Request request;
  request.base = {path, std::move(file)};
  request.options.mode = Mode::kPredict;
  request.parallelism.threads = 0;
  HDRP_ASSIGN_OR_RETURN(Result result, Process(request));
  return std::move(result.ultra_hdr);
}

[[nodiscard]] Expected<Shown> ShownOf(const std::string& path) {
  HDRP_ASSIGN_OR_RETURN(const Bytes file, GainMapFileOf(path));
  return Show(file);
}

[[nodiscard]] Expected<void> WriteSheet(const char* path, PlaneView<const std::uint8_t> sheet) {
  HDRP_ASSIGN_OR_RETURN(const Bytes png, EncodePng(sheet));
  HDRP_ASSIGN_OR_RETURN(PendingFile pending, PendingFile::Write(path, png));
  return pending.Commit(true);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: contact_sheet OUT.png PICTURE...\n", stderr);
    return 2;
  }
  std::vector<Shown> rows;
  for (int i = 2; i < argc; ++i) {
    Expected<Shown> shown = ShownOf(argv[i]);
    if (!shown) {
      std::printf(" -- %s: %s\n", argv[i], shown.error().message.c_str());
      continue;
    }
    std::printf("%3zu %s: %.2f stops of headroom\n", rows.size() + 1, argv[i],
                shown->metadata.alternate_hdr_headroom);
    rows.push_back(*std::move(shown));
  }
  if (rows.empty()) return 1;
  int height = -kGap;
  for (const Shown& row : rows) height += row.base.height() + kGap;
  Plane<std::uint8_t> sheet(4 * kCell + 3 * kGap, height, 3);
  int top = 0;
  for (const Shown& row : rows) {
    DrawRow(row, sheet.view(), top);
    top += row.base.height() + kGap;
  }
  if (const Expected<void> written = WriteSheet(argv[1], sheet.view()); !written) {
    std::fprintf(stderr, "contact_sheet: %s\n", written.error().message.c_str());
    return 1;
  }
  return 0;
}
