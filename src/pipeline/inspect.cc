#include "pipeline/inspect.h"

#include "color/icc.h"
#include "decode/gain_map_file.h"
#include "derive/hdr_light.h"
#include "gainmap/gain.h"
#include "pipeline/reference_refusal.h"
#include "verify/verify_picture.h"

namespace hdrp {
namespace {

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
  result.format = WordOf(info.format);
  result.width = info.width;
  result.height = info.height;
  result.orientation = static_cast<int>(info.orientation);
  if (!info.color.icc.empty()) result.icc = IccDescription(info.color.icc);
  return result;
}

/// The map, its numbers, and what is wrong with them.
void DescribeMap(GainMapFile& file, Inspection& result) {
  result.claims = file.claims;
  result.problems = file.problems;
  if (!file.map) return;
  InspectedMap seen{file.map->width, file.map->height, file.map->channels, true};
  if (const Expected<MapCodes> read = file.read_map()) {
    seen.neutral = IsNeutral(read->codes.view());
  } else {
    result.problems.push_back("the gain map does not decode: " + read.error().message);
  }
  result.gain_map = seen;
  result.source = NameOf(file.map->source);
  result.metadata = file.map->metadata;
}

[[nodiscard]] std::vector<ReaderVerdict> ReadersOf(const GainMapFile& file) {
  if (file.jpeg) return PredictReaders(file.file->bytes, *file.jpeg);
  return IsHdrRendition(file) ? PredictStillReaders(file.base, true)
                              : PredictPictureReaders(file.file->bytes, file);
}

[[nodiscard]] Expected<Inspection> InspectJpeg(GainMapFile& file, const PictureOptions& options) {
  const GainMapJpeg& parsed = *file.jpeg;
  const ByteView bytes = file.file->bytes;
  Inspection result = Described(file.base);
  if (const Expected<Bytes> icc = JoinIcc(parsed.primary); icc && !icc->empty()) {
    result.icc = IccDescription(*icc);
  }
  DescribeMap(file, result);
  HDRP_ASSIGN_OR_RETURN(result.refusal, RefusalAsReference(file, options));
  result.readers = ReadersOf(file);
  HDRP_ASSIGN_OR_RETURN(
      result.verification,
      Within(
          file.file->name,
          CheckForeignJpeg(bytes, parsed, {VerifyLevel::kPixels, options.limits, options.stop})));
  return result;
}

[[nodiscard]] Expected<Inspection> InspectPicture(GainMapFile& file,
                                                  const PictureOptions& options) {
  const ByteView bytes = file.file->bytes;
  Inspection result = Described(file.base);
  DescribeMap(file, result);
  const bool is_hdr = IsHdrRendition(file);
  if (is_hdr) result.hdr_rendition = RenditionOf(file.base);
  HDRP_ASSIGN_OR_RETURN(result.refusal, is_hdr ? RefusalAsRendition(*file.file, options)
                                               : RefusalAsReference(file, options));
  result.readers = ReadersOf(file);
  result.verification = CheckForeignPicture(bytes, file);
  HDRP_RETURN_IF_ERROR(options.stop.Check("inspect"));
  return result;
}

/// A picture of a format that holds no gain map that is read.
[[nodiscard]] Expected<Inspection> InspectStill(const InputFile& file,
                                                const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const PictureRows picture,
                        Within(file.name, OpenPicture(file.bytes, options)));
  const PictureInfo& info = picture.info;
  Inspection result = Described(info);
  if (!info.unread_gain_map.empty()) result.claims.push_back(info.unread_gain_map);
  result.problems = info.warnings;
  result.hdr_rendition = RenditionOf(info);
  HDRP_ASSIGN_OR_RETURN(result.refusal, RefusalAsRendition(file, options));
  result.readers = PredictStillReaders(info, result.hdr_rendition.has_value());
  return result;
}

}  // namespace

Expected<Inspection> Inspect(const InputFile& file, const Limits& limits,
                             const StopCondition& stop) {
  const PictureOptions options{.limits = limits, .stop = stop};
  if (!MayHoldGainMap(file.bytes)) return InspectStill(file, options);
  HDRP_ASSIGN_OR_RETURN(GainMapFile read, OpenGainMapFile(file, options));
  return read.jpeg ? InspectJpeg(read, options) : InspectPicture(read, options);
}

Expected<std::vector<ReaderVerdict>> ReadersOf(const InputFile& file, const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(const GainMapFile read, OpenGainMapFile(file, {.limits = limits}));
  return ReadersOf(read);
}

}  // namespace hdrp
