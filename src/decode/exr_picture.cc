#include <OpenEXR/Iex.h>
#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfCompressor.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfInputPart.h>
#include <OpenEXR/ImfMisc.h>
#include <OpenEXR/ImfMultiPartInputFile.h>
#include <OpenEXR/ImfPartType.h>
#include <OpenEXR/ImfRgbaFile.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <OpenEXR/ImfThreading.h>
#include <OpenEXR/ImfTileDescription.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "decode/chromaticity_check.h"
#include "decode/opacity.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "OpenEXR reader";
/// What OpenEXR may hold decoded at a time: one block of lines, or one row of tiles.
constexpr std::uint64_t kMaxBlockBytes = 256ULL << 20;
/// An entry of the chunk table, and the header of the chunk it points to.
constexpr std::uint64_t kLeastBytesPerChunk = 16;

/// The library's own limits belong to the process and not to a file; they only bound the chunk
/// tables it reads before this file can look at the header.
void SetUpLibraryOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    constexpr int kMaxSide = 1 << 20;
    constexpr int kMaxTileSide = 1 << 16;
    Imf::Header::setMaxImageSize(kMaxSide, kMaxSide);
    Imf::Header::setMaxTileSize(kMaxTileSide, kMaxTileSide);
    Imf::setGlobalThreadCount(0);
  });
}

/// The file's bytes. Not offered as memory-mapped: from mapped memory the library takes blocks that
/// are stored uncompressed in place, whatever length the file gives them, and reads past the end.
class ByteStream : public Imf::IStream {
 public:
  explicit ByteStream(ByteView bytes) : IStream("OpenEXR file"), reader_(bytes) {}

  bool read(char target[], int count) override {
    const auto view = count < 0 ? std::nullopt : reader_.Read(static_cast<std::size_t>(count));
    if (!view) throw Iex::InputExc("the file is cut off");
    std::copy(view->begin(), view->end(), target);
    return reader_.remaining() > 0;
  }
  std::uint64_t tellg() override { return reader_.position(); }
  void seekg(std::uint64_t position) override {
    if (!reader_.Seek(position)) throw Iex::InputExc("an offset is past the end of the file");
  }
  void clear() override {}

 private:
  ByteReader reader_;
};

/// A text that ends in a zero byte, without it; nullopt where the file ends first.
[[nodiscard]] std::optional<std::string_view> NextText(ByteReader& reader) {
  const std::string_view rest = AsText(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos || !reader.Skip(end + 1)) return std::nullopt;
  return rest.substr(0, end);
}

/// Walks over the headers. The library allocates what an attribute claims to need, up to 2 GiB,
/// before it finds that the file is shorter.
[[nodiscard]] Expected<void> CheckAttributes(ByteView file) {
  constexpr std::uint32_t kMagic = 20000630;
  constexpr std::uint32_t kMultiPart = 1 << 12;
  ByteReader reader(file, ByteOrder::kLittleEndian);
  const auto magic = reader.U32();
  const auto version = reader.U32();
  if (!version || *magic != kMagic) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected the magic number and version of OpenEXR");
  }
  // A header ends with an empty name; the headers of several parts end with an empty header.
  const bool has_parts = (*version & kMultiPart) != 0;
  for (int attributes = 0;;) {
    const auto name = NextText(reader);
    if (name && name->empty()) {
      if (!has_parts || attributes == 0) return {};
      attributes = 0;
      continue;
    }
    const auto type = name ? NextText(reader) : std::nullopt;
    const auto size = type ? reader.U32() : std::nullopt;
    if (!size || !reader.Skip(*size)) {
      return Fail(ErrorCode::kBadInput, kWhere,
                  "expected attributes within the {} bytes of the file, found one past the end at "
                  "byte {}",
                  file.size(), reader.position());
    }
    ++attributes;
  }
}

enum class Layout : std::uint8_t { kRgb, kGrey, kLumaChroma };

