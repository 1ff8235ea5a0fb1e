// predict_bench predict FILE: predicts the gain of a JPEG, guards included, and prints its
// checksum. predict_bench decode FILE: only decodes the JPEG's rows; what a prediction costs beyond
// is the difference.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "base/band_rows.h"
#include "base/file.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_jpeg.h"
#include "pipeline/request.h"
#include "predict/predict_gain.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<std::uint64_t> Predict(const Request& request) {
  HDRP_ASSIGN_OR_RETURN(const EditJpeg base, ReadEditJpeg(request.base, request.limits));
  HDRP_ASSIGN_OR_RETURN(
      const PredictedGain predicted,
      PredictGain(base, request.options.predict, {request.limits, request.parallelism}));
  std::uint64_t hash = 0;
  for (int y = 0; y < predicted.gain.stops.height(); ++y) {
    for (const float stops : predicted.gain.stops.view().RowSpan(y)) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &stops, sizeof bits);
      hash = (hash ^ bits) * 0x100000001B3;
    }
  }
  return hash;
}

[[nodiscard]] Expected<std::uint64_t> Decode(const Request& request) {
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader,
                        JpegRowReader::Open(request.base.bytes, {.output = JpegOutput::kAsStored}));
  Plane<std::uint8_t> band(reader.width(), kBandRows, reader.channels());
  std::uint64_t hash = 0;
  while (reader.rows_read() < reader.height()) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, reader.height() - reader.rows_read());
    HDRP_RETURN_IF_ERROR(reader.Read(rows));
    hash += rows.Row(0)[0];
  }
  return hash;
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) {
  using namespace hdrp;
  if (argc != 3) return 2;
  Request request;
  request.limits.max_pixels = 1'000'000'000;
  Expected<Bytes> file = ReadFile(argv[2], request.limits);
  if (!file) return 1;
  request.base = {argv[2], *std::move(file)};
  const Expected<std::uint64_t> hash =
      std::string_view(argv[1]) == "predict" ? Predict(request) : Decode(request);
  if (!hash) {
    std::fprintf(stderr, "predict_bench: %s\n", hash.error().message.c_str());
    return 1;
  }
  std::printf("%016llx\n", static_cast<unsigned long long>(*hash));
  return 0;
}
