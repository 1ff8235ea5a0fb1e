#include "align/displacement.h"
#include "align/framing.h"
#include "align/placement.h"
#include "align/register.h"
#include "base/formatted.h"
#include "pipeline/find_edited.h"
#include "pipeline/small_luma.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Pixels that a picture's small luma has on its long side at least, if the picture has them.
struct LeastSide {
  int of_jpeg;     ///< any scale is as good to libjpeg
  int of_picture;  ///< HEIC and AVIF: beyond a thumbnail's size the base has to be decoded
};

/// Structure is compared at 1/8 scale: libjpeg then needs only the DC terms. Small pictures are
/// read at a larger scale, so that enough pixels are left to compare.
constexpr LeastSide kCompared{256, 128};

/// At which an edit is looked for in its reference.
constexpr LeastSide kRegistered{kRegisteredSide, 640};

[[nodiscard]] Expected<SmallPicture> SmallLuma(GainMapFile& file, LeastSide least,
                                               const Request& request) {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&file.parsed)) {
    return SmallLuma(*file.file, jpeg->primary, least.of_jpeg, request);
  }
  Expected<Plane<std::uint8_t>> luma =
      std::get<GainMapPicture>(file.parsed).read_small_luma(least.of_picture);
  if (!luma) return Within(file.file->name, std::move(luma.error()));
  const Extent whole = WholeOf(luma->width(), luma->height());
  return SmallPicture{*std::move(luma), whole};
}

/// Coded luma of both, small, as displayed.
struct Lumas {
  SmallPicture edit, reference;
};

[[nodiscard]] Expected<Lumas> ReadLumas(const ReadJpeg& base, GainMapFile& reference,
                                        LeastSide least, const Request& request) {
  const Expected<SmallPicture> edit =
      SmallLuma(*base.file, base.parsed.primary, least.of_jpeg, request);
  if (!edit) return std::unexpected(edit.error());
  const Expected<SmallPicture> original = SmallLuma(reference, least, request);
  if (!original) return std::unexpected(original.error());
  return Lumas{Oriented(*edit, base.orientation()),
               Oriented(*original, reference.raster().orientation)};
}

/// True where the aspects allow the same framing, or the user says so.
[[nodiscard]] Expected<bool> MayBeAsFramed(const ReadJpeg& base, const GainMapFile& reference,
                                           const Request& request,
                                           std::vector<std::string>& warnings) {
  Expected<void> aspect =
      CheckAspect({base.width(), base.height(), base.orientation()}, reference.raster());
  if (aspect) return true;
  if (request.options.force_reference) {
    warnings.push_back("the reference was forced although " + aspect.error().message);
    return true;
  }
  if (request.options.align != AlignMode::kNone) return false;
  return std::unexpected(std::move(aspect.error()));
}

/// What the same framing says of two pictures.
struct AsFramed {
  Framing framing;
  double agreement = 0;
  Placed placed = Placed::kUnknown;
};
[[nodiscard]] AsFramed CompareAsFramed(const Lumas& lumas, double tolerance) {
  const LumaView edit = lumas.edit.view(), reference = lumas.reference.view();
  return {
      {std::nullopt, CompareAt(edit, reference, kSameFraming)},
      StructureAgreement(edit.codes, Orientation::kTopLeft, reference.codes, Orientation::kTopLeft),
      DisplacementOf(edit, reference, tolerance).placed};
}

/// The one framing that may be used without looking for another; what was moved is refused.
[[nodiscard]] Expected<Framing> OnlyAsFramed(const AsFramed& same, const Request& request,
                                             Report& report) {
  Expected<void> enough = RequireAgreement(same.agreement, request, report.warnings);
  if (enough) enough = RequireInPlace(same.placed, request, report.warnings);
  if (enough && !request.options.force_reference) enough = CheckLights(same.framing, request);
  if (!enough) return std::unexpected(std::move(enough.error()));
  return Framing{};
}

}  // namespace

double FramingTolerance(const ReadJpeg& base, int map_long_side) {
  return std::max(0.5 / map_long_side, 1.0 / std::max(base.width(), base.height()));
}

