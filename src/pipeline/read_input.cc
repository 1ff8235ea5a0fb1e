#include "color/hdr_profile.h"
#include "color/icc_write.h"
#include "decode/codecs.h"
#include "decode/sniff.h"
#include "metadata/jpeg_markers.h"
#include "pipeline/stages.h"

namespace hdrp {

namespace {

/// The error of a file that is none of `wanted`.
[[nodiscard]] std::unexpected<Error> NotA(std::string_view wanted, const InputFile& file) {
  if (file.bytes.empty()) {
    return Fail(ErrorCode::kBadInput, file.name, "expected a {}, found an empty file", wanted);
  }
  const FileFormat format = Sniff(file.bytes);
  return Fail(format == FileFormat::kUnknown ? ErrorCode::kBadInput : ErrorCode::kUnsupported,
              file.name, "expected a {}, found {}", wanted, NameOf(format));
}

}  // namespace

Expected<ReadJpeg> ReadInputJpeg(const InputFile& file, const Limits& limits) {
  // Pictures of other formats were made a JPEG of before they come here.
  if (Sniff(file.bytes) != FileFormat::kJpeg) {
    return NotA("JPEG, PNG, TIFF, WebP, HEIC, AVIF or JPEG XL", file);
  }
  Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file.bytes, limits);
  if (!parsed) return Within(file.name, std::move(parsed.error()));
  return ReadJpeg{&file, *std::move(parsed)};
}

PictureOptions PictureOptionsOf(const Request& request) {
  return {.limits = request.limits,
          .stop = request.parallelism.stop,
          .flatten = request.options.flatten,
          .exr_layer = request.options.exr_layer};
}

Raster GainMapFile::raster() const {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&parsed)) {
    return {jpeg->primary.frame.width, jpeg->primary.frame.height, jpeg->exif.orientation};
  }
  const PictureInfo& base = std::get<GainMapPicture>(parsed).base;
  return {base.width, base.height, base.orientation};
}

bool GainMapFile::has_map() const {
  return std::visit([](const auto& held) { return held.map.has_value(); }, parsed);
}

const std::vector<std::string>& GainMapFile::problems() const {
  return std::visit([](const auto& held) -> const auto& { return held.problems; }, parsed);
}

Expected<GainMapFile> ReadGainMapFile(const InputFile& file, const PictureOptions& options) {
  const FileFormat format = Sniff(file.bytes);
  if (format != FileFormat::kHeif && format != FileFormat::kAvif) {
    if (format != FileFormat::kJpeg) return NotA("JPEG, HEIC or AVIF", file);
    Expected<ReadJpeg> jpeg = ReadInputJpeg(file, options.limits);
    if (!jpeg) return std::unexpected(std::move(jpeg.error()));
    return GainMapFile{&file, std::move(jpeg->parsed)};
  }
  Expected<GainMapPicture> picture = OpenGainMapWithCodec(format, file.bytes, options);
  if (!picture) return Within(file.name, std::move(picture.error()));
  picture->base.color = WithProfileRead(std::move(picture->base.color));
  return GainMapFile{&file, *std::move(picture)};
}

ColorSpec ColorSpecOf(const GainMapJpeg& jpeg) {
  // A broken profile says nothing; whoever needs the colours reads it again and fails.
  return WithProfileRead({.icc = JoinIcc(jpeg.primary).value_or(Bytes{})});
}

bool IsAdobeRgbByExif(const GainMapJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.primary);
  return icc && icc->empty() && ExifColorOf(jpeg) == ExifColor::kAdobeRgb;
}

ExifColor ExifColorOf(const GainMapJpeg& jpeg) {
  const auto exif = jpeg.primary.Find(kApp1, kExifNamespace);
  return exif.empty() ? ExifColor::kUnsaid
                      : ReadExifColor(exif.front()->payload.subspan(kExifNamespace.size()));
}

Expected<BaseColor> BaseColorOf(const ReadJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.parsed.primary);
  if (!icc) return std::unexpected(icc.error());
  if (IsAdobeRgbByExif(jpeg.parsed)) return ReadIccProfile(AdobeRgbIccProfile());
  return icc->empty() ? SrgbColor() : ReadIccProfile(*icc);
}

}  // namespace hdrp
