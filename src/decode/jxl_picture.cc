// JPEG XL pictures through libjxl: a still. libjxl decodes the whole picture, as floats, at the
// first read, and turns it (so the rows are always as displayed). XYB files come back in the colour
// space that libjxl names for its output.
#include <jxl/decode.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "base/silenced_stderr.h"
#include "color/h273.h"
#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "JPEG XL decoder";

/// libjxl's memory, counted: an allocation beyond the limit fails, which libjxl reports.
class Memory {
 public:
  static constexpr std::size_t kHeaders = 64U << 20;
  /// What a picture may need at most: reference frames, coefficients and the pipeline's buffers.
  static constexpr std::size_t kPerPixel = 96;

  void Allow(std::size_t bytes) { limit_ = bytes; }
  [[nodiscard]] bool refused() const { return refused_; }
  [[nodiscard]] JxlMemoryManager manager() { return {this, Allocate, Free}; }

 private:
  static constexpr std::size_t kPrefix = 64;  // keeps any alignment that malloc gave

  static void* Allocate(void* opaque, std::size_t size) {
    auto& memory = *static_cast<Memory*>(opaque);
    if (size > memory.limit_ || memory.used_ > memory.limit_ - size) {
      memory.refused_ = true;
      return nullptr;
    }
    auto* block = static_cast<std::uint8_t*>(std::malloc(size + kPrefix));
    if (block == nullptr) return nullptr;
    std::memcpy(block, &size, sizeof(size));
    memory.used_ += size;
    return block + kPrefix;
  }
  static void Free(void* opaque, void* address) {
    if (address == nullptr) return;
    auto& memory = *static_cast<Memory*>(opaque);
    auto* block = static_cast<std::uint8_t*>(address) - kPrefix;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof(size));
    memory.used_ -= size;
    std::free(block);
  }

  std::size_t limit_ = kHeaders;
  std::size_t used_ = 0;
  bool refused_ = false;
};

struct DecoderDeleter {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<JxlDecoder, DecoderDeleter>;

std::optional<Chromaticities> PrimariesOf(const JxlColorEncoding& color) {
  if (color.white_point != JXL_WHITE_POINT_D65) return std::nullopt;
  if (color.color_space == JXL_COLOR_SPACE_GRAY) return kRec709Primaries;
  switch (color.primaries) {
    case JXL_PRIMARIES_SRGB:
      return kRec709Primaries;
    case JXL_PRIMARIES_2100:
      return kRec2020Primaries;
    case JXL_PRIMARIES_P3:
      return kDisplayP3Primaries;
    case JXL_PRIMARIES_CUSTOM: {
      const auto xy = [](const double(&pair)[2]) { return std::array{pair[0], pair[1]}; };
      return Chromaticities{xy(color.primaries_red_xy), xy(color.primaries_green_xy),
                            xy(color.primaries_blue_xy), kRec709Primaries.white};
    }
  }
  return std::nullopt;
}

std::optional<Transfer> TransferOf(const JxlColorEncoding& color) {
  if (color.transfer_function == JXL_TRANSFER_FUNCTION_GAMMA) {
    constexpr double kTolerance = 0.001;
    if (std::abs(color.gamma - 1 / 2.2) < kTolerance) return Transfer::kGamma22;
    if (std::abs(color.gamma - 1 / 2.8) < kTolerance) return Transfer::kGamma28;
    return std::nullopt;
  }
  // The other values are those of H.273.
  return TransferFromH273(static_cast<unsigned>(color.transfer_function));
}

/// The colour of the samples that the decoder gives: its enumerated form, else its ICC profile.
Expected<ColorSpec> ReadColor(const JxlDecoder* decoder, const JxlBasicInfo& basic,
                              const Limits& limits) {
  constexpr JxlColorProfileTarget kTarget = JXL_COLOR_PROFILE_TARGET_DATA;
  JxlColorEncoding encoded{};
  if (JxlDecoderGetColorAsEncodedProfile(decoder, kTarget, &encoded) == JXL_DEC_SUCCESS) {
    const auto primaries = PrimariesOf(encoded);
    const auto transfer = TransferOf(encoded);
    if (primaries && transfer) {
      ColorSpec color{.transfer = *transfer, .primaries = *primaries, .stated = true};
      // Of a linear picture 1.0 is intensity_target; 255 is what encoders leave when nobody said.
      constexpr float kUnsaid = 255;
      if (*transfer == Transfer::kLinear && basic.intensity_target != kUnsaid) {
        color.white_nits = static_cast<double>(basic.intensity_target);
      }
      return color;
    }
  }
  std::size_t size = 0;
  if (JxlDecoderGetICCProfileSize(decoder, kTarget, &size) != JXL_DEC_SUCCESS || size == 0) {
    return Fail(ErrorCode::kUnsupported, kWhere, "the colour space has no name and no ICC profile");
  }
  HDRP_RETURN_IF_ERROR(CheckMetadataSize(size, limits, kWhere));
  Bytes icc(size);
  if (JxlDecoderGetColorAsICCProfile(decoder, kTarget, icc.data(), size) != JXL_DEC_SUCCESS) {
    return Fail(ErrorCode::kBadInput, kWhere, "the ICC profile cannot be read");
  }
  return ColorSpec{.icc = std::move(icc), .stated = true};
}

struct JxlPicture {
  Memory memory;  // outlives the decoder
  Decoder decoder;
  PictureInfo info;
  SampleLayout layout;
  std::vector<float> pixels;  ///< after the first read

