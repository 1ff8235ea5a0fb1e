// The variants that were shown to Chromium 156 and libultrahdr 2.0.2 (docs/formats.md): what our
// prediction says of each, and that libultrahdr in this build indeed does what is predicted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gainmap/half.h"
#include "support/chart_file.h"
#include "support/corpus.h"
#include "verify/libultrahdr.h"
#include "verify/readers.h"

namespace hdrp {
namespace {

using test::ChartFile;
using test::ChartIso;
using test::ChartMapXmp;
using test::ChartPacket;
using test::ChartPrimaryXmp;
using test::Replaced;

enum class Shown : std::uint8_t { kSdr, kHdr, kUnknown };

Shown ShownBy(const std::vector<ReaderVerdict>& verdicts, std::string_view reader) {
  for (const ReaderVerdict& verdict : verdicts) {
    if (verdict.reader != reader) continue;
    EXPECT_FALSE(verdict.why.empty());
    if (!verdict.hdr) return Shown::kUnknown;
    return *verdict.hdr ? Shown::kHdr : Shown::kSdr;
  }
  ADD_FAILURE() << "no verdict of " << reader;
  return Shown::kUnknown;
}

void IsoOnly(ChartFile& file) {
  file.primary_xmp.clear();
  file.map_xmp.clear();
}
void XmpOnly(ChartFile& file) {
  file.primary_iso.clear();
  file.map_iso.clear();
}
void WithoutDirectory(ChartFile& file) {
  file.primary_xmp = {ChartPacket("hdrgm:Version=\"1.0\"")};
}
void SetIso(ChartFile& file, const std::function<void(ChartIso&)>& change) {
  ChartIso iso;
  change(iso);
  file.map_iso = {iso.Block()};
}
void ChangeMapXmp(ChartFile& file, const std::string& from, const std::string& to) {
  file.map_xmp = {Replaced(ChartMapXmp(), from, to)};
}

struct Variant {
  std::string name;
  std::function<void(ChartFile&)> make;
  Shown chrome;
  bool libultrahdr_decodes;
};

void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }

// The columns are measurements of the real programs.
const std::vector<Variant> kVariants = {
    {"All", [](ChartFile&) {}, Shown::kHdr, true},
    {"XmpAndMpf",
     [](ChartFile& file) {
       XmpOnly(file);
       WithoutDirectory(file);
     },
     Shown::kHdr, true},
    {"XmpDirectoryAndMpf", XmpOnly, Shown::kHdr, true},
    {"IsoAndMpf", IsoOnly, Shown::kHdr, true},
    {"NoMpf", [](ChartFile& file) { file.mpf = false; }, Shown::kSdr, true},
    {"IsoWithoutMpf",
     [](ChartFile& file) {
       IsoOnly(file);
       file.mpf = false;
     },
     Shown::kSdr, true},
    {"MpfOffsetWithDirectory", [](ChartFile& file) { file.mpf_offset_lie = 7; }, Shown::kHdr, true},
    {"MpfOffsetIsoOnly",
     [](ChartFile& file) {
       IsoOnly(file);
       file.mpf_offset_lie = 7;
     },
     Shown::kSdr, true},
    {"MpfOffsetWithoutDirectory",
     [](ChartFile& file) {
       XmpOnly(file);
       WithoutDirectory(file);
       file.mpf_offset_lie = 7;
     },
     Shown::kSdr, true},
    {"MpfSizePastTheEndWithDirectory", [](ChartFile& file) { file.mpf_map_size_lie = 100'000; },
     Shown::kHdr, true},
    {"MpfSizePastTheEndIsoOnly",
     [](ChartFile& file) {
       IsoOnly(file);
       file.mpf_map_size_lie = 100'000;
     },
     Shown::kSdr, true},
    {"MpfSizeOfNineIsoOnly",
     [](ChartFile& file) {
       IsoOnly(file);
       const std::size_t before = file.Build().size();
       file.without_map = true;
       const std::size_t map_size = before - file.Build().size();
       file.without_map = false;
       file.mpf_map_size_lie = 9 - static_cast<std::int64_t>(map_size);
     },
     Shown::kSdr, true},
    {"MpfSizeShort",
     [](ChartFile& file) {
       IsoOnly(file);
       file.mpf_map_size_lie = -100;
     },
     Shown::kHdr, true},
    {"MpfSizeIntoTrailingBytes",
     [](ChartFile& file) {
       file.trailing = 100;
       file.mpf_map_size_lie = 50;
     },
     Shown::kHdr, true},
    {"MpfPrimarySize", [](ChartFile& file) { file.mpf_primary_size_lie = -307; }, Shown::kHdr,
     true},
    {"MpfLittleEndian", [](ChartFile& file) { file.mpf_little_endian = true; }, Shown::kHdr, true},
    {"MpfUnsorted", [](ChartFile& file) { file.mpf_unsorted = true; }, Shown::kSdr, true},
    {"MpfFirstOfTypeZero", [](ChartFile& file) { file.mpf_first_type = 0; }, Shown::kSdr, true},
    {"DirectoryLength", [](ChartFile& file) { file.length_lie = 50; }, Shown::kHdr, true},
    {"Gap", [](ChartFile& file) { file.gap = 8; }, Shown::kHdr, true},
    {"TrailingBytes", [](ChartFile& file) { file.trailing = 100; }, Shown::kHdr, true},
    {"MapCutOff", [](ChartFile& file) { file.cut = 300; }, Shown::kSdr, false},
    {"MapMissing", [](ChartFile& file) { file.without_map = true; }, Shown::kSdr, false},
    {"NoMetadata",
     [](ChartFile& file) {
       IsoOnly(file);
       XmpOnly(file);
     },
     Shown::kSdr, false},
    // Pairing.
    {"XmpWithoutPrimaryClaim",
     [](ChartFile& file) {
       XmpOnly(file);
       file.primary_xmp.clear();
     },
     Shown::kSdr, true},
    {"IsoWithoutVersionBlock",
     [](ChartFile& file) {
       IsoOnly(file);
       file.primary_iso.clear();
     },
     Shown::kSdr, true},
    {"PrimaryIsoMapXmp",
     [](ChartFile& file) {
       file.primary_xmp.clear();
       file.map_iso.clear();
     },
     Shown::kSdr, true},
    {"PrimaryXmpMapIso",
     [](ChartFile& file) {
       file.primary_iso.clear();
       file.map_xmp.clear();
     },
     Shown::kSdr, true},
    {"PrimaryIsoMapBoth", [](ChartFile& file) { file.primary_xmp.clear(); }, Shown::kHdr, true},
    {"PrimaryXmpMapBoth", [](ChartFile& file) { file.primary_iso.clear(); }, Shown::kHdr, true},
    {"FullIsoInBoth",
     [](ChartFile& file) {
       IsoOnly(file);
       file.primary_iso = {ChartIso{}.Block()};
     },
     Shown::kHdr, true},
    // XMP.
    {"PrimaryVersionOne",
     [](ChartFile& file) {
       XmpOnly(file);
       file.primary_xmp = {Replaced(ChartPrimaryXmp(), "\"1.0\"", "\"1\"")};
     },
     Shown::kSdr, true},
    {"MapVersionOne",
     [](ChartFile& file) {
       XmpOnly(file);
       ChangeMapXmp(file, "\"1.0\"", "\"1\"");
     },
     Shown::kSdr, false},
    {"UsersPacketFirst",
     [](ChartFile& file) {
       XmpOnly(file);
       file.primary_xmp.insert(file.primary_xmp.begin(), ChartPacket(""));
     },
     Shown::kSdr, true},
    {"UsersPacketSecond",
     [](ChartFile& file) {
       XmpOnly(file);
       file.primary_xmp.push_back(ChartPacket(""));
     },
     Shown::kHdr, true},
    {"MaxAbsent",
     [](ChartFile& file) {
       XmpOnly(file);
       ChangeMapXmp(file, "hdrgm:GainMapMax=\"2\"", "");
     },
     Shown::kHdr, false},
    {"OptionalAbsent",
     [](ChartFile& file) {
       XmpOnly(file);
       file.map_xmp = {
           ChartPacket("hdrgm:Version=\"1.0\" hdrgm:GainMapMax=\"2\" hdrgm:HDRCapacityMax=\"2\"")};
     },
     Shown::kHdr, true},
    {"PerChannel",
     [](ChartFile& file) {
       XmpOnly(file);
       file.map_xmp = {ChartPacket(
           "hdrgm:Version=\"1.0\" hdrgm:HDRCapacityMax=\"2\"",
           "<hdrgm:GainMapMax><rdf:Seq><rdf:li>2</rdf:li><rdf:li>1.9</rdf:li><rdf:li>1.8</rdf:li>"
           "</rdf:Seq></hdrgm:GainMapMax>")};
     },
     Shown::kHdr, false},
    {"FalseInLowerCase",
     [](ChartFile& file) {
       XmpOnly(file);
       ChangeMapXmp(file, "False", "false");
     },
     Shown::kHdr, false},
    {"HdrBase",
     [](ChartFile& file) {
       XmpOnly(file);
       ChangeMapXmp(file, "False", "True");
     },
     Shown::kSdr, false},
    // ISO.
    {"MinimumVersion",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.minimum_version = 1; });
     },
     Shown::kSdr, false},
    {"WriterVersion",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.writer_version = 5; });
     },
     Shown::kHdr, true},
    {"CutShortIsoOnly",
     [](ChartFile& file) {
       IsoOnly(file);
       file.map_iso.front().resize(50);
     },
     Shown::kSdr, false},
    {"CutShortWithXmp", [](ChartFile& file) { file.map_iso.front().resize(50); }, Shown::kHdr,
     false},
    {"AppendedBytes", [](ChartFile& file) { file.map_iso.front().resize(77); }, Shown::kHdr, true},
    {"BlockTwice", [](ChartFile& file) { file.map_iso.push_back(ChartIso{}.Block()); }, Shown::kHdr,
     true},
    {"DraftFlag",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.flags = 0x44; });
     },
     Shown::kHdr, false},
    {"HuaweisFlag",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) {
         iso.flags = 0x41;
         iso.channels.resize(3);
       });
     },
     Shown::kHdr, true},
    {"EqualHeadrooms",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.alternate_headroom = {0, 1}; });
     },
     Shown::kSdr, false},
    {"SwappedHeadrooms",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { std::swap(iso.base_headroom, iso.alternate_headroom); });
     },
     Shown::kSdr, false},
    {"ZeroDenominator",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.base_headroom = {0, 0}; });
     },
     Shown::kSdr, false},
    {"GammaZero",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.channels[0].gamma = {0, 1}; });
     },
     Shown::kUnknown, false},
    {"MaxBelowMin",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { std::swap(iso.channels[0].min, iso.channels[0].max); });
     },
     Shown::kUnknown, false},
    {"NegativeOffset",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.channels[0].alternate_offset = {-1, 64}; });
     },
     Shown::kHdr, false},
    {"CapacityBelowMax",
     [](ChartFile& file) {
       IsoOnly(file);
       SetIso(file, [](ChartIso& iso) { iso.alternate_headroom = {1, 1}; });
     },
     Shown::kHdr, true},
};

