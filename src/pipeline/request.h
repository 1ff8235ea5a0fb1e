// What a front door asks for and what it gets back. Front doors see this folder and base only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/register.h"
#include "base/bytes.h"
#include "base/rows.h"
#include "decode/picture.h"
#include "gainmap/fine_gain.h"
#include "gainmap/metadata.h"
#include "guard/guards.h"
#include "metadata/apple.h"
#include "metadata/exif.h"
#include "verify/verify.h"

namespace hdrp {

/// A file as handed in. The name is for messages and reports only; the type is read from the bytes.
struct InputFile {
  std::string name;
  Bytes bytes;
};

enum class Mode : std::uint8_t { kAuto, kReference, kPredict };
/// How a reference's map is put onto an edit of another framing.
enum class AlignMode : std::uint8_t {
  kAuto,  ///< as it is where the framing is the same; else the edit is looked for in the reference
  kNone,  ///< another framing is a mismatch
  kRequire,  ///< the edit is looked for in the reference, always
};
/// What stays of a reference whose edit has another tone.
enum class Keep : std::uint8_t {
  kGain,  ///< the gain: the HDR rendition is the edit, lifted as the original was
  kHdr,  ///< the HDR rendition: the gain is derived anew from the edit, clipped to what a map holds
};
/// What takes the place of the reference's gain where the edit shows something else.
enum class Fill : std::uint8_t {
  kPredict,  ///< the predictor's gain, fitted to the gain around it
  kNeutral,  ///< no gain
};
enum class Exporter : std::uint8_t { kNative, kLibultrahdr };
enum class OutputFormat : std::uint8_t { kJpeg, kHeic, kAvif };
/// "jpeg", "heic", "avif"
[[nodiscard]] std::string_view NameOf(OutputFormat format);

/// What a HEIC says of its gain map; the samples are the same, or all but the same, in each.
enum class HeicForm : std::uint8_t {
  kBoth,   ///< ISO 21496-1 and Apple's auxiliary image
  kIso,    ///< ISO 21496-1 alone
  kApple,  ///< Apple's alone, with samples of its curve
};

/// What a predicted map is to be like: as phones make them (learned from theirs), only what shines,
/// or mid-tones too, as Adobe Camera Raw lifts them.
enum class PredictStyle : std::uint8_t { kPhone, kHighlights, kAcr };
/// "phone", "highlights", "acr"
[[nodiscard]] std::string_view NameOf(PredictStyle style);

inline constexpr int kDefaultModelEdge = 512;

/// Which learned model predicts. Highlights and acr are what `bright` does, a formula.
struct ModelChoice {
  std::string path = {};             ///< of the model file; empty: what the style says
  bool installed = false;            ///< nobody named the file: it gives way to those two styles
  bool bright = false;               ///< no model, whatever the style
  std::string family = {};           ///< what its name has to be or begin with; empty: anything
  int max_edge = kDefaultModelEdge;  ///< px, of what the model sees of the base; 0: no limit
};

/// How Predictive Mode predicts.
struct PredictOptions {
  PredictStyle style = PredictStyle::kPhone;
  ModelChoice model = {};
  GuardStrengths guards;
};

/// What a job with a reference makes pictures of (ExplainingPicture): how the two pictures fit, and
/// also the gain before and after.
enum class Explained { kNothing, kFraming, kEverything };

struct Options {
  Mode mode = Mode::kAuto;
  PredictOptions predict = {};
  std::optional<double> boost_stops = std::nullopt;  ///< 0.1 to 6; becomes the alternate headroom
  double strength = 1;  ///< 0 to 1; all gains, and the headroom, times this, after boost
  AlignMode align = AlignMode::kAuto;
  Keep keep = Keep::kGain;  ///< of gain-map references; an HDR rendition is always kept
  Fill fill = Fill::kPredict;
  Explained explain = Explained::kNothing;
  ExifPolicy exif = ExifPolicy::kAllow;
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  /// JPEG quality of a map we encode: 95 for the samples of a reference's map; a derived map is
  /// coded by what fits (pipeline/map_coding.h) unless it is given.
  std::optional<int> map_quality = std::nullopt;
  OutputFormat format = OutputFormat::kJpeg;
  HeicForm heic_form = HeicForm::kBoth;
  /// The reference's numbers and samples stay: HEIC and AVIF code them without loss, and no sample
  /// is changed to suit a second reading. What `convert` does; map_quality takes precedence.
  bool keep_map = false;
  Exporter exporter = Exporter::kNative;
  VerifyLevel verify = VerifyLevel::kPixels;
  bool force_reference = false;  ///< take the reference although the pictures seem to differ

