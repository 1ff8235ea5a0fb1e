#include "decode/jpeg_pixels.h"

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>  // jpeglib.h needs FILE

#include "base/c_errors.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "JPEG decoder";
constexpr int kMaxScans = 500;  // an encoder writes about 10; each one walks the whole picture
constexpr std::size_t kMaxWarnings = 16;

/// Huffman coding spends at least 1 bit on each block of 8 x 8 samples.
constexpr std::uint64_t kMaxPixelsPerByte = 64 * 8;

Expected<void> CheckSupported(const JpegFrame& frame) {
  constexpr std::array<std::uint8_t, 5> kCodings = {kSof0, kSof1, kSof2, kSof9, kSof10};
  if (std::ranges::find(kCodings, frame.marker) == kCodings.end()) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected a baseline or progressive JPEG, found SOF{} (lossless or hierarchical)",
                SofNumber(frame.marker));
  }
  if (frame.bits != 8) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected 8 bits per sample, found {}",
                frame.bits);
  }
  if (frame.components.size() != 1 && frame.components.size() != 3) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected 1 or 3 components, found {} (4 are CMYK or YCCK)",
                frame.components.size());
  }
  return {};
}

Expected<void> CheckSizes(const JpegStream& stream, const Limits& limits) {
  const JpegFrame& frame = stream.frame;
  const auto width = static_cast<std::uint64_t>(frame.width);
  const auto height = static_cast<std::uint64_t>(frame.height);
  HDRP_RETURN_IF_ERROR(CheckSize(width, height, limits, kWhere));
  const std::uint64_t bytes = stream.end - stream.begin;
  if (!IsArithmetic(frame) && width * height / kMaxPixelsPerByte > bytes) {
    return Fail(
        ErrorCode::kBadInput, kWhere,
        "{} bytes cannot hold a picture of {} x {}; the file is cut off or its size is wrong",
        bytes, width, height);
  }
  return {};
}

ErrorCode CodeOf(int libjpeg_message) {
  switch (libjpeg_message) {
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
      return ErrorCode::kUnsupported;
    case JERR_IMAGE_TOO_BIG:
    case JERR_OUT_OF_MEMORY:
    case JERR_WIDTH_OVERFLOW:
      return ErrorCode::kTooLarge;
    default:
      return ErrorCode::kBadInput;
  }
}

}  // namespace

/// libjpeg's objects and what its callbacks leave behind. The callbacks run below a C library and
/// may leave it by a jump: they hold no object with a destructor then.
struct JpegRowReader::State {
  explicit State(const JpegDecodeOptions& decode_options) : options(decode_options) {
    info.err = jpeg_std_error(&errors);
    errors.error_exit = OnError;
    errors.emit_message = OnMessage;
    progress.progress_monitor = OnProgress;
    info.client_data = this;
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { jpeg_destroy_decompress(&info); }

  static State& Of(j_common_ptr common) { return *static_cast<State*>(common->client_data); }

  [[noreturn]] static void OnError(j_common_ptr common) {
    State& state = Of(common);
    common->err->format_message(common, state.trap.message.data());
    std::longjmp(state.trap.jump, 1);
  }
  static void OnMessage(j_common_ptr common, int level) {
    State& state = Of(common);
    if (level >= 0 || state.new_warnings == state.warning_texts.size()) return;
    ++common->err->num_warnings;
    common->err->format_message(common, state.warning_texts[state.new_warnings].data());
    ++state.new_warnings;
  }
  static void OnProgress(j_common_ptr common) {
    State& state = Of(common);
    state.too_many_scans = state.info.input_scan_number > kMaxScans;
    state.stopped = !state.options.stop.Check(kWhere).has_value();
    if (state.too_many_scans || state.stopped) std::longjmp(state.trap.jump, 1);
  }

  /// Runs calls into libjpeg; the library's error, if any, as ours.
  template <typename Body>
  Expected<void> Run(const Body& body) {
    const bool finished = RunTrapped(trap, body);
    for (std::size_t i = warnings.size(); i < new_warnings; ++i) {
      warnings.emplace_back(warning_texts[i].data());
    }
    if (finished) return {};
    if (stopped) return options.stop.Check(kWhere);
    if (too_many_scans) {
      return Fail(ErrorCode::kBadInput, kWhere, "more than {} scans", kMaxScans);
    }
    return Fail(CodeOf(errors.msg_code), kWhere, "{}", trap.message.data());
  }

  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  CErrorTrap trap{};
  JpegDecodeOptions options;
  bool stopped = false;
  bool too_many_scans = false;
  std::size_t new_warnings = 0;
  std::array<std::array<char, JMSG_LENGTH_MAX>, kMaxWarnings> warning_texts{};
  std::vector<std::string> warnings;
};

JpegRowReader::JpegRowReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JpegRowReader::JpegRowReader(JpegRowReader&&) noexcept = default;
JpegRowReader& JpegRowReader::operator=(JpegRowReader&&) noexcept = default;
JpegRowReader::~JpegRowReader() = default;

Expected<JpegRowReader> JpegRowReader::Open(ByteView jpeg, const JpegDecodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const auto stream, WalkJpeg(jpeg, 0));
  HDRP_RETURN_IF_ERROR(CheckSupported(stream.frame));
  HDRP_RETURN_IF_ERROR(CheckSizes(stream, options.limits));