class ReaderVariant : public testing::TestWithParam<Variant> {};

TEST_P(ReaderVariant, ChromeIsPredicted) {
  ChartFile file;
  GetParam().make(file);
  const Bytes bytes = file.Build();
  const auto parsed = ReadGainMapJpeg(bytes, {});
  ASSERT_TRUE(parsed.has_value());
  const auto verdicts = PredictReaders(bytes, *parsed);
  EXPECT_EQ(ShownBy(verdicts, "chrome"), GetParam().chrome) << verdicts[0].why;
  EXPECT_EQ(ShownBy(verdicts, "android15"), GetParam().chrome);
}

TEST_P(ReaderVariant, LibultrahdrIsPredictedAndDoesSo) {
  ChartFile file;
  GetParam().make(file);
  const Bytes bytes = file.Build();
  const auto decoded = DecodeWithLibultrahdr(bytes, std::numeric_limits<double>::infinity());
  EXPECT_EQ(decoded.has_value(), GetParam().libultrahdr_decodes);
  const auto parsed = ReadGainMapJpeg(bytes, {});
  ASSERT_TRUE(parsed.has_value());
  const auto verdicts = PredictReaders(bytes, *parsed);
  EXPECT_EQ(ShownBy(verdicts, "libultrahdr"), decoded ? Shown::kHdr : Shown::kSdr)
      << verdicts[5].why;
}