  /// HDR renditions (EXR, float TIFF, PQ, HLG ...) as reference.
  std::optional<double> hdr_white_nits = std::nullopt;      ///< what is SDR white there; else 203
  std::optional<double> hdr_exposure_stops = std::nullopt;  ///< added to them
  bool anchor = true;  ///< scale them where mid-tones clearly disagree with the edit's
  std::optional<int> gain_map_scale = std::nullopt;  ///< 1, 2 or 4; else chosen by what is lost
  int gain_map_channels = 1;                         ///< 1 or 3

  /// Edits that are not JPEG yet.
  Flatten flatten = Flatten::kRefuse;  ///< of references too
  std::string exr_layer = {};          ///< of an OpenEXR reference; empty: the only one, or R, G, B
  bool keep_icc = false;               ///< keep a wide profile where the picture is encoded anyway
  bool convert_icc = false;            ///< convert a JPEG's wide profile too, which encodes it anew
  /// Of a base that is encoded: JPEG's 1..100 (default 95), or HEVC's or AV1's (default: what
  /// docs/formats.md, "HEIC and AVIF", measures).
  std::optional<int> base_quality = std::nullopt;
  /// Default: 4:2:0 in JPEG below quality 90, and in HEIC and AVIF.
  std::optional<bool> subsample_chroma = std::nullopt;
};

struct Request {
  InputFile base;
  std::optional<InputFile> reference;
  std::optional<InputFile> mask;
  Options options;
  Limits limits;
  Parallelism parallelism;
  /// Told after each stage; `share` of the whole job done, 0..1. May be empty.
  std::function<void(std::string_view stage, double share)> progress;
};

/// What alignment saw and did, for people: a PNG, as displayed, at most kExplainingSide px long.
/// "overlay": the edit in red, what the reference shows there in cyan; "agreement": white where the
/// reference's gain is kept; "gain_before", "gain_after": black is the lowest of both, white the
/// highest.
struct ExplainingPicture {
  std::string_view name;
  Bytes png;
};
inline constexpr int kExplainingSide = 512;
inline constexpr auto kExplainingPictures =
    std::to_array<std::string_view>({"overlay", "agreement", "gain_before", "gain_after"});

/// Where the edit shows something else than the reference, or the user's mask says so.
struct FilledRegions {
  double share = 0;  ///< of the edit, 0..1
  Fill fill = Fill::kPredict;
};

struct StageTime {
  std::string_view stage;
  double milliseconds = 0;
};

struct InputSummary {
  std::string_view role;  ///< "base", "reference", "mask"
  std::string name;
  std::size_t bytes = 0;
  std::string sha256;
};

/// The model that predicted.
struct ModelRecord {
  std::string sha256;         ///< of its file
  int width = 0, height = 0;  ///< at which it saw the base
};

/// Everything meta.json says. No clock, no path: the same inputs give the same report.
struct Report {
  std::string_view mode;             ///< "reference" or "predict"
  std::string predictor;             ///< "bright" or a model's name; empty in Reference Mode
  std::string_view style;            ///< NameOf the style; empty for a model file
  std::optional<ModelRecord> model;  ///< where the predictor is one
  std::vector<GuardEffect> guards;   ///< of a predicted map: those that were on
  std::string_view source;           ///< of the reference's metadata: iso, xmp, apple; else empty
  std::string_view exporter;         ///< "native" or "libultrahdr"
  OutputFormat format = OutputFormat::kJpeg;
  std::vector<InputSummary> inputs;
  int width = 0, height = 0;  ///< of the base as stored
  int orientation = 1;
  std::string icc;  ///< the base profile's description; empty without a profile
  int map_width = 0, map_height = 0, map_components = 0;
  bool map_copied = false;             ///< the reference's map stream is in the file unchanged
  std::vector<std::string> map_steps;  ///< what was done to the map otherwise
  std::optional<double> agreement;     ///< luma structure of edit and reference, 0..1
  std::optional<Registration>
      alignment;  ///< where the edit lies in the reference, where it was looked for
  std::optional<FilledRegions> edited;  ///< where there are any
  std::vector<std::string> base_steps;  ///< what was done to make a JPEG of the edit
  std::optional<double> anchor_stops;   ///< by which an HDR rendition was scaled
  std::uint64_t non_finite_pixels = 0;  ///< of an HDR rendition
  std::optional<GainError> fidelity;    ///< of a derived map, on the judged pixels
  GainMapMetadata metadata;
  Verification verification;
  std::vector<std::string> warnings;
};

struct Result {
  Bytes ultra_hdr;  ///< in the format that was asked for
  Bytes preview;
  std::vector<ExplainingPicture> pictures;  ///< where Options.explain asks for them
  Report report;
  std::vector<StageTime> timings;  ///< for people; never part of an output file
};

}  // namespace hdrp
