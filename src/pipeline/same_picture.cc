#include <algorithm>

#include "align/framing.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Structure is compared at 1/8 scale: libjpeg then needs only the DC terms. Small pictures are read
/// at a larger scale, so that enough pixels are left to compare.
constexpr int kMinComparedSide = 128;

[[nodiscard]] Expected<Plane<std::uint8_t>> SmallLuma(const ReadJpeg& jpeg, const Request& request) {
  JpegDecodeOptions options{.output = JpegOutput::kGray,
                            .scale_denominator = 8,
                            .limits = request.limits,
                            .stop = request.parallelism.stop};
  const int long_side = std::max(jpeg.width(), jpeg.height());
  while (options.scale_denominator > 1 && long_side / options.scale_denominator < kMinComparedSide) {
    options.scale_denominator /= 2;
  }
  const ByteView stream = jpeg.parsed.primary.In(jpeg.file->bytes);
  Expected<DecodedJpeg> decoded = DecodeJpeg(stream, options);
  if (!decoded) return Within(jpeg.file->name, std::move(decoded.error()));
  return std::move(decoded->pixels);
}

}  // namespace

Expected<double> CheckSamePicture(const ReadJpeg& base, const ReadJpeg& reference,
                                  const Request& request, std::vector<std::string>& warnings) {
  const bool forced = request.options.force_reference;
  if (Expected<void> aspect =
          CheckAspect({base.width(), base.height(), base.orientation()},
                      {reference.width(), reference.height(), reference.orientation()});
      !aspect) {
    if (!forced) return std::unexpected(std::move(aspect.error()));
    warnings.push_back("the reference was forced although " + aspect.error().message);
  }
  Expected<Plane<std::uint8_t>> base_luma = SmallLuma(base, request);
  if (!base_luma) return std::unexpected(std::move(base_luma.error()));
  Expected<Plane<std::uint8_t>> reference_luma = SmallLuma(reference, request);
  if (!reference_luma) return std::unexpected(std::move(reference_luma.error()));

  const double agreement = StructureAgreement(base_luma->view(), base.orientation(),
                                              reference_luma->view(), reference.orientation());
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
