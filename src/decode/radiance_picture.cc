// Radiance RGBE and XYZE. Sources: the Radiance file format manual (filefmts.pdf, "Picture File
// Format") and Radiance's src/common/color.c and resolu.c.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "decode/chromaticity_check.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "Radiance reader";
/// Programs append their command lines to the header; real headers stay far below this.
constexpr std::size_t kMaxHeaderBytes = 64 << 10;
/// Widths that the newer run lengths are used for (color.c: MINELEN, MAXELEN).
constexpr int kMinRunWidth = 8;
constexpr int kMaxRunWidth = 32767;

using Factors = std::array<double, 3>;

/// XYZ, as Radiance has it, to linear Rec. 709. In Radiance XYZ of (1, 1, 1) is the neutral of its
/// RGB (color.h: the standard white is the equal-energy one), so the matrix adapts the
/// equal-energy white to D65 (Bradford): what was neutral stays neutral. Colours outside Rec. 709
/// get negative values and keep them.
constexpr std::array<std::array<float, 3>, 3> kRec709FromXyz = {{
    {3.14665765F, -1.66646375F, -0.48019390F},
    {-0.99552161F, 1.95575673F, 0.03976487F},
    {0.06359480F, -0.21456322F, 1.15096842F},
}};

struct Header {
  bool is_xyz = false;
  Factors exposure{1, 1, 1};  ///< what the light was multiplied by
  double gamma = 1;           ///< what was stored is then the light's (1 / gamma)th power
  std::optional<Chromaticities> primaries;
  std::uint64_t width = 0, height = 0;  ///< as stored
  Orientation orientation = Orientation::kTopLeft;
  std::vector<std::string> warnings;
};

/// A line without its end; nullopt at the end of the file or past the longest header.
[[nodiscard]] std::optional<std::string_view> NextLine(ByteReader& reader) {
  if (reader.position() >= kMaxHeaderBytes) return std::nullopt;
  const auto text = AsText(reader.rest()).substr(0, kMaxHeaderBytes - reader.position());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !reader.Skip(end + 1)) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

[[nodiscard]] std::string_view TakeWord(std::string_view& text) {
  constexpr std::string_view kSpaces = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kSpaces));
  text.remove_prefix(word.size());
  return word;
}

template <typename T>
[[nodiscard]] std::optional<T> NumberOf(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  T value{};
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size()) return std::nullopt;
  return value;
}

/// Exactly N finite numbers.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<double, N>> NumbersOf(std::string_view text) {
  std::array<double, N> values{};
  for (double& value : values) {
    const auto number = NumberOf<double>(TakeWord(text));
    if (!number || !std::isfinite(*number)) return std::nullopt;
    value = *number;
  }
  if (!TakeWord(text).empty()) return std::nullopt;
  return values;
}

/// The value of "NAME=value". Lines that start with a space or tab tell of the pictures this one
/// was made from, and do not count.
[[nodiscard]] std::optional<std::string_view> ValueOf(std::string_view line,
                                                      std::string_view name) {
  if (!line.starts_with(name) || !line.substr(name.size()).starts_with('=')) return std::nullopt;
  return line.substr(name.size() + 1);
}

[[nodiscard]] std::unexpected<Error> BadLine(std::string_view what, std::string_view line) {
  constexpr std::size_t kShown = 80;
  return Fail(ErrorCode::kBadInput, kWhere, "expected {}, found \"{}\"", what,
              line.substr(0, kShown));
}

[[nodiscard]] Expected<void> Multiply(Factors& exposure, const std::optional<Factors>& by,
                                      std::string_view line) {
  for (std::size_t c = 0; c < exposure.size(); ++c) {
    if (by) exposure[c] *= (*by)[c];
    if (!by || !(exposure[c] > 0) || !std::isfinite(exposure[c])) {
      return BadLine("positive factors", line);
    }
  }
  return {};
}

