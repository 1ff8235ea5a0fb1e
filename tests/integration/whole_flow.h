// Runs the whole flow on pictures whose light is known, and measures the light that comes out.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/plane.h"
#include "color/color_spec.h"
#include "package/float_image.h"
#include "pipeline/process.h"

namespace hdrp::test {

/// The light as a file, by our own writer.
[[nodiscard]] Bytes FloatFile(PlaneView<const float> rgb, FileFormat format,
                              const Chromaticities& primaries = kRec709Primaries);

/// A request with an edit and, where it is not empty, a reference.
[[nodiscard]] Request MakeRequest(Bytes edit, Bytes reference = {}, const Options& options = {});

/// The result; fails the test, and gives an empty one, where there is none.
[[nodiscard]] Result MustProcess(const Request& request);

/// A map so fine that what is left of an error is not the map's coding, with which tests of formats
/// and spaces have nothing to do (a small picture's map has few bytes otherwise).
[[nodiscard]] Options FineMap(int channels = 1);

/// The error; fails the test where there is none.
[[nodiscard]] Error MustFail(const Request& request);

/// What the file decodes to at full headroom: its stored raster, its base's primaries.
[[nodiscard]] Plane<float> Rendered(const Bytes& ultra_hdr);

/// Stops of the file's map, in its own raster.
[[nodiscard]] Plane<float> GainOf(const Bytes& ultra_hdr);

[[nodiscard]] Plane<float> Scaled(PlaneView<const float> rgb, float factor);

/// Linear RGB of one space as linear RGB of another.
[[nodiscard]] Plane<float> Converted(PlaneView<const float> rgb, const Chromaticities& from,
                                     const Chromaticities& to);

/// |log2 Y' - log2 Y| of the pixels with Y > 0.02, sorted; both in Rec. 709 primaries.
[[nodiscard]] std::vector<double> ErrorsStops(PlaneView<const float> wanted,
                                              PlaneView<const float> found);
[[nodiscard]] double P99(const std::vector<double>& sorted);

}  // namespace hdrp::test
