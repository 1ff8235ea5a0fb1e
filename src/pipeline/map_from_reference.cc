#include "obtain/extract.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<MapInProgress> MapFromReference(const ReadJpeg& reference, const Request& request) {
  const std::string& name = reference.file->name;
  Expected<const GainMapStream*> found = RequireGainMap(reference.parsed);
  if (!found) return Within(name, std::move(found.error()));
  const GainMapStream& map = **found;

  if (const auto broken = BrokenRules(map.metadata, MetadataUse::kWrite); !broken.empty()) {
    Error error{ErrorCode::kUnsupported,
                "the gain map can be read but not written again: " + broken.front(), name, broken};
    return std::unexpected(std::move(error));
  }

  MapInProgress result;
  result.width = map.stream.frame.width;
  result.height = map.stream.frame.height;
  result.components = static_cast<int>(map.stream.frame.components.size());
  result.metadata = map.metadata;

  // Samples are needed where they change (Apple's curve), and where gains live in other primaries
  // than the base's: then only a neutral map may pass, which its pixels decide.
  const bool converts = map.source == MetadataSource::kApple;
  if (converts || !map.metadata.use_base_color_space) {
    Expected<EncodedGainMap> codes = ExtractGainMap(reference.file->bytes, map,
                                                    request.options.apple_transfer, request.limits);
    if (!codes) return Within(name, std::move(codes.error()));
    result.metadata = codes->metadata;
    if (converts) {
      result.codes = *std::move(codes);
      result.steps.emplace_back("converted from Apple's curve");
      return result;
    }
  }
  result.stored = map.stream.In(reference.file->bytes);
  return result;
}

}  // namespace hdrp
