#include <algorithm>

#include "align/framing.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Structure is compared at 1/8 scale: libjpeg then needs only the DC terms. Small pictures are read
/// at a larger scale, so that enough pixels are left to compare.
constexpr int kMinComparedSide = 128;

/// A JPEG's primary image, which borrows the file's bytes.
struct JpegImage {
  const InputFile& file;
  const JpegStream& primary;
};

[[nodiscard]] Expected<Plane<std::uint8_t>> SmallLuma(const JpegImage& image,
                                                      const Request& request) {
  JpegDecodeOptions options{.output = JpegOutput::kGray,
                            .scale_denominator = 8,
                            .limits = request.limits,
                            .stop = request.parallelism.stop};
  const int long_side = std::max(image.primary.frame.width, image.primary.frame.height);
  while (options.scale_denominator > 1 && long_side / options.scale_denominator < kMinComparedSide) {
    options.scale_denominator /= 2;
  }
  Expected<DecodedJpeg> decoded = DecodeJpeg(image.primary.In(image.file.bytes), options);
  if (!decoded) return Within(image.file.name, std::move(decoded.error()));
  return std::move(decoded->pixels);
}

[[nodiscard]] Expected<Plane<std::uint8_t>> SmallLuma(GainMapFile& file, const Request& request) {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&file.parsed)) {
    return SmallLuma(JpegImage{*file.file, jpeg->primary}, request);
  }
  Expected<Plane<std::uint8_t>> luma = std::get<GainMapPicture>(file.parsed).read_small_luma();
  if (!luma) return Within(file.file->name, std::move(luma.error()));
  return luma;
}

}  // namespace

Expected<double> CheckSamePicture(const ReadJpeg& base, GainMapFile& reference,
                                  const Request& request, std::vector<std::string>& warnings) {
  const bool forced = request.options.force_reference;
  if (Expected<void> aspect =
          CheckAspect({base.width(), base.height(), base.orientation()}, reference.raster());
      !aspect) {
    if (!forced) return std::unexpected(std::move(aspect.error()));
    warnings.push_back("the reference was forced although " + aspect.error().message);
  }
  Expected<Plane<std::uint8_t>> base_luma = SmallLuma(JpegImage{*base.file, base.parsed.primary}, request);
  if (!base_luma) return std::unexpected(std::move(base_luma.error()));
  Expected<Plane<std::uint8_t>> reference_luma = SmallLuma(reference, request);
  if (!reference_luma) return std::unexpected(std::move(reference_luma.error()));

  const double agreement = StructureAgreement(base_luma->view(), base.orientation(),
                                              reference_luma->view(), reference.raster().orientation);
  if (Expected<void> ok = RequireAgreement(agreement, request, warnings); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  return agreement;
}

Expected<void> RequireAgreement(double agreement, const Request& request,
                                std::vector<std::string>& warnings) {
  if (agreement >= kMinStructureAgreement) return {};
  if (!request.options.force_reference) {
    return Fail(ErrorCode::kMismatch, request.reference->name,
                "not the same photograph, or not the same framing, as {}: structure agreement {:.2f}, "
                "expected at least {:.2f} (--force-reference overrides)",
                request.base.name, agreement, kMinStructureAgreement);
  }
  warnings.push_back(std::format(
      "the reference was forced although its structure agrees only {:.2f} with the edit's (expected "
      "at least {:.2f})",
      agreement, kMinStructureAgreement));
  return {};
}

}  // namespace hdrp
