// Containers as they are in the wild: what other programs read without a word, and kinds that were
// read wrong once (corpus/cases). Beside each case its kind, made here.
#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfOutputFile.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>  // jpeglib.h needs FILE
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/formatted.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/inspect.h"
#include "support/chart_file.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

/// All quantised coefficients of a JPEG and its quantisation tables, component by component.
std::vector<int> Coefficients(ByteView jpeg) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, jpeg.data(), jpeg.size());
  jpeg_read_header(&info, TRUE);
  jvirt_barray_ptr* arrays = jpeg_read_coefficients(&info);
  std::vector<int> values = {info.num_components, static_cast<int>(info.image_width),
                             static_cast<int>(info.image_height)};
  for (int c = 0; c < info.num_components; ++c) {
    const jpeg_component_info& component = info.comp_info[c];
    values.push_back(component.component_id);
    for (const UINT16 step : component.quant_table->quantval) values.push_back(step);
    for (JDIMENSION row = 0; row < component.height_in_blocks; ++row) {
      JBLOCKARRAY blocks = (*info.mem->access_virt_barray)(reinterpret_cast<j_common_ptr>(&info),
                                                           arrays[c], row, 1, FALSE);
      for (JDIMENSION column = 0; column < component.width_in_blocks; ++column) {
        values.insert(values.end(), blocks[0][column], blocks[0][column] + DCTSIZE2);
      }
    }
  }
  jpeg_destroy_decompress(&info);
  return values;
}

const Scene& TheScene() {
  static const Scene scene = MakeScene(256, 192);
  return scene;
}
Plane<std::uint8_t> EditPixels() { return Edited(TheScene().sdr.view()); }

GainMapJpeg Parsed(const Bytes& file) {
  Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file, {});
  EXPECT_TRUE(parsed && parsed->map);
  return parsed ? *std::move(parsed) : GainMapJpeg{};
}
ByteView PrimaryOf(const Bytes& file) { return Parsed(file).primary.In(file); }

Inspection Inspected(const Bytes& file) {
  Expected<Inspection> seen = Inspect({"file", file}, {}, {});
  EXPECT_TRUE(seen) << (seen ? "" : seen.error().message);
  return seen ? *std::move(seen) : Inspection{};
}
std::vector<std::string> WhoShows(const Inspection& seen) {
  std::vector<std::string> readers;
  for (const ReaderVerdict& reader : seen.readers) {
    if (reader.hdr == true) readers.emplace_back(reader.reader);
  }
  return readers;
}

Bytes CaseFile(std::string_view name) { return ReadCorpus(std::filesystem::path("cases") / name); }

// ---- Apple's re-save of an Android picture

/// The chart's numbers as Apple's software writes them, under a prefix of the caller's.
std::string AppleMapXmp(std::string_view prefix) {
  std::string packet = R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
      xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/"
      xmlns:@="http://ns.adobe.com/hdr-gain-map/1.0/">
      <apdi:AuxiliaryImageType>urn:com:apple:photo:2020:aux:hdrgainmap</apdi:AuxiliaryImageType>
      <@:Version>1</@:Version><@:BaseRenditionIsHDR>0</@:BaseRenditionIsHDR>
      <@:GainMapMin>0.000000</@:GainMapMin><@:GainMapMax>2.500000</@:GainMapMax>
      <@:Gamma>1.000000</@:Gamma><@:OffsetSDR>0.000000</@:OffsetSDR>
      <@:OffsetHDR>0.000000</@:OffsetHDR><@:BaseHeadroom>0.000000</@:BaseHeadroom>
      <@:AlternateHeadroom>2.250000</@:AlternateHeadroom></rdf:Description></rdf:RDF></x:xmpmeta>)";
  for (std::size_t at = 0; (at = packet.find('@', at)) != std::string::npos;) {
    packet.replace(at, 1, prefix);
  }
  return packet;
}

TEST(AppleRewrittenFile, IsReadWhateverThePrefix) {
  for (const std::string_view prefix : {"HDRToneMap", "hdrgm", "ns1", "HDRGainMap"}) {
    ChartFile chart;
    chart.primary_iso = {};
    chart.map_iso = {};
    chart.map_xmp = {AppleMapXmp(prefix)};
    chart.length_lie = 12345;  // the directory is the Android file's
    const Bytes file = chart.Build();
    const Inspection seen = Inspected(file);
    EXPECT_FALSE(seen.refusal) << prefix << ": " << seen.refusal->message;
    ASSERT_TRUE(seen.metadata) << prefix;
    EXPECT_EQ(seen.metadata->alternate_hdr_headroom, 2.25);
    EXPECT_EQ(seen.metadata->gain_map_max[0], 2.5);
    EXPECT_EQ(seen.metadata->base_offset[0], 0);
    for (const std::string_view reader : {"android14", "libultrahdr", "libavif"}) {
      EXPECT_THAT(WhoShows(seen), testing::Not(Contains(std::string(reader)))) << prefix;
    }
    const Result result = MustProcess(MakeRequest(chart.base, file));
    EXPECT_EQ(result.report.metadata.alternate_hdr_headroom, 2.25);
  }
}

