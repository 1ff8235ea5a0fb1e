#include "pipeline/render.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "color/icc.h"
#include "color/linearise.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/apply.h"
#include "gainmap/gain_rows.h"
#include "obtain/extract.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 16;

/// The base in linear light of its own primaries, row by row.
struct LinearBase {
  Raster raster;
  Chromaticities primaries;
  std::move_only_function<Expected<void>(PlaneView<float> band)> read;
};

[[nodiscard]] Expected<LinearBase> OpenBase(const InputFile& file, GainMapJpeg& jpeg,
                                            const RenderOptions& options) {
  const Raster raster{jpeg.primary.frame.width, jpeg.primary.frame.height, jpeg.exif.orientation};
  Expected<BaseColor> color = BaseColorOf({&file, jpeg});
  if (!color) return Within(file.name + ": ICC profile", std::move(color.error()));
  Expected<JpegRowReader> reader = JpegRowReader::Open(
      jpeg.primary.In(file.bytes),
      {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop});
  if (!reader) return Within(file.name, std::move(reader.error()));
  const Chromaticities primaries = color->primaries;
  Plane<std::uint8_t> codes(raster.width, kBandRows, reader->channels());
  auto read = [reader = *std::move(reader), color = *std::move(color),
               codes = std::move(codes)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<std::uint8_t> rows = codes.view();
    rows.height = band.height;
    if (Expected<void> ok = reader.Read(rows); !ok) return ok;
    for (int y = 0; y < band.height; ++y) LinearFromCodes(rows.RowSpan(y), color, band.RowSpan(y));
    return {};
  };
  return LinearBase{raster, primaries, std::move(read)};
}

[[nodiscard]] Expected<LinearBase> OpenBase(const InputFile& file, GainMapPicture&,
                                            const RenderOptions& options) {
  Expected<PictureRows> picture =
      OpenPicture(file.bytes, {.limits = options.limits, .stop = options.stop});
  if (!picture) return Within(file.name, std::move(picture.error()));
  const PictureInfo& info = picture->info;
  const Raster raster{info.width, info.height, info.orientation};
  Chromaticities primaries = info.color.primaries;
  if (!info.color.icc.empty()) {
    const Expected<BaseColor> color = ReadIccProfile(info.color.icc);
    if (!color) return Within(file.name + ": ICC profile", color.error());
    primaries = color->primaries;
  }
  Expected<RowLineariser> lineariser = RowLineariser::Create(
      info.color, {info.channels, info.bits, info.is_float}, {.target = primaries});
  if (!lineariser) return Within(file.name, std::move(lineariser.error()));
  Plane<float> samples(info.width, kBandRows, info.channels);
  auto read = [picture = *std::move(picture), lineariser = *std::move(lineariser),
               samples = std::move(samples)](PlaneView<float> band) mutable -> Expected<void> {
    PlaneView<float> rows = samples.view();
    rows.height = band.height;
    if (Expected<void> ok = picture.read(rows); !ok) return ok;
    for (int y = 0; y < band.height; ++y) lineariser.Row(rows.RowSpan(y), band.RowSpan(y));
    return {};
  };
  return LinearBase{raster, primaries, std::move(read)};
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(const InputFile& file, GainMapJpeg& jpeg,
                                             const RenderOptions& options) {
  const Expected<const GainMapStream*> found = RequireGainMap(jpeg);
  if (!found) return std::unexpected(found.error());
  return ExtractGainMap(file.bytes, **found, options.apple_transfer, options.limits);
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(const InputFile&, GainMapPicture& picture,
                                             const RenderOptions& options) {
  const Expected<const PictureMap*> found = RequireGainMap(picture);
  if (!found) return std::unexpected(found.error());
  return ExtractGainMap(picture, options.apple_transfer);
}

}  // namespace

Expected<void> RenderHdr(const InputFile& file, const RenderOptions& options,
                         const std::filesystem::path& path) {
  Expected<GainMapFile> parsed =
      ReadGainMapFile(file, {.limits = options.limits, .stop = options.stop});
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  const Expected<EncodedGainMap> map =
      std::visit([&](auto& held) { return MapOf(file, held, options); }, parsed->parsed);
  if (!map) return Within(file.name, map.error());
  Expected<LinearBase> base =
      std::visit([&](auto& held) { return OpenBase(file, held, options); }, parsed->parsed);
  if (!base) return std::unexpected(std::move(base.error()));
  const auto [width, height, orientation] = base->raster;
  Expected<FloatImageWriter> writer = FloatImageWriter::Create(
      path, options.format, {width, height, base->primaries, static_cast<int>(orientation)});
  if (!writer) return std::unexpected(std::move(writer.error()));

  const GainRows gain_rows(*map, width, height);
  const ApplyConstants constants = ApplyConstantsOf(map->metadata, 1.0);
  std::vector<float> gain(static_cast<std::size_t>(gain_rows.channels()) *
                          static_cast<std::size_t>(width));
  Plane<float> linear(width, kBandRows, 3);
  Plane<float> hdr(width, kBandRows, 3);
  for (int first = 0; first < height; first += kBandRows) {
    PlaneView<float> in = linear.view();
    PlaneView<float> out = hdr.view();
    in.height = out.height = std::min(kBandRows, height - first);
    if (Expected<void> ok = base->read(in); !ok) return Within(file.name, std::move(ok.error()));
    for (int y = 0; y < in.height; ++y) {
      gain_rows.Row(first + y, gain);
      ApplyGainRow(in.RowSpan(y), gain, constants, out.RowSpan(y));
    }
    if (Expected<void> ok = writer->Write(out); !ok) return ok;
  }
  return writer->Finish();
}

}  // namespace hdrp