[[nodiscard]] Expected<void> ReadVariable(Header& header, std::string_view line) {
  if (auto format = ValueOf(line, "FORMAT")) {
    const std::string_view name = TakeWord(*format);
    header.is_xyz = name == "32-bit_rle_xyze";
    if (!header.is_xyz && name != "32-bit_rle_rgbe") {
      return BadLine("FORMAT=32-bit_rle_rgbe or 32-bit_rle_xyze", line);
    }
  } else if (const auto exposure = ValueOf(line, "EXPOSURE")) {
    const auto number = NumbersOf<1>(*exposure);
    std::optional<Factors> factors;
    if (number) factors = Factors{(*number)[0], (*number)[0], (*number)[0]};
    return Multiply(header.exposure, factors, line);
  } else if (const auto correction = ValueOf(line, "COLORCORR")) {
    return Multiply(header.exposure, NumbersOf<3>(*correction), line);
  } else if (const auto gamma = ValueOf(line, "GAMMA")) {
    const auto number = NumbersOf<1>(*gamma);
    if (!number || !((*number)[0] > 0)) return BadLine("a positive power", line);
    header.gamma = (*number)[0];
  } else if (const auto primaries = ValueOf(line, "PRIMARIES")) {
    const auto n = NumbersOf<8>(*primaries);
    if (!n) return BadLine("eight numbers", line);
    auto checked = CheckedChromaticities(
        {{(*n)[0], (*n)[1]}, {(*n)[2], (*n)[3]}, {(*n)[4], (*n)[5]}, {(*n)[6], (*n)[7]}});
    if (checked) {
      header.primaries = *checked;
    } else {
      header.warnings.push_back(std::move(checked.error()));
    }
  }
  return {};
}

/// "-Y 600 +X 800": first the axis from one scanline to the next, then the axis along it; Y goes up
/// and X to the right. An orientation says where row 0 and column 0 are on display.
[[nodiscard]] Expected<void> ReadResolution(Header& header, std::string_view line) {
  struct Axes {
    std::string_view rows, columns;
    Orientation orientation;
  };
  constexpr std::array<Axes, 8> kAxes = {{
      {"-Y", "+X", Orientation::kTopLeft},
      {"-Y", "-X", Orientation::kTopRight},
      {"+Y", "-X", Orientation::kBottomRight},
      {"+Y", "+X", Orientation::kBottomLeft},
      {"+X", "-Y", Orientation::kLeftTop},
      {"-X", "-Y", Orientation::kRightTop},
      {"-X", "+Y", Orientation::kRightBottom},
      {"+X", "+Y", Orientation::kLeftBottom},
  }};
  std::string_view rest = line;
  const std::string_view rows = TakeWord(rest);
  const auto height = NumberOf<std::uint64_t>(TakeWord(rest));
  const std::string_view columns = TakeWord(rest);
  const auto width = NumberOf<std::uint64_t>(TakeWord(rest));
  for (const Axes& axes : kAxes) {
    if (axes.rows != rows || axes.columns != columns || !height || !width) continue;
    header.height = *height;
    header.width = *width;
    header.orientation = axes.orientation;
    return {};
  }
  return BadLine("a size such as -Y 600 +X 800", line);
}

[[nodiscard]] Expected<Header> ReadHeader(ByteReader& reader) {
  Header header;
  auto line = NextLine(reader);
  if (!line || !(line->starts_with("#?RADIANCE") || line->starts_with("#?RGBE"))) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected #?RADIANCE in the first line");
  }
  for (line = NextLine(reader); line && !line->empty(); line = NextLine(reader)) {
    HDRP_RETURN_IF_ERROR(ReadVariable(header, *line));
  }
  if (line) line = NextLine(reader);
  if (!line) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected a header with an empty line and a size after it, found no end of it in "
                "{} bytes",
                std::min(reader.position() + reader.remaining(), kMaxHeaderBytes));
  }
  HDRP_RETURN_IF_ERROR(ReadResolution(header, *line));
  return header;
}

