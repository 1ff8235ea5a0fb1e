#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "package/jpeg_r_libultrahdr.h"
#include "pipeline/export.h"

namespace hdrp {
namespace {

[[nodiscard]] BaseJpeg BaseOf(const ExportJob& job) {
  return {job.base.file->bytes, &job.base.parsed.primary};
}

[[nodiscard]] Expected<PackagedJpeg> Package(const ExportJob& job, ByteView map_jpeg) {
  const Options& options = job.request.options;
  switch (options.exporter) {
    case Exporter::kNative:
      return WriteJpegR(BaseOf(job), map_jpeg, job.map.metadata, options.exif);
    case Exporter::kLibultrahdr:
      return WriteJpegRWithLibultrahdr(BaseOf(job), map_jpeg, job.map.metadata, options.exif);
  }
  std::unreachable();
}

/// --boost sets it; a derived map's is measured again after --strength.
[[nodiscard]] bool HeadroomIsContents(const ExportJob& job) {
  const Options& options = job.request.options;
  if (job.map_origin == MapOrigin::kCopied) return false;
  return !options.boost_stops || (job.map_origin == MapOrigin::kDerived && options.strength != 1);
}

[[nodiscard]] std::function<void(std::span<const std::uint8_t>, std::span<float>)> LinearOfBase(
    const ReadJpeg& base) {
  const Expected<BaseColor> color = BaseColorOf(base);
  if (!color) return nullptr;
  return [color = *color](std::span<const std::uint8_t> codes, std::span<float> linear) {
    LinearFromCodes(codes, color, linear);
  };
}

[[nodiscard]] ExpectedFile ExpectedOf(const ExportJob& job) {
  const Options& options = job.request.options;
  return {
      .base_file = job.base.file->bytes,
      .base = &job.base.parsed.primary,
      .orientation = job.base.orientation(),
      .metadata = job.map.metadata,
      .map_origin = job.map_origin,
      .headroom_from_content = HeadroomIsContents(job),
      .linear_of_base = job.map_origin == MapOrigin::kDerived ? LinearOfBase(job.base) : nullptr,
      .iso_only_container = options.exporter == Exporter::kLibultrahdr,
  };
}

[[nodiscard]] VerifyOptions VerifyOptionsOf(const Request& request) {
  return {request.options.verify, request.limits, request.parallelism.stop};
}

}  // namespace

Expected<void> Demand(const Verification& verification, std::string_view what) {
  if (verification.passed()) return {};
  Error error{ErrorCode::kExportFailed, {}, std::string(what), verification.failures()};
  error.message = "the written file failed verification: " + error.details.front();
  return std::unexpected(std::move(error));
}

Expected<Bytes> ExportJpegR(const ExportJob& job) {
  Report& report = job.report;
  const Expected<Bytes> encoded = EncodeMap(job.map, job.request.options);
  if (!encoded) return Within("gain map", encoded.error());
  const bool is_stored = encoded->empty();
  report.map_copied = is_stored && job.map.recoded.empty();
  if (auto go_on = job.clock.Finish("encode"); !go_on) return std::unexpected(go_on.error());

  Expected<PackagedJpeg> packaged = Package(job, is_stored ? job.map.stored : ByteView(*encoded));
  if (!packaged) return Within("package", std::move(packaged.error()));
  report.warnings.insert(report.warnings.end(), packaged->warnings.begin(),
                         packaged->warnings.end());
  if (auto go_on = job.clock.Finish("package"); !go_on) return std::unexpected(go_on.error());

  Expected<Verification> verification =
      VerifyJpegR(packaged->bytes, ExpectedOf(job), VerifyOptionsOf(job.request));
  if (!verification) return Within("verify", std::move(verification.error()));
  if (auto ok = Demand(*verification, "Ultra HDR file"); !ok) return std::unexpected(ok.error());
  report.verification = *std::move(verification);
  return std::move(packaged->bytes);
}

Expected<Bytes> ExportPreview(const ExportJob& job) {
  Expected<PackagedJpeg> preview = WritePlainJpeg(BaseOf(job), job.request.options.exif);
  if (!preview) return Within("preview", std::move(preview.error()));
  const Expected<Verification> verification =
      VerifyPreview(preview->bytes, ExpectedOf(job), VerifyOptionsOf(job.request));
  if (!verification) return Within("verify preview", verification.error());
  if (auto ok = Demand(*verification, "SDR preview"); !ok) return std::unexpected(ok.error());
  return std::move(preview->bytes);
}

}  // namespace hdrp