/// The part that is read and what its channels are.
struct Choice {
  int part = 0;
  Layout layout = Layout::kRgb;
  bool has_alpha = false;
};

[[nodiscard]] bool Has(const Imf::ChannelList& channels, const char* name) {
  return channels.findChannel(name) != nullptr;
}

[[nodiscard]] std::optional<Layout> LayoutOf(const Imf::ChannelList& channels) {
  if (Has(channels, "R") || Has(channels, "G") || Has(channels, "B")) return Layout::kRgb;
  if (!Has(channels, "Y")) return std::nullopt;
  return Has(channels, "RY") && Has(channels, "BY") ? Layout::kLumaChroma : Layout::kGrey;
}

[[nodiscard]] bool IsDeep(const Imf::Header& header) {
  return header.hasType() && Imf::isDeepData(header.type());
}

[[nodiscard]] std::string ChannelNames(const Imf::ChannelList& channels) {
  constexpr std::size_t kEnough = 200;
  std::string names;
  for (auto channel = channels.begin(); channel != channels.end(); ++channel) {
    if (names.size() > kEnough) return names + ", ...";
    if (!names.empty()) names += ", ";
    names += channel.name();
  }
  return names;
}

[[nodiscard]] Expected<Choice> ChoosePart(const Imf::MultiPartInputFile& file) {
  bool saw_deep = false;
  for (int part = 0; part < file.parts(); ++part) {
    const Imf::Header& header = file.header(part);
    if (IsDeep(header)) {
      saw_deep = true;
      continue;
    }
    if (const auto layout = LayoutOf(header.channels())) {
      return Choice{part, *layout, Has(header.channels(), "A")};
    }
  }
  if (saw_deep) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected flat pixels, found deep data only");
  }
  return Fail(ErrorCode::kUnsupported, kWhere, "expected channels R, G, B or Y, found {}",
              file.parts() > 0 ? ChannelNames(file.header(0).channels()) : "no part");
}

/// Colour at full resolution, chroma at half of it as the library's own writer has it.
[[nodiscard]] Expected<void> CheckSampling(const Imf::ChannelList& channels) {
  for (const char* name : {"R", "G", "B", "Y", "A", "RY", "BY"}) {
    const Imf::Channel* channel = channels.findChannel(name);
    if (channel == nullptr) continue;
    const int expected = std::string_view(name).ends_with('Y') && name[1] != '\0' ? 2 : 1;
    if (channel->xSampling != expected || channel->ySampling != expected) {
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "expected channel {} to have every {} sample, found sampling {} x {}", name,
                  expected == 1 ? "single" : "second", channel->xSampling, channel->ySampling);
    }
  }
  return {};
}

struct Window {
  std::int64_t min_x, min_y, max_x, max_y;  // inclusive
  explicit Window(const Imath::Box2i& box)
      : min_x(box.min.x), min_y(box.min.y), max_x(box.max.x), max_y(box.max.y) {}
  [[nodiscard]] std::int64_t width() const { return max_x - min_x + 1; }
  [[nodiscard]] std::int64_t height() const { return max_y - min_y + 1; }
  friend bool operator==(const Window&, const Window&) = default;
};

[[nodiscard]] Expected<void> CheckWindow(const Window& window, const Limits& limits,
                                         std::string_view name) {
  if (window.width() <= 0 || window.height() <= 0) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected a {}, found {} x {} pixels", name,
                window.width(), window.height());
  }
  return CheckSize(static_cast<std::uint64_t>(window.width()),
                   static_cast<std::uint64_t>(window.height()), limits,
                   std::format("{}: {}", kWhere, name));
}

