#include <algorithm>
#include <cmath>
#include <format>

#include "decode/png_pixels.h"
#include "decode/sniff.h"
#include "guard/mask.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

[[nodiscard]] bool LiftsNothing(PlaneView<const float> stops) {
  for (int y = 0; y < stops.height; ++y) {
    if (!std::ranges::all_of(stops.RowSpan(y), [](float s) { return std::abs(s) < 1e-3F; })) {
      return false;
    }
  }
  return true;
}

[[nodiscard]] Expected<MapInProgress> MaskMap(MapInProgress map, const ReadJpeg& base,
                                              const Request& request) {
  const InputFile& file = *request.mask;
  if (Sniff(file.bytes) != FileFormat::kPng) {
    return Fail(ErrorCode::kUnsupported, file.name, "expected a PNG mask, found {}",
                NameOf(Sniff(file.bytes)));
  }
  Expected<Plane<std::uint8_t>> mask = DecodePngGray(file.bytes, request.limits);
  if (!mask) return Within(file.name, std::move(mask.error()));
  if (Expected<void> ok = EnsureCodes(map, request.limits); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  Expected<Log2Gain> gain =
      FeatherOut(DecodeGain(*map.codes), mask->view(), base.orientation(), MaskOptions{});
  if (!gain) return Within(file.name, std::move(gain.error()));
  if (LiftsNothing(gain->stops.view())) {
    return Fail(ErrorCode::kNoGainMap, file.name, "the mask leaves no gain anywhere");
  }
  map.metadata = HoldingZero(map.metadata);
  map.codes = EncodeGain(*gain, map.metadata);
  map.steps.emplace_back("feathered out under the mask");
  return map;
}

}  // namespace

Expected<MapInProgress> GuardMap(MapInProgress map, const ReadJpeg& base, const Request& request) {
  if (request.mask) {
    Expected<MapInProgress> masked = MaskMap(std::move(map), base, request);
    if (!masked) return masked;
    map = *std::move(masked);
  }
  const auto rescale = [&map](Expected<GainMapMetadata> scaled) -> Expected<void> {
    if (!scaled) return std::unexpected(std::move(scaled.error()));
    map.steps.push_back(std::format("headroom changed from {:.4g} to {:.4g} stops",
                                    map.metadata.alternate_hdr_headroom,
                                    scaled->alternate_hdr_headroom));
    map.metadata = *std::move(scaled);
    return {};
  };
  const Options& options = request.options;
  if (options.boost_stops) {
    Expected<void> done = rescale(WithBoost(map.metadata, *options.boost_stops));
    if (!done) return std::unexpected(std::move(done.error()));
  }
  if (options.strength != 1) {
    Expected<void> done = rescale(WithStrength(map.metadata, options.strength));
    if (!done) return std::unexpected(std::move(done.error()));
  }
  return map;
}

}  // namespace hdrp
