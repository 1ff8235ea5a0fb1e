#include <format>

#include "decode/gain_map_jpeg.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "gain map";
constexpr double kMaxAspectDifference = 0.01;

std::string Joined(const std::vector<std::string>& sentences) {
  std::string joined;
  for (const std::string& sentence : sentences) {
    joined += (joined.empty() ? "" : "; ") + sentence;
  }
  return joined;
}

std::unexpected<Error> NoGainMap(const GainMapJpeg& file) {
  if (file.claims.empty()) {
    return Fail(ErrorCode::kNoGainMap, kWhere,
                "expected a gain map; the file neither holds nor announces one");
  }
  auto failure =
      Fail(ErrorCode::kNoGainMap, kWhere, "the file announces a gain map ({}) but holds none: {}",
           Joined(file.claims), Joined(file.problems));
  failure.error().details = file.problems;
  return failure;
}

}  // namespace

Expected<const GainMapStream*> RequireGainMap(const GainMapJpeg& file) {
  if (!file.map) return NoGainMap(file);
  const GainMapStream& map = *file.map;
  const GainMapMetadata& metadata = map.metadata;
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
  const double difference = AspectDifference(file.primary.frame, frame);
  if (difference > kMaxAspectDifference) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "the map ({} x {}) has another aspect than the base ({} x {}): {:.2f} %, the limit "
                "is {:.0f} %",
                frame.width, frame.height, file.primary.frame.width, file.primary.frame.height,
                100 * difference, 100 * kMaxAspectDifference);
  }
  return &map;
}

}  // namespace hdrp
