#include "evaluate/scene.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/band_rows.h"
#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "evaluate/linear_reducer.h"
#include "evaluate/target.h"
#include "gainmap/coloured.h"
#include "metadata/digest.h"
#include "metadata/xmp.h"
#include "obtain/extract.h"
#include "predict/area_reducer.h"
#include "predict/bright.h"

namespace hdrp {
namespace {

struct Writer {
  WriterGroup group = WriterGroup::kPhone;
  std::string date_time_original;
};

[[nodiscard]] Writer WriterOf(const GainMapFile& file) {
  if (!file.jpeg) {
    const ExifFacts exif = ReadExif(file.base.exif).value_or(ExifFacts{});
    const XmpFacts xmp = ReadXmp(file.base.xmp).value_or(XmpFacts{});
    return {WriterGroupOf(exif.software, xmp.creator_tool.value_or("")), exif.date_time_original};
  }
  std::string tool;
  for (const XmpFacts& xmp : file.jpeg->announcements.xmp) {
    if (xmp.creator_tool && tool.empty()) tool = *xmp.creator_tool;
  }
  return {WriterGroupOf(file.jpeg->exif.software, tool), file.jpeg->exif.date_time_original};
}

/// The base's pixels pass by once.
[[nodiscard]] Expected<void> ReadBase(const EditJpeg& jpeg, const Request& request, Scene& scene) {
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader,
                        JpegRowReader::Open(jpeg.parsed.primary.In(jpeg.file->bytes),
                                            {.output = JpegOutput::kRgb,
                                             .limits = request.limits,
                                             .stop = request.parallelism.stop}));
  const RasterSize size{reader.width(), reader.height()};
  const RasterSize small = BrightWorkingSize(size);
  AreaReducer coded(size, 3, small);
  LinearReducer linear(size, small);
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
  const Resources resources{request.limits, request.parallelism};
  HDRP_ASSIGN_OR_RETURN(GainMapFile file,
                        OpenGainMapFile(request.base, {.limits = request.limits,
                                                       .stop = resources.stop(),
                                                       .flatten = request.options.edit.flatten}));
  HDRP_RETURN_IF_ERROR(RequireGainMap(file));
  HDRP_ASSIGN_OR_RETURN(const EncodedGainMap map,
                        ExtractGainMap(file, request.options.apple_transfer));
  if (NeedsAlternatePrimaries(map)) {
    return Fail(ErrorCode::kUnsupported, "gain map",
                "the map is coloured and its gains are in other primaries than the base's");
  }
  const Writer writer = WriterOf(file);

  Scene scene;
  scene.name = request.base.name;
  scene.sha256 = Sha256Hex(request.base.bytes);
  scene.group = writer.group;
  scene.date_time_original = writer.date_time_original;
  const Log2Gain gain = DecodeGain(map);
  scene.map_span_stops = QuantileOf(gain.stops.view(), 0.99) - QuantileOf(gain.stops.view(), 0.01);
  HDRP_ASSIGN_OR_RETURN(scene.prepared, PrepareEdit(request.base, {}, resources));
  HDRP_ASSIGN_OR_RETURN(const EditJpeg jpeg, ReadEditJpeg(scene.prepared.file(), request.limits));
  HDRP_ASSIGN_OR_RETURN(const BaseColor color, BaseColorOf(jpeg.parsed));
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