/// What the library allocates for a block, and that the file can hold as many as it claims.
[[nodiscard]] Expected<void> CheckBlocks(const Imf::Header& header, std::uint64_t file_bytes) {
  const Window data(header.dataWindow());
  std::uint64_t row_bytes = 0;
  std::uint64_t channel_count = 0;
  const auto& channels = header.channels();
  for (auto channel = channels.begin(); channel != channels.end(); ++channel) {
    const std::uint64_t sample = channel.channel().type == Imf::HALF ? 2 : 4;
    const auto sampling = static_cast<std::uint64_t>(std::max(1, channel.channel().xSampling));
    row_bytes += sample * (static_cast<std::uint64_t>(data.width()) / sampling + 1);
    ++channel_count;
  }
  std::uint64_t bytes = 0;
  if (header.hasTileDescription()) {
    // One tile of all channels, and a row of tiles, as float, of the channels that are read.
    const Imf::TileDescription& tiles = header.tileDescription();
    const std::uint64_t tile = 4 * channel_count * tiles.xSize * tiles.ySize;
    const std::uint64_t row_of_tiles = 4 * std::min<std::uint64_t>(channel_count, 4) *
                                       static_cast<std::uint64_t>(data.width()) * tiles.ySize;
    bytes = std::max(tile, row_of_tiles);
  } else {
    bytes = row_bytes * static_cast<std::uint64_t>(Imf::numLinesInBuffer(header.compression()));
  }
  if (bytes > kMaxBlockBytes) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected blocks of lines or tiles of at most {} MiB, found {} MiB",
                kMaxBlockBytes >> 20, bytes >> 20);
  }
  const int chunks = Imf::getChunkOffsetTableSize(header);
  if (chunks < 0 || static_cast<std::uint64_t>(chunks) * kLeastBytesPerChunk > file_bytes) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected {} blocks of pixels, found a file of {} bytes", chunks, file_bytes);
  }
  return {};
}

[[nodiscard]] std::array<double, 2> Xy(const Imath::V2f& xy) {
  return {static_cast<double>(xy.x), static_cast<double>(xy.y)};
}

[[nodiscard]] ColorSpec ColorOf(const Imf::Header& header, std::vector<std::string>& warnings) {
  ColorSpec color;
  color.transfer = Transfer::kLinear;
  if (Imf::hasChromaticities(header)) {
    const Imf::Chromaticities& stated = Imf::chromaticities(header);
    auto checked = CheckedChromaticities(
        {Xy(stated.red), Xy(stated.green), Xy(stated.blue), Xy(stated.white)});
    color.stated = checked.has_value();
    if (checked) {
      color.primaries = *checked;
    } else {
      warnings.push_back(std::move(checked.error()));
    }
  }
  if (Imf::hasWhiteLuminance(header)) {
    const auto nits = static_cast<double>(Imf::whiteLuminance(header));
    if (std::isfinite(nits) && nits > 0) color.white_nits = nits;
  }
  return color;
}

[[nodiscard]] int BitsOf(const Imf::ChannelList& channels, Layout layout) {
  int bits = 16;
  for (const char* name : {"R", "G", "B", "Y"}) {
    if (layout == Layout::kRgb && *name == 'Y') continue;
    const Imf::Channel* channel = channels.findChannel(name);
    if (channel != nullptr && channel->type != Imf::HALF) bits = 32;
  }
  return bits;
}

/// Reads single lines, top to bottom. The library keeps the decoded block that a line is part of,
/// so that no block is decoded twice. Throws what the library throws.
class ExrReader {
 public:
  explicit ExrReader(ByteView file) : stream_(file), file_bytes_(file.size()) {}

