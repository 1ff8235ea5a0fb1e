#include "pipeline/inspect.h"

#include "color/icc.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/hdr_light.h"
#include "pipeline/reference_refusal.h"
#include "pipeline/stages.h"
#include "verify/verify_picture.h"

namespace hdrp {
namespace {

/// As the JSON calls it.
[[nodiscard]] std::string_view FormatName(FileFormat format) {
  switch (format) {
    case FileFormat::kJpeg:
      return "jpeg";
    case FileFormat::kPng:
      return "png";
    case FileFormat::kTiff:
      return "tiff";
    case FileFormat::kOpenExr:
      return "exr";
    case FileFormat::kRadiance:
      return "radiance";
    case FileFormat::kPfm:
      return "pfm";
    case FileFormat::kWebp:
      return "webp";
    case FileFormat::kHeif:
      return "heic";
    case FileFormat::kAvif:
      return "avif";
    case FileFormat::kJxl:
      return "jxl";
    case FileFormat::kGif:
      return "gif";
    case FileFormat::kBmp:
      return "bmp";
    case FileFormat::kUnknown:
      break;
  }
  return "unknown";
}

[[nodiscard]] std::optional<InspectedRendition> RenditionOf(const PictureInfo& info) {
  if (!IsHdr(info)) return std::nullopt;
  const Transfer transfer = info.color.transfer;
  return InspectedRendition{transfer == Transfer::kPq       ? "pq"
                            : transfer == Transfer::kHlg    ? "hlg"
                            : transfer == Transfer::kLinear ? "linear"
                                                            : "icc",
                            info.bits};
}

/// What any format's headers say.
[[nodiscard]] Inspection Described(const PictureInfo& info) {
  Inspection result;
  result.format = FormatName(info.format);
  result.width = info.width;
  result.height = info.height;
  result.orientation = static_cast<int>(info.orientation);
  if (!info.color.icc.empty()) result.icc = IccDescription(info.color.icc);
  return result;
}

[[nodiscard]] Expected<Inspection> InspectJpeg(GainMapFile& read, const PictureOptions& options) {
  const InputFile& file = *read.file;
  const GainMapJpeg& parsed = std::get<GainMapJpeg>(read.parsed);
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
  Expected<std::optional<Error>> refusal = RefusalAsReference(file, read, options);
  if (!refusal) return std::unexpected(std::move(refusal.error()));
  result.refusal = *std::move(refusal);
  result.readers = PredictReaders(file.bytes, parsed);
  Expected<Verification> checks =
      CheckForeignJpeg(file.bytes, parsed, {VerifyLevel::kPixels, options.limits, options.stop});
  if (!checks) return Within(file.name, std::move(checks.error()));
  result.verification = *std::move(checks);
  return result;
}

[[nodiscard]] Expected<Inspection> InspectPicture(GainMapFile& read,
                                                  const PictureOptions& options) {
  const InputFile& file = *read.file;
  auto& parsed = std::get<GainMapPicture>(read.parsed);
  Inspection result = Described(parsed.base);
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
  const bool is_hdr = IsHdrRendition(read);
  if (is_hdr) result.hdr_rendition = RenditionOf(parsed.base);
  Expected<std::optional<Error>> refusal =
      is_hdr ? RefusalAsRendition(file, options) : RefusalAsReference(file, read, options);
  if (!refusal) return std::unexpected(std::move(refusal.error()));
  result.refusal = *std::move(refusal);
  result.readers =
      is_hdr ? PredictStillReaders(parsed.base, true) : PredictPictureReaders(file.bytes, parsed);
  result.verification = CheckForeignPicture(file.bytes, parsed);
  if (Expected<void> go_on = options.stop.Check("inspect"); !go_on) {
    return std::unexpected(std::move(go_on.error()));
  }
  return result;
}

/// A picture of a format that holds no gain map that is read.
[[nodiscard]] Expected<Inspection> InspectStill(const InputFile& file,
                                                const PictureOptions& options) {
  const Expected<PictureRows> picture = OpenPicture(file.bytes, options);
  if (!picture) return Within(file.name, picture.error());
  const PictureInfo& info = picture->info;
  Inspection result = Described(info);
  if (!info.unread_gain_map.empty()) result.claims.push_back(info.unread_gain_map);
  result.problems = info.warnings;
  result.hdr_rendition = RenditionOf(info);
  Expected<std::optional<Error>> refusal = RefusalAsRendition(file, options);
  if (!refusal) return std::unexpected(std::move(refusal.error()));
  result.refusal = *std::move(refusal);
  result.readers = PredictStillReaders(info, result.hdr_rendition.has_value());
  return result;
}

}  // namespace

Expected<Inspection> Inspect(const InputFile& file, const Limits& limits,
                             const StopCondition& stop) {
  const PictureOptions options{.limits = limits, .stop = stop};
  if (!MayHoldGainMap(file)) return InspectStill(file, options);
  Expected<GainMapFile> read = ReadGainMapFile(file, options);
  if (!read) return std::unexpected(std::move(read.error()));
  if (std::holds_alternative<GainMapJpeg>(read->parsed)) return InspectJpeg(*read, options);
  return InspectPicture(*read, options);
}

}  // namespace hdrp
