// An edit of any format becomes the JPEG that the rest of the flow works on.
#include <algorithm>

#include "base/formatted.h"
#include "color/convert_base.h"
#include "color/icc.h"
#include "color/icc_write.h"
#include "decode/exif_color.h"
#include "decode/picture.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "package/jpeg_base.h"
#include "package/jpeg_encode.h"
#include "pipeline/repaired_jpeg.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;
constexpr int kDefaultJpegQuality = 95;
constexpr int kFullChromaQuality = 90;

/// A JPEG keeps its scans, whatever its profile; --convert-icc asks for more.
[[nodiscard]] bool MustEncode(const InputFile& file, const Options& options) {
  const FileFormat format = Sniff(file.bytes);
  return (format != FileFormat::kJpeg || options.convert_icc) && format != FileFormat::kUnknown;
}

struct Kept {
  Bytes exif;
  std::string xmp;
};

/// What describes the picture in its own container.
[[nodiscard]] Expected<Kept> MetadataOf(const InputFile& file, const PictureInfo& info,
                                        const Limits& limits, std::vector<std::string>& warnings) {
  Kept kept{info.exif, info.xmp};
  if (info.format == FileFormat::kTiff) {
    FilteredMetadata exif = ExifFromTiffFile(file.bytes);
    std::ranges::move(exif.warnings, std::back_inserter(warnings));
    kept.exif = std::move(exif.bytes);
  } else if (info.format == FileFormat::kJpeg) {
    const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file.bytes, limits);
    if (!parsed) return Within(file.name, parsed.error());
    if (const auto exif = parsed->primary.Find(kApp1, kExifNamespace); !exif.empty()) {
      const ByteView tiff = exif.front()->payload.subspan(kExifNamespace.size());
      kept.exif.assign(tiff.begin(), tiff.end());
    }
    if (const auto xmp = parsed->primary.Find(kApp1, kXmpNamespace); !xmp.empty()) {
      kept.xmp = AsText(xmp.front()->payload.subspan(kXmpNamespace.size()));
    }
    if (!parsed->primary.Find(kApp13, kPhotoshopNamespace).empty() ||
        !parsed->primary.Find(kApp1, kExtendedXmpNamespace).empty()) {
      warnings.emplace_back("encoding the edit anew dropped its IPTC and Extended XMP");
    }
  }
  FilteredMetadata exif = ExifWithOrientation(kept.exif, info.orientation);
  std::ranges::move(exif.warnings, std::back_inserter(warnings));
  kept.exif = std::move(exif.bytes);
  return kept;
}

struct Encoded {
  Bytes jpeg;
  Plane<std::uint8_t> codes;  ///< all of them, where they are wanted
  std::size_t clipped_pixels = 0;
};

[[nodiscard]] Expected<Encoded> Encode(PictureRows& picture, const BaseConverter& converter,
                                       const JpegEncodeOptions& options, const Request& request) {
  const PictureInfo& info = picture.info;
  const StopCondition& stop = request.parallelism.stop;
  const bool keep_codes = request.options.format != OutputFormat::kJpeg;
  Expected<JpegRowWriter> writer =
      JpegRowWriter::Create(info.width, info.height, info.channels, options);
  if (!writer) return std::unexpected(std::move(writer.error()));
  Plane<float> samples(info.width, kBandRows, info.channels);
  Plane<std::uint8_t> codes(info.width, keep_codes ? info.height : kBandRows, info.channels);
  Encoded result;
  for (int first = 0; first < info.height; first += kBandRows) {
    if (Expected<void> go_on = stop.Check("encode the edit"); !go_on) {
      return std::unexpected(std::move(go_on.error()));
    }
    PlaneView<float> in = samples.view();
    PlaneView<std::uint8_t> out = codes.view();
    if (keep_codes) out.data = codes.Row(first);
    in.height = out.height = std::min(kBandRows, info.height - first);
    if (Expected<void> ok = picture.read(in); !ok) return std::unexpected(std::move(ok.error()));
    for (int y = 0; y < in.height; ++y) {
      result.clipped_pixels += converter.Row(in.RowSpan(y), out.RowSpan(y));
    }
    if (Expected<void> ok = writer->Write(out); !ok) return std::unexpected(std::move(ok.error()));
  }
  Expected<Bytes> jpeg = std::move(*writer).Finish();
  if (!jpeg) return std::unexpected(std::move(jpeg.error()));
  result.jpeg = *std::move(jpeg);
  if (keep_codes) result.codes = std::move(codes);
  return result;
}

[[nodiscard]] bool HasIcc(const ReadJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.parsed.primary);
  return !icc || !icc->empty();
}

[[nodiscard]] std::string SpaceName(const ColorSpec& color) {
  const std::string name = IccDescription(color.icc);
  return name.empty() ? "its colour space" : name;
}

}  // namespace