  [[nodiscard]] Expected<PictureInfo> Open(const PictureOptions& options) {
    // Without reconstruction: a file with holes in its chunk table is a broken one.
    file_ = std::make_unique<Imf::MultiPartInputFile>(stream_, 0, false);
    const auto choice = ChoosePart(*file_);
    if (!choice) return std::unexpected(choice.error());
    choice_ = *choice;
    const Imf::Header& header = file_->header(choice_.part);
    data_ = Window(header.dataWindow());
    display_ = Window(header.displayWindow());
    for (const auto& checked : {CheckWindow(display_, options.limits, "display window"),
                                CheckWindow(data_, options.limits, "data window")}) {
      if (!checked) return std::unexpected(checked.error());
    }
    if (auto checked = CheckSampling(header.channels()); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
    if (auto checked = CheckBlocks(header, file_bytes_); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
    flatten_ = options.flatten;
    stop_ = options.stop;
    channels_ = choice_.layout == Layout::kGrey ? 1 : 3;

    PictureInfo info;
    info.format = FileFormat::kOpenExr;
    info.width = static_cast<int>(display_.width());
    info.height = static_cast<int>(display_.height());
    info.channels = channels_;
    info.bits = BitsOf(header.channels(), choice_.layout);
    info.is_float = true;
    info.warnings = WarningsOf(header);
    info.color = ColorOf(header, info.warnings);
    Prepare();
    return info;
  }

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    if (auto go_on = stop_.Check(kWhere); !go_on) return go_on;
    for (int y = 0; y < band.height; ++y) {
      if (auto read = ReadRow(band.RowSpan(y)); !read) return read;
      ++next_row_;
    }
    return {};
  }

 private:
  [[nodiscard]] std::vector<std::string> WarningsOf(const Imf::Header& header) const {
    std::vector<std::string> warnings;
    if (data_ != display_) {
      warnings.push_back(std::format(
          "the data window ({} x {} at {}, {}) differs from the display window ({} x {} at {}, "
          "{}): pixels outside the display window are left out, missing ones are 0",
          data_.width(), data_.height(), data_.min_x, data_.min_y, display_.width(),
          display_.height(), display_.min_x, display_.min_y));
    }
    if (file_->parts() > 1) {
      warnings.push_back(std::format("part {} of {} is read", choice_.part + 1, file_->parts()));
    }
    const auto& channels = header.channels();
    if (choice_.layout == Layout::kRgb &&
        !(Has(channels, "R") && Has(channels, "G") && Has(channels, "B"))) {
      warnings.emplace_back("not all of the channels R, G, B are there; missing ones are 0");
    }
    if (std::abs(header.pixelAspectRatio() - 1) > 1e-3F) {
      warnings.push_back(
          std::format("the pixels are not square (ratio {}); they are kept as they "
                      "are",
                      header.pixelAspectRatio()));
    }
    return warnings;
  }

  void Prepare() {
    const auto width = static_cast<std::size_t>(data_.width());
    if (choice_.layout == Layout::kLumaChroma) {
      // RgbaInputFile filters the chroma up to full resolution, in half floats. It opens the file
      // for itself.
      file_.reset();
      stream_.seekg(0);
      luma_chroma_ = std::make_unique<Imf::RgbaInputFile>(choice_.part, stream_, 0);
      rgba_.resize(width);
      luma_chroma_->setFrameBuffer(rgba_.data() - data_.min_x, 1, 0);
      return;
    }
    part_ = std::make_unique<Imf::InputPart>(*file_, choice_.part);
    samples_ = channels_ + (choice_.has_alpha ? 1 : 0);
    row_.resize(width * static_cast<std::size_t>(samples_));
    const std::array names =
        channels_ == 1 ? std::array{"Y", "A", "", ""} : std::array{"R", "G", "B", "A"};
    Imf::FrameBuffer buffer;
    for (int c = 0; c < samples_; ++c) {
      // Every line lands in the one row: a stride of 0 from line to line.
      const auto pixel_bytes = static_cast<std::size_t>(samples_) * sizeof(float);
      char* base = reinterpret_cast<char*>(row_.data() + c) -
                   data_.min_x * static_cast<std::int64_t>(pixel_bytes);
      buffer.insert(names[static_cast<std::size_t>(c)],
                    Imf::Slice(Imf::FLOAT, base, pixel_bytes, 0));
    }
    part_->setFrameBuffer(buffer);
  }

  [[nodiscard]] Expected<void> ReadRow(std::span<float> out) {
    const std::int64_t y = display_.min_y + next_row_;
    // What the file does not hold is transparent black.
    const bool on_white = choice_.has_alpha && flatten_ == Flatten::kWhite;
    const bool is_missing = y < data_.min_y || y > data_.max_y;
    if (is_missing || data_ != display_) std::ranges::fill(out, on_white ? 1.0F : 0.0F);
    if (is_missing) return {};
    if (luma_chroma_) {
      luma_chroma_->readPixels(static_cast<int>(y));
    } else {
      part_->readPixels(static_cast<int>(y));
    }
    const std::int64_t from = std::max(data_.min_x, display_.min_x);
    const std::int64_t to = std::min(data_.max_x, display_.max_x);
    if (!luma_chroma_ && !choice_.has_alpha) {
      if (from > to) return {};
      const auto count = static_cast<std::size_t>((to - from + 1) * channels_);
      std::copy_n(row_.data() + (from - data_.min_x) * channels_, count,
                  out.data() + (from - display_.min_x) * channels_);
      return {};
    }
    for (std::int64_t x = from; x <= to; ++x) {
      const auto column = static_cast<std::size_t>(x - data_.min_x);
      const auto pixel = out.subspan(
          static_cast<std::size_t>(x - display_.min_x) * static_cast<std::size_t>(channels_),
          static_cast<std::size_t>(channels_));
      const float alpha = Fetch(column, pixel);
      if (alpha >= 1) continue;
      switch (flatten_) {
        case Flatten::kRefuse:
          return NotOpaque(kWhere, static_cast<int>(x - display_.min_x), next_row_, alpha);
        case Flatten::kBlack:  // colour is stored multiplied by alpha
          break;
        case Flatten::kWhite:
          for (float& value : pixel) value += 1 - alpha;
          break;
      }
    }
    return {};
  }

  /// Copies a pixel of the line that was read; gives its alpha.
  [[nodiscard]] float Fetch(std::size_t column, std::span<float> pixel) const {
    if (luma_chroma_) {
      const Imf::Rgba& value = rgba_[column];
      pixel[0] = value.r;
      pixel[1] = value.g;
      pixel[2] = value.b;
      return choice_.has_alpha ? static_cast<float>(value.a) : 1.0F;
    }
    const float* values = row_.data() + column * static_cast<std::size_t>(samples_);
    std::copy_n(values, channels_, pixel.data());
    return choice_.has_alpha ? values[channels_] : 1.0F;
  }

  ByteStream stream_;
  std::uint64_t file_bytes_;
  std::unique_ptr<Imf::MultiPartInputFile> file_;
  std::unique_ptr<Imf::InputPart> part_;             ///< null for luminance and chroma
  std::unique_ptr<Imf::RgbaInputFile> luma_chroma_;  ///< null otherwise
  Choice choice_;
  Window data_{Imath::Box2i()};
  Window display_{Imath::Box2i()};
  Flatten flatten_ = Flatten::kRefuse;
  StopCondition stop_;
  int channels_ = 3;
  int samples_ = 0;         ///< channels and alpha
  std::vector<float> row_;  ///< a line of the data window
  std::vector<Imf::Rgba> rgba_;
  int next_row_ = 0;
};

/// Runs what may throw; an exception is the file's fault.
template <typename Body>
[[nodiscard]] auto Caught(const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kTooLarge, kWhere, "the file asks for more memory than there is");
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kBadInput, kWhere, "{}", error.what());
  }
}

}  // namespace

Expected<PictureRows> OpenExr(ByteView file, const PictureOptions& options) {
  SetUpLibraryOnce();
  if (auto checked = CheckAttributes(file); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  auto reader = std::make_unique<ExrReader>(file);
  auto info = Caught([&] { return reader->Open(options); });
  if (!info) return std::unexpected(std::move(info.error()));
  return PictureRows{*std::move(info),
                     [reader = std::move(reader)](PlaneView<float> band) -> Expected<void> {
                       return Caught([&] { return reader->Read(band); });
                     }};
}

}  // namespace hdrp
