// The boxes of written HEIC and AVIF files against golden texts (tests/data/box_dumps): what is in
// them in which order, without sizes and places, which the pictures' content moves.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/formatted.h"
#include "metadata/boxes.h"
#include "metadata/heif_structure.h"
#include "package/picture_file.h"
#include "support/corpus.h"
#include "support/written_picture.h"

namespace hdrp {
namespace {

/// Bytes of the body before the children; -1 where there are none.
int HeaderOf(std::string_view type) {
  if (type == "iprp" || type == "ipco" || type == "grpl") return 0;
  if (type == "meta" || type == "iref") return 4;
  return type == "iinf" ? 6 : -1;  // version 0: a count of 16 bits
}

void DumpBoxes(ByteView file, std::size_t begin, std::size_t end, int depth, std::string& out) {
  const auto boxes = ReadBoxes(file, begin, end);
  ASSERT_TRUE(boxes) << boxes.error().message;
  for (const Box& box : *boxes) {
    out += std::string(2 * static_cast<std::size_t>(depth), ' ') + std::string(box.type) + "\n";
    const int header = HeaderOf(box.type);
    if (header < 0) continue;
    DumpBoxes(file, box.body_begin + static_cast<std::size_t>(header), box.end, depth + 1, out);
  }
}

std::string Hex(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += Formatted("{:02x}", byte);
  return text;
}

/// The codec's configuration depends on its version, the rest is ours.
bool IsOurs(std::string_view type) { return type != "hvcC" && type != "av1C"; }

std::string Dump(const Bytes& file) {
  std::string out = "boxes\n";
  DumpBoxes(file, 0, file.size(), 1, out);
  const auto structure = ReadHeifStructure(file);
  EXPECT_TRUE(structure) << structure.error().message;
  if (!structure) return out;
  out += "brands";
  for (const auto& brand : structure->brands) out += " " + std::string(brand);
  out += Formatted("\nprimary {}\n", structure->primary.value_or(0));
  for (const HeifItem& item : structure->items) {
    out += Formatted("item {} {}{}\n", item.id, item.type, item.hidden ? " hidden" : "");
    for (const HeifProperty& property : item.properties) {
      out += Formatted("  {}{} {}\n", property.type, property.essential ? " essential" : "",
                       IsOurs(property.type) ? Hex(property.body) : "...");
    }
  }
  for (const HeifReference& reference : structure->references) {
    out += Formatted("{} {} ->", reference.type, reference.from);
    for (const std::uint32_t id : reference.to) out += Formatted(" {}", id);
    out += "\n";
  }
  for (const HeifGroup& group : structure->groups) {
    out += Formatted("{} {}:", group.type, group.id);
    for (const std::uint32_t id : group.entities) out += Formatted(" {}", id);
    out += "\n";
  }
  return out;
}

void ExpectGolden(const Expected<Bytes>& file, const std::string& name) {
  ASSERT_TRUE(file) << file.error().message;
  const std::string found = Dump(*file);
  const auto path = test::SourceFolder() / "tests/data/box_dumps" / name;
  if (std::getenv("HDR_PROCESS_ACCEPT") != nullptr) {
    std::ofstream(path) << found;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  const Bytes golden = test::ReadWhole(path);
  EXPECT_EQ(found, AsText(golden))
      << "where the change is meant: HDR_PROCESS_ACCEPT=1 env/run --test "
         "build/dev/tests/unit_package --gtest_filter='PictureStructure.*'";
}

const std::string kExif("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);
const std::string kXmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";

PictureBase TurnedBase(const test::WrittenPicture& picture) {
  PictureBase base = picture.Base();
  base.orientation = Orientation::kRightTop;
  base.exif_tiff = AsBytes(kExif);
  base.xmp = AsBytes(kXmp);
  base.alternate_primaries = 12;
  return base;
}

TEST(PictureStructure, HeicWithBothReadings) {
  const test::WrittenPicture picture = test::MakeWrittenPicture(272, 204);
  PictureGainMap map = picture.Map();
  map.apple_headroom_linear = 8.574188;
  ExpectGolden(WriteHeic(TurnedBase(picture), map, {}), "heic_both.txt");
}

TEST(PictureStructure, HeicWithIsoAlone) {
  const test::WrittenPicture picture = test::MakeWrittenPicture(272, 204);
  ExpectGolden(WriteHeic(picture.Base(), picture.Map(), {}), "heic_iso.txt");
}

TEST(PictureStructure, HeicWithAppleAlone) {
  const test::WrittenPicture picture = test::MakeWrittenPicture(272, 204);
  PictureGainMap map = picture.Map();
  map.iso = false;
  map.apple_headroom_linear = 8.574188;
  ExpectGolden(WriteHeic(picture.Base(), map, {}), "heic_apple.txt");
}

TEST(PictureStructure, Avif) {
  const test::WrittenPicture picture = test::MakeWrittenPicture(272, 204);
  ExpectGolden(WriteAvif(TurnedBase(picture), picture.Map(), {}), "avif.txt");
}

}  // namespace
}  // namespace hdrp