  /// Runs the decoder up to `wanted`.
  Expected<void> RunTo(JxlDecoderStatus wanted);
  Expected<void> ReadHeaders(const Limits& limits);
  Expected<void> Decode();
};

Expected<void> JxlPicture::RunTo(JxlDecoderStatus wanted) {
  const SilencedStderr silenced;
  const JxlDecoderStatus status = JxlDecoderProcessInput(decoder.get());
  if (status == wanted) return {};
  if (memory.refused()) {
    return Fail(ErrorCode::kTooLarge, kWhere,
                "the picture takes more memory than a decoder may hold (--max-memory raises it)");
  }
  if (status == JXL_DEC_NEED_MORE_INPUT) {
    return Fail(ErrorCode::kBadInput, kWhere, "the file is cut off");
  }
  if (status == JXL_DEC_SUCCESS) return Fail(ErrorCode::kBadInput, kWhere, "there is no picture");
  return Fail(ErrorCode::kBadInput, kWhere, "the bitstream is broken");
}

Expected<void> JxlPicture::ReadHeaders(const Limits& limits) {
  HDRP_RETURN_IF_ERROR(RunTo(JXL_DEC_BASIC_INFO));
  JxlBasicInfo basic{};
  if (JxlDecoderGetBasicInfo(decoder.get(), &basic) != JXL_DEC_SUCCESS) {
    return Fail(ErrorCode::kBadInput, kWhere, "the header cannot be read");
  }
  HDRP_RETURN_IF_ERROR(CheckSize(basic.xsize, basic.ysize, limits, kWhere));
  if (basic.have_animation != JXL_FALSE) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected a still picture, found an animation");
  }
  const std::uint64_t count = std::uint64_t{basic.xsize} * basic.ysize;
  const std::uint64_t output =
      count * (basic.num_color_channels + (basic.alpha_bits > 0 ? 1U : 0U)) * sizeof(float);
  HDRP_RETURN_IF_ERROR(CheckHeld(output, limits, kWhere));
  memory.Allow(std::min(Memory::kHeaders + Memory::kPerPixel * count,
                        Memory::kHeaders + limits.max_held_bytes - output));
  for (std::size_t i = 0; i < basic.num_extra_channels; ++i) {
    JxlExtraChannelInfo extra{};
    if (JxlDecoderGetExtraChannelInfo(decoder.get(), i, &extra) == JXL_DEC_SUCCESS &&
        extra.type == JXL_CHANNEL_BLACK) {
      return Fail(ErrorCode::kUnsupported, kWhere, "expected grey or RGB, found CMYK");
    }
  }
  info.format = FileFormat::kJxl;
  info.width = static_cast<int>(basic.xsize);
  info.height = static_cast<int>(basic.ysize);
  info.channels = static_cast<int>(basic.num_color_channels);
  info.bits = static_cast<int>(basic.bits_per_sample);
  info.is_float = basic.exponent_bits_per_sample > 0;
  layout = {.color_channels = info.channels,
            .has_alpha = basic.alpha_bits > 0,
            .premultiplied = basic.alpha_premultiplied != JXL_FALSE,
            .largest = 1};
  HDRP_RETURN_IF_ERROR(RunTo(JXL_DEC_COLOR_ENCODING));
  HDRP_ASSIGN_OR_RETURN(info.color, ReadColor(decoder.get(), basic, limits));
  return {};
}

