#include "decode/heif/file.h"

#include <algorithm>
#include <vector>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "color/h273.h"
#include "decode/embedded_metadata.h"
#include "decode/heif/hevc_size.h"
#include "decode/heif/transform.h"

namespace hdrp {
namespace {

/// libheif's own limits follow ours. Its total covers what it holds at once: planes, and the
/// interleaved samples made of them. Codecs pad pictures to whole coding blocks (HEVC's are up to
/// 64 wide), which is no reason to refuse what is shown of them: CheckHeifSize judges that.
void SetLimits(heif_context* context, const Limits& limits) {
  constexpr std::uint64_t kOverhead = 16ULL << 20;
  constexpr std::uint64_t kCodingBlock = 64;
  heif_security_limits& own = *heif_context_get_security_limits(context);
  own.max_image_size_pixels =
      limits.max_pixels + kCodingBlock * (2ULL * limits.max_side + kCodingBlock);
  own.max_color_profile_size = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(limits.max_metadata_bytes, own.max_color_profile_size));
  own.max_memory_block_size = std::uint64_t{limits.max_held_bytes} + kOverhead;
  own.max_total_memory = std::uint64_t{limits.max_held_bytes} + kOverhead;
}

/// An Exif item starts with the distance from here to its TIFF header (ISO/IEC 23008-12, A.2.1).
ByteView TiffOf(ByteView item) {
  ByteReader reader(item);
  const auto distance = reader.U32();
  return distance && reader.Skip(*distance) ? reader.rest() : ByteView();
}

Expected<ColorSpec> ReadColor(const heif_image_handle* handle) {
  H273Color codes;
  heif_color_profile_nclx* found = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &found).code == heif_error_Ok) {
    const HeifNclx nclx(found);
    codes = {static_cast<unsigned>(nclx->color_primaries),
             static_cast<unsigned>(nclx->transfer_characteristics)};
  }
  Bytes icc(heif_image_handle_get_raw_color_profile_size(handle));
  if (!icc.empty()) {
    HDRP_RETURN_IF_ERROR(CheckHeif(heif_image_handle_get_raw_color_profile(handle, icc.data())));
  }
  return ColorFrom(codes, icc, kHeifWhere);
}

int AsksToStop(void* stop) {
  return static_cast<const StopCondition*>(stop)->Check(kHeifWhere) ? 0 : 1;
}

}  // namespace

Expected<void> CheckHeif(const heif_error& error) {
  if (error.code == heif_error_Ok) return {};
  const std::string_view message = error.message == nullptr ? "" : error.message;
  if (error.subcode == heif_suberror_Security_limit_exceeded) {
    return Fail(ErrorCode::kTooLarge, kHeifWhere,
                "{} (--max-memory raises the limit of what is decoded whole, --max-pixels that of "
                "its size)",
                message);
  }
  switch (error.code) {
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
    case heif_error_Plugin_loading_error:
      return Fail(ErrorCode::kUnsupported, kHeifWhere, "{}", message);
    case heif_error_Memory_allocation_error:
      return Fail(ErrorCode::kTooLarge, kHeifWhere, "{}", message);
    default:
      return Fail(ErrorCode::kBadInput, kHeifWhere, "{}", message);
  }
}

Expected<HeifContext> OpenHeifContext(ByteView file, const Limits& limits) {
  LoadHeifCodecs();
  HeifContext context(heif_context_alloc());
  if (context == nullptr) {
    return Fail(ErrorCode::kInternal, kHeifWhere, "libheif could not be set up");
  }
  SetLimits(context.get(), limits);
  heif_context_set_max_decoding_threads(context.get(), 0);
  HDRP_RETURN_IF_ERROR(CheckHeif(heif_context_read_from_memory_without_copy(
      context.get(), file.data(), file.size(), nullptr)));
  return context;
}

Expected<HeifHandle> PrimaryOf(heif_context* context) {
  heif_image_handle* primary = nullptr;
  const auto found = CheckHeif(heif_context_get_primary_image_handle(context, &primary));
  HeifHandle handle(primary);
  HDRP_RETURN_IF_ERROR(found);
  return handle;
}

Expected<void> CheckHeifSize(const heif_image_handle* handle, const Limits& limits) {
  for (const auto& [width, height] :
       {std::pair(heif_image_handle_get_width(handle), heif_image_handle_get_height(handle)),
        std::pair(heif_image_handle_get_ispe_width(handle),
                  heif_image_handle_get_ispe_height(handle))}) {
    HDRP_RETURN_IF_ERROR(CheckSize(static_cast<std::uint64_t>(std::max(width, 0)),
                                   static_cast<std::uint64_t>(std::max(height, 0)), limits,
                                   kHeifWhere));
  }
  return {};
}

Expected<Bytes> HeifMetadata(const heif_image_handle* handle, const char* type,
                             std::string_view content_type, const Limits& limits) {
  const int count = heif_image_handle_get_number_of_metadata_blocks(handle, type);
  std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
  heif_image_handle_get_list_of_metadata_block_IDs(handle, type, ids.data(), count);
  for (const heif_item_id id : ids) {
    const char* found = heif_image_handle_get_metadata_content_type(handle, id);
    if (!content_type.empty() && (found == nullptr || content_type != found)) continue;
    const std::size_t size = heif_image_handle_get_metadata_size(handle, id);
    HDRP_RETURN_IF_ERROR(CheckMetadataSize(size, limits, kHeifWhere));
    Bytes bytes(size);
    if (size == 0) return bytes;
    HDRP_RETURN_IF_ERROR(CheckHeif(heif_image_handle_get_metadata(handle, id, bytes.data())));
    return bytes;
  }
  return Bytes{};
}

