#include "derive/map_from_hdr.h"

#include <algorithm>
#include <optional>

#include "align/find/displacement.h"
#include "align/framing.h"
#include "derive/find_in_hdr.h"
#include "place/find_edited.h"

namespace hdrp {
namespace {

/// Where the edit lies, and what it gains there.
struct LocatedEdit {
  ScaledComparison compared;
  Framing framing = {};
};

[[nodiscard]] PictureNames NamesOf(const EditAndOriginal& pair) {
  return {pair.edit.name(), pair.original.file.name};
}

[[nodiscard]] LumaPair LumasAsFramed(const EditAndOriginal& pair,
                                     const ScaledComparison& compared) {
  const Orientation orientation = pair.edit.orientation();
  const RenditionComparison& comparison = compared.comparison;
  LumaPair lumas =
      CompareAt(Oriented(comparison.edit_codes.view(), orientation).view(),
                Oriented(comparison.hdr_codes.view(), orientation).view(), kSameFraming);
  if (const Plane<std::uint8_t>& unknown = comparison.unknown; !unknown.empty()) {
    TakeOutside(lumas, Oriented(unknown.view(), orientation).view());
  }
  return lumas;
}

/// In the same framing, whose comparison is at hand. Where the edit was changed, the light of what
/// is not there any more must not widen the map's range: compared anew without it.
[[nodiscard]] Expected<LocatedEdit> LocatedAsFramed(const EditAndOriginal& pair,
                                                    ScaledComparison compared) {
  LocatedEdit located{std::move(compared)};
  located.framing.agreement = located.compared.comparison.agreement;
  located.framing.compared = LumasAsFramed(pair, located.compared);
  located.framing.edited = FindEditedIn(located.framing, kOfLogCodes);
  if (!SaysEdited(located.framing.edited)) return located;
  HDRP_ASSIGN_OR_RETURN(HdrLight light,
                        OpenOriginal(pair, located.compared.anchor_stops.value_or(0)));
  HDRP_ASSIGN_OR_RETURN(
      located.compared.comparison,
      CompareRenditions(pair, std::move(light), {std::nullopt, &located.framing.edited}));
  return located;
}

[[nodiscard]] Expected<LocatedEdit> LocatedIn(const EditAndOriginal& pair, FoundInHdr found) {
  Framing framing = FoundFraming(std::move(found.alignment), std::move(found.compared));
  HDRP_RETURN_IF_ERROR(CheckLights(framing, NamesOf(pair)));
  framing.edited = FindEditedIn(framing, kOfTonedCodes);
  HDRP_ASSIGN_OR_RETURN(HdrLight light, OpenOriginal(pair, 0));
  HDRP_ASSIGN_OR_RETURN(
      ScaledComparison compared,
      CompareAnchored(pair, std::move(light), {framing.alignment->to_reference, &framing.edited}));
  return LocatedEdit{std::move(compared), std::move(framing)};
}

/// A derived map may be as fine as the edit, so that nothing may lie off by more than a pixel of
/// it.
[[nodiscard]] double ToleranceOf(const EditJpeg& edit) {
  return FramingTolerance({edit.width(), edit.height()}, std::max(edit.width(), edit.height()));
}

/// What the same framing says of the two, whose comparison is at hand.
struct AsFramed {
  ScaledComparison compared;
  Placed placed = Placed::kUnknown;  ///< of the rendition, in the edit's raster, against the edit
  Expected<void> lights = {};
  [[nodiscard]] double agreement() const { return compared.comparison.agreement; }
};
[[nodiscard]] Expected<AsFramed> CompareAsFramed(const EditAndOriginal& pair, HdrLight light) {
  HDRP_ASSIGN_OR_RETURN(ScaledComparison compared, CompareAnchored(pair, std::move(light), {}));
  AsFramed result{std::move(compared)};
  const RenditionComparison& comparison = result.compared.comparison;
  result.placed = DisplacementOf(comparison.edit_codes.view(), comparison.hdr_codes.view(),
                                 ToleranceOf(pair.edit))
                      .placed;
  result.lights = CheckLights({.compared = LumasAsFramed(pair, result.compared)}, NamesOf(pair));
  return result;
}

/// The one framing that may be used without looking for another; what was moved is refused.
[[nodiscard]] Expected<LocatedEdit> OnlyAsFramed(const EditAndOriginal& pair, AsFramed same,
                                                 const FramingOptions& options) {
  Framing framing{.agreement = same.agreement()};
  const PictureNames names = NamesOf(pair);
  HDRP_RETURN_IF_ERROR(RequireAgreement(same.agreement(), names, options, framing.warnings));
  HDRP_RETURN_IF_ERROR(RequireInPlace(same.placed, names, options, framing.warnings));
  if (!options.force_reference) HDRP_RETURN_IF_ERROR(same.lights);
  if (const Plane<std::uint8_t>& unknown = same.compared.comparison.unknown; !unknown.empty()) {
    framing.edited = Oriented(unknown.view(), pair.edit.orientation());
  }
  return LocatedEdit{std::move(same.compared), std::move(framing)};
}

/// As it is framed where that is plainly right, or where nothing else may be tried; else where it
/// is found.
[[nodiscard]] Expected<LocatedEdit> Locate(const EditAndOriginal& pair,
                                           const FramingOptions& options) {
  const EditJpeg& edit = pair.edit;
  const bool may_look = options.align != AlignMode::kNone && !options.force_reference;
  HDRP_ASSIGN_OR_RETURN(HdrLight light, OpenOriginal(pair, 0));
  const Expected<void> aspect = CheckAspect(edit.raster(), light.rows.raster);
  if (!may_look) HDRP_RETURN_IF_ERROR(Within(pair.original.file.name, aspect));

  std::optional<ScaledComparison> as_framed;
  bool may_be_same = false;
  Placed placed = Placed::kUnknown;
  if (aspect && !(may_look && options.align == AlignMode::kRequire)) {
    HDRP_ASSIGN_OR_RETURN(AsFramed same, CompareAsFramed(pair, std::move(light)));
    if (!may_look) return OnlyAsFramed(pair, std::move(same), options);
    placed = same.placed;
    may_be_same = same.lights && same.agreement() >= kMinStructureAgreement;
    if (may_be_same && placed == Placed::kSame) {
      return LocatedAsFramed(pair, std::move(same.compared));
    }
    if (same.lights) as_framed = std::move(same.compared);
    HDRP_ASSIGN_OR_RETURN(light, OpenOriginal(pair, 0));
  }

  Expected<FoundInHdr> found = FindInHdr(pair, std::move(light));
  // A picture with too little texture to look for may still be where it should be.
  if (!found && (!may_be_same || placed == Placed::kMoved)) {
    return std::unexpected(std::move(found.error()));
  }
  if (as_framed &&
      (!found || IsSameFraming(found->alignment.to_reference, edit.raster(), ToleranceOf(edit)))) {
    return LocatedAsFramed(pair, *std::move(as_framed));
  }
  as_framed.reset();  // its gain is as large as the picture
  return LocatedIn(pair, *std::move(found));
}

}  // namespace

Expected<PlacedDerivedMap> MapFromHdr(const EditAndOriginal& pair, const FramingOptions& options) {
  HDRP_ASSIGN_OR_RETURN(LocatedEdit located, Locate(pair, options));
  PlacedDerivedMap result;
  result.framing = std::move(located.framing);
  HDRP_ASSIGN_OR_RETURN(result.derived, DerivedMapOf(pair, located.compared));
  return result;
}

Expected<DerivedMap> MapKeepingHdr(const EditAndOriginal& pair, const Framing& framing) {
  HDRP_ASSIGN_OR_RETURN(HdrLight light, OpenOriginal(pair, 0));
  ComparedPlaces where{std::nullopt, &framing.edited};
  if (framing.alignment) where.to_reference = framing.alignment->to_reference;
  HDRP_ASSIGN_OR_RETURN(const ScaledComparison compared,
                        CompareAnchored(pair, std::move(light), where));
  return DerivedMapOf(pair, compared);
}

}  // namespace hdrp
