#include "pipeline/inspect.h"

#include "color/icc.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/stages.h"
#include "verify/verify_picture.h"

namespace hdrp {
namespace {

void TakeRefusal(const InputFile& file, const Expected<void>& usable, Inspection& result) {
  if (!usable) result.refusal = Within(file.name, usable.error()).error();
}

[[nodiscard]] Expected<Inspection> InspectJpeg(const InputFile& file, const GainMapJpeg& parsed,
                                               const PictureOptions& options) {
  Inspection result;
  result.format = "jpeg";
  result.width = parsed.primary.frame.width;
  result.height = parsed.primary.frame.height;
  result.orientation = static_cast<int>(parsed.exif.orientation);
  if (const Expected<Bytes> icc = JoinIcc(parsed.primary); icc && !icc->empty()) {
    result.icc = IccDescription(*icc);
  }
  result.claims = parsed.claims;
  result.problems = parsed.problems;
  if (parsed.map) {
    const GainMapStream& map = *parsed.map;
    InspectedMap seen{map.stream.frame.width, map.stream.frame.height,
                      static_cast<int>(map.stream.frame.components.size()), true};
    if (const Expected<DecodedJpeg> pixels = DecodeJpeg(
            map.stream.In(file.bytes),
            {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop})) {
      seen.neutral = IsNeutral(pixels->pixels.view());
    } else {
      result.problems.push_back("the gain map does not decode: " + pixels.error().message);
    }
    result.gain_map = seen;
    result.source = NameOf(map.source);
    result.metadata = map.metadata;
  }
  TakeRefusal(file, RequireGainMap(parsed).transform([](auto) {}), result);
  result.readers = PredictReaders(file.bytes, parsed);
  Expected<Verification> checks =
      CheckForeignJpeg(file.bytes, parsed, {VerifyLevel::kPixels, options.limits, options.stop});
  if (!checks) return Within(file.name, std::move(checks.error()));
  result.verification = *std::move(checks);
  return result;
}

[[nodiscard]] Expected<Inspection> InspectPicture(const InputFile& file, GainMapPicture& parsed,
                                                  const StopCondition& stop) {
  const PictureInfo& base = parsed.base;
  Inspection result;
  result.format = base.format == FileFormat::kAvif ? "avif" : "heic";
  result.width = base.width;
  result.height = base.height;
  result.orientation = static_cast<int>(base.orientation);
  if (!base.color.icc.empty()) result.icc = IccDescription(base.color.icc);
  result.claims = parsed.claims;
  result.problems = parsed.problems;
  if (parsed.map) {
    InspectedMap seen{parsed.map->width, parsed.map->height, parsed.map->channels, true};
    if (const Expected<Plane<std::uint8_t>> codes = parsed.read_map()) {
      seen.neutral = IsNeutral(codes->view());
    } else {
      result.problems.push_back("the gain map does not decode: " + codes.error().message);
    }
    result.gain_map = seen;
    result.source = NameOf(parsed.map->source);
    result.metadata = parsed.map->metadata;
  }
  TakeRefusal(file, RequireGainMap(parsed).transform([](auto) {}), result);
  result.readers = PredictPictureReaders(file.bytes, parsed);
  result.verification = CheckForeignPicture(file.bytes, parsed);
  if (Expected<void> go_on = stop.Check("inspect"); !go_on) return std::unexpected(go_on.error());
  return result;
}

}  // namespace

Expected<Inspection> Inspect(const InputFile& file, const Limits& limits,
                             const StopCondition& stop) {
  const PictureOptions options{.limits = limits, .stop = stop};
  Expected<GainMapFile> read = ReadGainMapFile(file, options);
  if (!read) return std::unexpected(std::move(read.error()));
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&read->parsed)) {
    return InspectJpeg(file, *jpeg, options);
  }
  return InspectPicture(file, std::get<GainMapPicture>(read->parsed), stop);
}

}  // namespace hdrp
