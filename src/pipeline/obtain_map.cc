#include "pipeline/obtain_map.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "obtain/gain_primaries.h"
#include "obtain/map_from_file.h"
#include "obtain/move_gains.h"
#include "obtain/small_gain.h"
#include "place/find_edited.h"
#include "place/frame_reference.h"
#include "place/put_map.h"

namespace hdrp {
namespace {

void Append(std::vector<std::string>& to, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(to));
}

/// An edit's own map means the edit as it is: there is nothing else to keep.
[[nodiscard]] bool KeepsHdr(const ModeChoice& choice, const ObtainOptions& options) {
  return !choice.reference_is_edit && options.keep == Keep::kHdr;
}

[[nodiscard]] Explained ExplainedOf(const ModeChoice& choice, const ObtainOptions& options) {
  return choice.reference_is_edit ? Explained::kNothing : options.explain;
}

/// A map that was placed, and the gain that its source has, where that is to be explained.
struct PlacedMap {
  ObtainedMap obtained;
  Plane<float> gain_before = {};
};

[[nodiscard]] Expected<PlacedMap> FromHdrRendition(const EditJpeg& edit,
                                                   const ObtainOptions& options,
                                                   const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(
      const EditAndOriginal pair,
      EditAndOriginalOf(edit, {.file = *options.reference}, options.derive, resources));
  HDRP_ASSIGN_OR_RETURN(PlacedDerivedMap placed, MapFromHdr(pair, options.framing));
  PlacedMap result{{.map = std::move(placed.derived.map),
                    .origin = MapOrigin::kDerived,
                    .framing = std::move(placed.framing),
                    .derived = std::move(placed.derived.record)}};
  if (options.explain == Explained::kEverything) {
    HDRP_ASSIGN_OR_RETURN(result.gain_before,
                          SmallGain(result.obtained.map, edit.orientation(), resources.limits));
  }
  return result;
}

/// The framing, and the map of the reference where it is as its own file has it.
[[nodiscard]] Expected<PlacedMap> FramedMap(ModeChoice& choice, const EditJpeg& edit,
                                            const ObtainOptions& options,
                                            const Resources& resources) {
  GainMapFile& reference = *choice.reference;
  const Orientation orientation = reference.raster().orientation;
  HDRP_ASSIGN_OR_RETURN(MapInProgress map,
                        MapFromFile(reference, options.apple_transfer, resources));
  for (const std::string& problem : reference.problems) {
    map.warnings.push_back(reference.file->name + ": " + problem);
  }
  PlacedMap result;
  Framing& framing = result.obtained.framing;
  if (!choice.reference_is_edit) {
    HDRP_ASSIGN_OR_RETURN(
        framing, FrameReference(edit, reference, {options.framing, std::max(map.width, map.height)},
                                resources));
    Append(map.warnings, std::exchange(framing.warnings, {}));
  }
  const bool stays = options.keeps_primaries && map.gain_primaries &&
                     PrimariesCode(*map.gain_primaries).has_value();
  if (!KeepsHdr(choice, options) && !stays) {
    HDRP_ASSIGN_OR_RETURN(
        map, MoveGains(std::move(map), reference, edit, options.derive.map_quality, resources));
  }
  if (ExplainedOf(choice, options) == Explained::kEverything) {
    HDRP_ASSIGN_OR_RETURN(result.gain_before, SmallGain(map, orientation, resources.limits));
  }
  HDRP_ASSIGN_OR_RETURN(framing.edited, FindEdited(framing, map, orientation, resources.limits));
  result.obtained.map = std::move(map);
  return result;
}

/// What the reference's HDR rendition gains over the edit, in place of the reference's own gain.
[[nodiscard]] Expected<void> KeepHdr(GainMapFile& reference, const EditJpeg& edit,
                                     const ObtainOptions& options, const Resources& resources,
                                     ObtainedMap& obtained) {
  HDRP_ASSIGN_OR_RETURN(
      const EditAndOriginal pair,
      EditAndOriginalOf(edit, {*reference.file, &reference, options.apple_transfer}, options.derive,
                        resources));
  HDRP_ASSIGN_OR_RETURN(DerivedMap derived, MapKeepingHdr(pair, obtained.framing));
  std::vector<std::string> warnings = std::move(obtained.map.warnings);
  Append(warnings, std::move(derived.map.warnings));
  derived.map.source = obtained.map.source;
  obtained.map = std::move(derived.map);
  obtained.map.warnings = std::move(warnings);
  obtained.derived = derived.record;
  obtained.origin = MapOrigin::kDerived;
  return {};
}

[[nodiscard]] Expected<PlacedMap> FromGainMapFile(ModeChoice& choice, const EditJpeg& edit,
                                                  const ObtainOptions& options,
                                                  const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(PlacedMap placed, FramedMap(choice, edit, options, resources));
  ObtainedMap& obtained = placed.obtained;
  const Raster raster = choice.reference->raster();
  if (KeepsHdr(choice, options)) {
    HDRP_RETURN_IF_ERROR(KeepHdr(*choice.reference, edit, options, resources, obtained));
  } else if (const auto& alignment = obtained.framing.alignment) {
    HDRP_ASSIGN_OR_RETURN(obtained.map, WarpToEdit(std::move(obtained.map), *alignment, raster,
                                                   edit, resources.limits));
  } else {
    HDRP_ASSIGN_OR_RETURN(obtained.map, FitToEdit(std::move(obtained.map), raster.orientation, edit,
                                                  resources.limits));
  }
  return placed;
}

[[nodiscard]] Expected<PlacedMap> FromPredictor(const EditJpeg& edit, const ObtainOptions& options,
                                                const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(PredictedMap predicted,
                        MapFromPredictor(edit, options.predict, options.asked_headroom, resources));
  return PlacedMap{{.map = std::move(predicted.map),
                    .origin = MapOrigin::kPredicted,
                    .predicted = std::move(predicted.by)}};
}

[[nodiscard]] Expected<std::vector<ExplainingPicture>> Explain(const PlacedMap& placed,
                                                               Orientation orientation,
                                                               const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(std::vector<ExplainingPicture> pictures,
                        ExplainFraming(placed.obtained.framing));
  if (placed.gain_before.empty()) return pictures;
  HDRP_ASSIGN_OR_RETURN(const Plane<float> after,
                        SmallGain(placed.obtained.map, orientation, limits));
  HDRP_ASSIGN_OR_RETURN(std::vector<ExplainingPicture> gains,
                        ExplainGain(placed.gain_before, after));
  std::ranges::move(gains, std::back_inserter(pictures));
  return pictures;
}

}  // namespace

Expected<ObtainedMap> ObtainMap(ModeChoice& choice, const EditJpeg& edit,
                                const ObtainOptions& options, const Resources& resources) {
  const bool predicts = !choice.derive && !choice.reference;
  HDRP_ASSIGN_OR_RETURN(PlacedMap placed, choice.derive ? FromHdrRendition(edit, options, resources)
                                          : predicts
                                              ? FromPredictor(edit, options, resources)
                                              : FromGainMapFile(choice, edit, options, resources));
  ObtainedMap& obtained = placed.obtained;
  // What the predictor gave cannot be what takes its place.
  HDRP_ASSIGN_OR_RETURN(FilledMap filled,
                        FillEdited(std::move(obtained.map), obtained.framing, edit,
                                   {.fill = predicts ? Fill::kNeutral : options.fill,
                                    .mask = options.mask,
                                    .predict = options.predict,
                                    .resources = resources}));
  obtained.map = std::move(filled.map);
  obtained.filled = filled.filled;
  if (!predicts && ExplainedOf(choice, options) != Explained::kNothing) {
    HDRP_ASSIGN_OR_RETURN(obtained.pictures, Explain(placed, edit.orientation(), resources.limits));
  }
  return std::move(obtained);
}

}  // namespace hdrp
