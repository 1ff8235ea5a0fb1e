// The stages of Process(), one function each. They share nothing but what they pass on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "align/compared.h"
#include "align/displacement.h"
#include "align/framing.h"
#include "align/register.h"
#include "color/icc.h"
#include "decode/gain_map_jpeg.h"
#include "decode/gain_map_picture.h"
#include "gainmap/gain.h"
#include "metadata/exif_color.h"
#include "package/jpeg_r.h"
#include "pipeline/request.h"

namespace hdrp {

/// An input JPEG after parsing; borrows the request's bytes.
struct ReadJpeg {
  const InputFile* file = nullptr;
  GainMapJpeg parsed;
  [[nodiscard]] int width() const { return parsed.primary.frame.width; }
  [[nodiscard]] int height() const { return parsed.primary.frame.height; }
  [[nodiscard]] Orientation orientation() const { return parsed.exif.orientation; }
};

/// A gain map on its way from the reference (or the predictor) to the output. While nothing has
/// touched its samples it is the reference's own stream (`stored`); after that it is `codes`.
struct MapInProgress {
  ByteView stored;
  Bytes recoded;  ///< what `stored` looks at, where the reference's stream was coded anew
  std::optional<EncodedGainMap> codes;
  int width = 0, height = 0;
  int components = 1;
  GainMapMetadata metadata;  ///< codes->metadata is not used any more
  Bytes coded;               ///< the codes as EncodeMap made a JPEG of them, or empty
  /// Where the gains live, if that is not the base's primaries (and it matters).
  std::optional<Chromaticities> gain_primaries;
  std::optional<int> flat_step;    ///< how the codes are to be coded, where it was chosen
  std::vector<std::string> steps;  ///< what changed the samples or the numbers, for the report
};

/// The edit as a JPEG: itself, where it is one already and may stay as it is; else encoded once,
/// with its profile, EXIF and XMP.
struct PreparedBase {
  const InputFile* original = nullptr;
  std::optional<InputFile> made;
  /// The pixels before JPEG, for containers that code them anew; only where `made` is, and another
  /// format than JPEG was asked for.
  Plane<std::uint8_t> codes;
  [[nodiscard]] const InputFile& file() const { return made ? *made : *original; }
};
[[nodiscard]] Expected<PreparedBase> PrepareBase(const Request& request, Report& report);

/// The prepared edit after parsing. One whose EXIF alone says Adobe RGB gets a profile that says it
/// too, for viewers read no EXIF: that becomes `made`. unsupported for PQ and HLG, which a JPEG can
/// say in its profile.
[[nodiscard]] Expected<ReadJpeg> ReadPreparedBase(PreparedBase& prepared, const Request& request,
                                                  Report& report);

/// bad_input, too_large, or unsupported ("expected a JPEG, found PNG").
[[nodiscard]] Expected<ReadJpeg> ReadInputJpeg(const InputFile& file, const Limits& limits);

/// What the primary's codes mean, as OpenPicture would say it.
[[nodiscard]] ColorSpec ColorSpecOf(const GainMapJpeg& jpeg);

[[nodiscard]] ExifColor ExifColorOf(const GainMapJpeg& jpeg);
/// True for a JPEG without a profile that is an option file of DCF.
[[nodiscard]] bool IsAdobeRgbByExif(const GainMapJpeg& jpeg);

/// What the picture's codes mean: its ICC profile's colours; without one Adobe RGB where EXIF says
/// so, else sRGB. ReadIccProfile's errors.
[[nodiscard]] Expected<BaseColor> BaseColorOf(const ReadJpeg& jpeg);

/// A file that may hold a gain map, whichever container it is, after parsing; borrows its bytes.
struct GainMapFile {
  const InputFile* file = nullptr;
  std::variant<GainMapJpeg, GainMapPicture> parsed;

