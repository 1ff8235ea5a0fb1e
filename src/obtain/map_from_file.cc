#include "obtain/map_from_file.h"

#include <string>

#include "edit/repaired_jpeg.h"
#include "obtain/extract.h"
#include "obtain/gain_primaries.h"

namespace hdrp {

Expected<MapInProgress> MapFromFile(GainMapFile& reference, AppleTransfer transfer,
                                    const Resources& resources) {
  const std::string& name = reference.file->name;
  HDRP_ASSIGN_OR_RETURN(const GainMapInfo* const found, Within(name, RequireGainMap(reference)));
  if (const auto broken = BrokenRules(found->metadata, MetadataUse::kWrite); !broken.empty()) {
    Error error{ErrorCode::kUnsupported,
                "the gain map can be read but not written again: " + broken.front(), name, broken};
    return std::unexpected(std::move(error));
  }

  MapInProgress result;
  result.source = NameOf(found->source);
  result.width = found->width;
  result.height = found->height;
  result.components = found->channels;
  result.metadata = found->metadata;
  // A JPEG's samples are needed where they change (Apple's curve), and where gains may live in
  // other primaries than the base's: whether that matters, its pixels decide.
  const bool converts = found->source == MetadataSource::kApple;
  if (converts || !found->metadata.use_base_color_space || found->stream.empty()) {
    HDRP_ASSIGN_OR_RETURN(EncodedGainMap codes, Within(name, ExtractGainMap(reference, transfer)));
    result.metadata = codes.metadata;
    HDRP_ASSIGN_OR_RETURN(result.gain_primaries, AlternatePrimariesOf(reference, codes));
    if (converts) result.steps.emplace_back("converted from Apple's curve");
    if (converts || found->stream.empty()) {
      result.components = codes.codes.channels();
      result.codes = std::move(codes);
      return result;
    }
  }
  // A coded stream moves with its bytes.
  HDRP_ASSIGN_OR_RETURN(
      std::optional<Repaired> repaired,
      Within(name, RepairedMapOf(found->stream, !found->metadata.IsSingleChannel(), resources)));
  result.stored = found->stream;
  result.file = name;
  if (!repaired) return result;
  result.recoded = std::move(repaired->jpeg);
  result.components = repaired->components;
  result.steps.emplace_back(repaired->step);
  result.stored = result.recoded;
  return result;
}

}  // namespace hdrp
