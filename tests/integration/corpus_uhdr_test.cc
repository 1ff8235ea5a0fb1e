// Every gain-map file of the corpus against the manifest: its numbers, or the refusal it deserves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <sstream>

#include "decode/gain_map_jpeg.h"
#include "gainmap/coloured.h"
#include "gainmap/gain.h"
#include "obtain/extract.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using test::CorpusFile;
using testing::AllOf;
using testing::HasSubstr;

constexpr double kTolerance = 1e-4;

/// "0.5" or "0.5 0.6 0.7"; `otherwise` where the file leaves the number out.
std::array<double, 3> PerChannel(const std::string& text, double otherwise) {
  std::istringstream stream(text);
  std::array<double, 3> values{otherwise, otherwise, otherwise};
  if (stream >> values[0]) values[1] = values[2] = values[0];
  if (stream >> values[1]) stream >> values[2];
  return values;
}
double Scalar(const std::string& text, double otherwise) { return PerChannel(text, otherwise)[0]; }

void ExpectNear(std::string_view name, const std::array<double, 3>& found,
                const std::array<double, 3>& stated) {
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(found[c], stated[c], kTolerance) << name << c;
}

void ExpectIsoNumbers(const CorpusFile& row, const GainMapMetadata& metadata) {
  ExpectNear("min", metadata.gain_map_min, PerChannel(row.Fact("iso_min"), NAN));
  ExpectNear("max", metadata.gain_map_max, PerChannel(row.Fact("iso_max"), NAN));
  ExpectNear("gamma", metadata.gamma, PerChannel(row.Fact("iso_gamma"), NAN));
  ExpectNear("base offset", metadata.base_offset, PerChannel(row.Fact("iso_base_off"), NAN));
  ExpectNear("alternate offset", metadata.alternate_offset,
             PerChannel(row.Fact("iso_alt_off"), NAN));
  EXPECT_NEAR(metadata.base_hdr_headroom, Scalar(row.Fact("iso_base_headroom"), NAN), kTolerance);
  EXPECT_NEAR(metadata.alternate_hdr_headroom, Scalar(row.Fact("iso_alt_headroom"), NAN),
              kTolerance);
  const bool use_base = (std::strtol(row.Fact("iso_flags").c_str(), nullptr, 16) & 0x40) != 0;
  EXPECT_EQ(metadata.use_base_color_space, use_base);
}

void ExpectXmpNumbers(const CorpusFile& row, const GainMapMetadata& metadata) {
  ExpectNear("min", metadata.gain_map_min, PerChannel(row.Fact("xmp_min"), 0));
  ExpectNear("max", metadata.gain_map_max, PerChannel(row.Fact("xmp_max"), NAN));
  ExpectNear("gamma", metadata.gamma, PerChannel(row.Fact("xmp_gamma"), 1));
  ExpectNear("base offset", metadata.base_offset, PerChannel(row.Fact("xmp_off_sdr"), 1.0 / 64));
  ExpectNear("alternate offset", metadata.alternate_offset,
             PerChannel(row.Fact("xmp_off_hdr"), 1.0 / 64));
  EXPECT_NEAR(metadata.base_hdr_headroom, Scalar(row.Fact("xmp_cap_min"), 0), kTolerance);
  EXPECT_NEAR(metadata.alternate_hdr_headroom, Scalar(row.Fact("xmp_cap_max"), NAN), kTolerance);
}

/// Where the XMP holds no headroom it comes from MakerNote tags: 8.0 is the most they can say, and
/// what an iPhone 13 mini says.
void ExpectAppleNumbers(const CorpusFile& row, const GainMapStream& map) {
  const double headroom = Scalar(row.Fact("apple_headroom_xmp"), 8.0);
  EXPECT_NEAR(map.apple_headroom_linear, headroom, kTolerance);
  ExpectNear("min", map.metadata.gain_map_min, {0, 0, 0});
  ExpectNear("max", map.metadata.gain_map_max, PerChannel("", std::log2(headroom)));
  ExpectNear("gamma", map.metadata.gamma, {1, 1, 1});
  ExpectNear("base offset", map.metadata.base_offset, {0, 0, 0});
  ExpectNear("alternate offset", map.metadata.alternate_offset, {0, 0, 0});
  EXPECT_NEAR(map.metadata.base_hdr_headroom, 0, kTolerance);
  EXPECT_NEAR(map.metadata.alternate_hdr_headroom, std::log2(headroom), kTolerance);
}

class CorpusUhdrTest : public testing::TestWithParam<CorpusFile> {};

TEST_P(CorpusUhdrTest, GivesTheNumbersOfTheManifest) {
  const CorpusFile& row = GetParam();
  const std::string kind = row.Fact("meta_kind");
  if (kind == "claims-only") return;  // below
  const Bytes file = test::ReadWhole(row.path);
  const auto parsed = ReadGainMapJpeg(file, {});
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto required = RequireGainMap(*parsed);
  ASSERT_TRUE(required) << required.error().message;
  const GainMapStream& map = **required;

  EXPECT_EQ(std::to_string(parsed->primary.frame.width), row.Fact("width"));
  EXPECT_EQ(std::to_string(parsed->primary.frame.height), row.Fact("height"));
  EXPECT_EQ(std::to_string(map.stream.frame.width), row.Fact("gm_w"));
  EXPECT_EQ(std::to_string(map.stream.frame.height), row.Fact("gm_h"));
  EXPECT_EQ(std::to_string(map.stream.frame.components.size()), row.Fact("gm_comps"));
  EXPECT_EQ(std::to_string(parsed->trailing_bytes), row.Fact("trailing_bytes"));
  const std::string orientation = row.Fact("orientation");
  EXPECT_EQ(std::to_string(static_cast<int>(parsed->exif.orientation)),
            orientation.empty() ? "1" : orientation);

  if (kind.contains("iso")) {
    EXPECT_EQ(map.source, MetadataSource::kIso);
    ExpectIsoNumbers(row, map.metadata);
  } else if (kind.contains("xmp")) {
    EXPECT_EQ(map.source, MetadataSource::kXmp);
    ExpectXmpNumbers(row, map.metadata);
  } else {
    EXPECT_EQ(map.source, MetadataSource::kApple);
    ExpectAppleNumbers(row, map);
  }
}

