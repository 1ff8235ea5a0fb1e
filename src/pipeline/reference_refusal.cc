#include "pipeline/reference_refusal.h"

#include <algorithm>
#include <utility>

#include "base/band_rows.h"
#include "derive/hdr_light.h"
#include "package/jpeg_encode.h"
#include "package/jpeg_r.h"
#include "pipeline/process.h"

namespace hdrp {
namespace {

constexpr int kTrialSide = 256;

/// The file's base as an edit of it: its own JPEG, whose map then stays as it is; else a small grey
/// one.
[[nodiscard]] Expected<Bytes> TrialEdit(GainMapFile& file) {
  if (file.jpeg && file.jpeg->primary.complete) {
    HDRP_ASSIGN_OR_RETURN(
        PackagedJpeg plain,
        WritePlainJpeg({file.file->bytes, &file.jpeg->primary}, ExifPolicy::kAllow));
    return std::move(plain.bytes);
  }
  HDRP_ASSIGN_OR_RETURN(const SmallLuma luma, file.read_small_luma(kTrialSide));
  return EncodeJpeg(luma.view(), {.quality = 75});
}

/// An error of the file, or of being stopped.
[[nodiscard]] Expected<std::optional<Error>> Refused(Error error) {
  if (error.code == ErrorCode::kInterrupted || error.code == ErrorCode::kTimeout) {
    return std::unexpected(std::move(error));
  }
  return error;
}

}  // namespace

Expected<std::optional<Error>> RefusalAsReference(GainMapFile& file,
                                                  const PictureOptions& options) {
  const InputFile& original = *file.file;
  if (const auto usable = RequireGainMap(file); !usable) {
    return Refused(Within(original.name, usable.error()).error());
  }
  Expected<Bytes> edit = TrialEdit(file);
  if (!edit) return Refused(Within(original.name, std::move(edit.error())).error());
  Request request;
  request.limits = options.limits;
  request.parallelism.stop = options.stop;
  request.base = {original.name, *std::move(edit)};
  request.reference = original;
  request.options.mode = Mode::kReference;
  request.options.framing.align = AlignMode::kNone;
  request.options.framing.force_reference = true;
  request.options.fill = Fill::kNeutral;
  const Expected<Result> tried = Process(std::move(request));
  if (!tried) return Refused(tried.error());
  return std::nullopt;
}

Expected<std::optional<Error>> RefusalAsRendition(const InputFile& file,
                                                  const PictureOptions& options) {
  Expected<HdrLight> light = OpenHdrLight({file}, {.target = kRec709Primaries},
                                          {.limits = options.limits, .stop = options.stop});
  if (!light) return Refused(std::move(light.error()));
  const Raster& raster = light->rows.raster;
  Plane<float> rows(raster.width, kBandRows, 3);
  for (int first = 0; first < raster.height; first += kBandRows) {
    HDRP_RETURN_IF_ERROR(options.stop.Check("inspect"));
    PlaneView<float> band = rows.view();
    band.height = std::min(kBandRows, raster.height - first);
    if (Expected<void> ok = light->rows.read(band); !ok) {
      return Refused(Within(file.name, std::move(ok.error())).error());
    }
  }
  return std::nullopt;
}

}  // namespace hdrp
