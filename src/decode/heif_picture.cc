// HEIF pictures (HEIC and what else libheif's codecs read): the primary image. libheif decodes the
// whole picture at the first read and converts matrix and range to full-range RGB; transfer and
// primaries are left as they are.
#include <libheif/heif.h>

#include <bit>
#include <memory>
#include <mutex>
#include <optional>

#include "base/byte_reader.h"
#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/h273.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "HEIF decoder";

template <auto kRelease>
struct Releaser {
  template <typename Object>
  void operator()(Object* object) const {
    kRelease(object);
  }
};
using Context = std::unique_ptr<heif_context, Releaser<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Releaser<heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image, Releaser<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Releaser<heif_decoding_options_free>>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, Releaser<heif_nclx_color_profile_free>>;

/// libheif looks for its codecs in the host's /usr; programs that run from a private root name the
/// root's (src/CMakeLists.txt). A failure shows when a picture has no decoder.
void LoadPlugins() {
  static std::once_flag loaded;
  std::call_once(loaded, [] {
    constexpr std::string_view kFolder = HDRP_HEIF_PLUGINS;
    if (kFolder.empty()) return;
    (void)heif_load_plugins(kFolder.data(), nullptr, nullptr, 0);
  });
}

Expected<void> Check(const heif_error& error) {
  if (error.code == heif_error_Ok) return {};
  const std::string_view message = error.message == nullptr ? "" : error.message;
  if (error.subcode == heif_suberror_Security_limit_exceeded) {
    return Fail(ErrorCode::kTooLarge, kWhere, "{}", message);
  }
  switch (error.code) {
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
    case heif_error_Plugin_loading_error:
      return Fail(ErrorCode::kUnsupported, kWhere, "{}", message);
    case heif_error_Memory_allocation_error:
      return Fail(ErrorCode::kTooLarge, kWhere, "{}", message);
    default:
      return Fail(ErrorCode::kBadInput, kWhere, "{}", message);
  }
}

/// libheif's own limits follow ours. Its total covers what it holds at once: planes of up to 16
/// bits and as many interleaved samples.
void SetLimits(heif_context* context, const Limits& limits) {
  constexpr std::uint64_t kBytesPerPixel = 16;
  constexpr std::uint64_t kOverhead = 64ULL << 20;
  heif_security_limits& own = *heif_context_get_security_limits(context);
  own.max_image_size_pixels = limits.max_pixels;
  own.max_color_profile_size = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(limits.max_metadata_bytes, own.max_color_profile_size));
  own.max_memory_block_size = limits.max_pixels * kBytesPerPixel / 2 + kOverhead;
  own.max_total_memory = limits.max_pixels * kBytesPerPixel + kOverhead;
}

/// The first metadata item of a type ("Exif", "mime") and, where given, a content type.
Expected<Bytes> Metadata(const heif_image_handle* handle, const char* type,
                         std::string_view content_type, const Limits& limits) {
  const int count = heif_image_handle_get_number_of_metadata_blocks(handle, type);
  std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
  heif_image_handle_get_list_of_metadata_block_IDs(handle, type, ids.data(), count);
  for (const heif_item_id id : ids) {
    const char* found = heif_image_handle_get_metadata_content_type(handle, id);
    if (!content_type.empty() && (found == nullptr || content_type != found)) continue;
    const std::size_t size = heif_image_handle_get_metadata_size(handle, id);
    if (auto fits = CheckMetadataSize(size, limits, kWhere); !fits) {
      return std::unexpected(std::move(fits.error()));
    }
    Bytes bytes(size);
    if (size == 0) return bytes;
    if (auto read = Check(heif_image_handle_get_metadata(handle, id, bytes.data())); !read) {
      return std::unexpected(std::move(read.error()));
    }
    return bytes;
  }
  return Bytes{};
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
    const Nclx nclx(found);
    codes = {static_cast<unsigned>(nclx->color_primaries),
             static_cast<unsigned>(nclx->transfer_characteristics)};
  }
  Bytes icc(heif_image_handle_get_raw_color_profile_size(handle));
  if (!icc.empty()) {
    auto read = Check(heif_image_handle_get_raw_color_profile(handle, icc.data()));
    if (!read) return std::unexpected(std::move(read.error()));
  }
  return ColorFrom(codes, icc, kWhere);
}

struct HeifPicture {
  Context context;
  Handle handle;
  PictureInfo info;
  SampleLayout layout;
  Image image;  ///< after the first read

  [[nodiscard]] int sample_bytes() const { return info.bits > 8 ? 2 : 1; }
  Expected<void> Decode();
  [[nodiscard]] Expected<CodedRows> Codes() const;
};

heif_chroma ChromaOf(bool wide, bool has_alpha) {
  if (!wide) return has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
  if constexpr (std::endian::native == std::endian::little) {
    return has_alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE;
  }
  return has_alpha ? heif_chroma_interleaved_RRGGBBAA_BE : heif_chroma_interleaved_RRGGBB_BE;
}

Expected<void> HeifPicture::Decode() {
  const Options options(heif_decoding_options_alloc());
  if (options == nullptr) return Fail(ErrorCode::kInternal, kWhere, "libheif could not be set up");
  options->strict_decoding = 1;  // a damaged picture is an error and not a grey area
  options->num_codec_threads = 1;
  // The default converts PQ to sRGB.
  options->output_image_nclx_profile_passthrough = 1;
  // Where it is free to choose, libheif repeats chroma samples (measured on smooth 10-bit 4:2:0: a
  // mean error of 3 codes instead of 1).
  options->color_conversion_options.only_use_preferred_chroma_algorithm = 1;
  options->color_conversion_options.preferred_chroma_upsampling_algorithm =
      heif_chroma_upsampling_bilinear;
  heif_image* decoded = nullptr;
  const heif_error error =
      heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB,
                        ChromaOf(sample_bytes() == 2, layout.has_alpha), options.get());
  image.reset(decoded);
  return Check(error);
}