Expected<PictureInfo> ReadHeifInfo(const heif_image_handle* handle, const Limits& limits) {
  HDRP_RETURN_IF_ERROR(CheckHeifSize(handle, limits));
  PictureInfo info;
  info.format = FileFormat::kHeif;
  info.width = heif_image_handle_get_width(handle);
  info.height = heif_image_handle_get_height(handle);
  info.bits = heif_image_handle_get_luma_bits_per_pixel(handle);
  if (info.bits < 8 || info.bits > 16) {
    return Fail(ErrorCode::kUnsupported, kHeifWhere, "expected 8 to 16 bits per sample, found {}",
                info.bits);
  }
  HDRP_ASSIGN_OR_RETURN(info.color, ReadColor(handle));

  HDRP_ASSIGN_OR_RETURN(const auto exif, HeifMetadata(handle, "Exif", {}, limits));
  HDRP_ASSIGN_OR_RETURN(const auto xmp, HeifMetadata(handle, "mime", kHeifXmpType, limits));
  TakeExif(TiffOf(exif), info);
  info.xmp = AsText(xmp);
  // irot, imir and clap are what turns a HEIF picture, and libheif applies them. The orientation
  // that the EXIF may repeat is not to be applied (ISO/IEC 23008-12, A.2.1).
  info.orientation = Orientation::kTopLeft;
  return info;
}

namespace {

struct Decoded {
  HeifImage image;
  heif_error error{};
};

Expected<Decoded> DecodeOnce(const heif_image_handle* handle, HeifTarget target,
                             const StopCondition& stop) {
  const HeifOptions options(heif_decoding_options_alloc());
  if (options == nullptr) {
    return Fail(ErrorCode::kInternal, kHeifWhere, "libheif could not be set up");
  }
  StopCondition asked = stop;
  options->cancel_decoding = AsksToStop;
  options->progress_user_data = &asked;
  options->strict_decoding = 1;  // a damaged picture is an error and not a grey area
  options->num_codec_threads = 1;
  // The default converts PQ to sRGB.
  options->output_image_nclx_profile_passthrough = 1;
  // Where it is free to choose, libheif repeats chroma samples (measured on smooth 10-bit 4:2:0: a
  // mean error of 3 codes instead of 1).
  options->color_conversion_options.only_use_preferred_chroma_algorithm = 1;
  options->color_conversion_options.preferred_chroma_upsampling_algorithm =
      heif_chroma_upsampling_bilinear;
  heif_image* image = nullptr;
  const heif_error error =
      heif_decode_image(handle, &image, target.colorspace, target.chroma, options.get());
  return Decoded{HeifImage(image), error};
}

/// What is too much of a decoded and turned image is cut off: columns at the right and rows at the
/// bottom of what is stored.
Expected<void> CutSurplus(heif_image* image, const SurplusPixels& surplus, Orientation turned) {
  const OrientationSteps steps = StepsOf(turned);
  int columns = surplus.coded.width - surplus.stated.width;
  int rows = surplus.coded.height - surplus.stated.height;
  if (steps.transpose) std::swap(columns, rows);
  return CheckHeif(heif_image_crop(image, steps.flip_x ? columns : 0, steps.flip_x ? 0 : columns,
                                   steps.flip_y ? rows : 0, steps.flip_y ? 0 : rows));
}

/// libheif wants stream and file to state the same size: it gets a file that does.
Expected<HeifImage> DecodeSurplus(const HeifJob& job, HeifTarget target, const HeifItem& item,
                                  const SurplusPixels& surplus) {
  const Bytes file = WithCodedSize(job.file, item, surplus.coded);
  HDRP_ASSIGN_OR_RETURN(const auto context, OpenHeifContext(file, job.limits));
  heif_image_handle* found = nullptr;
  const auto opened = CheckHeif(heif_context_get_image_handle(context.get(), item.id, &found));
  const HeifHandle handle(found);
  HDRP_RETURN_IF_ERROR(opened);
  HDRP_ASSIGN_OR_RETURN(auto decoded, DecodeOnce(handle.get(), target, job.stop));
  HDRP_RETURN_IF_ERROR(CheckHeif(decoded.error));
  HDRP_RETURN_IF_ERROR(CutSurplus(decoded.image.get(), surplus, TransformOf(item)));
  return std::move(decoded.image);
}

}  // namespace

Expected<HeifImage> DecodeHeif(const HeifJob& job, HeifTarget target) {
  HDRP_ASSIGN_OR_RETURN(auto decoded, DecodeOnce(job.handle, target, job.stop));
  auto done = CheckHeif(decoded.error);
  if (done) return std::move(decoded.image);
  if (decoded.error.code == heif_error_Canceled) {
    if (auto stopped = job.stop.Check(kHeifWhere); !stopped) done = std::move(stopped);
  } else if (decoded.error.subcode == heif_suberror_Invalid_image_size) {
    const auto structure = ReadHeifStructure(job.file);
    const HeifItem* item =
        structure ? structure->Find(heif_image_handle_get_item_id(job.handle)) : nullptr;
    const auto surplus = item != nullptr ? SurplusOf(*item) : std::nullopt;
    const bool is_cropped = item != nullptr && PropertyOf(*item, "clap") != nullptr;
    if (surplus && !is_cropped) return DecodeSurplus(job, target, *item, *surplus);
  }
  return std::unexpected(std::move(done.error()));
}

std::string SurplusProblem(const HeifItem* item, std::string_view name) {
  const auto surplus = item != nullptr ? SurplusOf(*item) : std::nullopt;
  if (!surplus) return {};
  return Formatted("{} is stated as {} x {}, its stream codes {} x {}: what is more is left out",
                   name, surplus->stated.width, surplus->stated.height, surplus->coded.width,
                   surplus->coded.height);
}

}  // namespace hdrp
