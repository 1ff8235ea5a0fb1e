#include "whole_flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "color/matrix.h"
#include "decode/gain_map_jpeg.h"
#include "decode/picture.h"
#include "gainmap/gain.h"
#include "obtain/extract.h"
#include "pipeline/render.h"
#include "support/corpus.h"
#include "support/float_rows.h"
#include "support/program.h"

namespace hdrp::test {

Bytes FloatFile(PlaneView<const float> rgb, FileFormat format, const Chromaticities& primaries) {
  const ScratchFolder scratch;
  const auto path = scratch / "picture";
  auto writer = FloatImageWriter::Create(path, format, {rgb.width, rgb.height, primaries, 1});
  EXPECT_TRUE(writer && writer->Write(rgb) && writer->Finish());
  return ReadWhole(path);
}

Request MakeRequest(Bytes edit, Bytes reference, const Options& options) {
  Request request;
  request.base = {"edit", std::move(edit)};
  if (!reference.empty()) request.reference = InputFile{"reference", std::move(reference)};
  request.options = options;
  return request;
}

Result MustProcess(const Request& request) {
  Expected<Result> result = Process(request);
  if (result) return *std::move(result);
  std::string details;
  for (const std::string& detail : result.error().details) details += "\n  " + detail;
  ADD_FAILURE() << result.error().where << ": " << result.error().message << details;
  return {};
}

Options FineMap(int channels) {
  Options options;
  options.derive.map_scale = 1;
  options.derive.map_channels = channels;
  options.output.map_quality = 95;
  return options;
}

Error MustFail(const Request& request) {
  Expected<Result> result = Process(request);
  EXPECT_FALSE(result.has_value());
  return result ? Error{} : std::move(result.error());
}

Plane<float> Rendered(const Bytes& ultra_hdr) {
  const ScratchFolder scratch;
  const auto path = scratch / "hdr.tiff";
  const Expected<void> done = RenderHdr({"out", ultra_hdr}, {}, path);
  EXPECT_TRUE(done) << done.error().message;
  Expected<Plane<float>> rgb = ReadPicture(OpenTiff, ReadWhole(path));
  EXPECT_TRUE(rgb) << rgb.error().message;
  return rgb ? *std::move(rgb) : Plane<float>();
}

Plane<float> GainOf(const Bytes& ultra_hdr) {
  const Expected<GainMapJpeg> file = ReadGainMapJpeg(ultra_hdr, {});
  EXPECT_TRUE(file && file->map);
  const Expected<EncodedGainMap> map = ExtractGainMap(ultra_hdr, *file->map, {}, {});
  EXPECT_TRUE(map);
  return std::move(DecodeGain(*map).stops);
}

Plane<float> Scaled(PlaneView<const float> rgb, float factor) {
  Plane<float> result(rgb.width, rgb.height, rgb.channels);
  for (int y = 0; y < rgb.height; ++y) {
    std::ranges::transform(rgb.RowSpan(y), result.Row(y), [=](float v) { return v * factor; });
  }
  return result;
}

Plane<float> Converted(PlaneView<const float> rgb, const Chromaticities& from,
                       const Chromaticities& to) {
  const Matrix matrix = RgbFromRgb(from, to);
  Plane<float> result(rgb.width, rgb.height, 3);
  for (int y = 0; y < rgb.height; ++y) {
    for (int x = 0; x < rgb.width; ++x) {
      Xyz pixel{};
      for (int c = 0; c < 3; ++c) {
        pixel[static_cast<std::size_t>(c)] = static_cast<double>(rgb.At(x, y, c));
      }
      pixel = Multiplied(matrix, pixel);
      for (int c = 0; c < 3; ++c) {
        result.view().At(x, y, c) = static_cast<float>(pixel[static_cast<std::size_t>(c)]);
      }
    }
  }
  return result;
}

std::vector<double> ErrorsStops(PlaneView<const float> wanted, PlaneView<const float> found) {
  std::vector<double> errors = {};
  EXPECT_EQ(wanted.width, found.width);
  EXPECT_EQ(wanted.height, found.height);
  if (wanted.width != found.width || wanted.height != found.height) return {HUGE_VAL};
  const auto luminance = [](PlaneView<const float> rgb, int x, int y) {
    return 0.2126 * static_cast<double>(rgb.At(x, y, 0)) +
           0.7152 * static_cast<double>(rgb.At(x, y, 1)) +
           0.0722 * static_cast<double>(rgb.At(x, y, 2));
  };
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x) {
      const double light = luminance(wanted, x, y);
      if (light <= 0.02) continue;
      errors.push_back(std::abs(std::log2(std::max(luminance(found, x, y), 1e-6) / light)));
    }
  }
  std::ranges::sort(errors);
  return errors;
}

double P99(const std::vector<double>& sorted) {
  return sorted[static_cast<std::size_t>(0.99 * static_cast<double>(sorted.size() - 1))];
}

}  // namespace hdrp::test