Expected<Framing> FrameReference(const ReadJpeg& base, GainMapFile& reference, int map_long_side,
                                 const Request& request, Report& report) {
  const AlignMode mode = request.options.align;
  const Expected<bool> as_framed = MayBeAsFramed(base, reference, request, report.warnings);
  if (!as_framed) return std::unexpected(as_framed.error());
  const double tolerance = FramingTolerance(base, map_long_side);
  std::optional<AsFramed> same;
  bool in_place = false, may_be_same = false;  // by its lights; by its structure, too
  if (*as_framed) {
    Expected<Lumas> lumas = ReadLumas(base, reference, kCompared, request);
    if (!lumas) return std::unexpected(std::move(lumas.error()));
    same = CompareAsFramed(*lumas, tolerance);
    report.agreement = same->agreement;
    if (mode == AlignMode::kNone || request.options.force_reference) {
      return OnlyAsFramed(*same, request, report);
    }
    in_place = mode == AlignMode::kAuto && CheckLights(same->framing, request).has_value();
    may_be_same = in_place && same->agreement >= kMinStructureAgreement;
    if (may_be_same && same->placed == Placed::kSame) return std::move(same->framing);
  }

  const Expected<Lumas> lumas = ReadLumas(base, reference, kRegistered, request);
  if (!lumas) return std::unexpected(lumas.error());
  Expected<Registration> found = Register(lumas->edit.view(), lumas->reference.view());
  if (!found) {
    // A picture with too little texture to look for may still be where it should be.
    if (may_be_same && same->placed != Placed::kMoved) return std::move(same->framing);
    return Within(request.reference->name, std::move(found.error()));
  }
  // Tone may leave little structure alike; what is found in its place was not moved.
  if (in_place && IsSameFraming(found->to_reference, base, tolerance)) {
    return std::move(same->framing);
  }
  Framing framing{*found,
                  CompareAt(lumas->edit.view(), lumas->reference.view(), found->to_reference)};
  if (Expected<void> lights = CheckLights(framing, request); !lights) {
    return std::unexpected(std::move(lights.error()));
  }
  ReportAlignment(*found, report);
  return framing;
}

bool IsSameFraming(const FramingMap& to_reference, const ReadJpeg& base, double tolerance) {
  double aspect = static_cast<double>(base.width()) / base.height();
  if (SwapsSides(base.orientation())) aspect = 1 / aspect;
  return MostShift(to_reference, aspect) <= tolerance;
}

void ReportAlignment(const Registration& found, Report& report) {
  constexpr double kStretchToSay = 1.01;  // rounded sizes of small edits stay below it
  report.agreement = found.agreement;
  report.alignment = found;
  if (found.stretch <= kStretchToSay) return;
  report.warnings.push_back(
      Formatted("the edit is stretched by {:.1f} % against the original; the gain map follows it",
                100 * (found.stretch - 1)));
}

Expected<void> RequireInPlace(Placed placed, const Request& request,
                              std::vector<std::string>& warnings) {
  if (placed != Placed::kMoved) return {};
  const std::string moved = "the edit is cropped, turned or moved a little against the reference";
  if (!request.options.force_reference) {
    return Fail(ErrorCode::kMismatch, request.reference->name,
                "not the same framing as {}: {} (--align auto follows it, --force-reference "
                "overrides)",
                request.base.name, moved);
  }
  warnings.push_back("the reference was forced although " + moved);
  return {};
}

Expected<void> RequireAgreement(double agreement, const Request& request,
                                std::vector<std::string>& warnings) {
  if (agreement >= kMinStructureAgreement) return {};
  if (!request.options.force_reference) {
    return Fail(
        ErrorCode::kMismatch, request.reference->name,
        "not the same photograph, or not the same framing, as {}: structure agreement {:.2f}, "
        "expected at least {:.2f} (--force-reference overrides)",
        request.base.name, agreement, kMinStructureAgreement);
  }
  warnings.push_back(
      Formatted("the reference was forced although its structure agrees only {:.2f} with the "
                "edit's (expected "
                "at least {:.2f})",
                agreement, kMinStructureAgreement));
  return {};
}

}  // namespace hdrp
