#include "support/chart_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "base/plane.h"
#include "support/make_jpeg.h"

namespace hdrp::test {
namespace {

constexpr std::string_view kXmp{"http://ns.adobe.com/xap/1.0/\0", 29};
constexpr std::string_view kIso{"urn:iso:std:iso:ts:21496:-1\0", 28};
constexpr std::size_t kMpfSegmentSize = 90;

void Put(Bytes& out, std::uint64_t value, int bytes, bool little = false) {
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (little ? i : bytes - 1 - i);
    out.push_back(static_cast<std::uint8_t>((value >> shift) & 0xFF));
  }
}
void Put(Bytes& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }
void Put(Bytes& out, const Bytes& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void PutSegment(Bytes& out, std::uint8_t marker, std::string_view name, const Bytes& content) {
  Put(out, 0xFF, 1);
  Put(out, marker, 1);
  Put(out, name.size() + content.size() + 2, 2);
  Put(out, name);
  Put(out, content);
}

Bytes BytesOf(const std::string& text) { return {text.begin(), text.end()}; }

/// End of SOI and, where libjpeg wrote one, the JFIF or Adobe segment: ours go behind it.
std::size_t HeaderEnd(const Bytes& jpeg) {
  std::size_t at = 2;
  while (jpeg[at] == 0xFF && (jpeg[at + 1] == 0xE0 || jpeg[at + 1] == 0xEE)) {
    at += 2U + (static_cast<std::size_t>(jpeg[at + 2]) << 8 | jpeg[at + 3]);
  }
  return at;
}

Plane<std::uint8_t> Columns() {
  Plane<std::uint8_t> pixels(kChartSide, kChartSide, 3);
  for (int y = 0; y < kChartSide; ++y) {
    for (int x = 0; x < kChartSide; ++x) {
      for (int c = 0; c < 3; ++c) {
        pixels.view().At(x, y, c) = static_cast<std::uint8_t>(
            kChartBaseCodes[static_cast<std::size_t>(x * 4 / kChartSide)]);
      }
    }
  }
  return pixels;
}

Plane<std::uint8_t> Rows() {
  Plane<std::uint8_t> pixels(kChartSide, kChartSide, 1);
  for (int y = 0; y < kChartSide; ++y) {
    for (int x = 0; x < kChartSide; ++x) {
      pixels.view().At(x, y) =
          static_cast<std::uint8_t>(kChartMapCodes[static_cast<std::size_t>(y * 4 / kChartSide)]);
    }
  }
  return pixels;
}

constexpr std::string_view kNamespaces =
    "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" "
    "xmlns:Container=\"http://ns.google.com/photos/1.0/container/\" "
    "xmlns:Item=\"http://ns.google.com/photos/1.0/container/item/\"";

Bytes MpfPayload(const ChartFile& file, std::size_t primary_size, std::size_t map_size,
                 std::size_t tiff_header) {
  const bool little = file.mpf_little_endian;
  const auto number = [&](Bytes& out, std::uint64_t value, int bytes) {
    Put(out, value, bytes, little);
  };
  std::vector<Bytes> tags(3);
  number(tags[0], 0xB000, 2);
  number(tags[0], 7, 2);
  number(tags[0], 4, 4);
  Put(tags[0], "0100");
  number(tags[1], 0xB001, 2);
  number(tags[1], 4, 2);
  number(tags[1], 1, 4);
  number(tags[1], 2, 4);
  number(tags[2], 0xB002, 2);
  number(tags[2], 7, 2);
  number(tags[2], 32, 4);
  number(tags[2], 50, 4);
  if (file.mpf_unsorted) std::swap(tags[0], tags[1]);

  Bytes payload;
  Put(payload, std::string_view("MPF\0", 4));
  Put(payload, little ? "II" : "MM");
  number(payload, 42, 2);
  number(payload, 8, 4);
  number(payload, 3, 2);
  for (const Bytes& tag : tags) Put(payload, tag);
  number(payload, 0, 4);
  const auto lied = [](std::size_t truth, std::int64_t lie) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(truth) + lie);
  };
  const std::size_t map_position = primary_size + file.gap;
  const std::size_t offset = file.mpf_from_file_start ? map_position : map_position - tiff_header;
  number(payload, file.mpf_first_type, 4);
  number(payload, lied(primary_size, file.mpf_primary_size_lie), 4);
  number(payload, 0, 8);
  number(payload, 0, 4);
  number(payload, lied(map_size, file.mpf_map_size_lie), 4);
  number(payload, lied(offset, file.mpf_offset_lie), 4);
  number(payload, 0, 4);
  return payload;
}

}  // namespace

