#include "decode/gain_map_jpeg.h"

#include <cmath>
#include <cstdint>
#include <string_view>

#include "decode/container_report.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "gain-map JPEG";

void Append(std::vector<std::string>& sentences, const std::vector<std::string>& more) {
  sentences.insert(sentences.end(), more.begin(), more.end());
}

/// EXIF decides nothing about the map but Apple's headroom: damage is reported, not an error.
ExifFacts ReadExifOf(const JpegStream& stream, std::vector<std::string>& problems) {
  const auto segments = stream.Find(kApp1, kExifNamespace);
  if (segments.empty()) return {};
  auto exif = ReadExif(segments.front()->payload.subspan(kExifNamespace.size()));
  if (!exif) {
    problems.push_back("EXIF cannot be read: " + exif.error().message);
    return {};
  }
  if (exif->orientation_invalid) {
    problems.emplace_back("the EXIF orientation is outside 1 to 8 and counts as 1");
  }
  return std::move(*exif);
}

}  // namespace

Expected<GainMapJpeg> ReadGainMapJpeg(ByteView file, const Limits& limits) {
  if (file.size() > limits.max_file_bytes) {
    return Fail(ErrorCode::kTooLarge, kWhere, "the file has {} bytes, the limit is {}", file.size(),
                limits.max_file_bytes);
  }
  HDRP_ASSIGN_OR_RETURN(auto primary, WalkJpeg(file, 0));
  HDRP_RETURN_IF_ERROR(CheckSize(static_cast<std::uint64_t>(primary.frame.width),
                                 static_cast<std::uint64_t>(primary.frame.height), limits,
                                 "primary image"));

  GainMapJpeg parsed;
  parsed.primary = std::move(primary);
  parsed.announcements = ReadStreamMetadata(parsed.primary, limits);
  parsed.claims = ClaimsOf(parsed.announcements);
  parsed.problems = parsed.announcements.problems;
  parsed.exif = ReadExifOf(parsed.primary, parsed.problems);

  MapSearch search =
      FindMap(file, {parsed.primary, parsed.announcements, parsed.exif.apple}, limits);
  parsed.map = std::move(search.map);
  parsed.trailing_bytes = file.size() - search.known_end;
  if (parsed.map || !parsed.claims.empty()) Append(parsed.problems, search.problems);
  Append(parsed.problems, ContainerProblems(parsed));
  return parsed;
}

double AspectDifference(const JpegFrame& base, const JpegFrame& map) {
  return AspectDifference(RasterSize{base.width, base.height}, RasterSize{map.width, map.height});
}

double AspectDifference(RasterSize base, RasterSize map) {
  if (map.width == 0 || map.height == 0) return 1;
  const double base_aspect = static_cast<double>(base.width) / base.height;
  // One pixel more or less on the map's shorter side.
  const bool wide = map.width >= map.height;
  const double exact = wide ? map.width / base_aspect : map.height * base_aspect;
  if (std::abs(exact - (wide ? map.height : map.width)) < 1) return 0;
  return std::abs(static_cast<double>(map.width) / map.height / base_aspect - 1);
}

}  // namespace hdrp