  auto state = std::make_unique<State>(options);
  jpeg_decompress_struct& info = state->info;
  HDRP_RETURN_IF_ERROR(state->Run([&] {
    jpeg_create_decompress(&info);
    info.progress = &state->progress;
    jpeg_mem_src(&info, jpeg.data(), stream.end);
    jpeg_read_header(&info, TRUE);
  }));

  if (jpeg_has_multiple_scans(&info)) {
    const std::uint64_t coefficient_bytes = CoefficientBytes(stream.frame);
    HDRP_RETURN_IF_ERROR(CheckHeld(coefficient_bytes, options.limits, kWhere));
  }

  const bool grey = options.output == JpegOutput::kGray ||
                    (options.output == JpegOutput::kAsStored && info.num_components == 1);
  info.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(options.scale_denominator);
  info.dct_method = JDCT_ISLOW;
  // A reduced picture is only looked at: its chroma need not be interpolated.
  info.do_fancy_upsampling = options.scale_denominator == 1 ? TRUE : FALSE;
  HDRP_RETURN_IF_ERROR(state->Run([&] { jpeg_start_decompress(&info); }));
  return JpegRowReader(std::move(state));
}

int JpegRowReader::width() const { return static_cast<int>(state_->info.output_width); }
int JpegRowReader::height() const { return static_cast<int>(state_->info.output_height); }
int JpegRowReader::channels() const { return state_->info.output_components; }
int JpegRowReader::rows_read() const { return static_cast<int>(state_->info.output_scanline); }
const std::vector<std::string>& JpegRowReader::warnings() const { return state_->warnings; }

Expected<void> JpegRowReader::Read(PlaneView<std::uint8_t> band) {
  if (band.width != width() || band.channels != channels() ||
      band.height > height() - rows_read()) {
    return Fail(ErrorCode::kInternal, kWhere,
                "a band of {} x {} x {} was asked of the {} rows left of {} x {} x {}", band.width,
                band.height, band.channels, height() - rows_read(), width(), height(), channels());
  }
  return state_->Run([&] {
    std::array<JSAMPROW, 16> rows;
    for (int done = 0; done < band.height;) {
      const int count = std::min(static_cast<int>(rows.size()), band.height - done);
      for (int i = 0; i < count; ++i) rows[static_cast<std::size_t>(i)] = band.Row(done + i);
      done += static_cast<int>(
          jpeg_read_scanlines(&state_->info, rows.data(), static_cast<JDIMENSION>(count)));
    }
  });
}

Expected<DecodedJpeg> DecodeJpeg(ByteView jpeg, const JpegDecodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(auto reader, JpegRowReader::Open(jpeg, options));
  DecodedJpeg decoded{Plane<std::uint8_t>(reader.width(), reader.height(), reader.channels()), {}};
  HDRP_RETURN_IF_ERROR(reader.Read(decoded.pixels.view()));
  decoded.warnings = reader.warnings();
  return decoded;
}

}  // namespace hdrp