TEST(AppleRewrittenFile, TheCasesMapIsCarriedOver) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = CaseFile("apple_rewritten/original.jpg");
  const Result result = MustProcess(MakeRequest(CaseFile("apple_rewritten/edit.jpg"), original));
  EXPECT_TRUE(result.report.map_copied);
  EXPECT_NEAR(result.report.metadata.alternate_hdr_headroom, 2.990012, 1e-6);
  EXPECT_NEAR(result.report.metadata.gain_map_max[0], 2.990012, 1e-6);
  EXPECT_EQ(result.report.metadata.base_offset[0], 0);
}

// ---- Arithmetic coding

TEST(ArithmeticCoding, AnEditIsCodedAnewWithoutLoss) {
  const Bytes original = OriginalJpeg(TheScene(), {});
  const Plane<std::uint8_t> pixels = EditPixels();
  for (const auto& [color, restart_rows] :
       {std::tuple(JpegColor::kYcc, 0), {JpegColor::kYcc, 2}, {JpegColor::kRgb, 0}}) {
    const Bytes edit = MakeJpeg(pixels.view(), {.quality = 92,
                                                .coding = JpegCoding::kArithmetic,
                                                .color = color,
                                                .restart_rows = restart_rows});
    ASSERT_TRUE(IsArithmetic(WalkJpeg(edit, 0)->frame));
    const Result result = MustProcess(MakeRequest(edit, original));
    EXPECT_EQ(PrimaryOf(result.ultra_hdr).empty(), false);
    const GainMapJpeg out = Parsed(result.ultra_hdr);
    EXPECT_LE(out.primary.frame.marker, 0xC1);
    EXPECT_EQ(Coefficients(out.primary.In(result.ultra_hdr)), Coefficients(edit));
    EXPECT_THAT(result.report.base_steps, Contains(HasSubstr("without loss")));
    EXPECT_THAT(result.report.warnings, Contains(HasSubstr("arithmetic-coded")));
    const auto preview = WalkJpeg(result.preview, 0);
    ASSERT_TRUE(preview);
    EXPECT_FALSE(IsArithmetic(preview->frame));
  }
}

TEST(ArithmeticCoding, AMapIsCodedAnewWithoutLoss) {
  ChartFile chart;
  const Expected<DecodedJpeg> pixels = DecodeJpeg(chart.map, {.output = JpegOutput::kAsStored});
  ASSERT_TRUE(pixels);
  chart.map = MakeJpeg(pixels->pixels.view(), {.quality = 95, .coding = JpegCoding::kArithmetic});
  const Result result = MustProcess(MakeRequest(chart.base, chart.Build()));
  const GainMapJpeg out = Parsed(result.ultra_hdr);
  EXPECT_LE(out.map->stream.frame.marker, 0xC1);
  EXPECT_EQ(Coefficients(out.map->stream.In(result.ultra_hdr)), Coefficients(chart.map));
  EXPECT_FALSE(result.report.map_copied);
  EXPECT_THAT(result.report.map_steps, Contains(HasSubstr("without loss")));
}

// Its map stays a view of the file that was handed in, which must not be freed before.
TEST(ArithmeticCoding, AnEditKeepsItsOwnMap) {
  ChartFile chart;
  const Expected<DecodedJpeg> base = DecodeJpeg(chart.base, {});
  ASSERT_TRUE(base);
  chart.base = MakeJpeg(base->pixels.view(), {.coding = JpegCoding::kArithmetic});
  const Result result = MustProcess(MakeRequest(chart.Build()));
  EXPECT_EQ(result.report.mode, "reference");
  EXPECT_TRUE(result.report.map_copied);
  const GainMapJpeg out = Parsed(result.ultra_hdr);
  EXPECT_EQ(Coefficients(out.map->stream.In(result.ultra_hdr)), Coefficients(chart.map));
}

