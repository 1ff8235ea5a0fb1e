// What a job gives back: the files, and what is to be known of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/find/register.h"
#include "base/bytes.h"
#include "derive/derive_map.h"
#include "gainmap/metadata.h"
#include "pipeline/request.h"
#include "place/explain.h"
#include "place/fill_edited.h"
#include "predict/predict_gain.h"
#include "verify/verify.h"

namespace hdrp {

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

/// Everything meta.json says. No clock, no path: the same inputs give the same report.
struct Report {
  std::string_view mode;                     ///< "reference" or "predict"
  std::optional<PredictorRecord> predicted;  ///< who did; nullopt in Reference Mode
  std::string_view source;    ///< of the reference's metadata: iso, xmp, apple; else empty
  std::string_view exporter;  ///< "native" or "libultrahdr"
  FileFormat format = FileFormat::kJpeg;
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
  std::optional<FilledRegions> edited;      ///< where there are any
  std::vector<std::string> base_steps;      ///< what was done to make a JPEG of the edit
  std::optional<DerivationRecord> derived;  ///< of a derived map
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
