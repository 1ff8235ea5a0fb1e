// Reference Mode with an HDR rendition: the gain map is derived from it and the base.
#include <algorithm>

#include "align/displacement.h"
#include "align/framing.h"
#include "color/icc.h"
#include "pipeline/derive_map.h"
#include "pipeline/find_edited.h"
#include "pipeline/find_in_hdr.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<BaseColor> ColorOf(const ReadJpeg& base) {
  Expected<BaseColor> color = BaseColorOf(base);
  if (color) return color;
  if (color.error().code == ErrorCode::kUnsupported) {
    color.error().message += "; --convert-icc converts the picture to one";
  }
  return Within(base.file->name, std::move(color.error()));
}

/// Where the edit lies, and what it gains there.
struct Located {
  Derived derived;
  Framing framing = {};
  Plane<std::uint8_t> edited = {};
};

[[nodiscard]] ComparedLumas ComparedAsFramed(const Renditions& renditions, const Derived& derived) {
  const Orientation orientation = renditions.base.orientation();
  ComparedLumas compared =
      CompareAt(Oriented(derived.compared.base_codes.view(), orientation).view(),
                Oriented(derived.compared.hdr_codes.view(), orientation).view(), kSameFraming);
  if (const Plane<std::uint8_t>& unknown = derived.compared.unknown; !unknown.empty()) {
    TakeOutside(compared, Oriented(unknown.view(), orientation).view());
  }
  return compared;
}

/// In the same framing, whose comparison is at hand. Where the edit was changed, the light of what
/// is not there any more must not widen the map's range: compared anew without it.
[[nodiscard]] Expected<Located> LocatedAsFramed(const Renditions& renditions, Derived derived) {
  Located located{std::move(derived)};
  located.framing.compared = ComparedAsFramed(renditions, located.derived);
  located.edited = FindEditedIn(located.framing, kOfLogCodes);
  if (!SaysEdited(located.edited)) return located;
  Expected<HdrLight> light = OpenOriginal(renditions, located.derived.anchor_stops.value_or(0));
  if (!light) return std::unexpected(std::move(light.error()));
  Expected<Compared> compared =
      CompareRenditions(renditions, *std::move(light), {std::nullopt, &located.edited});
  if (!compared) return std::unexpected(std::move(compared.error()));
  located.derived.compared = *std::move(compared);
  return located;
}

