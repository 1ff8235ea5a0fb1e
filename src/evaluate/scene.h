// One gain-map file as the scoring harness and the training tool see it: base and target, small.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/aspect.h"
#include "base/error.h"
#include "base/plane.h"
#include "color/matrix.h"
#include "edit/prepare_edit.h"
#include "pipeline/request.h"

namespace hdrp {

/// Who made the gain map. Their targets differ so much that one average would say nothing.
enum class WriterGroup : std::uint8_t {
  kPhone,  ///< a camera's own processing
  kAcr,    ///< Adobe Camera Raw, Lightroom, Photoshop
};
/// "phone", "acr"
[[nodiscard]] std::string_view NameOf(WriterGroup group);

/// kAcr where EXIF Software or XMP CreatorTool begins with "Adobe".
[[nodiscard]] WriterGroup WriterGroupOf(std::string_view software, std::string_view creator_tool);

/// Pictures of one key may show the same scene: a split must not tear them apart. The source and,
/// where `date_time_original` ("2025:11:24 09:20:25") is one, its date and hour.
[[nodiscard]] std::string SceneKeyOf(std::string_view source, std::string_view date_time_original);

struct Scene {
  std::string name, sha256;  ///< of the file
  /// Where it comes from: the repository that a manifest names, or its folder. The caller's to say.
  std::string source;
  WriterGroup group = WriterGroup::kPhone;
  std::string date_time_original;
  RasterSize base_size;       ///< as stored
  double map_span_stops = 0;  ///< p1 to p99 of the stored map's gains
  Plane<std::uint8_t> coded;  ///< RGB at BrightWorkingSize, coded values averaged by area
  Plane<float> linear;        ///< RGB, linear light averaged by area
  Plane<float> target_stops;  ///< see target.h
  Matrix rec2020_from_base{};
  PreparedEdit prepared;  ///< borrows the request's base; for predictors
};

/// Reads `request.base`: a gain-map JPEG, HEIC or AVIF (whose base becomes a JPEG first, as
/// `process` would make it). no_gain_map, unsupported, bad_input, too_large for files that are no
/// pair; interrupted, timeout. EXIF orientation plays no part.
[[nodiscard]] Expected<Scene> ReadScene(const Request& request);

}  // namespace hdrp
