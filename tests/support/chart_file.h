// A gain-map JPEG put together field by field, so that each field can be made to lie. Written from
// the format's description alone: nothing here is shared with the writer or the readers under test.
// The picture is a chart: columns of base greys 64, 128, 192, 255, rows of map codes 0, 85, 170,
// 255.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace hdrp::test {

struct RawFraction {
  std::int64_t numerator = 0;
  std::uint32_t denominator = 1;
};

/// An ISO 21496-1 block's fields, one channel unless there are three entries in `channels`.
struct ChartIso {
  std::uint16_t minimum_version = 0;
  std::uint16_t writer_version = 0;
  std::uint8_t flags = 0x40;
  RawFraction base_headroom{0, 1};
  RawFraction alternate_headroom{2'000'000, 1'000'000};
  struct Channel {
    RawFraction min{0, 1'000'000};
    RawFraction max{2'000'000, 1'000'000};
    RawFraction gamma{1'000'000, 1'000'000};
    RawFraction base_offset{15'625, 1'000'000};
    RawFraction alternate_offset{15'625, 1'000'000};
  };
  std::vector<Channel> channels = {{}};
  [[nodiscard]] Bytes Block() const;
};

struct ChartFile {
  ChartFile();

  Bytes base;  ///< JPEG streams as libjpeg writes them
  Bytes map;

  /// Standard packets. "@LENGTH@" becomes the size of the map's stream plus `length_lie`.
  std::vector<std::string> primary_xmp;
  std::vector<std::string> map_xmp;
  std::int64_t length_lie = 0;

  std::vector<Bytes> primary_iso;  ///< payloads after the namespace
  std::vector<Bytes> map_iso;

  using Segment = std::pair<std::uint8_t, Bytes>;  ///< marker, payload
  std::vector<Segment> primary_segments;           ///< further ones, between XMP and ISO
  std::vector<Segment> map_segments;

  bool mpf = true;
  bool mpf_little_endian = false;
  bool mpf_unsorted = false;
  bool mpf_from_file_start = false;  ///< the classic bug
  std::uint32_t mpf_first_type = 0x030000;
  std::int64_t mpf_offset_lie = 0;
  std::int64_t mpf_map_size_lie = 0;
  std::int64_t mpf_primary_size_lie = 0;

  std::size_t gap = 0;       ///< bytes between the streams
  std::size_t cut = 0;       ///< bytes missing at the end of the file
  std::size_t trailing = 0;  ///< bytes after the map
  bool without_map = false;  ///< announcements only

  [[nodiscard]] Bytes Build() const;
};

/// The packet around attributes and children of one rdf:Description, which declares hdrgm,
/// Container and Item.
[[nodiscard]] std::string ChartPacket(const std::string& attributes,
                                      const std::string& children = "");
/// The primary's usual packet: hdrgm:Version and the directory, with `more` attributes in front.
[[nodiscard]] std::string ChartPrimaryXmp(const std::string& more = "");
/// The map's usual packet, all values for the chart.
[[nodiscard]] std::string ChartMapXmp();

/// `text` with the first occurrence of `from` replaced; fails the test when it is not there.
[[nodiscard]] std::string Replaced(std::string text, const std::string& from,
                                   const std::string& to);

/// The value of linear luminance that the chart shows at a weight, by ISO 21496-1's formula.
[[nodiscard]] double ChartLuminance(int base_code, int map_code, double weight);

inline constexpr std::array kChartBaseCodes{64, 128, 192, 255};
inline constexpr std::array kChartMapCodes{0, 85, 170, 255};
inline constexpr int kChartSide = 256;

}  // namespace hdrp::test
