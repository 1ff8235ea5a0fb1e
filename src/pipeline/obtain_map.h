// Obtain and align: the map in the edit's raster, from whichever source the mode says.
#pragma once

#include <optional>
#include <vector>

#include "derive/map_from_hdr.h"
#include "pipeline/choose_mode.h"
#include "pipeline/request.h"
#include "place/explain.h"
#include "place/fill_edited.h"
#include "predict/predicted_map.h"

namespace hdrp {

struct ObtainOptions {
  const InputFile* reference = nullptr;
  const InputFile* mask = nullptr;
  FramingOptions framing = {};
  DeriveOptions derive = {};
  PredictOptions predict = {};
  Keep keep = Keep::kGain;
  Fill fill = Fill::kPredict;
  Explained explain = Explained::kNothing;
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  bool asked_headroom = false;   ///< --boost: little gain is enough
  bool keeps_primaries = false;  ///< the output can say where gains live, and is to
};

struct ObtainedMap {
  MapInProgress map;
  MapOrigin origin = MapOrigin::kCopied;
  Framing framing = {};
  std::optional<PredictorRecord> predicted = std::nullopt;
  std::optional<DerivationRecord> derived = std::nullopt;
  std::optional<FilledRegions> filled = std::nullopt;
  std::vector<ExplainingPicture> pictures = {};
};

/// The choice's files must outlive the result.
[[nodiscard]] Expected<ObtainedMap> ObtainMap(ModeChoice& choice, const EditJpeg& edit,
                                              const ObtainOptions& options,
                                              const Resources& resources);

}  // namespace hdrp