using Rgbe = std::array<std::uint8_t, 4>;

/// Scanlines one after the other, in any of the three ways to store them.
class Scanlines {
 public:
  Scanlines(ByteReader reader, int width, int height)
      : reader_(reader),
        line_(static_cast<std::size_t>(width)),
        is_flat_(IsFlat(reader.rest(), width, height)) {}

  /// The next one; valid until the next call.
  [[nodiscard]] Expected<std::span<const Rgbe>> Next() {
    const int width = static_cast<int>(line_.size());
    const ByteView next = reader_.rest();
    const bool has_runs = !is_flat_ && MayHaveRuns(next, width);
    const bool read = has_runs ? ReadRuns() : ReadPixels();
    if (!read) {
      return Fail(ErrorCode::kBadInput, kWhere,
                  "expected {} pixels in scanline {}, found a bad or cut off run before byte {}",
                  width, row_, reader_.position());
    }
    ++row_;
    return line_;
  }

 private:
  [[nodiscard]] static bool MayHaveRuns(ByteView line, int width) {
    return width >= kMinRunWidth && width <= kMaxRunWidth && line.size() >= 4 && line[0] == 2 &&
           line[1] == 2 && line[2] < 128;
  }

  /// Without any run: then there are four bytes for every pixel. Pixels of a dark colour look like
  /// the older runs there, and like the start of the newer ones; but older runs make a picture
  /// smaller, and newer ones state the width.
  [[nodiscard]] static bool IsFlat(ByteView pixels, int width, int height) {
    const auto flat_size =
        std::size_t{4} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    const bool states_width = MayHaveRuns(pixels, width) && (pixels[2] << 8 | pixels[3]) == width;
    return pixels.size() >= flat_size && !states_width;
  }

  /// The four components one after the other, each in runs.
  [[nodiscard]] bool ReadRuns() {
    (void)reader_.Skip(2);
    if (reader_.U16() != line_.size()) return false;
    for (std::size_t component = 0; component < 4; ++component) {
      for (std::size_t x = 0; x < line_.size();) {
        const auto code = reader_.U8();
        if (!code || *code == 0) return false;
        const bool is_run = *code > 128;
        const std::size_t count = is_run ? *code - 128U : *code;
        if (count > line_.size() - x) return false;
        if (is_run) {
          const auto value = reader_.U8();
          if (!value) return false;
          for (std::size_t i = 0; i < count; ++i) line_[x++][component] = *value;
        } else {
          const auto values = reader_.Read(count);
          if (!values) return false;
          for (const std::uint8_t value : *values) line_[x++][component] = value;
        }
      }
    }
    return true;
  }

  /// Whole pixels. (1, 1, 1, n) repeats the one before n times; directly after another repeat it
  /// counts 256 times as much.
  [[nodiscard]] bool ReadPixels() {
    constexpr unsigned kMaxShift = 16;  // more would pass any width
    unsigned shift = 0;
    for (std::size_t x = 0; x < line_.size();) {
      const auto pixel = reader_.Read(4);
      if (!pixel) return false;
      const ByteView p = *pixel;
      if (!is_flat_ && p[0] == 1 && p[1] == 1 && p[2] == 1) {
        const std::size_t count = std::size_t{p[3]} << shift;
        if (x == 0 || shift > kMaxShift || count > line_.size() - x) return false;
        const Rgbe before = line_[x - 1];
        for (std::size_t i = 0; i < count; ++i) line_[x++] = before;
        shift += 8;
      } else {
        line_[x++] = {p[0], p[1], p[2], p[3]};
        shift = 0;
      }
    }
    return true;
  }

  ByteReader reader_;
  std::vector<Rgbe> line_;
  bool is_flat_;
  int row_ = 0;
};

