#include "package/jpeg_recode.h"

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cstdio>  // jpeglib.h needs FILE
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_writer.h"
#include "base/c_errors.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "JPEG recoder";
constexpr int kMaxScans = 500;  // as the decoder's
/// Huffman coding spends at least 1 bit on each block of 8 x 8 samples.
constexpr std::uint64_t kMaxPixelsPerByte = 64 * 8;

/// libjpeg's two objects. Their callbacks may leave them by a jump and hold nothing then.
struct Recoder {
  explicit Recoder(const StopCondition& stop_condition) : stop(stop_condition) {
    for (jpeg_error_mgr* errors : {&source_errors, &target_errors}) {
      jpeg_std_error(errors);
      errors->error_exit = OnError;
      errors->emit_message = OnMessage;
      errors->output_message = [](j_common_ptr) {};
    }
    source.err = &source_errors;
    target.err = &target_errors;
    source.client_data = target.client_data = this;
    progress.progress_monitor = OnProgress;
    destination.init_destination = [](j_compress_ptr) {};
    destination.empty_output_buffer = [](j_compress_ptr info) -> boolean {
      Of(reinterpret_cast<j_common_ptr>(info)).Flush(0);
      return TRUE;
    };
    destination.term_destination = [](j_compress_ptr info) {
      Recoder& recoder = Of(reinterpret_cast<j_common_ptr>(info));
      recoder.Flush(recoder.destination.free_in_buffer);
    };
  }
  Recoder(const Recoder&) = delete;
  Recoder& operator=(const Recoder&) = delete;
  ~Recoder() {
    jpeg_destroy_compress(&target);
    jpeg_destroy_decompress(&source);
  }

  static Recoder& Of(j_common_ptr info) { return *static_cast<Recoder*>(info->client_data); }
  [[noreturn]] static void OnError(j_common_ptr info) {
    Recoder& recoder = Of(info);
    recoder.failure = info->err->msg_code;
    info->err->format_message(info, recoder.trap.message.data());
    std::longjmp(recoder.trap.jump, 1);
  }
  /// The first warning is the end: what is damaged is not to be called lossless.
  static void OnMessage(j_common_ptr info, int level) {
    if (level < 0) OnError(info);
  }
  static void OnProgress(j_common_ptr info) {
    Recoder& recoder = Of(info);
    recoder.stopped = !recoder.stop.Check(kWhere).has_value();
    recoder.too_many_scans = recoder.source.input_scan_number > kMaxScans;
    if (recoder.stopped || recoder.too_many_scans) std::longjmp(recoder.trap.jump, 1);
  }