INSTANTIATE_TEST_SUITE_P(Rows, ReaderVariant, testing::ValuesIn(kVariants),
                         [](const auto& row) { return row.param.name; });

TEST(PredictReaders, OfTheOtherReaders) {
  struct Row {
    std::string name;
    std::function<void(ChartFile&)> make;
    Shown android14, apple, libavif;
  };
  const std::vector<Row> rows = {
      {"all", [](ChartFile&) {}, Shown::kHdr, Shown::kHdr, Shown::kHdr},
      {"XMP only", XmpOnly, Shown::kHdr, Shown::kUnknown, Shown::kHdr},
      {"ISO only", IsoOnly, Shown::kSdr, Shown::kHdr, Shown::kSdr},
      {"no MPF", [](ChartFile& file) { file.mpf = false; }, Shown::kHdr, Shown::kSdr, Shown::kSdr},
      {"two packets", [](ChartFile& file) { file.primary_xmp.push_back(ChartPacket("")); },
       Shown::kHdr, Shown::kHdr, Shown::kSdr},
      {"no map", [](ChartFile& file) { file.without_map = true; }, Shown::kSdr, Shown::kSdr,
       Shown::kSdr},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ChartFile file;
    row.make(file);
    const Bytes bytes = file.Build();
    const auto parsed = ReadGainMapJpeg(bytes, {});
    ASSERT_TRUE(parsed.has_value());
    const auto verdicts = PredictReaders(bytes, *parsed);
    ASSERT_EQ(verdicts.size(), 6U);
    EXPECT_EQ(ShownBy(verdicts, "android14"), row.android14);
    EXPECT_EQ(ShownBy(verdicts, "apple"), row.apple);
    EXPECT_EQ(ShownBy(verdicts, "libavif"), row.libavif);
  }
}

