#include "evaluate/scene.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "evaluate/linear_reducer.h"
#include "evaluate/target.h"
#include "gainmap/coloured.h"
#include "metadata/digest.h"
#include "metadata/xmp.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"
#include "obtain/extract.h"

namespace hdrp {
namespace {

struct Writer {
  WriterGroup group = WriterGroup::kPhone;
  std::string date_time_original;
};

[[nodiscard]] Writer WriterOf(const GainMapJpeg& jpeg) {
  std::string tool;
  for (const XmpFacts& xmp : jpeg.announcements.xmp) {
    if (xmp.creator_tool && tool.empty()) tool = *xmp.creator_tool;
  }
  return {WriterGroupOf(jpeg.exif.software, tool), jpeg.exif.date_time_original};
}

[[nodiscard]] Writer WriterOf(const GainMapPicture& picture) {
  const ExifFacts exif = ReadExif(picture.base.exif).value_or(ExifFacts{});
  const XmpFacts xmp = ReadXmp(picture.base.xmp).value_or(XmpFacts{});
  return {WriterGroupOf(exif.software, xmp.creator_tool.value_or("")), exif.date_time_original};
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(const GainMapJpeg& jpeg, const Request& request) {
  HDRP_ASSIGN_OR_RETURN(const GainMapStream* map, RequireGainMap(jpeg));
  return ExtractGainMap(request.base.bytes, *map, request.options.apple_transfer, request.limits);
}

[[nodiscard]] Expected<EncodedGainMap> MapOf(GainMapPicture& picture, const Request& request) {
  HDRP_RETURN_IF_ERROR(RequireGainMap(picture));
  return ExtractGainMap(picture, request.options.apple_transfer);
}

/// The base's pixels pass by once.
[[nodiscard]] Expected<void> ReadBase(const ReadJpeg& jpeg, const Request& request, Scene& scene) {
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader,
                        JpegRowReader::Open(jpeg.parsed.primary.In(jpeg.file->bytes),
                                            {.output = JpegOutput::kRgb,
                                             .limits = request.limits,
                                             .stop = request.parallelism.stop}));
  const RasterSize size{reader.width(), reader.height()};
  const RasterSize small = BrightWorkingSize(size);
  AreaReducer coded(size, 3, small);
  LinearReducer linear(size, small);
  constexpr int kBandRows = 64;
  Plane<std::uint8_t> band(size.width, kBandRows, 3);
  while (reader.rows_read() < size.height) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, size.height - reader.rows_read());
    HDRP_RETURN_IF_ERROR(reader.Read(rows));
    for (int y = 0; y < rows.height; ++y) {
      coded.AddRow(rows.Row(y));
      linear.AddRow(rows.Row(y));
    }
  }
  scene.base_size = size;
  scene.coded = coded.Take();
  scene.linear = linear.Take();
  return {};
}

[[nodiscard]] Expected<Scene> ReadUnnamed(const Request& request) {
  HDRP_ASSIGN_OR_RETURN(GainMapFile file, ReadGainMapFile(request.base, PictureOptionsOf(request)));
  HDRP_ASSIGN_OR_RETURN(
      const EncodedGainMap map,
      std::visit([&](auto& parsed) { return MapOf(parsed, request); }, file.parsed));
  if (NeedsAlternatePrimaries(map)) {
    return Fail(ErrorCode::kUnsupported, "gain map",
                "the map is coloured and its gains are in other primaries than the base's");
  }
  const Writer writer =
      std::visit([](const auto& parsed) { return WriterOf(parsed); }, file.parsed);

  Scene scene;
  scene.name = request.base.name;
  scene.sha256 = Sha256Hex(request.base.bytes);
  scene.group = writer.group;
  scene.date_time_original = writer.date_time_original;
  const Log2Gain gain = DecodeGain(map);
  scene.map_span_stops = QuantileOf(gain.stops.view(), 0.99) - QuantileOf(gain.stops.view(), 0.01);
  Report report;
  HDRP_ASSIGN_OR_RETURN(scene.prepared, PrepareBase(request, report));
  HDRP_ASSIGN_OR_RETURN(const ReadJpeg jpeg, ReadInputJpeg(scene.prepared.file(), request.limits));
  HDRP_ASSIGN_OR_RETURN(const BaseColor color, BaseColorOf(jpeg));
  scene.rec2020_from_base = RgbFromRgb(color.primaries, kRec2020Primaries);
  if (!IsFinite(scene.rec2020_from_base)) {
    return Fail(ErrorCode::kBadInput, "ICC profile", "expected primaries that span a gamut");
  }
  HDRP_RETURN_IF_ERROR(ReadBase(jpeg, request, scene));
  HDRP_ASSIGN_OR_RETURN(scene.target_stops, TargetStops(scene.linear.view(), map));
  return scene;
}

}  // namespace

std::string_view NameOf(WriterGroup group) {
  switch (group) {
    case WriterGroup::kPhone:
      return "phone";
    case WriterGroup::kAcr:
      return "acr";
  }
  std::unreachable();
}

WriterGroup WriterGroupOf(std::string_view software, std::string_view creator_tool) {
  return software.starts_with("Adobe") || creator_tool.starts_with("Adobe") ? WriterGroup::kAcr
                                                                            : WriterGroup::kPhone;
}

std::string SceneKeyOf(std::string_view source, std::string_view date_time_original) {
  constexpr std::size_t kThroughHour = 13;  // "2025:11:24 09"
  if (date_time_original.size() < kThroughHour) return std::string(source);
  return Formatted("{}/{}", source, date_time_original.substr(0, kThroughHour));
}

Expected<Scene> ReadScene(const Request& request) {
  Expected<Scene> scene = ReadUnnamed(request);
  // Some places below name the file already.
  if (!scene && !scene.error().where.starts_with(request.base.name)) {
    return Within(request.base.name, std::move(scene.error()));
  }
  return scene;
}

}  // namespace hdrp