  void Flush(std::size_t unused) {
    if (!Append(ByteView(block).first(block.size() - unused))) {
      ERREXIT1(&target, JERR_OUT_OF_MEMORY, 0);
    }
    destination.next_output_byte = block.data();
    destination.free_in_buffer = block.size();
  }
  [[nodiscard]] bool Append(ByteView data) {
    try {
      bytes.insert(bytes.end(), data.begin(), data.end());
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  /// Runs calls into libjpeg; its errors, and its warnings, as ours.
  template <typename Body>
  [[nodiscard]] Expected<void> Run(const Body& body) {
    if (RunTrapped(trap, body)) return {};
    if (stopped) return stop.Check(kWhere);
    if (too_many_scans) {
      return Fail(ErrorCode::kBadInput, kWhere, "more than {} scans", kMaxScans);
    }
    constexpr std::array kUnread = {JERR_ARITH_NOTIMPL, JERR_BAD_DCT_COEF, JERR_BAD_PRECISION,
                                    JERR_COMPONENT_COUNT, JERR_SOF_UNSUPPORTED};
    const ErrorCode code = failure == JERR_OUT_OF_MEMORY ? ErrorCode::kTooLarge
                           : std::ranges::contains(kUnread, static_cast<J_MESSAGE_CODE>(failure))
                               ? ErrorCode::kUnsupported
                               : ErrorCode::kBadInput;
    return Fail(code, kWhere, "{}", trap.message.data());
  }

  jpeg_decompress_struct source{};
  jpeg_compress_struct target{};
  jpeg_error_mgr source_errors{}, target_errors{};
  jpeg_progress_mgr progress{};
  jpeg_destination_mgr destination{};
  CErrorTrap trap{};
  StopCondition stop;
  int failure = 0;
  bool stopped = false, too_many_scans = false;
  std::array<JOCTET, 1 << 16> block{};
  std::array<jpeg_scan_info, MAX_COMPONENTS> scans{};
  Bytes bytes;
};

[[nodiscard]] Expected<JpegStream> Walked(ByteView jpeg, const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(JpegStream stream, WalkJpeg(jpeg, 0));
  const JpegFrame& frame = stream.frame;
  HDRP_RETURN_IF_ERROR(CheckSize(static_cast<std::uint64_t>(frame.width),
                                 static_cast<std::uint64_t>(frame.height), limits, kWhere));
  HDRP_RETURN_IF_ERROR(CheckHeld(CoefficientBytes(frame), limits, kWhere));
  return stream;
}

/// All coefficients; nullptr with the error where one of them is not there.
[[nodiscard]] Expected<jvirt_barray_ptr*> ReadCoefficients(Recoder& recoder, ByteView jpeg) {
  jvirt_barray_ptr* coefficients = nullptr;
  HDRP_RETURN_IF_ERROR(recoder.Run([&] {
    jpeg_create_decompress(&recoder.source);
    recoder.source.progress = &recoder.progress;
    jpeg_mem_src(&recoder.source, jpeg.data(), jpeg.size());
    jpeg_read_header(&recoder.source, TRUE);
    coefficients = jpeg_read_coefficients(&recoder.source);
  }));
  return coefficients;
}

/// Opens the target; after the source is read.
void StartTarget(Recoder& recoder) {
  jpeg_create_compress(&recoder.target);
  recoder.target.progress = &recoder.progress;
  recoder.target.dest = &recoder.destination;
  recoder.destination.next_output_byte = recoder.block.data();
  recoder.destination.free_in_buffer = recoder.block.size();
}

/// One scan of all components holds ten blocks a unit at most (T.81, B.2.3); else each has its own.
void ChooseScans(Recoder& recoder) {
  jpeg_compress_struct& target = recoder.target;
  int blocks = 0;
  for (int i = 0; i < target.num_components; ++i) {
    blocks += target.comp_info[i].h_samp_factor * target.comp_info[i].v_samp_factor;
  }
  if (target.num_components == 1 || blocks <= C_MAX_BLOCKS_IN_MCU) return;
  for (int i = 0; i < target.num_components; ++i) {
    jpeg_scan_info& scan = recoder.scans[static_cast<std::size_t>(i)];
    scan.comps_in_scan = 1;
    scan.component_index[0] = i;
    scan.Se = DCTSIZE2 - 1;
  }
  target.scan_info = recoder.scans.data();
  target.num_scans = target.num_components;
}

void Write(Recoder& recoder, jvirt_barray_ptr* coefficients) {
  recoder.target.arith_code = FALSE;
  recoder.target.optimize_coding = TRUE;
  recoder.target.restart_interval = 0;
  jpeg_write_coefficients(&recoder.target, coefficients);
  jpeg_finish_compress(&recoder.target);
}

/// libjpeg's parameters for the source's one component as the Y of three.
void DescribeAsYcc(const jpeg_decompress_struct& source, jpeg_compress_struct& target) {
  target.image_width = source.image_width;
  target.image_height = source.image_height;
  target.input_components = 3;
  target.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&target);
  for (int i = 0; i < 3; ++i) {
    target.comp_info[i].h_samp_factor = target.comp_info[i].v_samp_factor = 1;
    target.comp_info[i].quant_tbl_no = 0;
  }
  if (target.quant_tbl_ptrs[0] == nullptr) {
    target.quant_tbl_ptrs[0] = jpeg_alloc_quant_table(reinterpret_cast<j_common_ptr>(&target));
  }
  std::copy_n(source.comp_info[0].quant_table->quantval, DCTSIZE2,
              target.quant_tbl_ptrs[0]->quantval);
  target.quant_tbl_ptrs[0]->sent_table = FALSE;
}

/// Coefficients that are 0.
[[nodiscard]] jvirt_barray_ptr EmptyComponent(const jpeg_decompress_struct& source,
                                              jpeg_compress_struct& target) {
  const jpeg_component_info& grey = source.comp_info[0];
  return (*target.mem->request_virt_barray)(reinterpret_cast<j_common_ptr>(&target), JPOOL_IMAGE,
                                            TRUE, grey.width_in_blocks, grey.height_in_blocks, 1);
}

/// False where a scan is missing, which libjpeg does not mind.
[[nodiscard]] bool HasEveryCoefficient(const jpeg_decompress_struct& source) {
  for (int i = 0; i < source.num_components; ++i) {
    if (source.comp_info[i].quant_table == nullptr) return false;  // no scan of it began
    if (source.progressive_mode == FALSE) continue;
    const int* bits = source.coef_bits[i];
    if (std::any_of(bits, bits + DCTSIZE2, [](int missing) { return missing != 0; })) return false;
  }
  return true;
}

}  // namespace

