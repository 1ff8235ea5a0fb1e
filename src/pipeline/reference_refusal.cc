#include "pipeline/reference_refusal.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "package/jpeg_encode.h"
#include "pipeline/hdr_light.h"
#include "pipeline/process.h"
#include "pipeline/small_luma.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;
constexpr int kTrialSide = 256;

[[nodiscard]] Request RequestOf(const PictureOptions& options) {
  Request request;
  request.limits = options.limits;
  request.parallelism.stop = options.stop;
  return request;
}

/// The file's base as an edit of it: its own JPEG, whose map then stays as it is; else a small grey
/// one.
[[nodiscard]] Expected<Bytes> TrialEdit(GainMapFile& parsed, const Request& request) {
  const auto* jpeg = std::get_if<GainMapJpeg>(&parsed.parsed);
  if (jpeg != nullptr && jpeg->primary.complete) {
    Expected<PackagedJpeg> plain =
        WritePlainJpeg({parsed.file->bytes, &jpeg->primary}, ExifPolicy::kAllow);
    if (!plain) return std::unexpected(std::move(plain.error()));
    return std::move(plain->bytes);
  }
  Expected<Plane<std::uint8_t>> luma =
      jpeg != nullptr
          ? SmallLuma(*parsed.file, jpeg->primary, kTrialSide, request).transform([](auto small) {
              return std::move(small.codes);
            })
          : std::get<GainMapPicture>(parsed.parsed).read_small_luma(kTrialSide);
  if (!luma) return std::unexpected(std::move(luma.error()));
  return EncodeJpeg(luma->view(), {.quality = 75});
}

/// An error of the file, or of being stopped.
[[nodiscard]] Expected<std::optional<Error>> Refused(Error error) {
  if (error.code == ErrorCode::kInterrupted || error.code == ErrorCode::kTimeout) {
    return std::unexpected(std::move(error));
  }
  return error;
}

}  // namespace

Expected<std::optional<Error>> RefusalAsReference(const InputFile& file, GainMapFile& parsed,
                                                  const PictureOptions& options) {
  const Expected<void> usable = std::visit(
      [](const auto& held) { return RequireGainMap(held).transform([](auto) {}); }, parsed.parsed);
  if (!usable) return Refused(Within(file.name, usable.error()).error());
  Request request = RequestOf(options);
  Expected<Bytes> edit = TrialEdit(parsed, request);
  if (!edit) return Refused(Within(file.name, std::move(edit.error())).error());
  request.base = {file.name, *std::move(edit)};
  request.reference = file;
  request.options.mode = Mode::kReference;
  request.options.align = AlignMode::kNone;
  request.options.force_reference = true;
  request.options.fill = Fill::kNeutral;
  const Expected<Result> tried = Process(request);
  if (!tried) return Refused(tried.error());
  return std::nullopt;
}

Expected<std::optional<Error>> RefusalAsRendition(const InputFile& file,
                                                  const PictureOptions& options) {
  const Request request = RequestOf(options);
  Expected<HdrLight> light = OpenHdrLight({file}, kRec709Primaries, 1, request);
  if (!light) return Refused(std::move(light.error()));
  const Raster& raster = light->rows.raster;
  Plane<float> rows(raster.width, kBandRows, 3);
  for (int first = 0; first < raster.height; first += kBandRows) {
    if (Expected<void> go_on = options.stop.Check("inspect"); !go_on) {
      return std::unexpected(std::move(go_on.error()));
    }
    PlaneView<float> band = rows.view();
    band.height = std::min(kBandRows, raster.height - first);
    if (Expected<void> ok = light->rows.read(band); !ok) {
      return Refused(Within(file.name, std::move(ok.error())).error());
    }
  }
  return std::nullopt;
}

}  // namespace hdrp
