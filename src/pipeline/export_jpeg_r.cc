#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include "package/jpeg_r_libultrahdr.h"
#include "pipeline/export.h"

namespace hdrp {
namespace {

[[nodiscard]] BaseJpeg BaseOf(const EditJpeg& edit) {
  return {edit.file->bytes, &edit.parsed.primary};
}

[[nodiscard]] Expected<PackagedJpeg> Package(const ExportJob& job, ByteView map_jpeg) {
  const OutputOptions& options = job.options;
  switch (options.exporter) {
    case Exporter::kNative:
      return WriteJpegR(BaseOf(job.edit), map_jpeg, job.map.metadata, options.exif);
    case Exporter::kLibultrahdr:
      return WriteJpegRWithLibultrahdr(BaseOf(job.edit), map_jpeg, job.map.metadata, options.exif);
  }
  std::unreachable();
}

[[nodiscard]] std::function<void(std::span<const std::uint8_t>, std::span<float>)> LinearOfEdit(
    const EditJpeg& edit) {
  const Expected<BaseColor> color = BaseColorOf(edit.parsed);
  if (!color) return nullptr;
  return [color = *color](std::span<const std::uint8_t> codes, std::span<float> linear) {
    LinearFromCodes(codes, color, linear);
  };
}

[[nodiscard]] ExpectedFile ExpectedOf(const ExportJob& job) {
  const OutputOptions& options = job.options;
  return {
      .base_file = job.edit.file->bytes,
      .base = &job.edit.parsed.primary,
      .orientation = job.edit.orientation(),
      .metadata = job.map.metadata,
      .map_origin = job.origin,
      .headroom_from_content = job.headroom_from_content,
      .linear_of_base = job.origin == MapOrigin::kDerived ? LinearOfEdit(job.edit) : nullptr,
      .iso_only_container = options.exporter == Exporter::kLibultrahdr,
  };
}

[[nodiscard]] VerifyOptions VerifyOptionsOf(const ExportJob& job) {
  return {job.options.verify, job.resources.limits, job.resources.stop()};
}

}  // namespace

Expected<void> Demand(const Verification& verification, std::string_view what) {
  if (verification.passed()) return {};
  Error error{ErrorCode::kExportFailed, {}, std::string(what), verification.failures()};
  error.message = "the written file failed verification: " + error.details.front();
  return std::unexpected(std::move(error));
}

Expected<Exported> ExportJpegR(const ExportJob& job) {
  Exported result;
  HDRP_ASSIGN_OR_RETURN(const Bytes encoded,
                        Within("gain map", EncodeMap(job.map, MapJpegOptionsOf(job.options))));
  const bool is_stored = encoded.empty();
  result.map_copied = is_stored && job.map.recoded.empty();
  HDRP_RETURN_IF_ERROR(job.clock.Finish(Stage::kEncode));

  HDRP_ASSIGN_OR_RETURN(
      PackagedJpeg packaged,
      Within("package", Package(job, is_stored ? job.map.stored : ByteView(encoded))));
  result.file = std::move(packaged.bytes);
  result.warnings = std::move(packaged.warnings);
  HDRP_RETURN_IF_ERROR(job.clock.Finish(Stage::kPackage));

  HDRP_ASSIGN_OR_RETURN(
      result.verification,
      Within("verify", VerifyJpegR(result.file, ExpectedOf(job), VerifyOptionsOf(job))));
  HDRP_RETURN_IF_ERROR(Demand(result.verification, "Ultra HDR file"));
  return result;
}

Expected<Bytes> ExportPreview(const ExportJob& job) {
  HDRP_ASSIGN_OR_RETURN(PackagedJpeg preview,
                        Within("preview", WritePlainJpeg(BaseOf(job.edit), job.options.exif)));
  HDRP_ASSIGN_OR_RETURN(const Verification verification,
                        Within("verify preview", VerifyPreview(preview.bytes, ExpectedOf(job),
                                                               VerifyOptionsOf(job))));
  HDRP_RETURN_IF_ERROR(Demand(verification, "SDR preview"));
  return std::move(preview.bytes);
}

}  // namespace hdrp
