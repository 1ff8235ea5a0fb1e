#include "place/frame_reference.h"

#include <optional>
#include <string>
#include <vector>

#include "align/framing.h"
#include "place/small_picture.h"

namespace hdrp {
namespace {

/// Pixels that a picture's small luma has on its long side at least, if the picture has them.
struct LeastSide {
  int of_jpeg;     ///< any scale is as good to libjpeg
  int of_picture;  ///< others: beyond a thumbnail's size the base has to be decoded
};

/// Structure is compared at 1/8 scale: libjpeg then needs only the DC terms. Small pictures are
/// read at a larger scale, so that enough pixels are left to compare.
constexpr LeastSide kCompared{256, 128};

/// At which an edit is looked for in its reference.
constexpr LeastSide kRegistered{kRegisteredSide, 640};

/// Coded luma of both, small, as displayed.
struct Lumas {
  SmallPicture edit, reference;
};

[[nodiscard]] Expected<Lumas> ReadLumas(const EditJpeg& edit, GainMapFile& reference,
                                        LeastSide least, const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(SmallPicture small, SmallPictureOf(edit, least.of_jpeg, resources));
  HDRP_ASSIGN_OR_RETURN(
      const SmallLuma original,
      Within(reference.file->name,
             reference.read_small_luma(reference.jpeg ? least.of_jpeg : least.of_picture)));
  return Lumas{std::move(small), AsDisplayed(original, reference.raster().orientation)};
}

/// True where the aspects allow the same framing, or the user says so.
[[nodiscard]] Expected<bool> MayBeAsFramed(const EditJpeg& edit, const GainMapFile& reference,
                                           const FramingOptions& options,
                                           std::vector<std::string>& warnings) {
  Expected<void> aspect = CheckAspect(edit.raster(), reference.raster());
  if (aspect) return true;
  if (options.force_reference) {
    warnings.push_back("the reference was forced although " + aspect.error().message);
    return true;
  }
  if (options.align != AlignMode::kNone) return false;
  return Within(reference.file->name, std::move(aspect.error()));
}

/// What the same framing says of two pictures.
struct AsFramed {
  Framing framing;
  Placed placed = Placed::kUnknown;
  [[nodiscard]] double agreement() const { return *framing.agreement; }
};
[[nodiscard]] AsFramed CompareAsFramed(const Lumas& lumas, double tolerance) {
  const LumaView edit = lumas.edit.view(), reference = lumas.reference.view();
  return {{.compared = CompareAt(edit, reference, kSameFraming),
           .agreement = StructureAgreement(edit.codes, Orientation::kTopLeft, reference.codes,
                                           Orientation::kTopLeft)},
          DisplacementOf(edit, reference, tolerance).placed};
}

/// The one framing that may be used without looking for another; what was moved is refused.
[[nodiscard]] Expected<Framing> OnlyAsFramed(const AsFramed& same, const PictureNames& names,
                                             const FramingOptions& options,
                                             std::vector<std::string> warnings) {
  HDRP_RETURN_IF_ERROR(RequireAgreement(same.agreement(), names, options, warnings));
  HDRP_RETURN_IF_ERROR(RequireInPlace(same.placed, names, options, warnings));
  if (!options.force_reference) HDRP_RETURN_IF_ERROR(CheckLights(same.framing, names));
  return Framing{.agreement = same.agreement(), .warnings = std::move(warnings)};
}

}  // namespace

Expected<Framing> FrameReference(const EditJpeg& edit, GainMapFile& reference,
                                 const FrameReferenceOptions& wanted, const Resources& resources) {
  const FramingOptions& options = wanted.framing;
  const PictureNames names{edit.name(), reference.file->name};
  const double tolerance = FramingTolerance({edit.width(), edit.height()}, wanted.map_long_side);
  std::vector<std::string> warnings;
  HDRP_ASSIGN_OR_RETURN(const bool as_framed, MayBeAsFramed(edit, reference, options, warnings));
  std::optional<AsFramed> same;
  bool in_place = false, may_be_same = false;  // by its lights; by its structure, too
  if (as_framed) {
    HDRP_ASSIGN_OR_RETURN(const Lumas lumas, ReadLumas(edit, reference, kCompared, resources));
    same = CompareAsFramed(lumas, tolerance);
    if (options.align == AlignMode::kNone || options.force_reference) {
      return OnlyAsFramed(*same, names, options, std::move(warnings));
    }
    in_place = options.align == AlignMode::kAuto && CheckLights(same->framing, names).has_value();
    may_be_same = in_place && same->agreement() >= kMinStructureAgreement;
    if (may_be_same && same->placed == Placed::kSame) return std::move(same->framing);
  }

  HDRP_ASSIGN_OR_RETURN(const Lumas lumas, ReadLumas(edit, reference, kRegistered, resources));
  Expected<Registration> found = Register(lumas.edit.view(), lumas.reference.view());
  if (!found) {
    // A picture with too little texture to look for may still be where it should be.
    if (may_be_same && same->placed != Placed::kMoved) return std::move(same->framing);
    return Within(names.reference, std::move(found.error()));
  }
  // Tone may leave little structure alike; what is found in its place was not moved.
  if (in_place && IsSameFraming(found->to_reference, edit.raster(), tolerance)) {
    return std::move(same->framing);
  }
  Framing framing = FoundFraming(
      *found, CompareAt(lumas.edit.view(), lumas.reference.view(), found->to_reference));
  HDRP_RETURN_IF_ERROR(CheckLights(framing, names));
  return framing;
}

}  // namespace hdrp
