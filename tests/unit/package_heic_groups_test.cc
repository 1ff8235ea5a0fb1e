// The post-pass over libheif's files: boxes written by hand for every width of fields, and a real
// file whose pictures must survive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libheif/heif.h>

#include <string>
#include <vector>

#include "base/byte_writer.h"
#include "metadata/heif_structure.h"
#include "package/heic_groups.h"
#include "package/item_locations.h"
#include "package/picture_file.h"
#include "support/libheif_file.h"
#include "support/written_picture.h"

namespace hdrp {
namespace {

using testing::ElementsAre;

/// What stands in an iloc box of one item with one extent.
struct Location {
  unsigned version = 0;
  unsigned method = 0;
  unsigned offset_width = 4, base_width = 4;
  std::uint64_t base = 0, offset = 0;

  [[nodiscard]] Bytes Body() const {
    ByteWriter out;
    const auto number = [&out](std::uint64_t value, unsigned width) {
      for (unsigned i = width; i > 0; --i) {
        out.U8(static_cast<std::uint8_t>((value >> (8 * (i - 1))) & 0xFF));
      }
    };
    number(version, 1);
    number(0, 3);
    number(offset_width << 4 | 4U, 1);
    number(base_width << 4 | 0U, 1);
    number(1, version < 2 ? 2 : 4);
    number(7, version < 2 ? 2 : 4);
    if (version > 0) number(method, 2);
    number(0, 2);
    number(base, base_width);
    number(1, 2);
    number(offset, offset_width);
    number(5, 4);
    return std::move(out).Take();
  }
};

TEST(MoveItemLocations, MovesWhatLiesBehindTheInsertion) {
  struct Row {
    std::string name;
    Location before;
    std::uint64_t base = 0, offset = 0;  ///< after 36 bytes at 100
  };
  const std::vector<Row> rows = {
      {"base behind", {.base = 200}, 236, 0},
      {"base at the insertion", {.base = 100, .offset = 5}, 136, 5},
      {"base before", {.base = 99}, 99, 0},
      {"extent behind", {.offset = 100}, 0, 136},
      {"extent before", {.offset = 99}, 0, 99},
      {"sum behind", {.base = 60, .offset = 40}, 60, 76},
      {"sum before", {.base = 60, .offset = 39}, 60, 39},
      {"no base", {.base_width = 0, .offset = 100}, 0, 136},
      {"no offset", {.offset_width = 0, .base = 100}, 136, 0},
      {"64 bits", {.base_width = 8, .base = 1ULL << 40}, (1ULL << 40) + 36, 0},
      {"64-bit extent",
       {.offset_width = 8, .base_width = 0, .offset = 1ULL << 40},
       0,
       (1ULL << 40) + 36},
      {"version 1", {.version = 1, .offset = 100}, 0, 136},
      {"version 2", {.version = 2, .offset = 100}, 0, 136},
      {"in idat", {.version = 1, .method = 1, .offset = 100}, 0, 100},
      {"in an item", {.version = 1, .method = 2, .offset = 100}, 0, 100},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Bytes body = row.before.Body();
    ASSERT_TRUE(MoveItemLocations(body, {.from = 100, .by = 36}));
    Location after = row.before;
    after.base = row.base;
    after.offset = row.offset;
    EXPECT_EQ(body, after.Body());
    for (std::size_t size = 0; size < body.size(); ++size) {
      Bytes cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
      const auto moved = MoveItemLocations(cut, {.from = 100, .by = 36});
      ASSERT_FALSE(moved) << size;
      EXPECT_EQ(moved.error().code, ErrorCode::kBadInput);
    }
  }
}

TEST(MoveItemLocations, RefusesPositionsThatOutgrowTheirFields) {
  Bytes body = Location{.base = 0xFFFF'FFFF - 35}.Body();
  const auto moved = MoveItemLocations(body, {.from = 100, .by = 36});
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::kUnsupported);
  Bytes fits = Location{.base = 0xFFFF'FFFF - 36}.Body();
  EXPECT_TRUE(MoveItemLocations(fits, {.from = 100, .by = 36}));
  Bytes widths = Location{.base_width = 4}.Body();
  widths[4] = 0x34;
  EXPECT_FALSE(MoveItemLocations(widths, {.from = 100, .by = 36}));
}

/// A file as libheif writes it: base, map, and a tmap of `inputs` (indices into base, map).
struct Plain {
  Bytes file;
  GainMapItems items;
  heif_item_id base = 0;
};

Plain MakePlain(bool swapped = false) {
  // The writer has loaded libheif's codecs.
  const test::WrittenPicture picture = test::MakeWrittenPicture(64, 48);
  EXPECT_TRUE(WriteHeic(picture.Base(), picture.Map(), {}));
  Plain plain;
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  EXPECT_EQ(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder).code, 0);
  std::vector<heif_item_id> ids;
  for (const int side : {64, 32}) {
    heif_image* image = nullptr;
    heif_image_create(side, side, heif_colorspace_monochrome, heif_chroma_monochrome, &image);
    heif_image_add_plane(image, heif_channel_Y, side, side, 8);
    std::size_t stride = 0;
    std::uint8_t* data = heif_image_get_plane2(image, heif_channel_Y, &stride);
    for (std::size_t i = 0; i < stride * static_cast<std::size_t>(side); ++i) {
      data[i] = static_cast<std::uint8_t>(i * 7 % 251);
    }
    heif_image_handle* handle = nullptr;
    EXPECT_EQ(heif_context_encode_image(context, image, encoder, nullptr, &handle).code, 0);
    ids.push_back(heif_image_handle_get_item_id(handle));
    heif_image_handle_release(handle);
    heif_image_release(image);
  }
  heif_item_id tmap = 0;
  heif_context_add_item(context, "tmap", "payload", 7, &tmap);
  const std::vector<heif_item_id> inputs = {ids[swapped ? 1 : 0], ids[swapped ? 0 : 1]};
  heif_context_add_item_references(context, 0x64696D67 /* dimg */, tmap, inputs.data(), 2);
  heif_writer writer = {
      .writer_api_version = 1,
      .write = [](heif_context*, const void* data, std::size_t size, void* out) -> heif_error {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        static_cast<Bytes*>(out)->assign(bytes, bytes + size);
        return {heif_error_Ok, heif_suberror_Unspecified, ""};
      }};
  EXPECT_EQ(heif_context_write(context, &writer, &plain.file).code, 0);
  heif_encoder_release(encoder);
  heif_context_free(context);
  plain.base = ids[0];
  plain.items = {.map = ids[1], .tmap = tmap};
  return plain;
}

TEST(WithGainMapGroups, HidesTheMapAndGroupsTheRest) {
  const Plain plain = MakePlain();
  const auto grouped = WithGainMapGroups(plain.file, plain.items);
  ASSERT_TRUE(grouped) << grouped.error().message;
  EXPECT_EQ(grouped->size(), plain.file.size() + 36);
  const test::LibheifFile before(plain.file);
  const test::LibheifFile after(*grouped);
  EXPECT_THAT(before.Group("altr"), ElementsAre());
  EXPECT_THAT(after.Group("altr"), ElementsAre(*plain.items.tmap, plain.base));
  for (const heif_item_id id : {plain.base, plain.items.map}) {
    EXPECT_EQ(
        test::LargestDifference(before.Decode(id, true).view(), after.Decode(id, true).view()), 0);
  }
  EXPECT_EQ(AsText(after.Data(*plain.items.tmap)), "payload");
  const auto structure = ReadHeifStructure(*grouped);
  ASSERT_TRUE(structure);
  EXPECT_TRUE(structure->Find(plain.items.map)->hidden);
  EXPECT_FALSE(structure->Find(plain.base)->hidden);
  EXPECT_FALSE(structure->Find(*plain.items.tmap)->hidden);
  EXPECT_EQ(structure->Find(structure->groups.at(0).id), nullptr) << "the group's id is an item's";
}

TEST(WithGainMapGroups, OnlyHidesWhereThereIsNoTmap) {
  const Plain plain = MakePlain();
  const auto hidden = WithGainMapGroups(plain.file, {.map = plain.items.map, .tmap = {}});
  ASSERT_TRUE(hidden) << hidden.error().message;
  EXPECT_EQ(hidden->size(), plain.file.size());
  const auto structure = ReadHeifStructure(*hidden);
  ASSERT_TRUE(structure);
  EXPECT_TRUE(structure->Find(plain.items.map)->hidden);
}

TEST(WithGainMapGroups, RefusesWhatItDoesNotUnderstand) {
  const Plain plain = MakePlain();
  const auto code_of = [](const Expected<Bytes>& result) {
    EXPECT_FALSE(result);
    return result ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code_of(WithGainMapGroups(plain.file, {.map = 99, .tmap = {}})), ErrorCode::kBadInput);
  EXPECT_EQ(code_of(WithGainMapGroups(plain.file, {.map = plain.items.map, .tmap = plain.base})),
            ErrorCode::kUnsupported);
  const Plain swapped = MakePlain(true);
  EXPECT_EQ(code_of(WithGainMapGroups(swapped.file, swapped.items)), ErrorCode::kUnsupported);
  const auto once = WithGainMapGroups(plain.file, plain.items);
  ASSERT_TRUE(once);
  EXPECT_EQ(code_of(WithGainMapGroups(*once, plain.items)), ErrorCode::kUnsupported);
}

TEST(WithGainMapGroups, EndsOnEveryCutFile) {
  const Plain plain = MakePlain();
  const std::size_t mdat = AsText(plain.file).find("mdat");
  ASSERT_NE(mdat, std::string_view::npos);
  for (std::size_t size = 0; size < mdat - 4; ++size) {
    const auto result = WithGainMapGroups(ByteView(plain.file).first(size), plain.items);
    ASSERT_FALSE(result) << size;
    EXPECT_EQ(result.error().code, ErrorCode::kBadInput) << size;
  }
  // Any single byte may lie; the pass must end, in a file or in an error.
  for (std::size_t at = 0; at < mdat; ++at) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      Bytes damaged = plain.file;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ change);
      (void)WithGainMapGroups(damaged, plain.items);
    }
  }
}

}  // namespace
}  // namespace hdrp
