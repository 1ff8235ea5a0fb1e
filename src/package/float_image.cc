#include "package/float_image.h"

#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfOutputFile.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gainmap/half.h"

namespace hdrp {
namespace {

constexpr auto kWhiteNits = static_cast<float>(kSdrWhiteNits);

[[nodiscard]] Imath::V2f Xy(const std::array<double, 2>& xy) {
  return {static_cast<float>(xy[0]), static_cast<float>(xy[1])};
}

class ExrFile {
 public:
  ExrFile(const std::filesystem::path& path, const FloatImageInfo& info)
      : width_(info.width), file_(path.c_str(), HeaderFor(info), 0) {}

  void Write(PlaneView<const float> band) {
    const std::size_t row = static_cast<std::size_t>(width_) * 3;
    half_.resize(row * static_cast<std::size_t>(band.height));
    for (int y = 0; y < band.height; ++y) {
      const auto in = band.RowSpan(y);
      HalfFromFloatRow(in, std::span(half_).subspan(row * static_cast<std::size_t>(y), row));
    }
    Imf::FrameBuffer buffer;
    constexpr std::array kNames = {"R", "G", "B"};
    for (std::size_t c = 0; c < 3; ++c) {
      // The band stands at its own rows of the picture.
      buffer.insert(
          kNames[c],
          Imf::Slice::Make(Imf::HALF, half_.data() + c, Imath::V2i(0, next_row_), width_,
                           band.height, 3 * sizeof(std::uint16_t), row * sizeof(std::uint16_t)));
    }
    file_.setFrameBuffer(buffer);
    file_.writePixels(band.height);
    next_row_ += band.height;
  }

 private:
  [[nodiscard]] static Imf::Header HeaderFor(const FloatImageInfo& info) {
    Imf::Header header(info.width, info.height);
    header.compression() = Imf::ZIP_COMPRESSION;
    for (const char* name : {"R", "G", "B"})
      header.channels().insert(name, Imf::Channel(Imf::HALF));
    Imf::addChromaticities(header,
                           Imf::Chromaticities(Xy(info.primaries.red), Xy(info.primaries.green),
                                               Xy(info.primaries.blue), Xy(info.primaries.white)));
    Imf::addWhiteLuminance(header, kWhiteNits);
    return header;
  }

  int width_;
  Imf::OutputFile file_;
  std::vector<std::uint16_t> half_;
  int next_row_ = 0;
};

/// libtiff reports through handlers it gets with the file; ours keep the last message.
int KeepMessage(TIFF* /*tiff*/, void* message, const char* /*module*/, const char* format,
                va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  *static_cast<std::string*>(message) = text.data();
  return 1;
}
int DropWarning(TIFF* /*tiff*/, void* /*unused*/, const char* /*module*/, const char* /*format*/,
                va_list /*arguments*/) {
  return 1;
}

class TiffFile {
 public:
  TiffFile(const std::filesystem::path& path, const FloatImageInfo& info) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, KeepMessage, &message_);
    TIFFOpenOptionsSetWarningHandlerExtR(options, DropWarning, nullptr);
    // Little-endian everywhere; big pictures pass the 4 GiB of classic TIFF.
    const bool big = static_cast<double>(info.width) * info.height * 12 > 3.5e9;
    tiff_ = TIFFOpenExt(path.c_str(), big ? "wl8" : "wl", options);
    TIFFOpenOptionsFree(options);
    if (tiff_ == nullptr) return;
    TIFFSetField(tiff_, TIFFTAG_IMAGEWIDTH, info.width);
    TIFFSetField(tiff_, TIFFTAG_IMAGELENGTH, info.height);
    TIFFSetField(tiff_, TIFFTAG_BITSPERSAMPLE, 32);
    TIFFSetField(tiff_, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff_, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    TIFFSetField(tiff_, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff_, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff_, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff_, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT);
    TIFFSetField(tiff_, TIFFTAG_ORIENTATION, info.orientation);
    TIFFSetField(tiff_, TIFFTAG_ROWSPERSTRIP, 64);
    const Chromaticities& p = info.primaries;
    const std::array<float, 6> primaries{
        static_cast<float>(p.red[0]),   static_cast<float>(p.red[1]),
        static_cast<float>(p.green[0]), static_cast<float>(p.green[1]),
        static_cast<float>(p.blue[0]),  static_cast<float>(p.blue[1])};
    const std::array<float, 2> white{static_cast<float>(p.white[0]),
                                     static_cast<float>(p.white[1])};
    TIFFSetField(tiff_, TIFFTAG_PRIMARYCHROMATICITIES, primaries.data());
    TIFFSetField(tiff_, TIFFTAG_WHITEPOINT, white.data());
  }
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;
  ~TiffFile() {
    if (tiff_ != nullptr) TIFFClose(tiff_);
  }

  [[nodiscard]] bool is_open() const { return tiff_ != nullptr; }
  [[nodiscard]] const std::string& message() const { return message_; }

  [[nodiscard]] bool Write(PlaneView<const float> band) {
    for (int y = 0; y < band.height; ++y) {
      // libtiff's predictor works in place: it gets a copy.
      const auto row = band.RowSpan(y);
      row_.assign(row.begin(), row.end());
      if (TIFFWriteScanline(tiff_, row_.data(), next_row_++, 0) < 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool Finish() { return TIFFFlush(tiff_) == 1; }

 private:
  std::string message_;
  TIFF* tiff_ = nullptr;
  std::vector<float> row_;
  std::uint32_t next_row_ = 0;
};

}  // namespace

/// Exactly one of the two is set until Finish().
struct FloatImageWriter::State {
  std::string path;
  std::unique_ptr<ExrFile> exr;
  std::unique_ptr<TiffFile> tiff;

  [[nodiscard]] std::unexpected<Error> Failed(std::string_view what) const {
    return Fail(ErrorCode::kIoFailed, path, "cannot write the float picture: {}", what);
  }
};

FloatImageWriter::FloatImageWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
FloatImageWriter::FloatImageWriter(FloatImageWriter&&) noexcept = default;
FloatImageWriter::~FloatImageWriter() = default;

Expected<FloatImageWriter> FloatImageWriter::Create(const std::filesystem::path& path,
                                                    FileFormat format, const FloatImageInfo& info) {
  auto state = std::make_unique<State>();
  state->path = path.string();
  switch (format) {
    case FileFormat::kOpenExr:
      try {
        state->exr = std::make_unique<ExrFile>(path, info);
      } catch (const std::exception& error) {
        return state->Failed(error.what());
      }
      break;
    case FileFormat::kTiff:
      state->tiff = std::make_unique<TiffFile>(path, info);
      if (!state->tiff->is_open()) return state->Failed(state->tiff->message());
      break;
    default:
      return Fail(ErrorCode::kInternal, state->path, "{} is not written as float light",
                  NameOf(format));
  }
  return FloatImageWriter(std::move(state));
}

Expected<void> FloatImageWriter::Write(PlaneView<const float> band) {
  if (state_->exr) {
    try {
      state_->exr->Write(band);
    } catch (const std::exception& error) {
      return state_->Failed(error.what());
    }
  } else if (!state_->tiff->Write(band)) {
    return state_->Failed(state_->tiff->message());
  }
  return {};
}

Expected<void> FloatImageWriter::Finish() {
  if (state_->tiff && !state_->tiff->Finish()) return state_->Failed(state_->tiff->message());
  try {
    state_->exr.reset();  // OpenEXR writes its line table here
  } catch (const std::exception& error) {
    return state_->Failed(error.what());
  }
  return {};
}

}  // namespace hdrp
