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

[[nodiscard]] Expected<Plane<std::uint8_t>> SmallLuma(GainMapFile& file, LeastSide least,
                                                      const Request& request) {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&file.parsed)) {
    return SmallLuma(*file.file, jpeg->primary, least.of_jpeg, request);
  }
  Expected<Plane<std::uint8_t>> luma =
      std::get<GainMapPicture>(file.parsed).read_small_luma(least.of_picture);
  if (!luma) return Within(file.file->name, std::move(luma.error()));
  return luma;
}

/// Coded luma of both, small, as displayed.
struct Lumas {
  Plane<std::uint8_t> edit, reference;
};

[[nodiscard]] Expected<Lumas> ReadLumas(const ReadJpeg& base, GainMapFile& reference,
                                        LeastSide least, const Request& request) {
  const Expected<Plane<std::uint8_t>> edit =
      SmallLuma(*base.file, base.parsed.primary, least.of_jpeg, request);
  if (!edit) return std::unexpected(edit.error());
  const Expected<Plane<std::uint8_t>> original = SmallLuma(reference, least, request);
  if (!original) return std::unexpected(original.error());
  return Lumas{Oriented(edit->view(), base.orientation()),
               Oriented(original->view(), reference.raster().orientation)};
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

}  // namespace

Expected<Framing> FrameReference(const ReadJpeg& base, GainMapFile& reference,
                                 const Request& request, Report& report) {
  const AlignMode mode = request.options.align;
  const Expected<bool> as_framed = MayBeAsFramed(base, reference, request, report.warnings);
  if (!as_framed) return std::unexpected(as_framed.error());
  Framing same;
  double agreement = -1;
  bool in_place = true;  // the lights, should they be all that there is
  if (*as_framed) {
    Expected<Lumas> lumas = ReadLumas(base, reference, kCompared, request);
    if (!lumas) return std::unexpected(std::move(lumas.error()));
    agreement = StructureAgreement(lumas->edit.view(), Orientation::kTopLeft,
                                   lumas->reference.view(), Orientation::kTopLeft);
    report.agreement = agreement;
    if (mode == AlignMode::kNone || request.options.force_reference) {
      Expected<void> enough = RequireAgreement(agreement, request, report.warnings);
      if (!enough) return std::unexpected(std::move(enough.error()));
    }
    same.compared = CompareAt(lumas->edit.view(), lumas->reference.view(), kSameFraming);
    Expected<void> lights = CheckLights(same, request);
    if (mode == AlignMode::kNone || request.options.force_reference) {
      if (!lights && !request.options.force_reference) return std::unexpected(lights.error());
      return Framing{};
    }
    in_place = lights.has_value();
    if (mode == AlignMode::kAuto && agreement >= kPlainlyTheSame && in_place) return same;
  }

  const Expected<Lumas> lumas = ReadLumas(base, reference, kRegistered, request);
  if (!lumas) return std::unexpected(lumas.error());
  Expected<Registration> found = Register(lumas->edit.view(), lumas->reference.view());
  const bool may_be_same =
      mode == AlignMode::kAuto && agreement >= kMinStructureAgreement && in_place;
  if (!found) {
    // A picture with too little texture to look for may still be where it should be.
    if (may_be_same) return same;
    return Within(request.reference->name, std::move(found.error()));
  }
  if (may_be_same && IsSameFraming(found->to_reference, reference.raster())) return same;
  Framing framing{*found,
                  CompareAt(lumas->edit.view(), lumas->reference.view(), found->to_reference)};
  if (Expected<void> lights = CheckLights(framing, request); !lights) {
    return std::unexpected(std::move(lights.error()));
  }
  report.agreement = found->agreement;
  report.alignment = *std::move(found);
  return framing;
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