[[nodiscard]] Expected<Located> LocatedIn(const Renditions& renditions, FoundInHdr found) {
  Framing framing{std::move(found.alignment), std::move(found.compared)};
  if (Expected<void> ok = CheckLights(framing, renditions.request); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  Plane<std::uint8_t> edited = FindEditedIn(framing, kOfTonedCodes);
  Expected<HdrLight> light = OpenOriginal(renditions, 0);
  if (!light) return std::unexpected(std::move(light.error()));
  Expected<Derived> derived =
      Derive(renditions, *std::move(light), {framing.alignment->to_reference, &edited});
  if (!derived) return std::unexpected(std::move(derived.error()));
  return Located{*std::move(derived), std::move(framing), std::move(edited)};
}

/// Of the rendition, in the base's raster, against the base. A derived map may be as fine as the
/// base, so that nothing may lie off by more than a pixel of it.
[[nodiscard]] Placed PlacedAsFramed(const ReadJpeg& base, const Compared& compared) {
  return DisplacementOf(compared.base_codes.view(), compared.hdr_codes.view(),
                        FramingTolerance(base, std::max(base.width(), base.height())))
      .placed;
}

/// As it is framed where that is plainly right, or where nothing else may be tried; else where it
/// is found. Fills the report's agreement and alignment.
[[nodiscard]] Expected<Located> Locate(const Renditions& renditions, Report& report) {
  const auto& [base, color, original, request] = renditions;
  const Options& options = request.options;
  const bool may_look = options.align != AlignMode::kNone && !options.force_reference;
  Expected<HdrLight> light = OpenOriginal(renditions, 0);
  if (!light) return std::unexpected(std::move(light.error()));
  const Raster raster = light->rows.raster;
  Expected<void> aspect = CheckAspect({base.width(), base.height(), base.orientation()}, raster);
  if (!aspect && !may_look) return Within(original.file.name, std::move(aspect.error()));

  std::optional<Derived> as_framed;
  Placed placed = Placed::kUnknown;
  if (aspect && !(may_look && options.align == AlignMode::kRequire)) {
    Expected<Derived> derived = Derive(renditions, *std::move(light), {});
    if (!derived) return std::unexpected(std::move(derived.error()));
    const double agreement = derived->compared.agreement;
    report.agreement = agreement;
    placed = PlacedAsFramed(base, derived->compared);
    if (!may_look) {
      Expected<void> enough = RequireAgreement(agreement, request, report.warnings);
      if (enough) enough = RequireInPlace(placed, request, report.warnings);
      if (!enough) return std::unexpected(std::move(enough.error()));
    }
    const Expected<void> lights =
        CheckLights({std::nullopt, ComparedAsFramed(renditions, *derived)}, request);
    if (!may_look) {
      if (!lights && !options.force_reference) return std::unexpected(lights.error());
      Located located{*std::move(derived)};
      if (const Plane<std::uint8_t>& unknown = located.derived.compared.unknown; !unknown.empty()) {
        located.edited = Oriented(unknown.view(), base.orientation());
      }
      return located;
    }
    if (lights && agreement >= kMinStructureAgreement && placed == Placed::kSame) {
      return LocatedAsFramed(renditions, *std::move(derived));
    }
    if (lights) as_framed = *std::move(derived);
    light = OpenOriginal(renditions, 0);
    if (!light) return std::unexpected(std::move(light.error()));
  }

  Expected<FoundInHdr> found = FindInHdr(renditions, *std::move(light));
  const bool may_be_same = as_framed && as_framed->compared.agreement >= kMinStructureAgreement;
  // A picture with too little texture to look for may still be where it should be.
  if (!found && (!may_be_same || placed == Placed::kMoved)) {
    return std::unexpected(std::move(found.error()));
  }
  const double tolerance = FramingTolerance(base, std::max(base.width(), base.height()));
  if (as_framed && (!found || IsSameFraming(found->alignment.to_reference, base, tolerance))) {
    return LocatedAsFramed(renditions, *std::move(as_framed));
  }
  as_framed.reset();  // its gain is as large as the picture
  ReportAlignment(found->alignment, report);
  return LocatedIn(renditions, *std::move(found));
}

}  // namespace

Expected<PlacedMap> MapFromHdr(const ReadJpeg& base, const Request& request, Report& report) {
  const Expected<BaseColor> color = ColorOf(base);
  if (!color) return std::unexpected(color.error());
  const Renditions renditions{base, *color, {*request.reference}, request};
  Expected<Located> located = Locate(renditions, report);
  if (!located) return std::unexpected(std::move(located.error()));
  Expected<MapInProgress> map = MapOf(renditions, located->derived, report);
  if (!map) return std::unexpected(std::move(map.error()));
  report.source = "derived";
  return PlacedMap{*std::move(map), std::move(located->framing), std::move(located->edited)};
}

Expected<MapInProgress> MapKeepingHdr(const ReadJpeg& base, GainMapFile& reference,
                                      const Framing& framing, const Plane<std::uint8_t>& edited,
                                      const Request& request, Report& report) {
  const Expected<BaseColor> color = ColorOf(base);
  if (!color) return std::unexpected(color.error());
  const Renditions renditions{base, *color, {*reference.file, &reference}, request};
  Expected<HdrLight> light = OpenOriginal(renditions, 0);
  if (!light) return std::unexpected(std::move(light.error()));
  Comparable where{std::nullopt, &edited};
  if (framing.alignment) where.to_reference = framing.alignment->to_reference;
  Expected<Derived> derived = Derive(renditions, *std::move(light), where);
  if (!derived) return std::unexpected(std::move(derived.error()));
  return MapOf(renditions, *derived, report);
}

}  // namespace hdrp
