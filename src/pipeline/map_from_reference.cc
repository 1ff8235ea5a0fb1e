#include "obtain/extract.h"
#include "pipeline/gain_primaries.h"
#include "pipeline/repaired_jpeg.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// A gain map that may be used, before its pixels are.
struct UsableMap {
  int width = 0, height = 0, components = 0;
  MetadataSource source = MetadataSource::kIso;
  GainMapMetadata metadata;
  ByteView stored;  ///< its JPEG stream; empty in other containers
};

[[nodiscard]] Expected<UsableMap> UsableMapOf(const GainMapFile& reference) {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&reference.parsed)) {
    const Expected<const GainMapStream*> found = RequireGainMap(*jpeg);
    if (!found) return std::unexpected(found.error());
    const GainMapStream& map = **found;
    return UsableMap{map.stream.frame.width,
                     map.stream.frame.height,
                     static_cast<int>(map.stream.frame.components.size()),
                     map.source,
                     map.metadata,
                     map.stream.In(reference.file->bytes)};
  }
  const Expected<const PictureMap*> found =
      RequireGainMap(std::get<GainMapPicture>(reference.parsed));
  if (!found) return std::unexpected(found.error());
  const PictureMap& map = **found;
  return UsableMap{map.width, map.height, map.channels, map.source, map.metadata, {}};
}

[[nodiscard]] Expected<EncodedGainMap> Extracted(GainMapFile& reference, const Request& request) {
  const AppleTransfer transfer = request.options.apple_transfer;
  if (auto* jpeg = std::get_if<GainMapJpeg>(&reference.parsed)) {
    return ExtractGainMap(reference.file->bytes, *jpeg->map, transfer, request.limits);
  }
  return ExtractGainMap(std::get<GainMapPicture>(reference.parsed), transfer);
}

}  // namespace

Expected<MapInProgress> MapFromReference(GainMapFile& reference, const Request& request,
                                         Report& report) {
  const std::string& name = reference.file->name;
  const Expected<UsableMap> found = UsableMapOf(reference);
  if (!found) return Within(name, found.error());
  if (const auto broken = BrokenRules(found->metadata, MetadataUse::kWrite); !broken.empty()) {
    Error error{ErrorCode::kUnsupported,
                "the gain map can be read but not written again: " + broken.front(), name, broken};
    return std::unexpected(std::move(error));
  }
  report.source = NameOf(found->source);

  MapInProgress result;
  result.width = found->width;
  result.height = found->height;
  result.components = found->components;
  result.metadata = found->metadata;
  // A JPEG's samples are needed where they change (Apple's curve), and where gains may live in
  // other primaries than the base's: whether that matters, its pixels decide.
  const bool converts = found->source == MetadataSource::kApple;
  if (converts || !found->metadata.use_base_color_space || found->stored.empty()) {
    Expected<EncodedGainMap> codes = Extracted(reference, request);
    if (!codes) return Within(name, std::move(codes.error()));
    result.metadata = codes->metadata;
    const auto primaries = AlternatePrimariesOf(reference, *codes);
    if (!primaries) return std::unexpected(primaries.error());
    result.gain_primaries = *primaries;
    if (converts) result.steps.emplace_back("converted from Apple's curve");
    if (converts || found->stored.empty()) {
      result.components = codes->codes.channels();
      result.codes = *std::move(codes);
      return result;
    }
  }
  // A coded stream moves with its bytes.
  Expected<std::optional<RepairedMap>> repaired =
      RepairedMapOf(found->stored, !found->metadata.IsSingleChannel(), request);
  if (!repaired) return Within(name, std::move(repaired.error()));
  if (*repaired) {
    result.recoded = std::move((*repaired)->jpeg);
    result.components = (*repaired)->components;
    result.steps.emplace_back((*repaired)->step);
    result.stored = result.recoded;
    return result;
  }
  result.stored = found->stored;
  return result;
}

}  // namespace hdrp
