#include "edit/prepare_edit.h"

#include <algorithm>

#include "base/band_rows.h"
#include "base/formatted.h"
#include "color/convert_base.h"
#include "color/icc_write.h"
#include "decode/exif_color.h"
#include "decode/gain_map_file.h"
#include "edit/repaired_jpeg.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "package/jpeg_base.h"
#include "package/jpeg_encode.h"

namespace hdrp {
namespace {

constexpr int kFullChromaQuality = 90;

/// A JPEG keeps its scans, whatever its profile; --convert-icc asks for more.
[[nodiscard]] bool MustEncode(const InputFile& file, const EditOptions& options) {
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
    HDRP_ASSIGN_OR_RETURN(const GainMapJpeg parsed,
                          Within(file.name, ReadGainMapJpeg(file.bytes, limits)));
    if (const auto exif = parsed.primary.Find(kApp1, kExifNamespace); !exif.empty()) {
      const ByteView tiff = exif.front()->payload.subspan(kExifNamespace.size());
      kept.exif.assign(tiff.begin(), tiff.end());
    }
    if (const auto xmp = parsed.primary.Find(kApp1, kXmpNamespace); !xmp.empty()) {
      kept.xmp = AsText(xmp.front()->payload.subspan(kXmpNamespace.size()));
    }
    if (!parsed.primary.Find(kApp13, kPhotoshopNamespace).empty() ||
        !parsed.primary.Find(kApp1, kExtendedXmpNamespace).empty()) {
      warnings.emplace_back("encoding the edit anew dropped its IPTC and Extended XMP");
    }
  }
  FilteredMetadata exif = ExifWithOrientation(kept.exif, info.orientation);
  std::ranges::move(exif.warnings, std::back_inserter(warnings));
  kept.exif = std::move(exif.bytes);
  return kept;
}

[[nodiscard]] bool Subsamples(const EditOptions& options) {
  return options.subsample_chroma.value_or(options.quality < kFullChromaQuality);
}

struct Encoded {
  Bytes jpeg;
  Plane<std::uint8_t> codes;  ///< all of them, where they are wanted
  std::size_t clipped_pixels = 0;
};

[[nodiscard]] Expected<Encoded> Encode(PictureRows& picture, const BaseConverter& converter,
                                       const EditOptions& options, const StopCondition& stop) {
  const PictureInfo& info = picture.info;
  HDRP_ASSIGN_OR_RETURN(
      JpegRowWriter writer,
      JpegRowWriter::Create(info.width, info.height, info.channels,
                            {.quality = options.quality, .subsample_chroma = Subsamples(options)}));
  Plane<float> samples(info.width, kBandRows, info.channels);
  Plane<std::uint8_t> codes(info.width, options.keep_codes ? info.height : kBandRows,
                            info.channels);
  Encoded result;
  for (int first = 0; first < info.height; first += kBandRows) {
    HDRP_RETURN_IF_ERROR(stop.Check("encode the edit"));
    PlaneView<float> in = samples.view();
    PlaneView<std::uint8_t> out = codes.view();
    if (options.keep_codes) out.data = codes.Row(first);
    in.height = out.height = std::min(kBandRows, info.height - first);
    HDRP_RETURN_IF_ERROR(picture.read(in));
    for (int y = 0; y < in.height; ++y) {
      result.clipped_pixels += converter.Row(in.RowSpan(y), out.RowSpan(y));
    }
    HDRP_RETURN_IF_ERROR(writer.Write(out));
  }
  HDRP_ASSIGN_OR_RETURN(result.jpeg, std::move(writer).Finish());
  if (options.keep_codes) result.codes = std::move(codes);
  return result;
}

[[nodiscard]] bool HasIcc(const GainMapJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.primary);
  return !icc || !icc->empty();
}

[[nodiscard]] std::string SpaceName(const ColorSpec& color) {
  const std::string name = IccDescription(color.icc);
  return name.empty() ? "its colour space" : name;
}