/// The decoded rows, if they are what the headers announced.
Expected<CodedRows> HeifPicture::Codes() const {
  constexpr heif_channel kChannel = heif_channel_interleaved;
  const int width = heif_image_get_width(image.get(), kChannel);
  const int height = heif_image_get_height(image.get(), kChannel);
  const int bits = heif_image_get_bits_per_pixel_range(image.get(), kChannel);
  if (width != info.width || height != info.height || bits != info.bits) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected {} x {} pixels of {} bits as the headers say, decoded {} x {} of {}",
                info.width, info.height, info.bits, width, height, bits);
  }
  // Without a colr box libheif takes the codec's own code points. Nobody reads PQ as sRGB here.
  heif_color_profile_nclx* found = nullptr;
  if (heif_image_get_nclx_color_profile(image.get(), &found).code == heif_error_Ok) {
    const Nclx nclx(found);
    const auto coded = TransferFromH273(static_cast<unsigned>(nclx->transfer_characteristics));
    if ((coded == Transfer::kPq || coded == Transfer::kHlg) && coded != info.color.transfer) {
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "the coded picture says transfer {}, the file around it does not",
                  static_cast<int>(nclx->transfer_characteristics));
    }
  }
  std::size_t stride = 0;
  const std::uint8_t* data = heif_image_get_plane_readonly2(image.get(), kChannel, &stride);
  if (data == nullptr) return Fail(ErrorCode::kInternal, kWhere, "libheif gave no pixels");
  return CodedRows{
      .data = data, .stride_bytes = stride, .sample_bytes = sample_bytes(), .layout = layout};
}

Expected<void> ReadHeaders(const Limits& limits, HeifPicture& picture) {
  const heif_image_handle* handle = picture.handle.get();
  PictureInfo& info = picture.info;
  info.format = FileFormat::kHeif;
  info.width = heif_image_handle_get_width(handle);
  info.height = heif_image_handle_get_height(handle);
  for (const auto& [width, height] :
       {std::pair(info.width, info.height), std::pair(heif_image_handle_get_ispe_width(handle),
                                                      heif_image_handle_get_ispe_height(handle))}) {
    if (auto fits = CheckSize(static_cast<std::uint64_t>(std::max(width, 0)),
                              static_cast<std::uint64_t>(std::max(height, 0)), limits, kWhere);
        !fits) {
      return fits;
    }
  }
  info.bits = heif_image_handle_get_luma_bits_per_pixel(handle);
  if (info.bits < 8 || info.bits > 16) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected 8 to 16 bits per sample, found {}",
                info.bits);
  }
  auto color = ReadColor(handle);
  if (!color) return std::unexpected(std::move(color.error()));
  info.color = std::move(*color);

  const auto exif = Metadata(handle, "Exif", {}, limits);
  if (!exif) return std::unexpected(exif.error());
  const auto xmp = Metadata(handle, "mime", "application/rdf+xml", limits);
  if (!xmp) return std::unexpected(xmp.error());
  TakeExif(TiffOf(*exif), info);
  info.xmp = AsText(*xmp);
  // irot, imir and clap are what turns a HEIF picture, and libheif applies them. The orientation
  // that the EXIF may repeat is not to be applied (ISO/IEC 23008-12, A.2.1).
  info.orientation = Orientation::kTopLeft;

  picture.layout = {
      .has_alpha = heif_image_handle_has_alpha_channel(handle) != 0,
      .premultiplied = heif_image_handle_is_premultiplied_alpha(handle) != 0,
      .largest = static_cast<double>((1U << static_cast<unsigned>(info.bits)) - 1),
  };
  return {};
}

}  // namespace

Expected<PictureRows> OpenHeif(ByteView file, const PictureOptions& options) {
  LoadPlugins();
  auto picture = std::make_unique<HeifPicture>();
  picture->context.reset(heif_context_alloc());
  heif_context* context = picture->context.get();
  if (context == nullptr) return Fail(ErrorCode::kInternal, kWhere, "libheif could not be set up");
  SetLimits(context, options.limits);
  heif_context_set_max_decoding_threads(context, 0);
  auto opened =
      Check(heif_context_read_from_memory_without_copy(context, file.data(), file.size(), nullptr));
  if (!opened) return std::unexpected(std::move(opened.error()));
  heif_image_handle* primary = nullptr;
  opened = Check(heif_context_get_primary_image_handle(context, &primary));
  picture->handle.reset(primary);
  if (!opened) return std::unexpected(std::move(opened.error()));
  if (auto read = ReadHeaders(options.limits, *picture); !read) {
    return std::unexpected(std::move(read.error()));
  }

  PictureInfo info = picture->info;
  auto read = [picture = std::move(picture), rule = AlphaRule{options.flatten, kWhere}](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (picture->image == nullptr) {
      if (auto decoded = picture->Decode(); !decoded) return decoded;
    }
    const auto codes = picture->Codes();
    if (!codes) return std::unexpected(codes.error());
    return FloatsFromCodes(*codes, first_row, rule, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