TEST(ArithmeticCoding, InspectSaysThatNobodyShowsIt) {
  ChartFile chart;
  const Expected<DecodedJpeg> base = DecodeJpeg(chart.base, {});
  ASSERT_TRUE(base);
  chart.base = MakeJpeg(base->pixels.view(), {.coding = JpegCoding::kArithmetic});
  const Inspection seen = Inspected(chart.Build());
  EXPECT_THAT(WhoShows(seen), testing::IsEmpty());
  EXPECT_FALSE(seen.refusal);  // process takes it
}

TEST(ArithmeticCoding, TheCaseIsCodedAnew) {
  HDRP_NEEDS_CORPUS();
  const Bytes edit = CaseFile("arithmetic_base/edit.jpg");
  const Result result = MustProcess(MakeRequest(edit, CaseFile("arithmetic_base/original.jpg")));
  EXPECT_EQ(Coefficients(PrimaryOf(result.ultra_hdr)), Coefficients(edit));
  EXPECT_LE(Parsed(result.ultra_hdr).primary.frame.marker, 0xC1);
}

// ---- No end marker

TEST(MissingEndMarker, AloneIsCompleted) {
  const Bytes original = OriginalJpeg(TheScene(), {});
  for (const JpegCoding coding : {JpegCoding::kBaseline, JpegCoding::kProgressive}) {
    for (const int restart_rows : {0, 1}) {
      const Bytes whole = MakeJpeg(EditPixels().view(),
                                   {.quality = 90, .coding = coding, .restart_rows = restart_rows});
      const Bytes cut(whole.begin(), whole.end() - 2);
      const Result result = MustProcess(MakeRequest(cut, original));
      EXPECT_EQ(Coefficients(PrimaryOf(result.ultra_hdr)), Coefficients(whole));
      EXPECT_THAT(result.report.base_steps, Contains(HasSubstr("end marker")));
      EXPECT_THAT(result.report.warnings, Contains(HasSubstr("end marker")));
    }
  }
}

TEST(MissingEndMarker, AnythingLessIsBadInput) {
  const Bytes original = OriginalJpeg(TheScene(), {});
  for (const JpegCoding coding :
       {JpegCoding::kBaseline, JpegCoding::kProgressive, JpegCoding::kArithmetic}) {
    const Bytes whole = MakeJpeg(EditPixels().view(), {.quality = 90, .coding = coding});
    const std::size_t header = WalkJpeg(whole, 0)->tables_begin + 700;
    std::vector<std::size_t> sizes = {whole.size() - 6, whole.size() - 40, whole.size() / 2};
    // Between two scans nothing but the rest of the picture is missing.
    for (std::size_t at = header; at + 1 < whole.size() - 2; ++at) {
      if (whole[at] == 0xFF && (whole[at + 1] == 0xC4 || whole[at + 1] == 0xDA))
        sizes.push_back(at);
    }
    for (const std::size_t size : sizes) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      for (const bool convert : {false, true}) {
        Request request = MakeRequest(cut, original);
        request.options.edit.convert_icc = convert;
        EXPECT_EQ(MustFail(request).code, ErrorCode::kBadInput)
            << static_cast<int>(coding) << ": " << size << " of " << whole.size();
      }
    }
  }
  const Bytes arithmetic = MakeJpeg(EditPixels().view(), {.coding = JpegCoding::kArithmetic});
  EXPECT_EQ(MustFail(MakeRequest({arithmetic.begin(), arithmetic.end() - 2}, original)).code,
            ErrorCode::kBadInput);
}

// ---- One component, numbers per channel

TEST(GreyMapWithChannelNumbers, BecomesThreeEqualChannels) {
  ChartFile chart;
  ChartIso iso;
  iso.channels = {{}, {}, {}};
  iso.channels[1].max = {2'250'000, 1'000'000};
  iso.channels[2].max = {2'500'000, 1'000'000};
  iso.alternate_headroom = {2'500'000, 1'000'000};
  iso.flags = 0xC0;
  chart.map_iso = {iso.Block()};
  chart.map_xmp = {};
  for (const bool arithmetic : {false, true}) {
    if (arithmetic) {
      const auto pixels = DecodeJpeg(chart.map, {.output = JpegOutput::kAsStored});
      chart.map = MakeJpeg(pixels->pixels.view(), {.coding = JpegCoding::kArithmetic});
    }
    const Bytes file = chart.Build();
    const Expected<DecodedJpeg> grey = DecodeJpeg(chart.map, {.output = JpegOutput::kAsStored});
    ASSERT_TRUE(grey);
    ASSERT_EQ(grey->pixels.channels(), 1);
    const Result result = MustProcess(MakeRequest(chart.base, file));
    const GainMapJpeg out = Parsed(result.ultra_hdr);
    ASSERT_EQ(out.map->stream.frame.components.size(), 3U);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(out.map->metadata.gain_map_max[c], 2 + 0.25 * static_cast<double>(c), 1e-9);
    }
    const Expected<DecodedJpeg> three =
        DecodeJpeg(out.map->stream.In(result.ultra_hdr), {.output = JpegOutput::kAsStored});
    ASSERT_TRUE(three);
    for (int y = 0; y < grey->pixels.height(); ++y) {
      for (int x = 0; x < grey->pixels.width(); ++x) {
        for (int c = 0; c < 3; ++c) {
          ASSERT_EQ(three->pixels.view().At(x, y, c), grey->pixels.view().At(x, y));
        }
      }
    }
    EXPECT_FALSE(Inspected(file).refusal);
  }
}