Expected<Bytes> HuffmanCoded(ByteView jpeg, const RecodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream stream, Walked(jpeg, options.limits));
  Recoder recoder(options.stop);
  HDRP_ASSIGN_OR_RETURN(const auto coefficients, ReadCoefficients(recoder, jpeg.first(stream.end)));
  HDRP_RETURN_IF_ERROR(recoder.Run([&] {
    StartTarget(recoder);
    jpeg_copy_critical_parameters(&recoder.source, &recoder.target);
    // How the samples are coded is said by the source's own segments, which are kept.
    recoder.target.write_JFIF_header = recoder.target.write_Adobe_marker = FALSE;
    ChooseScans(recoder);
    Write(recoder, coefficients);
  }));

  HDRP_ASSIGN_OR_RETURN(const JpegStream coded, Within(kWhere, WalkJpeg(recoder.bytes, 0)));
  ByteWriter out;
  out.Append(kSoiBytes);
  for (const JpegSegment& segment : stream.segments) {
    // Restart offsets describe the old coding.
    if (!IsHeaderMarker(segment.marker) || KindOf(segment) == SegmentKind::kRestartOffsets)
      continue;
    out.Append(jpeg.subspan(segment.position, segment.size));
  }
  for (const ByteView range : coded.picture) out.Append(range);
  return std::move(out).Take();
}

Expected<Bytes> InThreeComponents(ByteView grey_jpeg, const RecodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream stream, Walked(grey_jpeg, options.limits));
  if (stream.frame.components.size() != 1) {
    return Fail(ErrorCode::kInternal, kWhere, "expected one component, found {}",
                stream.frame.components.size());
  }
  Recoder recoder(options.stop);
  HDRP_ASSIGN_OR_RETURN(const auto coefficients,
                        ReadCoefficients(recoder, grey_jpeg.first(stream.end)));
  HDRP_RETURN_IF_ERROR(recoder.Run([&] {
    StartTarget(recoder);
    DescribeAsYcc(recoder.source, recoder.target);
    std::array<jvirt_barray_ptr, 3> planes = {coefficients[0],
                                              EmptyComponent(recoder.source, recoder.target),
                                              EmptyComponent(recoder.source, recoder.target)};
    Write(recoder, planes.data());
  }));
  return std::move(recoder.bytes);
}

Expected<Bytes> WithEndMarker(ByteView jpeg, const RecodeOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream stream, Walked(jpeg, options.limits));
  if (IsArithmetic(stream.frame)) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "the end marker is missing, and arithmetic coding does not show whether more is");
  }
  const ByteView found = jpeg.first(stream.end);
  // Before anything is held for a picture of which next to nothing is there.
  const auto pixels = static_cast<std::uint64_t>(stream.frame.width) *
                      static_cast<std::uint64_t>(stream.frame.height);
  if (pixels / kMaxPixelsPerByte > found.size()) {
    return Fail(ErrorCode::kBadInput, kWhere, "{} bytes cannot hold {} x {} pixels", found.size(),
                stream.frame.width, stream.frame.height);
  }
  Bytes whole(found.begin(), found.end());
  whole.insert(whole.end(), kEoiBytes.begin(), kEoiBytes.end());
  Recoder recoder(options.stop);
  HDRP_RETURN_IF_ERROR(ReadCoefficients(recoder, whole));
  if (!HasEveryCoefficient(recoder.source)) {
    return Fail(ErrorCode::kBadInput, kWhere, "the picture's last scans are missing");
  }
  return whole;
}

}  // namespace hdrp