Bytes ChartIso::Block() const {
  Bytes block;
  Put(block, minimum_version, 2);
  Put(block, writer_version, 2);
  Put(block, flags, 1);
  const auto put = [&](const RawFraction& fraction) {
    Put(block, static_cast<std::uint64_t>(fraction.numerator), 4);
    Put(block, fraction.denominator, 4);
  };
  put(base_headroom);
  put(alternate_headroom);
  for (const Channel& channel : channels) {
    put(channel.min);
    put(channel.max);
    put(channel.gamma);
    put(channel.base_offset);
    put(channel.alternate_offset);
  }
  return block;
}

std::string ChartPacket(const std::string& attributes, const std::string& children) {
  return std::string(
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
             "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
             "<rdf:Description rdf:about=\"\" ") +
         std::string(kNamespaces) + " " + attributes + ">" + children +
         "</rdf:Description></rdf:RDF></x:xmpmeta>";
}

std::string ChartPrimaryXmp(const std::string& more) {
  return ChartPacket(more + " hdrgm:Version=\"1.0\"",
                     "<Container:Directory><rdf:Seq>"
                     "<rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"Primary\" "
                     "Item:Mime=\"image/jpeg\"/></rdf:li>"
                     "<rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"GainMap\" "
                     "Item:Mime=\"image/jpeg\" Item:Length=\"@LENGTH@\"/></rdf:li>"
                     "</rdf:Seq></Container:Directory>");
}

std::string ChartMapXmp() {
  return ChartPacket(
      "hdrgm:Version=\"1.0\" hdrgm:GainMapMin=\"0\" hdrgm:GainMapMax=\"2\" hdrgm:Gamma=\"1\" "
      "hdrgm:OffsetSDR=\"0.015625\" hdrgm:OffsetHDR=\"0.015625\" hdrgm:HDRCapacityMin=\"0\" "
      "hdrgm:HDRCapacityMax=\"2\" hdrgm:BaseRenditionIsHDR=\"False\"");
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing to replace: " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

double ChartLuminance(int base_code, int map_code, double weight) {
  const double coded = base_code / 255.0;
  const double linear = coded <= 0.04045 ? coded / 12.92 : std::pow((coded + 0.055) / 1.055, 2.4);
  return (linear + 1.0 / 64) * std::exp2(2 * map_code / 255.0 * weight) - 1.0 / 64;
}

ChartFile::ChartFile()
    : base(MakeJpeg(Columns().view())),
      map(MakeJpeg(Rows().view())),
      primary_xmp{ChartPrimaryXmp()},
      map_xmp{ChartMapXmp()},
      primary_iso{Bytes(4)},
      map_iso{ChartIso{}.Block()} {}

Bytes ChartFile::Build() const {
  Bytes map_header;
  for (const std::string& packet : map_xmp) PutSegment(map_header, 0xE1, kXmp, BytesOf(packet));
  for (const Bytes& block : map_iso) PutSegment(map_header, 0xE2, kIso, block);
  for (const auto& [marker, payload] : map_segments) PutSegment(map_header, marker, "", payload);
  Bytes map_stream = map;
  map_stream.insert(map_stream.begin() + static_cast<std::ptrdiff_t>(HeaderEnd(map)),
                    map_header.begin(), map_header.end());

  const std::string length =
      std::to_string(static_cast<std::int64_t>(map_stream.size()) + length_lie);
  Bytes header;
  for (std::string packet : primary_xmp) {
    if (packet.contains("@LENGTH@")) packet = Replaced(packet, "@LENGTH@", length);
    PutSegment(header, 0xE1, kXmp, BytesOf(packet));
  }
  for (const auto& [marker, payload] : primary_segments) PutSegment(header, marker, "", payload);
  for (const Bytes& block : primary_iso) PutSegment(header, 0xE2, kIso, block);

  Bytes file = base;
  const std::size_t header_at = HeaderEnd(base);
  if (mpf) {
    const std::size_t primary_size = base.size() + header.size() + kMpfSegmentSize;
    const std::size_t tiff_header = header_at + header.size() + 8;
    PutSegment(header, 0xE2, "", MpfPayload(*this, primary_size, map_stream.size(), tiff_header));
  }
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(header_at), header.begin(), header.end());
  if (without_map) return file;
  file.resize(file.size() + gap);
  Put(file, map_stream);
  file.resize(file.size() - cut);
  file.resize(file.size() + trailing);
  return file;
}

}  // namespace hdrp::test
