// HEIC through libheif and x265. What libheif's interface cannot say is added to the finished file
// by package/heic_groups.cc.
#include <libheif/heif.h>
#include <libheif/heif_brands.h>
#include <libheif/heif_items.h>
#include <libheif/heif_properties.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "color/h273.h"
#include "heif/libheif.h"
#include "package/heic_boxes.h"
#include "package/heic_groups.h"
#include "package/picture_check.h"
#include "package/picture_file.h"
#include "package/ycc_planes.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "HEIC encoder";

using Encoder = std::unique_ptr<heif_encoder, HeifReleaser<heif_encoder_release>>;
using Options = std::unique_ptr<heif_encoding_options, HeifReleaser<heif_encoding_options_free>>;

constexpr std::uint32_t FourCc(std::string_view text) {
  std::uint32_t code = 0;
  for (const char c : text) code = (code << 8) | static_cast<std::uint8_t>(c);
  return code;
}

Expected<void> Check(const heif_error& error, std::string_view step) {
  if (error.code == heif_error_Ok) return {};
  const std::string_view message = error.message == nullptr ? "" : error.message;
  const ErrorCode code = error.code == heif_error_Memory_allocation_error
                             ? ErrorCode::kTooLarge
                             : ErrorCode::kExportFailed;
  return Fail(code, kWhere, "{}: {}", step, message);
}

struct ImageKind {
  Chroma chroma = Chroma::k420;
  int primaries = h273::kUnspecified, transfer = h273::kUnspecified, matrix = h273::kUnspecified;
  ByteView icc = {};
  int quality = 0;
  bool lossless = false;
  Orientation orientation = Orientation::kTopLeft;
};

heif_chroma HeifChroma(Chroma chroma) {
  switch (chroma) {
    case Chroma::kNone:
      return heif_chroma_monochrome;
    case Chroma::k420:
      return heif_chroma_420;
    case Chroma::k444:
      return heif_chroma_444;
  }
  std::unreachable();
}

const char* ChromaName(Chroma chroma) { return chroma == Chroma::k444 ? "444" : "420"; }

/// Full range.
Expected<HeifNclx> NclxOf(const ImageKind& kind) {
  HeifNclx nclx(heif_nclx_color_profile_alloc());
  if (nclx == nullptr) return Fail(ErrorCode::kTooLarge, kWhere, "libheif has no memory");
  nclx->color_primaries = static_cast<heif_color_primaries>(kind.primaries);
  nclx->transfer_characteristics = static_cast<heif_transfer_characteristics>(kind.transfer);
  nclx->matrix_coefficients = static_cast<heif_matrix_coefficients>(kind.matrix);
  nclx->full_range_flag = 1;
  return nclx;
}

Expected<void> AddPlane(const Plane<std::uint8_t>& plane, heif_channel channel, heif_image* image) {
  if (plane.empty()) return {};
  HDRP_RETURN_IF_ERROR(
      Check(heif_image_add_plane(image, channel, plane.width(), plane.height(), 8), "planes"));
  std::size_t stride = 0;
  std::uint8_t* out = heif_image_get_plane2(image, channel, &stride);
  if (out == nullptr) return Fail(ErrorCode::kInternal, kWhere, "libheif gave no plane");
  for (int y = 0; y < plane.height(); ++y) {
    std::ranges::copy(plane.view().RowSpan(y), out + static_cast<std::size_t>(y) * stride);
  }
  return {};
}

