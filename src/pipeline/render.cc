#include "pipeline/render.h"

#include <algorithm>

#include "obtain/rendered_light.h"

namespace hdrp {

Expected<void> RenderHdr(const InputFile& file, const RenderOptions& options,
                         const std::filesystem::path& path) {
  constexpr int kFineBandRows = 16;
  HDRP_ASSIGN_OR_RETURN(GainMapFile parsed,
                        OpenGainMapFile(file, {.limits = options.limits, .stop = options.stop}));
  HDRP_ASSIGN_OR_RETURN(LightRows light, OpenRenderedLight(parsed, {options.apple_transfer,
                                                                    options.limits, options.stop}));
  const auto [width, height, orientation] = light.raster;
  HDRP_ASSIGN_OR_RETURN(
      FloatImageWriter writer,
      FloatImageWriter::Create(path, options.format,
                               {width, height, light.primaries, static_cast<int>(orientation)}));

  Plane<float> hdr(width, kFineBandRows, 3);
  for (int first = 0; first < height; first += kFineBandRows) {
    PlaneView<float> band = hdr.view();
    band.height = std::min(kFineBandRows, height - first);
    HDRP_RETURN_IF_ERROR(light.read(band));
    HDRP_RETURN_IF_ERROR(writer.Write(band));
  }
  return writer.Finish();
}

}  // namespace hdrp
