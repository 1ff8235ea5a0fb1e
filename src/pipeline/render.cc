#include "pipeline/render.h"

#include <algorithm>

#include "pipeline/rendered_light.h"

namespace hdrp {

Expected<void> RenderHdr(const InputFile& file, const RenderOptions& options,
                         const std::filesystem::path& path) {
  constexpr int kBandRows = 16;
  Expected<GainMapFile> parsed =
      ReadGainMapFile(file, {.limits = options.limits, .stop = options.stop});
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  Expected<LightRows> light =
      OpenRenderedLight(*parsed, {options.apple_transfer, options.limits, options.stop});
  if (!light) return std::unexpected(std::move(light.error()));
  const auto [width, height, orientation] = light->raster;
  Expected<FloatImageWriter> writer = FloatImageWriter::Create(
      path, options.format, {width, height, light->primaries, static_cast<int>(orientation)});
  if (!writer) return std::unexpected(std::move(writer.error()));

  Plane<float> hdr(width, kBandRows, 3);
  for (int first = 0; first < height; first += kBandRows) {
    PlaneView<float> band = hdr.view();
    band.height = std::min(kBandRows, height - first);
    if (Expected<void> ok = light->read(band); !ok) return ok;
    if (Expected<void> ok = writer->Write(band); !ok) return ok;
  }
  return writer->Finish();
}

}  // namespace hdrp