/// What was done, for the report.
void Describe(const PictureInfo& info, OutputSpace space, const EditOptions& options,
              const Encoded& encoded, PreparedEdit& prepared) {
  prepared.steps.push_back(Formatted("{} of {} bits encoded as JPEG of quality {}, {}",
                                     NameOf(info.format), info.bits, options.quality,
                                     info.channels == 1    ? "grey"
                                     : Subsamples(options) ? "4:2:0"
                                                           : "4:4:4"));
  if (space != OutputSpace::kKeep) {
    prepared.steps.push_back(
        Formatted("colour converted from {} to {}, {:.2f} % of the pixels clipped to its gamut",
                  SpaceName(info.color), space == OutputSpace::kSrgb ? "sRGB" : "Display P3",
                  100 * static_cast<double>(encoded.clipped_pixels) /
                      (static_cast<double>(info.width) * info.height)));
  }
  const std::string& name = prepared.original->name;
  if (info.color.transfer == Transfer::kLinear) {
    prepared.warnings.push_back(name +
                                ": holds linear light: its 1.0 was taken as SDR white, what lies "
                                "above it is not in it");
  }
  for (const std::string& warning : info.warnings) {
    prepared.warnings.push_back(name + ": " + warning);
  }
}

}  // namespace

Expected<PreparedEdit> PrepareEdit(const InputFile& edit, const EditOptions& options,
                                   const Resources& resources) {
  PreparedEdit prepared;
  prepared.original = &edit;
  HDRP_ASSIGN_OR_RETURN(std::optional<Repaired> repaired, RepairedEdit(edit, resources));
  if (repaired) {
    prepared.steps.emplace_back(repaired->step);
    prepared.warnings.push_back(Formatted("{}: {}", edit.name, repaired->step));
    prepared.made = InputFile{edit.name, std::move(repaired->jpeg)};
  }
  const InputFile& file = prepared.file();
  if (!MustEncode(file, options)) return prepared;

  HDRP_ASSIGN_OR_RETURN(
      PictureRows picture,
      Within(edit.name,
             OpenPicture(file.bytes, {resources.limits, resources.stop(), options.flatten})));
  const PictureInfo& info = picture.info;
  if (info.is_float) {
    return Fail(ErrorCode::kUnsupported, edit.name,
                "expected an SDR picture as the edit, found a float {}", NameOf(info.format));
  }
  const ProfilePolicy policy = options.keep_icc ? ProfilePolicy::kKeep : ProfilePolicy::kConvert;
  HDRP_ASSIGN_OR_RETURN(const OutputSpace space,
                        Within(edit.name, OutputSpaceFor(info.color, info.channels, policy)));
  // Nothing to convert: its scans stay.
  if (info.format == FileFormat::kJpeg && space == OutputSpace::kKeep) return prepared;
  HDRP_ASSIGN_OR_RETURN(
      const BaseConverter converter,
      Within(edit.name,
             BaseConverter::Create(info.color, {info.channels, info.bits, info.is_float}, space)));
  HDRP_ASSIGN_OR_RETURN(Encoded encoded,
                        Within(edit.name, Encode(picture, converter, options, resources.stop())));
  HDRP_ASSIGN_OR_RETURN(const Kept kept,
                        MetadataOf(file, info, resources.limits, prepared.warnings));
  HDRP_ASSIGN_OR_RETURN(BaseFile made,
                        Within(edit.name, WithMetadata(encoded.jpeg, {.icc = converter.icc(),
                                                                      .exif_tiff = kept.exif,
                                                                      .xmp = kept.xmp})));
  Describe(info, space, options, encoded, prepared);
  std::ranges::move(made.warnings, std::back_inserter(prepared.warnings));
  prepared.made = InputFile{edit.name, std::move(made.bytes)};
  prepared.codes = std::move(encoded.codes);
  return prepared;
}

Expected<EditJpeg> ReadPreparedEdit(PreparedEdit& prepared, const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(EditJpeg edit, ReadEditJpeg(prepared.file(), limits));
  const std::string& name = prepared.original->name;
  HDRP_RETURN_IF_ERROR(Within(name, RequireSdr(ColorSpecOf(edit.parsed))));
  if (prepared.made) return edit;
  if (!HasIcc(edit.parsed) && ExifColorOf(edit.parsed) == ExifColor::kUncalibrated) {
    prepared.warnings.push_back(name + ": " + std::string(kSrgbDespiteExif));
  }
  if (!IsAdobeRgbByExif(edit.parsed)) return edit;
  prepared.warnings.push_back(name + ": " + std::string(kAdobeRgbByExif));
  prepared.steps.emplace_back("a profile of Adobe RGB added, as its EXIF says");
  prepared.made = InputFile{
      name, WithIccProfile(prepared.original->bytes, edit.parsed.primary, AdobeRgbIccProfile())};
  return ReadEditJpeg(*prepared.made, limits);
}

}  // namespace hdrp