/// The one map whose colours live in primaries that are not the base's.
constexpr std::string_view kForeignPrimaries = "imagemagick_red_ultrahdr_inverted_range.jpg";

TEST_P(CorpusUhdrTest, GivesTheMapsSamples) {
  const CorpusFile& row = GetParam();
  if (row.Fact("meta_kind") == "claims-only") return;
  const Bytes file = test::ReadWhole(row.path);
  const auto parsed = ReadGainMapJpeg(file, {});
  ASSERT_TRUE(parsed);
  const auto map = ExtractGainMap(file, **RequireGainMap(*parsed), AppleTransfer::kGamma22, {});
  if (row.name == kForeignPrimaries) {
    ASSERT_TRUE(map) << map.error().message;
    EXPECT_TRUE(NeedsAlternatePrimaries(*map));
    return;
  }
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ(std::to_string(map->codes.width()), row.Fact("gm_w"));
  EXPECT_EQ(std::to_string(map->codes.height()), row.Fact("gm_h"));
  // One component with numbers per channel comes as three.
  EXPECT_EQ(std::to_string(map->codes.channels()),
            map->metadata.IsSingleChannel() ? row.Fact("gm_comps") : "3");
}

std::string TestName(const testing::TestParamInfo<CorpusFile>& row) {
  std::string name = row.param.path.stem();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Uhdr, CorpusUhdrTest, testing::ValuesIn(test::CorpusFiles("uhdr")),
                         TestName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CorpusUhdrTest);

TEST(CorpusTest, IsThereWhereItIsRequired) {
  HDRP_NEEDS_CORPUS();
  EXPECT_EQ(test::CorpusFiles("uhdr").size(), 30U);
  EXPECT_EQ(test::CorpusFiles("phone").size(), 14U);
}

struct ClaimCase {
  std::string file;
  std::string claim;
  std::string missing;
};

TEST(CorpusUhdrClaimsTest, AreNoGainMapAndSayWhatIsMissing) {
  HDRP_NEEDS_CORPUS();
  const ClaimCase rows[] = {
      {"photoshop25_fake_mishaal_01_base.jpg", "a GainMap of 62570 bytes in GContainer",
       "no JPEG follows the primary"},
      {"photoshop25_fake_mishaal_01_hdr.jpg", "hdrgm:Version=\"1.0\" in the primary's XMP",
       "no JPEG follows the primary"},
      {"ultrajpeg_4x4.jpg", "an ISO 21496-1 block of", "no usable gain-map metadata of its own"},
      {"galaxyS24_gainmap_part_alone.jpg", "hdrgm numbers in the primary's own XMP",
       "no JPEG follows the primary"},
      {"imazen_test_ultrahdr_no_map.jpg", "hdrgm numbers in the primary's own XMP",
       "no usable gain-map metadata of its own"},
  };
  std::size_t claims_only = 0;
  for (const CorpusFile& file : test::CorpusFiles("uhdr")) {
    if (file.Fact("meta_kind") == "claims-only") ++claims_only;
  }
  EXPECT_EQ(claims_only, std::size(rows));
  for (const ClaimCase& row : rows) {
    SCOPED_TRACE(row.file);
    const auto parsed = ReadGainMapJpeg(test::ReadCorpus("uhdr/" + row.file), {});
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_FALSE(parsed->map);
    const auto required = RequireGainMap(*parsed);
    ASSERT_FALSE(required);
    EXPECT_EQ(required.error().code, ErrorCode::kNoGainMap);
    EXPECT_THAT(required.error().message, AllOf(HasSubstr(row.claim), HasSubstr(row.missing)));
  }
}

// Their containers were rewritten without their positions, so the search may have to go by another
// way than MPF; the numbers stay the phones' own.
TEST(CorpusPhoneTest, EveryFileGivesItsNumbersAndSamples) {
  HDRP_NEEDS_CORPUS();
  for (const CorpusFile& row : test::CorpusFiles("phone")) {
    SCOPED_TRACE(row.name);
    const Bytes file = test::ReadWhole(row.path);
    const auto parsed = ReadGainMapJpeg(file, {});
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto required = RequireGainMap(*parsed);
    ASSERT_TRUE(required) << required.error().message;
    const GainMapStream& map = **required;
    EXPECT_EQ(NameOf(map.source), row.Fact("gain_max_source"));
    ExpectNear("min", map.metadata.gain_map_min, PerChannel(row.Fact("gain_min"), NAN));
    ExpectNear("max", map.metadata.gain_map_max, PerChannel(row.Fact("gain_max"), NAN));
    EXPECT_NEAR(map.metadata.alternate_hdr_headroom, Scalar(row.Fact("capacity"), NAN), kTolerance);
    const auto codes = ExtractGainMap(file, map, AppleTransfer::kGamma22, {});
    ASSERT_TRUE(codes) << codes.error().message;
    EXPECT_EQ(std::to_string(codes->codes.width()), row.Fact("gm_w"));
    EXPECT_EQ(std::to_string(codes->codes.height()), row.Fact("gm_h"));
    EXPECT_EQ(std::to_string(codes->codes.channels()), row.Fact("gm_comps"));
  }
}

}  // namespace
}  // namespace hdrp
