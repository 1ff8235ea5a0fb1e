#include <string_view>

#include "base/aspect.h"
#include "decode/gain_map_file.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "gain map";

std::string Joined(const std::vector<std::string>& sentences) {
  std::string joined;
  for (const std::string& sentence : sentences) {
    joined += (joined.empty() ? "" : "; ") + sentence;
  }
  return joined;
}

std::unexpected<Error> NoGainMap(const std::vector<std::string>& claims,
                                 const std::vector<std::string>& problems) {
  if (claims.empty()) {
    return Fail(ErrorCode::kNoGainMap, kWhere,
                "expected a gain map; the file neither holds nor announces one");
  }
  auto failure =
      Fail(ErrorCode::kNoGainMap, kWhere, "the file announces a gain map ({}) but holds none: {}",
           Joined(claims), Joined(problems));
  failure.error().details = problems;
  return failure;
}

/// What any container's numbers must keep to be applied.
Expected<void> CheckNumbers(const GainMapMetadata& metadata) {
  if (IsHdrBase(metadata)) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "the base image is the HDR rendition (headroom {:.4g} stops, the alternate's is "
                "{:.4g}); expected an SDR base",
                metadata.base_hdr_headroom, metadata.alternate_hdr_headroom);
  }
  if (const auto broken = BrokenRules(metadata, MetadataUse::kRead); !broken.empty()) {
    auto failure =
        Fail(ErrorCode::kUnsupported, kWhere, "the metadata cannot be applied: {}", Joined(broken));
    failure.error().details = broken;
    return failure;
  }
  return {};
}

Expected<void> CheckAspect(RasterSize base, RasterSize map) {
  const double difference = AspectDifference(base, map);
  if (difference <= kMaxAspectDifference) return {};
  return Fail(ErrorCode::kUnsupported, kWhere,
              "the map ({} x {}) has another aspect than the base ({} x {}): {:.2f} %, the limit "
              "is {:.0f} %",
              map.width, map.height, base.width, base.height, 100 * difference,
              100 * kMaxAspectDifference);
}

}  // namespace

Expected<const GainMapStream*> RequireGainMap(const GainMapJpeg& file) {
  if (!file.map) return NoGainMap(file.claims, file.problems);
  const GainMapStream& map = *file.map;
  HDRP_RETURN_IF_ERROR(CheckNumbers(map.metadata));
  if (!map.stream.complete) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "the map's stream from byte {} is cut off before its end marker", map.stream.begin);
  }
  const JpegFrame& frame = map.stream.frame;
  if (frame.bits != 8 || (frame.components.size() != 1 && frame.components.size() != 3)) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected 8 bits and 1 or 3 components, found {} bits and {} components",
                frame.bits, frame.components.size());
  }
  const JpegFrame& base = file.primary.frame;
  HDRP_RETURN_IF_ERROR(CheckAspect({base.width, base.height}, {frame.width, frame.height}));
  return &map;
}

Expected<const GainMapInfo*> RequireGainMap(const GainMapFile& file) {
  if (file.jpeg) {
    HDRP_RETURN_IF_ERROR(RequireGainMap(*file.jpeg));
    return &*file.map;
  }
  if (!file.map) return NoGainMap(file.claims, file.problems);
  const GainMapInfo& map = *file.map;
  HDRP_RETURN_IF_ERROR(CheckNumbers(map.metadata));
  HDRP_RETURN_IF_ERROR(CheckAspect({file.base.width, file.base.height}, {map.width, map.height}));
  return &map;
}

}  // namespace hdrp