Expected<HeifImage> ImageOf(PlaneView<const std::uint8_t> codes, const ImageKind& kind,
                            const heif_color_profile_nclx* nclx) {
  const YccPlanes planes = YccFromCodes(codes, kind.chroma);
  heif_image* made = nullptr;
  const auto created =
      Check(heif_image_create(
                codes.width, codes.height,
                kind.chroma == Chroma::kNone ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
                HeifChroma(kind.chroma), &made),
            "image");
  HeifImage image(made);
  HDRP_RETURN_IF_ERROR(created);
  HDRP_RETURN_IF_ERROR(AddPlane(planes.y, heif_channel_Y, made));
  HDRP_RETURN_IF_ERROR(AddPlane(planes.cb, heif_channel_Cb, made));
  HDRP_RETURN_IF_ERROR(AddPlane(planes.cr, heif_channel_Cr, made));
  HDRP_RETURN_IF_ERROR(Check(heif_image_set_nclx_color_profile(made, nclx), "colour"));
  if (!kind.icc.empty()) {
    HDRP_RETURN_IF_ERROR(
        Check(heif_image_set_raw_color_profile(made, "prof", kind.icc.data(), kind.icc.size()),
              "ICC profile"));
  }
  return image;
}

/// One file on its way: each step adds to the context.
class HeicFile {
 public:
  explicit HeicFile(int threads) : threads_(threads), context_(heif_context_alloc()) {}

  Expected<HeifHandle> AddImage(PlaneView<const std::uint8_t> codes, const ImageKind& kind) {
    HDRP_ASSIGN_OR_RETURN(const HeifNclx nclx, NclxOf(kind));
    HDRP_ASSIGN_OR_RETURN(const HeifImage image, ImageOf(codes, kind, nclx.get()));
    HDRP_ASSIGN_OR_RETURN(const Encoder encoder, EncoderFor(kind));
    const Options options(heif_encoding_options_alloc());
    if (options == nullptr) return Fail(ErrorCode::kTooLarge, kWhere, "libheif has no memory");
    options->save_alpha_channel = 0;
    options->macOS_compatibility_workaround_no_nclx_profile = 0;
    options->image_orientation = static_cast<heif_orientation>(kind.orientation);
    heif_image_handle* handle = nullptr;
    const auto encoded = Check(heif_context_encode_image(context_.get(), image.get(), encoder.get(),
                                                         options.get(), &handle),
                               "encoding");
    HeifHandle owned(handle);
    HDRP_RETURN_IF_ERROR(encoded);
    return owned;
  }

  Expected<void> AddBaseMetadata(const PictureBase& base, const heif_image_handle* handle) {
    HDRP_RETURN_IF_ERROR(Check(
        heif_context_set_primary_image(context_.get(), const_cast<heif_image_handle*>(handle)),
        "primary image"));
    if (const Bytes exif = UprightExif(base); !exif.empty()) {
      HDRP_RETURN_IF_ERROR(Check(heif_context_add_exif_metadata(context_.get(), handle, exif.data(),
                                                                static_cast<int>(exif.size())),
                                 "EXIF"));
    }
    return AddXmp(base.xmp, handle);
  }

  /// Apple's reading: the map is an auxiliary image of the base.
  Expected<void> AddAppleReading(double headroom_linear, const heif_image_handle* base,
                                 const heif_image_handle* map) {
    const heif_item_id map_id = heif_image_handle_get_item_id(map);
    HDRP_RETURN_IF_ERROR(AddProperty(map_id, "auxC", AppleAuxiliaryBody(), true));
    HDRP_RETURN_IF_ERROR(
        Check(heif_context_add_item_reference(context_.get(), FourCc("auxl"), map_id,
                                              heif_image_handle_get_item_id(base)),
              "auxl reference"));
    return AddXmp(AsBytes(AppleMapXmp(headroom_linear)), map);
  }