class RadianceRows {
 public:
  RadianceRows(Scanlines scanlines, const Header& header, StopCondition stop)
      : scanlines_(std::move(scanlines)),
        is_xyz_(header.is_xyz),
        gamma_(static_cast<float>(header.gamma)),
        stop_(std::move(stop)) {
    for (std::size_t c = 0; c < factors_.size(); ++c) {
      factors_[c] = static_cast<float>(1 / header.exposure[c]);
    }
    // Powers of two from 2^-135 to 2^119: all of them floats.
    constexpr int kBias = 128 + 8;
    for (int e = 1; e < 256; ++e)
      scales_[static_cast<std::size_t>(e)] = std::ldexp(1.0F, e - kBias);
  }

  [[nodiscard]] Expected<void> Read(PlaneView<float> band) {
    HDRP_RETURN_IF_ERROR(stop_.Check(kWhere));
    for (int y = 0; y < band.height; ++y) {
      HDRP_ASSIGN_OR_RETURN(const auto line, scanlines_.Next());
      float* out = band.Row(y);
      for (const Rgbe& pixel : line) {
        const std::array<float, 3> value = Decode(pixel);
        std::copy(value.begin(), value.end(), out);
        out += value.size();
      }
    }
    return {};
  }

 private:
  /// color.c, colr_color(): (m + 0.5) / 256 * 2^(e - 128), the middle of the step; exponent 0 is
  /// black.
  [[nodiscard]] std::array<float, 3> Decode(const Rgbe& pixel) const {
    std::array<float, 3> value{};
    if (pixel[3] == 0) return value;
    for (std::size_t c = 0; c < 3; ++c) {
      float stored = (static_cast<float>(pixel[c]) + 0.5F) * scales_[pixel[3]];
      if (gamma_ != 1) stored = std::pow(stored, gamma_);
      value[c] = stored * factors_[c];
    }
    if (!is_xyz_) return value;
    std::array<float, 3> rgb{};
    for (std::size_t c = 0; c < 3; ++c) {
      const auto& row = kRec709FromXyz[c];
      rgb[c] = row[0] * value[0] + row[1] * value[1] + row[2] * value[2];
    }
    return rgb;
  }

  Scanlines scanlines_;
  bool is_xyz_;
  float gamma_;
  StopCondition stop_;
  std::array<float, 3> factors_{};
  std::array<float, 256> scales_{};
};

}  // namespace

Expected<PictureRows> OpenRadiance(ByteView file, const PictureOptions& options) {
  ByteReader reader(file);
  HDRP_ASSIGN_OR_RETURN(const auto header, ReadHeader(reader));
  HDRP_RETURN_IF_ERROR(CheckSize(header.width, header.height, options.limits, kWhere));
  // Without one byte per scanline the file is cut off, whatever its runs are.
  if (reader.remaining() < header.height) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected {} scanlines, found {} bytes for them",
                header.height, reader.remaining());
  }
  PictureInfo info;
  info.format = FileFormat::kRadiance;
  info.width = static_cast<int>(header.width);
  info.height = static_cast<int>(header.height);
  info.channels = 3;
  info.bits = 32;
  info.is_float = true;
  info.orientation = header.orientation;
  info.warnings = header.warnings;
  if (header.gamma != 1) {
    info.warnings.push_back(
        Formatted("GAMMA={} was taken as the power that gives light again", header.gamma));
  }
  info.color.transfer = Transfer::kLinear;
  // Without PRIMARIES: Rec. 709 and D65. Radiance's own default differs a little (and has the
  // equal-energy white), but files without the line are made by everyone else.
  info.color.stated = header.is_xyz || header.primaries.has_value();
  if (!header.is_xyz && header.primaries) info.color.primaries = *header.primaries;
  RadianceRows rows(Scanlines(reader, info.width, info.height), header, options.stop);
  return PictureRows{std::move(info), [rows = std::move(rows)](PlaneView<float> band) mutable {
                       return rows.Read(band);
                     }};
}

}  // namespace hdrp