// The decoder's pixels against the formula, patch by patch.
TEST(DecodeWithLibultrahdr, ShowsTheChart) {
  const Bytes bytes = ChartFile{}.Build();
  for (const double headroom : {0.0, 1.0, 2.0, std::numeric_limits<double>::infinity()}) {
    const auto decoded = DecodeWithLibultrahdr(bytes, headroom);
    ASSERT_TRUE(decoded.has_value());
    const double weight = std::min(headroom / 2, 1.0);
    for (int row = 0; row < 4; ++row) {
      for (int column = 0; column < 4; ++column) {
        const float found = FloatFromHalf(decoded->view().At(column * 64 + 32, row * 64 + 32, 1));
        const double expected =
            test::ChartLuminance(test::kChartBaseCodes[static_cast<std::size_t>(column)],
                                 test::kChartMapCodes[static_cast<std::size_t>(row)], weight);
        EXPECT_NEAR(std::log2(found / expected), 0, 0.01)
            << headroom << " stops, column " << column << ", row " << row;
      }
    }
  }
}

TEST(ProbeWithLibultrahdr, GivesTheNumbers) {
  const auto probe = ProbeWithLibultrahdr(ChartFile{}.Build());
  ASSERT_TRUE(probe.has_value());
  EXPECT_EQ(probe->width, test::kChartSide);
  EXPECT_EQ(probe->map_height, test::kChartSide);
  EXPECT_NEAR(probe->metadata.gain_map_max[1], 2, 1e-6);
  EXPECT_NEAR(probe->metadata.base_offset[2], 1.0 / 64, 1e-9);
  EXPECT_NEAR(probe->metadata.alternate_hdr_headroom, 2, 1e-6);
}

// Chromium was seen to expand each real file of the corpus that holds a map, through Extended XMP
// and with stale sizes, and none of those that only claim one.
TEST(PredictReaders, OfRealFiles) {
  HDRP_NEEDS_CORPUS();
  const std::set<std::string> sdr = {"galaxyS24_gainmap_part_alone.jpg",
                                     "imazen_test_ultrahdr_no_map.jpg",
                                     "photoshop25_fake_mishaal_01_base.jpg",
                                     "photoshop25_fake_mishaal_01_hdr.jpg", "ultrajpeg_4x4.jpg"};
  for (const test::CorpusFile& file : test::CorpusFiles("uhdr")) {
    SCOPED_TRACE(file.name);
    const Bytes bytes = test::ReadWhole(file.path);
    const auto parsed = ReadGainMapJpeg(bytes, {});
    ASSERT_TRUE(parsed.has_value());
    const auto verdicts = PredictReaders(bytes, *parsed);
    EXPECT_EQ(ShownBy(verdicts, "chrome"), sdr.contains(file.name) ? Shown::kSdr : Shown::kHdr)
        << verdicts[0].why;
    // Where a verdict is given on libultrahdr, the library itself must agree (it takes a second for
    // a large photograph).
    const Shown libultrahdr = ShownBy(verdicts, "libultrahdr");
    if (libultrahdr == Shown::kUnknown || bytes.size() > 700'000) continue;
    const auto decoded = DecodeWithLibultrahdr(bytes, std::numeric_limits<double>::infinity());
    EXPECT_EQ(libultrahdr == Shown::kHdr, decoded.has_value()) << verdicts[5].why;
  }
}

}  // namespace
}  // namespace hdrp
