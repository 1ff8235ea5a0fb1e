// What a front door asks for. Front doors see this folder and base only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_format.h"
#include "base/input_file.h"
#include "base/rows.h"
#include "derive/edit_and_original.h"
#include "edit/prepare_edit.h"
#include "metadata/apple.h"
#include "metadata/exif.h"
#include "place/fill_edited.h"
#include "place/framing.h"
#include "predict/predict_options.h"
#include "verify/verify.h"

namespace hdrp {

enum class Mode : std::uint8_t { kAuto, kReference, kPredict };
/// What stays of a reference whose edit has another tone.
enum class Keep : std::uint8_t {
  kGain,  ///< the gain: the HDR rendition is the edit, lifted as the original was
  kHdr,  ///< the HDR rendition: the gain is derived anew from the edit, clipped to what a map holds
};
enum class Exporter : std::uint8_t { kNative, kLibultrahdr };

/// What a HEIC says of its gain map; the samples are the same, or all but the same, in each.
enum class HeicForm : std::uint8_t {
  kBoth,   ///< ISO 21496-1 and Apple's auxiliary image
  kIso,    ///< ISO 21496-1 alone
  kApple,  ///< Apple's alone, with samples of its curve
};

/// What a job with a reference makes pictures of (ExplainingPicture): how the two pictures fit, and
/// also the gain before and after.
enum class Explained { kNothing, kFraming, kEverything };

/// What is written, and how.
struct OutputOptions {
  FileFormat format = FileFormat::kJpeg;  ///< one that is written with a gain map
  Exporter exporter = Exporter::kNative;
  HeicForm heic_form = HeicForm::kBoth;
  ExifPolicy exif = ExifPolicy::kAllow;
  /// The reference's numbers and samples stay: HEIC and AVIF code them without loss, and no sample
  /// is changed to suit a second reading. What `convert` does; map_quality takes precedence.
  bool keep_map = false;
  /// JPEG quality of a map we encode: 95 for the samples of a reference's map; a derived map is
  /// coded by what fits (derive/map_coding.h) unless it is given.
  std::optional<int> map_quality = std::nullopt;
  /// Of a base that is encoded: JPEG's 1..100 (default 95), or HEVC's or AV1's (default: what
  /// docs/formats.md, "HEIC and AVIF", measures).
  std::optional<int> base_quality = std::nullopt;
  /// Default: 4:2:0 in JPEG below quality 90, and in HEIC and AVIF.
  std::optional<bool> subsample_chroma = std::nullopt;
  VerifyLevel verify = VerifyLevel::kPixels;
};

/// Where a stage has options of its own, they stand here as it takes them; what several stages go
/// by is passed on by stage_options.h.
struct Options {
  Mode mode = Mode::kAuto;
  EditOptions edit = {};  ///< without quality and chroma, which are the output's
  FramingOptions framing = {};
  DeriveOptions derive = {};  ///< without flatten and map_quality, which are others' too
  PredictOptions predict = {};
  OutputOptions output = {};
  Keep keep = Keep::kGain;  ///< of gain-map references; an HDR rendition is always kept
  Fill fill = Fill::kPredict;
  Explained explain = Explained::kNothing;
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  std::optional<double> boost_stops = std::nullopt;  ///< 0.1 to 6; becomes the alternate headroom
  double strength = 1;  ///< 0 to 1; all gains, and the headroom, times this, after boost
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

}  // namespace hdrp