TEST(GreyMapWithChannelNumbers, TheCaseIsWrittenWithThree) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = CaseFile("grey_map_channel_numbers/original.jpg");
  const Result result =
      MustProcess(MakeRequest(CaseFile("grey_map_channel_numbers/edit.jpg"), original));
  const GainMapMetadata meant = Parsed(original).map->metadata;
  const GainMapJpeg out = Parsed(result.ultra_hdr);
  EXPECT_EQ(out.map->stream.frame.components.size(), 3U);
  EXPECT_EQ(out.map->metadata.gain_map_max, meant.gain_map_max);
  EXPECT_EQ(out.map->metadata.gain_map_min, meant.gain_map_min);
}

// ---- inspect says what process does

TEST(InspectAgrees, PqStillsAreHdr) {
  HDRP_NEEDS_CORPUS();
  for (const std::string_view name : {"pq.avif", "pq.png"}) {
    const Inspection seen = Inspected(CaseFile(Formatted("inspect_pq_avif/{}", name)));
    EXPECT_FALSE(seen.refusal) << name << ": " << seen.refusal->message;
    ASSERT_TRUE(seen.hdr_rendition) << name;
    EXPECT_EQ(seen.hdr_rendition->transfer, "pq");
    EXPECT_THAT(WhoShows(seen), Contains("chrome")) << name;
  }
}

TEST(InspectAgrees, OnWhatIsNoReference) {
  HDRP_NEEDS_CORPUS();
  const Inspection sdr = Inspected(ReadCorpus("sdr/kodak12_beach_bright.png"));
  ASSERT_TRUE(sdr.refusal);
  EXPECT_EQ(sdr.refusal->code, ErrorCode::kNoGainMap);
  EXPECT_THAT(WhoShows(sdr), testing::IsEmpty());
}

/// A map that is cut off within, whose numbers are right.
TEST(InspectAgrees, OnADamagedMap) {
  ChartFile chart;
  const std::size_t middle = chart.map.size() / 2;
  chart.map.erase(chart.map.begin() + static_cast<std::ptrdiff_t>(middle), chart.map.end() - 2);
  const Bytes file = chart.Build();
  const Error refused = MustFail(MakeRequest(chart.base, file));
  const Inspection seen = Inspected(file);
  ASSERT_TRUE(seen.refusal);
  EXPECT_EQ(seen.refusal->code, refused.code);
}

TEST(InspectAgrees, JpegXlsGainMapIsNamed) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = CaseFile("jxl_gain_map/original.jxl");
  const Error refused = MustFail(MakeRequest(CaseFile("jxl_gain_map/edit.jpg"), original));
  EXPECT_THAT(refused.message, HasSubstr("jhgm"));
  const Inspection seen = Inspected(original);
  ASSERT_TRUE(seen.refusal);
  EXPECT_EQ(seen.refusal->code, refused.code);
  EXPECT_THAT(seen.refusal->message, HasSubstr("jhgm"));
  EXPECT_THAT(seen.claims, Contains(HasSubstr("jhgm")));
  // As an edit it is a picture, and what is lost is said.
  const Result as_edit =
      MustProcess(MakeRequest(original, CaseFile("grey_map_channel_numbers/original.jpg")));
  EXPECT_THAT(as_edit.report.warnings, Contains(HasSubstr("jhgm")));
}

// ---- OpenEXR: outside the data window nothing is known

