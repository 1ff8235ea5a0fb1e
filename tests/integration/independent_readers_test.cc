// exiftool, which knows nothing of our code, finds what we announce where we announce it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "decode/gain_map_jpeg.h"
#include "pipeline/process.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

using testing::HasSubstr;
using testing::Not;

Bytes MakeOutput(Bytes edit, Bytes original) {
  Request request;
  request.base = {"edit.jpg", std::move(edit)};
  if (!original.empty()) request.reference = InputFile{"original.jpg", std::move(original)};
  Expected<Result> result = Process(request);
  if (!result) ADD_FAILURE() << result.error().message;
  return result ? std::move(result->ultra_hdr) : Bytes{};
}

/// `tag` of a file, as exiftool prints it with -s3 (several values on several lines).
std::string Tag(const std::filesystem::path& file, const std::string& tag) {
  ProgramRun run = RunProgram({"exiftool", "-s3", "-a", "-n", tag, file.string()});
  while (run.out.ends_with('\n')) run.out.pop_back();
  return run.out;
}

void ExpectAnnounced(const Bytes& ultra_hdr) {
  const ScratchFolder scratch;
  const auto path = scratch / "out.jpg";
  WriteWhole(path, ultra_hdr);
  const GainMapJpeg parsed = ReadGainMapJpeg(ultra_hdr, {}).value();
  const JpegStream& map = parsed.map->stream;
  const std::string length = Formatted("{}", map.end - map.begin);

  EXPECT_EQ(Tag(path, "-MPF0:NumberOfImages"), "2");
  EXPECT_EQ(Tag(path, "-MPImage2:MPImageStart"), Formatted("{}", map.begin));
  EXPECT_EQ(Tag(path, "-MPImage2:MPImageLength"), length);
  EXPECT_EQ(Tag(path, "-XMP-GContainer:DirectoryItemLength"), length);
  EXPECT_EQ(Tag(path, "-XMP-hdrgm:Version"), "1.0");

  const ProgramRun mpf = RunProgram({"exiftool", "-b", "-MPImage2", path.string()});
  const ProgramRun directory = RunProgram({"exiftool", "-b", "-GainMapImage", path.string()});
  EXPECT_EQ(mpf.out, AsText(ByteView(ultra_hdr).subspan(map.begin)));
  EXPECT_EQ(directory.out, mpf.out);

  const auto map_path = scratch / "map.jpg";
  WriteWhole(map_path,
             {ultra_hdr.begin() + static_cast<std::ptrdiff_t>(map.begin), ultra_hdr.end()});
  const GainMapMetadata& m = parsed.map->metadata;
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:GainMapMax")), m.gain_map_max[0], 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:GainMapMin")), m.gain_map_min[0], 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:Gamma")), m.gamma[0], 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:OffsetSDR")), m.base_offset[0], 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:OffsetHDR")), m.alternate_offset[0], 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:HDRCapacityMin")), m.base_hdr_headroom, 1e-6);
  EXPECT_NEAR(std::stod(Tag(map_path, "-XMP-hdrgm:HDRCapacityMax")), m.alternate_hdr_headroom,
              1e-6);

  EXPECT_THAT(RunProgram({"exiftool", "-validate", "-warning", "-error", "-a", path.string()}).out,
              HasSubstr("Validate                        : OK"));
}

TEST(Exiftool, FindsWhatWeAnnounce) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const Scene scene = MakeScene(192, 128);
  const Bytes edit = SdrJpeg(Edited(scene.sdr.view()).view(), {});
  ExpectAnnounced(MakeOutput(edit, OriginalJpeg(scene, {})));
  ExpectAnnounced(MakeOutput(edit, {}));
  ExpectAnnounced(
      MakeOutput(SdrJpeg(Edited(scene.sdr.view()).view(), {.orientation = Orientation::kRightTop}),
                 OriginalJpeg(scene, {})));
}

/// The user's own facts survive the default policy; places, serial numbers and the stale claim go.
TEST(Exiftool, SeesTheUsersMetadataUnderThePolicy) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  const Scene scene = MakeScene(192, 128);
  const ScratchFolder scratch;
  const auto edit = scratch / "edit.jpg";
  WriteWhole(edit,
             SdrJpeg(Edited(scene.sdr.view()).view(), {.orientation = Orientation::kRightTop}));
  const ProgramRun tagged = RunProgram(
      {"exiftool", "-q", "-overwrite_original", "-XMP-dc:Title=Harbour", "-XMP-xmp:Rating=4",
       "-IPTC:Keywords=boat", "-EXIF:Artist=A. Person", "-EXIF:Model=Camera", "-GPSLatitude=12.5",
       "-GPSLatitudeRef=N", "-XMP-exif:GPSLatitude=12.5", "-IPTC:City=Somewhere",
       "-EXIF:SerialNumber=123456", "-XMP-photoshop:City=Somewhere", edit.string()});
  ASSERT_EQ(tagged.status, 0) << tagged.err;
  const auto out = scratch / "out.jpg";
  WriteWhole(out, MakeOutput(ReadWhole(edit), OriginalJpeg(scene, {})));
  EXPECT_EQ(Tag(out, "-XMP-dc:Title"), "Harbour");
  EXPECT_EQ(Tag(out, "-XMP-xmp:Rating"), "4");
  EXPECT_EQ(Tag(out, "-IPTC:Keywords"), "boat");
  EXPECT_EQ(Tag(out, "-EXIF:Artist"), "A. Person");
  EXPECT_EQ(Tag(out, "-EXIF:Model"), "Camera");
  EXPECT_EQ(Tag(out, "-EXIF:Orientation"), "6");
  const std::string everything = RunProgram({"exiftool", "-a", "-G1", "-s", out.string()}).out;
  EXPECT_THAT(everything, Not(HasSubstr("GPS")));
  EXPECT_THAT(everything, Not(HasSubstr("Somewhere")));
  EXPECT_THAT(everything, Not(HasSubstr("123456")));
}

TEST(Exiftool, FindsTheMapOfThePhonePair) {
  HDRP_NEEDS_PROGRAM("exiftool", "exiftool");
  HDRP_NEEDS_CORPUS();
  ExpectAnnounced(MakeOutput(ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg"),
                             ReadCorpus("uhdr/pixel6pro_mishaal_01.jpg")));
}

/// libultrahdr's own program accepts what we write.
TEST(UltrahdrApp, DecodesOurOutputs) {
  HDRP_NEEDS_PROGRAM("ultrahdr_app", "libuhdr");
  const Scene scene = MakeScene(192, 128);
  const Bytes edit = SdrJpeg(Edited(scene.sdr.view()).view(), {});
  const ScratchFolder scratch;
  for (const Bytes& file : {MakeOutput(edit, OriginalJpeg(scene, {})), MakeOutput(edit, {})}) {
    WriteWhole(scratch / "out.jpg", file);
    const std::string path = (scratch / "out.jpg").string();
    EXPECT_EQ(RunProgram({"ultrahdr_app", "-m", "1", "-j", path, "-P"}).status, 0);
    EXPECT_EQ(
        RunProgram({"ultrahdr_app", "-m", "1", "-j", path, "-o", "0", "-O", "4", "-z", "/dev/null"})
            .status,
        0);
  }
}

}  // namespace
}  // namespace hdrp::test