Expected<void> JxlPicture::Decode() {
  HDRP_RETURN_IF_ERROR(RunTo(JXL_DEC_NEED_IMAGE_OUT_BUFFER));
  const JxlPixelFormat format{.num_channels = static_cast<std::uint32_t>(layout.samples()),
                              .data_type = JXL_TYPE_FLOAT,
                              .endianness = JXL_NATIVE_ENDIAN,
                              .align = 0};
  std::vector<float> buffer(static_cast<std::size_t>(info.width) *
                            static_cast<std::size_t>(info.height) * format.num_channels);
  if (JxlDecoderSetImageOutBuffer(decoder.get(), &format, buffer.data(),
                                  buffer.size() * sizeof(float)) != JXL_DEC_SUCCESS) {
    return Fail(ErrorCode::kInternal, kWhere, "libjxl refused a buffer of {} floats",
                buffer.size());
  }
  HDRP_RETURN_IF_ERROR(RunTo(JXL_DEC_FULL_IMAGE));
  pixels = std::move(buffer);
  return {};
}

/// "jhgm" of a file's boxes (ISO/IEC 18181-2, annex on gain maps), also as Brotli's (brob): what
/// follows says so, in words; empty where there is none.
std::string GainMapBox(ByteView file) {
  constexpr std::size_t kMaxBoxes = 4096;
  ByteReader reader(file);
  for (std::size_t boxes = 0; boxes < kMaxBoxes; ++boxes) {
    const auto size32 = reader.U32();
    const auto type = reader.Read(4);
    if (!size32 || !type) return {};
    std::uint64_t header = 8;
    std::uint64_t size = *size32;
    if (size == 1) {
      const auto high = reader.U32();
      const auto low = reader.U32();
      if (!high || !low) return {};
      size = (std::uint64_t{*high} << 32U) | *low;
      header = 16;
    } else if (size == 0) {
      size = header + reader.remaining();
    }
    if (size < header) return {};
    const std::uint64_t body = size - header;
    const bool is_packed = AsText(*type) == "brob" && StartsWith(reader.rest(), "jhgm");
    if (AsText(*type) == "jhgm" || is_packed) {
      return Formatted("a gain map in a jhgm box of {} bytes", body);
    }
    if (body > reader.remaining() || !reader.Skip(body)) return {};
  }
  return {};
}

}  // namespace

Expected<PictureRows> OpenJxl(ByteView file, const PictureOptions& options) {
  auto picture = std::make_unique<JxlPicture>();
  const JxlMemoryManager manager = picture->memory.manager();
  picture->decoder.reset(JxlDecoderCreate(&manager));
  JxlDecoder* decoder = picture->decoder.get();
  if (decoder == nullptr ||
      JxlDecoderSubscribeEvents(decoder, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING |
                                             JXL_DEC_FULL_IMAGE) != JXL_DEC_SUCCESS ||
      JxlDecoderSetInput(decoder, file.data(), file.size()) != JXL_DEC_SUCCESS) {
    return Fail(ErrorCode::kInternal, kWhere, "libjxl could not be set up");
  }
  // The input is never declared closed: libjxl would print about a file that is cut off. It asks
  // for more instead.
  HDRP_RETURN_IF_ERROR(picture->ReadHeaders(options.limits));

  PictureInfo info = picture->info;
  info.unread_gain_map = GainMapBox(file);
  if (!info.unread_gain_map.empty()) {
    info.warnings.push_back("the file holds " + info.unread_gain_map + ", which is not read yet");
  }
  auto read = [picture = std::move(picture), rule = AlphaRule{options.flatten, kWhere}](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (picture->pixels.empty()) {
      HDRP_RETURN_IF_ERROR(picture->Decode());
    }
    const std::size_t row =
        static_cast<std::size_t>(band.width) * static_cast<std::size_t>(picture->layout.samples());
    const std::span<const float> pixels(picture->pixels);
    for (int y = 0; y < band.height; ++y) {
      const int at = first_row + y;
      HDRP_RETURN_IF_ERROR(FlattenFloats(pixels.subspan(static_cast<std::size_t>(at) * row, row),
                                         picture->layout, rule, at, band.RowSpan(y)));
    }
    return {};
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
