#include "package/jpeg_encode.h"

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>  // jpeglib.h needs FILE
#include <exception>
#include <string_view>
#include <utility>

#include "base/c_errors.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "JPEG encoder";
static_assert(sizeof(CErrorTrap::message) >= JMSG_LENGTH_MAX);

[[nodiscard]] std::unexpected<Error> Failed(const CErrorTrap& trap) {
  return Fail(ErrorCode::kExportFailed, kWhere, "{}", trap.message.data());
}

}  // namespace

/// libjpeg's objects and its output. (Its own memory destination does not say where its block lies
/// after an error.) The callbacks may leave libjpeg by a jump and hold nothing then.
struct JpegRowWriter::State {
  State() {
    info.err = jpeg_std_error(&errors);
    info.client_data = this;
    errors.error_exit = OnError;
    errors.output_message = [](j_common_ptr) {};
    target.init_destination = [](j_compress_ptr) {};
    target.empty_output_buffer = [](j_compress_ptr compress) -> boolean {
      Of(compress).Flush(0);
      return TRUE;
    };
    target.term_destination = [](j_compress_ptr compress) {
      State& writer = Of(compress);
      writer.Flush(writer.target.free_in_buffer);
    };
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { jpeg_destroy_compress(&info); }

  template <typename Info>
  [[nodiscard]] static State& Of(Info* info) {
    return *static_cast<State*>(info->client_data);
  }
  [[noreturn]] static void OnError(j_common_ptr info) {
    State& writer = Of(info);
    info->err->format_message(info, writer.trap.message.data());
    std::longjmp(writer.trap.jump, 1);
  }

  /// Takes the block over but for its last `unused` bytes, and offers it again.
  void Flush(std::size_t unused) {
    if (!Append(ByteView(block).first(block.size() - unused)))
      ERREXIT1(&info, JERR_OUT_OF_MEMORY, 0);
    target.next_output_byte = block.data();
    target.free_in_buffer = block.size();
  }
  [[nodiscard]] bool Append(ByteView data) {
    try {
      bytes.insert(bytes.end(), data.begin(), data.end());
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  void UseFlatTables(unsigned step) {
    std::array<unsigned, DCTSIZE2> table{};
    table.fill(step);
    table[0] = std::max(1U, step / 4);
    for (const int slot : {0, 1}) jpeg_add_quant_table(&info, slot, table.data(), 100, TRUE);
  }

  void Start(const JpegEncodeOptions& options) {
    jpeg_create_compress(&info);
    info.dest = &target;
    target.next_output_byte = block.data();
    target.free_in_buffer = block.size();
    info.image_width = static_cast<JDIMENSION>(width);
    info.image_height = static_cast<JDIMENSION>(height);
    info.input_components = channels;
    info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, options.quality, TRUE);
    if (options.flat_step > 0) UseFlatTables(static_cast<unsigned>(options.flat_step));
    const bool fits = static_cast<std::int64_t>(width) * height <= kMaxOptimizedPixels;
    info.optimize_coding = options.optimize_coding && fits ? TRUE : FALSE;
    info.dct_method = JDCT_ISLOW;
    if (channels == 3) {
      info.comp_info[0].h_samp_factor = options.subsample_chroma ? 2 : 1;
      info.comp_info[0].v_samp_factor = options.subsample_chroma ? 2 : 1;
    }
    jpeg_start_compress(&info, TRUE);
  }
  void Write(PlaneView<const std::uint8_t> band) {
    for (int y = 0; y < band.height; ++y) {
      // libjpeg's interface predates const; it only reads the row.
      JSAMPROW row = const_cast<JSAMPROW>(band.Row(y));
      jpeg_write_scanlines(&info, &row, 1);
    }
  }

  int width = 0;
  int height = 0;
  int channels = 3;
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_destination_mgr target{};
  CErrorTrap trap{};
  std::array<JOCTET, 16384> block{};
  Bytes bytes;
};

JpegRowWriter::JpegRowWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
JpegRowWriter::JpegRowWriter(JpegRowWriter&&) noexcept = default;
JpegRowWriter& JpegRowWriter::operator=(JpegRowWriter&&) noexcept = default;
JpegRowWriter::~JpegRowWriter() = default;

Expected<JpegRowWriter> JpegRowWriter::Create(int width, int height, int channels,
                                              const JpegEncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return Fail(ErrorCode::kBadArgument, "JPEG quality", "expected 1 to 100, found {}",
                options.quality);
  }
  if (channels != 1 && channels != 3) {
    return Fail(ErrorCode::kInternal, kWhere, "expected 1 or 3 channels, found {}", channels);
  }
  auto state = std::make_unique<State>();
  state->width = width;
  state->height = height;
  state->channels = channels;
  if (!RunTrapped(state->trap, [&] { state->Start(options); })) {
    return Failed(state->trap);
  }
  return JpegRowWriter(std::move(state));
}

Expected<void> JpegRowWriter::Write(PlaneView<const std::uint8_t> band) {
  assert(band.width == state_->width && band.channels == state_->channels);
  // libjpeg ignores rows too many with a warning that nobody would see.
  const int written = static_cast<int>(state_->info.next_scanline);
  if (band.height > state_->height - written) {
    return Fail(ErrorCode::kInternal, kWhere, "expected {} rows, found {}", state_->height,
                written + band.height);
  }
  if (!RunTrapped(state_->trap, [&] { state_->Write(band); })) {
    return Failed(state_->trap);
  }
  return {};
}

Expected<Bytes> JpegRowWriter::Finish() && {
  if (!RunTrapped(state_->trap, [&] { jpeg_finish_compress(&state_->info); })) {
    return Failed(state_->trap);
  }
  return std::move(state_->bytes);
}

Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels, const JpegEncodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(
      auto writer, JpegRowWriter::Create(pixels.width, pixels.height, pixels.channels, options));
  HDRP_RETURN_IF_ERROR(writer.Write(pixels));
  return std::move(writer).Finish();
}

}  // namespace hdrp