  /// ISO's reading: an item that is derived from both. Its size is the displayed one.
  Expected<heif_item_id> AddIsoReading(const GainMapMetadata& metadata, const PictureBase& base,
                                       const std::array<heif_item_id, 2>& base_and_map) {
    const Bytes payload = ToneMapPayload(metadata);
    heif_item_id id = 0;
    HDRP_RETURN_IF_ERROR(Check(heif_context_add_item(context_.get(), "tmap", payload.data(),
                                                     static_cast<int>(payload.size()), &id),
                               "tmap item"));
    HDRP_RETURN_IF_ERROR(Check(heif_context_add_item_references(context_.get(), FourCc("dimg"), id,
                                                                base_and_map.data(), 2),
                               "dimg reference"));
    const bool swaps = SwapsSides(base.orientation);
    const int width = swaps ? base.codes.height : base.codes.width;
    const int height = swaps ? base.codes.width : base.codes.height;
    constexpr int kAlternateBits = 10;
    HDRP_RETURN_IF_ERROR(AddProperty(id, "ispe", SizeBody(width, height), false));
    HDRP_RETURN_IF_ERROR(AddProperty(id, "pixi", BitsBody(kAlternateBits), false));
    // Never the identity matrix: libavif's tools abort on it.
    const Bytes color = NclxBody(base.alternate_primaries, h273::kTransferPq, h273::kMatrixBt601);
    HDRP_RETURN_IF_ERROR(AddProperty(id, "colr", color, false));
    heif_context_add_compatible_brand(context_.get(), FourCc("tmap"));
    return id;
  }

  Expected<void> AddProperty(heif_item_id item, std::string_view type, const Bytes& body,
                             bool essential) {
    return Check(heif_item_add_raw_property(context_.get(), item, FourCc(type), nullptr,
                                            body.data(), body.size(), essential ? 1 : 0, nullptr),
                 type);
  }

  Expected<Bytes> Write() {
    Bytes file;
    heif_writer writer = {
        .writer_api_version = 1,
        .write = [](heif_context*, const void* data, std::size_t size, void* out) -> heif_error {
          const auto* bytes = static_cast<const std::uint8_t*>(data);
          static_cast<Bytes*>(out)->assign(bytes, bytes + size);
          return {heif_error_Ok, heif_suberror_Unspecified, ""};
        }};
    HDRP_RETURN_IF_ERROR(Check(heif_context_write(context_.get(), &writer, &file), "writing"));
    return file;
  }

 private:
  Expected<void> AddXmp(ByteView xmp, const heif_image_handle* handle) {
    if (xmp.empty()) return {};
    return Check(heif_context_add_XMP_metadata(context_.get(), handle, xmp.data(),
                                               static_cast<int>(xmp.size())),
                 "XMP");
  }

  Expected<Encoder> EncoderFor(const ImageKind& kind) {
    heif_encoder* made = nullptr;
    const auto found =
        Check(heif_context_get_encoder_for_format(context_.get(), heif_compression_HEVC, &made),
              "HEVC encoder");
    Encoder encoder(made);
    HDRP_RETURN_IF_ERROR(found);
    HDRP_RETURN_IF_ERROR(
        kind.lossless ? Check(heif_encoder_set_lossless(made, 1), "lossless")
                      : Check(heif_encoder_set_lossy_quality(made, kind.quality), "quality"));
    // x265 codes rows of blocks side by side (WPP) only where it has a pool of threads, and the
    // stream says so: with a pool always and one picture at a time the bytes are the same for any
    // number of threads.
    const std::string threads = std::to_string(threads_);
    const std::array<std::pair<const char*, const char*>, 6> parameters = {
        {{"preset", "ultrafast"},  // docs/formats.md: what others cost and bring
         {"tune", "psnr"},         // ssim, the default, spends its bits on dark noise
         {"chroma", ChromaName(kind.chroma)},
         {"x265:pools", threads.c_str()},
         {"x265:frame-threads", "1"},
         {"x265:wpp", "1"}}};
    for (const auto& [name, value] : parameters) {
      HDRP_RETURN_IF_ERROR(Check(heif_encoder_set_parameter(made, name, value), name));
    }
    return encoder;
  }

  int threads_;
  HeifContext context_;
};

int ThreadsFor(int asked) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return std::clamp(asked > 0 ? asked : static_cast<int>(cores), 1, 64);
}

