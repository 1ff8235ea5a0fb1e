#include "pipeline/inspect.h"

#include "color/icc.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<Inspection> Inspect(const InputFile& file, const Limits& limits,
                             const StopCondition& stop) {
  const Expected<ReadJpeg> read = ReadInputJpeg(file, limits);
  if (!read) return std::unexpected(read.error());
  const GainMapJpeg& parsed = read->parsed;

  Inspection result;
  result.format = "jpeg";
  result.width = read->width();
  result.height = read->height();
  result.orientation = static_cast<int>(read->orientation());
  if (const Expected<Bytes> icc = JoinIcc(parsed.primary); icc && !icc->empty()) {
    result.icc = IccDescription(*icc);
  }
  result.claims = parsed.claims;
  result.problems = parsed.problems;
  if (parsed.map) {
    const GainMapStream& map = *parsed.map;
    InspectedMap seen{map.stream.frame.width, map.stream.frame.height,
                      static_cast<int>(map.stream.frame.components.size()), true};
    const ByteView stream = map.stream.In(file.bytes);
    if (const Expected<DecodedJpeg> pixels = DecodeJpeg(
            stream, {.output = JpegOutput::kAsStored, .limits = limits, .stop = stop})) {
      seen.neutral = IsNeutral(pixels->pixels.view());
    } else {
      result.problems.push_back("the gain map does not decode: " + pixels.error().message);
    }
    result.gain_map = seen;
    result.source = NameOf(map.source);
    result.metadata = map.metadata;
  }
  if (const auto usable = RequireGainMap(parsed); !usable) {
    result.refusal = Within(file.name, usable.error()).error();
  }
  result.readers = PredictReaders(file.bytes, parsed);
  Expected<Verification> checks =
      CheckForeignJpeg(file.bytes, parsed, {VerifyLevel::kPixels, limits, stop});
  if (!checks) return Within(file.name, std::move(checks.error()));
  result.verification = *std::move(checks);
  return result;
}

}  // namespace hdrp
