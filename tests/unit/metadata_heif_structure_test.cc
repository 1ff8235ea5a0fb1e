// The item structure of HEIF files: hand-made bytes in both widths, what damages them, and files
// that others made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "metadata/heif_structure.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using testing::ElementsAre;

Bytes Big(std::uint64_t value, int size) {
  Bytes out;
  for (int i = size - 1; i >= 0; --i) {
    out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
  }
  return out;
}

Bytes Joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Bytes Text(std::string_view text) { return {text.begin(), text.end()}; }

Bytes MakeBox(std::string_view type, const std::vector<Bytes>& parts) {
  const Bytes body = Joined(parts);
  return Joined({Big(body.size() + 8, 4), Text(type), body});
}

struct Widths {
  bool wide_ids = false;
  bool wide_indices = false;
  bool meta_last = false;
};

/// Items 1 (hvc1, the primary), 2 (hvc1, hidden) and 3 (tmap, hidden), as a gain-map file has them.
Bytes MakeFile(const Widths& widths) {
  const int id_size = widths.wide_ids ? 4 : 2;
  const auto id = [&](std::uint64_t value) { return Big(value, id_size); };
  const auto version = [&](std::uint64_t narrow, std::uint64_t flags) {
    return Joined({Big(narrow + (widths.wide_ids ? 1 : 0), 1), Big(flags, 3)});
  };
  const auto index = [&](std::uint64_t value, bool essential) {
    if (widths.wide_indices) return Big(value | (essential ? 0x8000U : 0U), 2);
    return Big(value | (essential ? 0x80U : 0U), 1);
  };
  const auto item = [&](std::uint64_t number, std::string_view type, bool hidden) {
    return MakeBox("infe", {version(2, hidden ? 1 : 0), id(number), Big(0, 2), Text(type), {0}});
  };
  const Bytes ispe = MakeBox("ispe", {Big(0, 4), Big(80, 4), Big(48, 4)});
  const Bytes irot = MakeBox("irot", {Big(3, 1)});
  const Bytes meta = MakeBox(
      "meta",
      {Big(0, 4), MakeBox("hdlr", {Big(0, 24)}), MakeBox("pitm", {version(0, 0), id(1)}),
       MakeBox("iinf", {version(0, 0), id(3), item(1, "hvc1", false), item(2, "hvc1", true),
                        item(3, "tmap", true)}),
       MakeBox("iprp", {MakeBox("ipco", {ispe, irot}),
                        MakeBox("ipma", {version(0, widths.wide_indices ? 1 : 0), Big(3, 4), id(1),
                                         Big(2, 1), index(1, false), index(2, true), id(2),
                                         Big(2, 1), index(0, false), index(1, false), id(9),
                                         Big(1, 1), index(1, false)})}),
       MakeBox("iref", {version(0, 0), MakeBox("dimg", {id(3), Big(2, 2), id(1), id(2)}),
                        MakeBox("auxl", {id(2), Big(1, 2), id(1)})}),
       MakeBox("grpl",
               {MakeBox("altr", {Big(0, 4), Big(77, 4), Big(2, 4), Big(3, 4), Big(1, 4)})})});
  const Bytes mdat = MakeBox("mdat", {Text("pixels")});
  const Bytes ftyp = MakeBox("ftyp", {Text("heic"), Big(0, 4), Text("mif1"), Text("tmap")});
  return widths.meta_last ? Joined({ftyp, mdat, meta}) : Joined({ftyp, meta, mdat});
}

class HeifStructureTest : public testing::TestWithParam<Widths> {};

TEST_P(HeifStructureTest, IsRead) {
  const Bytes file = MakeFile(GetParam());
  const auto read = ReadHeifStructure(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->brands, ElementsAre("heic", "mif1", "tmap"));
  EXPECT_EQ(read->primary, 1U);
  ASSERT_EQ(read->items.size(), 3U);
  EXPECT_EQ(read->items[0].type, "hvc1");
  EXPECT_FALSE(read->items[0].hidden);
  EXPECT_TRUE(read->items[1].hidden);
  EXPECT_EQ(read->Find(3)->type, "tmap");
  EXPECT_EQ(read->Find(9), nullptr);

  const HeifItem& base = *read->Find(1);
  ASSERT_EQ(base.properties.size(), 2U);
  EXPECT_EQ(base.properties[0].type, "ispe");
  EXPECT_FALSE(base.properties[0].essential);
  const HeifProperty* irot = PropertyOf(base, "irot");
  ASSERT_NE(irot, nullptr);
  EXPECT_TRUE(irot->essential);
  EXPECT_THAT(irot->body, ElementsAre(3));
  ASSERT_EQ(read->Find(2)->properties.size(), 1U);
  EXPECT_EQ(PropertyOf(*read->Find(2), "irot"), nullptr);

  EXPECT_THAT(read->Targets(3, "dimg"), ElementsAre(1, 2));
  EXPECT_THAT(read->Targets(2, "auxl"), ElementsAre(1));
  EXPECT_THAT(read->Targets(2, "dimg"), ElementsAre());
  ASSERT_EQ(read->groups.size(), 1U);
  EXPECT_EQ(read->groups[0].type, "altr");
  EXPECT_EQ(read->groups[0].id, 77U);
  EXPECT_THAT(read->groups[0].entities, ElementsAre(3, 1));
}