ImageKind BaseKind(const PictureBase& base, const PictureFileOptions& options) {
  ImageKind kind;
  // Grey is coded as grey only where its profile says so too: readers of colour are at home
  // everywhere, and apply an RGB profile to three channels.
  const bool is_grey = base.codes.channels == 1 && IsGreyProfile(base.icc);
  kind.chroma = is_grey ? Chroma::kNone : options.subsample_chroma ? Chroma::k420 : Chroma::k444;
  if (base.icc.empty()) {
    kind.primaries = h273::kPrimariesBt709;
    kind.transfer = h273::kTransferSrgb;
  }
  kind.matrix = h273::kMatrixBt601;
  kind.icc = base.icc;
  kind.quality =
      options.base_quality != 0 ? options.base_quality : DefaultBaseQuality(FileFormat::kHeif);
  kind.orientation = base.orientation;
  return kind;
}

ImageKind MapKind(const PictureBase& base, const PictureFileOptions& options) {
  return {.chroma = Chroma::kNone,
          .quality =
              options.map_quality != 0 ? options.map_quality : DefaultMapQuality(FileFormat::kHeif),
          .lossless = options.lossless_map,
          .orientation = base.orientation};
}

Expected<void> CheckHeic(const PictureBase& base, const PictureGainMap& map,
                         const PictureFileOptions& options) {
  HDRP_RETURN_IF_ERROR(CheckPicture(base, map, options, kWhere));
  if (map.map->codes.channels() != 1) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected a gain map of one channel, found {}: Apple's readers take no other",
                map.map->codes.channels());
  }
  const auto& headroom = map.apple_headroom_linear;
  if (headroom && !(std::isfinite(*headroom) && *headroom >= 1)) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected a linear headroom of at least 1, found {}", *headroom);
  }
  if (!map.iso && !headroom) {
    return Fail(ErrorCode::kBadArgument, kWhere, "expected ISO's form of a gain map or Apple's");
  }
  LoadHeifCodecs();
  if (heif_have_encoder_for_format(heif_compression_HEVC) == 0) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "libheif has no HEVC encoder here (Debian: libheif-plugin-x265)");
  }
  return {};
}

}  // namespace

Expected<Bytes> WriteHeic(const PictureBase& base, const PictureGainMap& map,
                          const PictureFileOptions& options) {
  HDRP_RETURN_IF_ERROR(CheckHeic(base, map, options));
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  HeicFile file(ThreadsFor(options.threads));
  HDRP_ASSIGN_OR_RETURN(const HeifHandle base_image,
                        file.AddImage(base.codes, BaseKind(base, options)));
  HDRP_RETURN_IF_ERROR(file.AddBaseMetadata(base, base_image.get()));
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  HDRP_ASSIGN_OR_RETURN(const HeifHandle map_image,
                        file.AddImage(map.map->codes.view(), MapKind(base, options)));

  GainMapItems items{.map = heif_image_handle_get_item_id(map_image.get()), .tmap = {}};
  // libheif gives grey pictures none; iPhones do, and without one some readers assume video range.
  HDRP_RETURN_IF_ERROR(file.AddProperty(
      items.map, "colr", NclxBody(h273::kUnspecified, h273::kUnspecified, h273::kUnspecified),
      false));
  if (map.apple_headroom_linear) {
    HDRP_RETURN_IF_ERROR(
        file.AddAppleReading(*map.apple_headroom_linear, base_image.get(), map_image.get()));
  }
  if (map.iso) {
    HDRP_ASSIGN_OR_RETURN(
        items.tmap,
        file.AddIsoReading(map.map->metadata, base,
                           {heif_image_handle_get_item_id(base_image.get()), items.map}));
  }
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  HDRP_ASSIGN_OR_RETURN(const Bytes written, file.Write());
  Expected<Bytes> grouped = WithGainMapGroups(written, items);
  // The file is our own: whatever is wrong with it is no input's fault.
  if (!grouped) grouped.error().code = ErrorCode::kExportFailed;
  return grouped;
}

}  // namespace hdrp