Expected<PreparedBase> PrepareBase(const Request& request, Report& report) {
  const Options& options = request.options;
  Expected<std::optional<InputFile>> repaired = RepairedEdit(request, report);
  if (!repaired) return std::unexpected(std::move(repaired.error()));
  const InputFile& file = *repaired ? **repaired : request.base;
  if (!MustEncode(file, options)) return PreparedBase{&request.base, *std::move(repaired), {}};

  Expected<PictureRows> picture =
      OpenPicture(file.bytes, {request.limits, request.parallelism.stop, options.flatten});
  if (!picture) return Within(file.name, std::move(picture.error()));
  const PictureInfo& info = picture->info;
  if (info.is_float) {
    return Fail(ErrorCode::kUnsupported, file.name,
                "expected an SDR picture as the edit, found a float {}", NameOf(info.format));
  }
  const Expected<OutputSpace> space = OutputSpaceFor(
      info.color, info.channels, options.keep_icc ? ProfilePolicy::kKeep : ProfilePolicy::kConvert);
  if (!space) return Within(file.name, space.error());
  if (info.format == FileFormat::kJpeg && *space == OutputSpace::kKeep) {
    // Nothing to convert: its scans stay.
    return PreparedBase{&request.base, *std::move(repaired), {}};
  }
  const Expected<BaseConverter> converter =
      BaseConverter::Create(info.color, {info.channels, info.bits, info.is_float}, *space);
  if (!converter) return Within(file.name, converter.error());

  // With another output format this JPEG is the SDR preview, and the wishes are not for it.
  const int quality = options.format == OutputFormat::kJpeg
                          ? options.base_quality.value_or(kDefaultJpegQuality)
                          : kDefaultJpegQuality;
  const bool subsample = options.format == OutputFormat::kJpeg
                             ? options.subsample_chroma.value_or(quality < kFullChromaQuality)
                             : false;
  Expected<Encoded> encoded =
      Encode(*picture, *converter, {.quality = quality, .subsample_chroma = subsample}, request);
  if (!encoded) return Within(file.name, std::move(encoded.error()));
  const Expected<Kept> kept = MetadataOf(file, info, request.limits, report.warnings);
  if (!kept) return std::unexpected(kept.error());
  Expected<BaseFile> made = WithMetadata(
      encoded->jpeg, {.icc = converter->icc(), .exif_tiff = kept->exif, .xmp = kept->xmp});
  if (!made) return Within(file.name, std::move(made.error()));

  report.base_steps.push_back(Formatted("{} of {} bits encoded as JPEG of quality {}, {}",
                                        NameOf(info.format), info.bits, quality,
                                        info.channels == 1 ? "grey"
                                        : subsample        ? "4:2:0"
                                                           : "4:4:4"));
  if (*space != OutputSpace::kKeep) {
    report.base_steps.push_back(
        Formatted("colour converted from {} to {}, {:.2f} % of the pixels clipped to its gamut",
                  SpaceName(info.color), *space == OutputSpace::kSrgb ? "sRGB" : "Display P3",
                  100 * static_cast<double>(encoded->clipped_pixels) /
                      (static_cast<double>(info.width) * info.height)));
  }
  if (info.color.transfer == Transfer::kLinear) {
    report.warnings.push_back(file.name +
                              ": holds linear light: its 1.0 was taken as SDR white, what lies "
                              "above it is not in it");
  }
  for (const std::string& warning : info.warnings) {
    report.warnings.push_back(file.name + ": " + warning);
  }
  std::ranges::move(made->warnings, std::back_inserter(report.warnings));
  PreparedBase prepared;
  prepared.original = &request.base;
  prepared.made = InputFile{file.name, std::move(made->bytes)};
  prepared.codes = std::move(encoded->codes);
  return prepared;
}

Expected<ReadJpeg> ReadPreparedBase(PreparedBase& prepared, const Request& request,
                                    Report& report) {
  Expected<ReadJpeg> base = ReadInputJpeg(prepared.file(), request.limits);
  if (!base) return base;
  const std::string& name = prepared.original->name;
  if (Expected<void> sdr = RequireSdr(ColorSpecOf(base->parsed)); !sdr) {
    return Within(name, std::move(sdr.error()));
  }
  if (prepared.made) return base;
  if (!HasIcc(*base) && ExifColorOf(base->parsed) == ExifColor::kUncalibrated) {
    report.warnings.push_back(name + ": " + std::string(kSrgbDespiteExif));
  }
  if (!IsAdobeRgbByExif(base->parsed)) return base;
  report.warnings.push_back(name + ": " + std::string(kAdobeRgbByExif));
  report.base_steps.emplace_back("a profile of Adobe RGB added, as its EXIF says");
  prepared.made = InputFile{
      name, WithIccProfile(prepared.original->bytes, base->parsed.primary, AdobeRgbIccProfile())};
  return ReadInputJpeg(*prepared.made, request.limits);
}

}  // namespace hdrp
