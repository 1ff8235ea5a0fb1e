#include "obtain/map_in_progress.h"

#include <utility>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "package/jpeg_encode.h"

namespace hdrp {
namespace {

constexpr int kCopiedSamplesQuality = 95;
constexpr int kTinyMapSamples = 1024;

}  // namespace

Expected<void> EnsureCodes(MapInProgress& map, const Limits& limits) {
  if (map.codes) return {};
  const std::string place = map.file.empty() ? "gain map" : map.file + ": gain map";
  HDRP_ASSIGN_OR_RETURN(
      DecodedJpeg decoded,
      Within(place, DecodeJpeg(map.stored, {.output = JpegOutput::kAsStored, .limits = limits})));
  if (!decoded.warnings.empty()) {
    return Fail(ErrorCode::kBadInput, place, "the map's samples are damaged: {}",
                decoded.warnings.front());
  }
  map.codes = EncodedGainMap{std::move(decoded.pixels), map.metadata};
  map.stored = {};
  return {};
}

Expected<Bytes> EncodeMap(MapInProgress& map, const MapJpegOptions& options) {
  if (!map.codes) return Bytes{};
  if (!map.coded.empty()) return std::exchange(map.coded, {});
  if (map.codes->codes.channels() == 3 && map.metadata.IsSingleChannel() &&
      IsNeutral(map.codes->codes.view())) {
    map.codes = SingleChannel(*map.codes);
    map.steps.emplace_back("reduced to one channel: its colour is neutral");
  }
  map.components = map.codes->codes.channels();
  // JPEG's least loss, where it is asked for and where it costs nothing: the highest code of a map
  // of a few blocks may lie in an edge that quantisation lowers.
  const bool tiny = map.codes->codes.width() * map.codes->codes.height() <= kTinyMapSamples;
  if ((options.least_loss || tiny) && !options.quality) map.flat_step = 1;
  if (map.flat_step) {
    map.steps.push_back(Formatted("encoded as JPEG, quantised by {}", *map.flat_step));
    return EncodeJpeg(map.codes->codes.view(), {.flat_step = *map.flat_step});
  }
  const int quality = options.quality.value_or(kCopiedSamplesQuality);
  map.steps.push_back(Formatted("encoded as JPEG of quality {}", quality));
  return EncodeJpeg(map.codes->codes.view(), {.quality = quality});
}

}  // namespace hdrp