TEST_P(HeifStructureTest, EveryCutAndEveryChangedByteEnds) {
  const Bytes file = MakeFile(GetParam());
  for (std::size_t size = 0; size < file.size(); ++size) {
    // The end of one of the file's own boxes: what is missing then is only the picture data.
    const auto read = ReadHeifStructure(ByteView(file).first(size));
    const bool lacks_pixels_alone = !GetParam().meta_last && size == file.size() - 14;
    EXPECT_EQ(read.has_value(), lacks_pixels_alone) << size;
    if (!read) {
      EXPECT_EQ(read.error().code, ErrorCode::kBadInput);
    }
  }
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      Bytes damaged = file;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ change);
      (void)ReadHeifStructure(damaged);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Widths, HeifStructureTest,
    testing::Values(Widths{}, Widths{.wide_ids = true}, Widths{.wide_indices = true},
                    Widths{.wide_ids = true, .wide_indices = true, .meta_last = true}));

Bytes WithMeta(const std::vector<Bytes>& boxes) {
  return Joined(
      {MakeBox("ftyp", {Text("heic"), Big(0, 4)}), MakeBox("meta", {Big(0, 4), Joined(boxes)})});
}

std::string MessageOf(const Bytes& file) {
  const auto read = ReadHeifStructure(file);
  return read ? "" : read.error().message;
}

TEST(HeifStructureErrorTest, SaysWhatIsWrong) {
  const Bytes item = MakeBox("infe", {Big(0x02000000, 4), Big(1, 2), Big(0, 2), Text("hvc1"), {0}});
  const auto items = [&](const std::vector<Bytes>& entries) {
    return MakeBox("iinf", {Big(0, 4), Big(entries.size() & 0xFFFF, 2), Joined(entries)});
  };
  EXPECT_EQ(MessageOf(MakeBox("ftyp", {Text("heic"), Big(0, 4)})),
            "expected the boxes ftyp and meta, found no meta");
  EXPECT_EQ(MessageOf(WithMeta({items({item, item})})), "item 1 is described twice");
  EXPECT_EQ(MessageOf(WithMeta({items(std::vector<Bytes>(10'001, item))})),
            "item 1 is described twice");
  EXPECT_EQ(MessageOf(WithMeta({MakeBox("iprp", {})})),
            "expected the box ipco in iprp, found none");
  EXPECT_EQ(MessageOf(WithMeta(
                {items({item}), MakeBox("iprp", {MakeBox("ipco", {}),
                                                 MakeBox("ipma", {Big(0, 4), Big(1, 4), Big(1, 2),
                                                                  Big(1, 1), Big(4, 1)})})})),
            "item 1 has property 4 of 0");
  EXPECT_EQ(MessageOf(WithMeta(
                {MakeBox("grpl", {MakeBox("altr", {Big(0, 4), Big(1, 4), Big(0xFFFFFFFF, 4)})})})),
            "the box 'altr' ends before its content does");
}

TEST(HeifStructureErrorTest, CountsAreCapped) {
  std::vector<Bytes> entries;
  for (std::uint64_t i = 1; i <= 10'001; ++i) {
    entries.push_back(
        MakeBox("infe", {Big(0x02000000, 4), Big(i, 2), Big(0, 2), Text("hvc1"), {0}}));
  }
  const Bytes all = MakeBox("iinf", {Big(0, 4), Big(entries.size(), 2), Joined(entries)});
  EXPECT_EQ(MessageOf(WithMeta({all})), "more than 10000 items");
  const Bytes reference = MakeBox("dimg", {Big(1, 2), Big(60'000, 2), Bytes(120'000, 1)});
  EXPECT_EQ(MessageOf(WithMeta({MakeBox("iref", {Big(0, 4), reference, reference})})),
            "more than 100000 associations, references and group members");
}

TEST(HeifStructureCorpusTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  for (const test::CorpusFile& file : test::CorpusFiles("heic")) {
    SCOPED_TRACE(file.name);
    const Bytes bytes = test::ReadWhole(file.path);
    const auto read = ReadHeifStructure(bytes);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_TRUE(read->primary);
    const HeifItem* primary = read->Find(*read->primary);
    ASSERT_NE(primary, nullptr);
    EXPECT_NE(PropertyOf(*primary, "ispe"), nullptr);
  }
  const Bytes phone = test::ReadCorpus("heic/gwy15_IMG_3853.heic");
  const auto read = ReadHeifStructure(phone);
  ASSERT_TRUE(read) << read.error().message;
  const auto tmap = std::ranges::find(read->items, "tmap", &HeifItem::type);
  ASSERT_NE(tmap, read->items.end());
  const auto inputs = read->Targets(tmap->id, "dimg");
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0], read->primary);
  EXPECT_THAT(read->Targets(inputs[1], "auxl"), testing::Contains(*read->primary));
}

}  // namespace
}  // namespace hdrp
