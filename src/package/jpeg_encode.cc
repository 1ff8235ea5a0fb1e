#include "package/jpeg_encode.h"

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cstdio>  // jpeglib.h needs FILE
#include <exception>
#include <string_view>
#include <utility>

#include "base/c_errors.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "JPEG encoder";
static_assert(sizeof(CErrorTrap::message) >= JMSG_LENGTH_MAX);

/// libjpeg's objects and its output. (Its own memory destination does not say where its block lies
/// after an error.) The callbacks may leave libjpeg by a jump and hold nothing then.
struct JpegWriter {
  JpegWriter() {
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
      JpegWriter& writer = Of(compress);
      writer.Flush(writer.target.free_in_buffer);
    };
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() { jpeg_destroy_compress(&info); }

  template <typename Info>
  [[nodiscard]] static JpegWriter& Of(Info* info) {
    return *static_cast<JpegWriter*>(info->client_data);
  }
  [[noreturn]] static void OnError(j_common_ptr info) {
    JpegWriter& writer = Of(info);
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

  void Write(PlaneView<const std::uint8_t> pixels, const JpegEncodeOptions& options) {
    jpeg_create_compress(&info);
    info.dest = &target;
    target.next_output_byte = block.data();
    target.free_in_buffer = block.size();
    info.image_width = static_cast<JDIMENSION>(pixels.width);
    info.image_height = static_cast<JDIMENSION>(pixels.height);
    info.input_components = pixels.channels;
    info.in_color_space = pixels.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, options.quality, TRUE);
    if (options.flat_step > 0) UseFlatTables(static_cast<unsigned>(options.flat_step));
    info.optimize_coding = TRUE;
    info.dct_method = JDCT_ISLOW;
    if (pixels.channels == 3) {
      info.comp_info[0].h_samp_factor = options.subsample_chroma ? 2 : 1;
      info.comp_info[0].v_samp_factor = options.subsample_chroma ? 2 : 1;
    }
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
      // libjpeg's interface predates const; it only reads the row.
      JSAMPROW row = const_cast<JSAMPROW>(pixels.Row(static_cast<int>(info.next_scanline)));
      jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
  }

  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_destination_mgr target{};
  CErrorTrap trap{};
  std::array<JOCTET, 16384> block{};
  Bytes bytes;
};

}  // namespace

Expected<Bytes> EncodeJpeg(PlaneView<const std::uint8_t> pixels, const JpegEncodeOptions& options) {
  if (options.quality < 1 || options.quality > 100) {
    return Fail(ErrorCode::kBadArgument, "JPEG quality", "expected 1 to 100, found {}",
                options.quality);
  }
  if (pixels.channels != 1 && pixels.channels != 3) {
    return Fail(ErrorCode::kInternal, kWhere, "expected 1 or 3 channels, found {}",
                pixels.channels);
  }
  JpegWriter writer;
  if (!RunTrapped(writer.trap, [&] { writer.Write(pixels, options); })) {
    return Fail(ErrorCode::kExportFailed, kWhere, "{}", writer.trap.message.data());
  }
  return std::move(writer.bytes);
}

}  // namespace hdrp