  /// Of the base image, to whose raster the map belongs.
  [[nodiscard]] Raster raster() const;
  [[nodiscard]] bool has_map() const;
  [[nodiscard]] const std::vector<std::string>& problems() const;
};
/// A JPEG, HEIC or AVIF. unsupported for other formats.
[[nodiscard]] Expected<GainMapFile> ReadGainMapFile(const InputFile& file,
                                                    const PictureOptions& options);
[[nodiscard]] PictureOptions PictureOptionsOf(const Request& request);

/// True for the containers that ReadGainMapFile reads.
[[nodiscard]] bool MayHoldGainMap(const InputFile& file);
/// A HEIC or AVIF whose base is PQ or HLG is an HDR rendition, whatever gain map leads to SDR.
[[nodiscard]] bool IsHdrRendition(const GainMapFile& file);

/// Where the map comes from; without a reference, from the predictor. Adds warnings for maps and
/// claims of the edit that are dropped.
struct ModeChoice {
  std::optional<GainMapFile> reference;
  bool reference_is_edit = false;  ///< the edit's own map is used
  bool derive = false;             ///< request.reference is an HDR rendition
};
[[nodiscard]] Expected<ModeChoice> ChooseMode(const Request& request, const ReadJpeg& base,
                                              std::vector<std::string>& warnings);

/// How the edit lies in the reference.
struct Framing {
  std::optional<Registration> alignment;  ///< nullopt: in the same framing
  std::optional<ComparedLumas> compared;  ///< where they were looked at for changes
};
/// Whether edit and reference are the same picture, and where the edit lies in it: fills the
/// report's agreement and, where the framing differs, its alignment. mismatch where they are not.
/// `map_long_side`: of the reference's map, px.
[[nodiscard]] Expected<Framing> FrameReference(const ReadJpeg& base, GainMapFile& reference,
                                               int map_long_side, const Request& request,
                                               Report& report);

/// How far a place may lie from where the same framing has it, as a share of the long side: half of
/// a pixel of the map, or one of the base, whichever is more.
[[nodiscard]] double FramingTolerance(const ReadJpeg& base, int map_long_side);
[[nodiscard]] bool IsSameFraming(const FramingMap& to_reference, const ReadJpeg& base,
                                 double tolerance);
/// Agreement, alignment, and a warning where the edit is stretched.
void ReportAlignment(const Registration& found, Report& report);

/// mismatch for an agreement below the limit, unless the reference is forced (which warns).
[[nodiscard]] Expected<void> RequireAgreement(double agreement, const Request& request,
                                              std::vector<std::string>& warnings);

/// The same for what was found to have moved.
[[nodiscard]] Expected<void> RequireInPlace(Placed placed, const Request& request,
                                            std::vector<std::string>& warnings);

/// A reference's map in the base's raster, how the edit lies in the reference, and FindEdited's
/// mask.
struct PlacedMap {
  MapInProgress map;
  Framing framing;
  Plane<std::uint8_t> edited;
};
/// Derives the map from request.reference, an HDR rendition; also judges whether both are the same
/// picture, and where the edit lies in it. The gain is 0 where `edited` says so. Fills the report's
/// agreement, alignment, source, anchor and fidelity.
[[nodiscard]] Expected<PlacedMap> MapFromHdr(const ReadJpeg& base, const Request& request,
                                             Report& report);
/// --keep hdr: derives the map from the HDR rendition that a gain-map file decodes to, in the
/// edit's framing; gain 0 where `edited` says so. Fills the report's fidelity.
[[nodiscard]] Expected<MapInProgress> MapKeepingHdr(const ReadJpeg& base, GainMapFile& reference,
                                                    const Framing& framing,
                                                    const Plane<std::uint8_t>& edited,
                                                    const Request& request, Report& report);
/// Fills the report's source.
[[nodiscard]] Expected<MapInProgress> MapFromReference(GainMapFile& reference,
                                                       const Request& request, Report& report);
/// A coloured map whose gains live in other primaries than the edit's, by its own word or because
/// the reference's base has others: its gains in the edit's primaries, by the reference's pixels.
/// Every other map as it is, and one that the output's container can describe (convert to AVIF).
[[nodiscard]] Expected<MapInProgress> MoveGains(MapInProgress map, GainMapFile& reference,
                                                const ReadJpeg& base, const Request& request,
                                                Report& report);
/// Fills the report's predictor and guards. no_gain_map where nothing would visibly be lifted.
[[nodiscard]] Expected<MapInProgress> MapFromPredictor(const ReadJpeg& base, const Request& request,
                                                       Report& report);

/// The map in the base's stored raster: turned, and resampled where it is larger than the base or
/// its aspect is off by more than 1 %.
[[nodiscard]] Expected<MapInProgress> FitToBase(MapInProgress map, Orientation reference,
                                                const ReadJpeg& base, const Limits& limits);

/// The map of the part of the reference that the edit shows, in the base's stored raster.
[[nodiscard]] Expected<MapInProgress> WarpToBase(MapInProgress map, const Registration& alignment,
                                                 const Raster& reference, const ReadJpeg& base,
                                                 const Limits& limits);

/// 255 where the edit shows something else than the reference, else 0: displayed raster, small.
/// Empty where they were not compared.
[[nodiscard]] Plane<std::uint8_t> FindEdited(const Framing& framing);
/// False for an empty mask.
[[nodiscard]] bool SaysEdited(const Plane<std::uint8_t>& mask);

/// The map with `fill` where something was `found` (FindEdited's mask of `framing`, or empty) and
/// under the user's mask, but with no gain in a frame (added_frame.h); untouched where there is
/// neither. Fills the report's edited. no_gain_map where nothing of the gain is left.
[[nodiscard]] Expected<MapInProgress> FillEdited(MapInProgress map, const Framing& framing,
                                                 const Plane<std::uint8_t>& found, Fill fill,
                                                 const ReadJpeg& base, const Request& request,
                                                 Report& report);

/// "overlay" and "agreement", where the two were compared; `found` as above.
[[nodiscard]] Expected<std::vector<ExplainingPicture>> ExplainFraming(
    const Framing& framing, const Plane<std::uint8_t>& found);
/// The highest channel's stops, as displayed, at most kExplainingSide on the long side.
[[nodiscard]] Expected<Plane<float>> SmallGain(const MapInProgress& map, Orientation orientation,
                                               const Limits& limits);
/// "gain_before" and "gain_after", of SmallGain, on one scale.
[[nodiscard]] Expected<std::vector<ExplainingPicture>> ExplainGain(const Plane<float>& before,
                                                                   const Plane<float>& after);

/// The derived map's headroom becomes the peak of the rendition that will be delivered over SDR
/// white (gainmap/rendition_peak.h). no_gain_map where that is below kLeastLiftStops.
[[nodiscard]] Expected<MapInProgress> WithPeakAsHeadroom(MapInProgress map, const ReadJpeg& base,
                                                         const Request& request);
/// A derived map's headroom; --boost and --strength.
[[nodiscard]] Expected<MapInProgress> GuardMap(MapInProgress placed, const ReadJpeg& base,
                                               MapOrigin origin, const Request& request);

/// Decodes `stored` where the samples are needed and not there yet.
[[nodiscard]] Expected<void> EnsureCodes(MapInProgress& map, const Limits& limits);

/// The map's JPEG stream where its samples changed (one channel where the map is neutral): `coded`,
/// which is given away, or made now. Empty where `stored` serves.
[[nodiscard]] Expected<Bytes> EncodeMap(MapInProgress& map, const Options& options);

}  // namespace hdrp
