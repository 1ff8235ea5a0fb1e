// How an edit lies in its reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/compared.h"
#include "align/find/displacement.h"
#include "align/find/register.h"
#include "base/aspect.h"
#include "base/plane.h"

namespace hdrp {

/// How a reference's map is put onto an edit of another framing.
enum class AlignMode : std::uint8_t {
  kAuto,  ///< as it is where the framing is the same; else the edit is looked for in the reference
  kNone,  ///< another framing is a mismatch
  kRequire,  ///< the edit is looked for in the reference, always
};

struct FramingOptions {
  AlignMode align = AlignMode::kAuto;
  bool force_reference = false;  ///< take the reference although the pictures seem to differ
};

struct Framing {
  std::optional<Registration> alignment = std::nullopt;  ///< nullopt: in the same framing
  std::optional<LumaPair> compared = std::nullopt;       ///< where they were looked at for changes
  /// 255 where the edit shows something else than the reference, else 0: displayed raster, small
  /// (find_edited.h). Empty where they were not compared.
  Plane<std::uint8_t> edited = {};
  std::optional<double> agreement = std::nullopt;  ///< luma structure of both, 0..1
  std::vector<std::string> warnings = {};
};

/// The two, for messages.
struct PictureNames {
  std::string_view edit, reference;
};

/// How far a map of this long side may lie off, as a share of the picture's long side: half a pixel
/// of the map, but no less than a pixel of the edit.
[[nodiscard]] double FramingTolerance(RasterSize edit, int map_long_side);
/// True where an edit that lies so in its reference is as framed: nothing is off by more than
/// `tolerance` of the long side.
[[nodiscard]] bool IsSameFraming(const FramingMap& to_reference, const Raster& edit,
                                 double tolerance);

/// The framing that was found; a stretch of the edit becomes a warning.
[[nodiscard]] Framing FoundFraming(Registration found, LumaPair compared);

/// mismatch below kMinStructureAgreement; a warning where the reference is forced.
[[nodiscard]] Expected<void> RequireAgreement(double agreement, const PictureNames& names,
                                              const FramingOptions& options,
                                              std::vector<std::string>& warnings);
/// The same for what was found to have moved.
[[nodiscard]] Expected<void> RequireInPlace(Placed placed, const PictureNames& names,
                                            const FramingOptions& options,
                                            std::vector<std::string>& warnings);
/// mismatch where lights alone have structure and are not where they should be
/// (align/changes/placed_by_lights.h). Nothing where the two were not compared.
[[nodiscard]] Expected<void> CheckLights(const Framing& framing, const PictureNames& names);

}  // namespace hdrp