class ByteSink : public Imf::OStream {
 public:
  ByteSink() : OStream("bytes") {}
  void write(const char bytes[], int count) override {
    const auto size = static_cast<std::size_t>(count);
    if (at_ + size > file.size()) file.resize(at_ + size);
    std::copy_n(bytes, size, file.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += size;
  }
  std::uint64_t tellp() override { return at_; }
  void seekp(std::uint64_t position) override { at_ = position; }
  Bytes file;

 private:
  std::size_t at_ = 0;
};

/// The light as an OpenEXR file of which only a part was rendered.
Bytes PartlyRendered(PlaneView<const float> rgb, const Imath::Box2i& data) {
  Imf::Header header({{0, 0}, {rgb.width - 1, rgb.height - 1}}, data);
  Imf::FrameBuffer buffer;
  const std::array<const char*, 3> names = {"R", "G", "B"};
  for (std::size_t c = 0; c < 3; ++c) {
    header.channels().insert(names[c], Imf::Channel(Imf::FLOAT));
    // The library writes from this slice and takes no pointer to const.
    auto* first = reinterpret_cast<char*>(const_cast<float*>(rgb.data + c));
    buffer.insert(names[c],
                  Imf::Slice(Imf::FLOAT, first, 3 * sizeof(float), rgb.stride * sizeof(float)));
  }
  ByteSink sink;
  {
    Imf::OutputFile file(sink, header, 0);
    file.setFrameBuffer(buffer);
    file.writePixels(data.max.y - data.min.y + 1);
  }
  return sink.file;
}

TEST(ExrDataWindow, OutsideIsFilledAndNotDarkened) {
  const Scene& scene = TheScene();
  const int width = scene.hdr.width(), height = scene.hdr.height();
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  const Plane<float> whole = GainOf(
      MustProcess(MakeRequest(edit,
                              PartlyRendered(scene.hdr.view(), {{0, 0}, {width - 1, height - 1}}),
                              FineMap()))
          .ultra_hdr);
  for (const Imath::Box2i& data : {Imath::Box2i{{24, 16}, {width - 33, height - 1}},
                                   Imath::Box2i{{0, 0}, {width - 1, height - 41}}}) {
    for (const Fill fill : {Fill::kPredict, Fill::kNeutral}) {
      Options options = FineMap();
      options.fill = fill;
      const Result result =
          MustProcess(MakeRequest(edit, PartlyRendered(scene.hdr.view(), data), options));
      ASSERT_TRUE(result.report.edited);
      const double outside =
          1 - static_cast<double>((data.max.x - data.min.x + 1) * (data.max.y - data.min.y + 1)) /
                  (width * height);
      EXPECT_NEAR(result.report.edited->share, outside, 0.05);
      const Plane<float> gain = GainOf(result.ultra_hdr);
      ASSERT_EQ(gain.width(), width);
      double error = 0, count = 0;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const float stops = gain.view().At(x, y);
          if (!data.intersects(Imath::V2i(x, y))) {
            ASSERT_GE(stops, -0.3F) << x << ", " << y;  // black would be 2 stops and more below
          } else if (x > data.min.x + 8 && x < data.max.x - 8 && y > data.min.y + 8 &&
                     y < data.max.y - 8) {
            error += static_cast<double>(std::abs(stops - whole.view().At(x, y)));
            ++count;
          }
        }
      }
      EXPECT_LE(error / count, 0.05);
    }
  }
}

TEST(ExrDataWindow, WhatIsNotThereDoesNotAgree) {
  const Scene other = MakeScene(256, 192, 7);
  const Bytes edit = SdrJpeg(MakeScene(256, 192, 1).sdr.view(), {});
  for (const int side : {60, 100}) {
    const Bytes part = PartlyRendered(other.hdr.view(), {{20, 90}, {20 + side, 90 + side}});
    EXPECT_EQ(MustFail(MakeRequest(edit, part)).code, ErrorCode::kMismatch) << side;
  }
}

TEST(ExrDataWindow, TheCasesBorderIsNotDarkened) {
  HDRP_NEEDS_CORPUS();
  const Bytes render = CaseFile("exr_data_window_smaller/render.exr");
  const Result result =
      MustProcess(MakeRequest(CaseFile("exr_data_window_smaller/edit.jpg"), render));
  ASSERT_TRUE(result.report.edited);
  const Plane<float> gain = GainOf(result.ultra_hdr);
  std::vector<float> border;
  for (int y = 0; y < gain.height(); ++y) {
    border.push_back(gain.view().At(0, y));
    border.push_back(gain.view().At(gain.width() - 1, y));
  }
  EXPECT_GE(*std::ranges::min_element(border), -0.3F);
}

}  // namespace
}  // namespace hdrp::test
