// The table of fields: every default and every word is accepted, everything else is refused by
// name.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pipeline/fields.h"

namespace hdrp {
namespace {

TEST(JobFields, EachNameAndFlagIsThereOnce) {
  std::set<std::string> flags;
  for (const Field& field : JobFields()) {
    EXPECT_EQ(&JobField(field.name), &field);
    EXPECT_TRUE(flags.insert(FlagOf(field)).second) << field.name;
    EXPECT_FALSE(field.help.empty()) << field.name;
  }
  EXPECT_EQ(FlagOf(JobField("map_quality")), "--map-quality");
  EXPECT_EQ(FlagOf(JobField("anchor")), "--no-anchor");
  EXPECT_EQ(FlagOf(JobField("keep_icc")), "--keep-icc");
}

TEST(JobFields, DefaultsAreWhatOptionsBeginWith) {
  const Options before;
  Options after;
  for (const Field& field : JobFields()) {
    if (!field.initial.empty()) {
      EXPECT_TRUE(SetField(field, field.initial, after)) << field.name;
    }
  }
  EXPECT_EQ(after.mode, before.mode);
  EXPECT_EQ(after.strength, before.strength);
  EXPECT_EQ(after.output.format, before.output.format);
  EXPECT_EQ(after.output.heic_form, before.output.heic_form);
  EXPECT_EQ(after.output.exif, before.output.exif);
  EXPECT_EQ(after.apple_transfer, before.apple_transfer);
  EXPECT_EQ(after.predict.style, before.predict.style);
  EXPECT_EQ(after.derive.map_channels, before.derive.map_channels);
  EXPECT_EQ(after.edit.flatten, before.edit.flatten);
  EXPECT_EQ(after.derive.anchor, before.derive.anchor);
  EXPECT_EQ(after.edit.keep_icc, before.edit.keep_icc);
  EXPECT_EQ(after.edit.convert_icc, before.edit.convert_icc);
  EXPECT_EQ(after.framing.force_reference, before.framing.force_reference);
}

TEST(JobFields, WordsMeanTheirEnumerators) {
  Options options;
  const auto set = [&options](std::string_view name, std::string_view text) {
    EXPECT_TRUE(SetField(JobField(name), text, options)) << name << "=" << text;
  };
  set("mode", "predict");
  set("format", "avif");
  set("heic_form", "apple");
  set("exif", "strip");
  set("apple_transfer", "rec709");
  set("style", "acr");
  set("gain_map_scale", "4");
  set("gain_map_channels", "3");
  set("base_chroma", "420");
  set("flatten", "white");
  set("anchor", "false");
  set("boost", "2.5");
  set("map_quality", "80");
  set("guard", "skin=0.5");
  EXPECT_EQ(options.mode, Mode::kPredict);
  EXPECT_EQ(options.output.format, FileFormat::kAvif);
  EXPECT_EQ(options.output.heic_form, HeicForm::kApple);
  EXPECT_EQ(options.output.exif, ExifPolicy::kStrip);
  EXPECT_EQ(options.apple_transfer, AppleTransfer::kRec709);
  EXPECT_EQ(options.predict.style, PredictStyle::kAcr);
  EXPECT_EQ(options.derive.map_scale, 4);
  EXPECT_EQ(options.derive.map_channels, 3);
  EXPECT_EQ(options.output.subsample_chroma, true);
  EXPECT_EQ(options.edit.flatten, Flatten::kWhite);
  EXPECT_FALSE(options.derive.anchor);
  EXPECT_EQ(options.boost_stops, 2.5);
  EXPECT_EQ(options.output.map_quality, 80);
  EXPECT_EQ(options.predict.guards[Guard::kSkin], 0.5);
}

TEST(JobFields, RefusesEverythingElseByName) {
  struct Row {
    std::string_view name, text;
  };
  for (const auto& [name, text] :
       {Row{"boost", "0"}, Row{"boost", "6.01"}, Row{"boost", "nan"}, Row{"boost", "inf"},
        Row{"boost", ""}, Row{"boost", "2,5"}, Row{"boost", " 2"}, Row{"boost", "2 stops"},
        Row{"strength", "-0.1"}, Row{"map_quality", "0"}, Row{"map_quality", "9.5"},
        Row{"mode", ""}, Row{"mode", "AUTO"}, Row{"mode", "auto "}, Row{"anchor", "maybe"},
        Row{"guard", "sparkle"}, Row{"guard", "skin=2"}, Row{"hdr_white", "0.5"}}) {
    Options options;
    const Expected<void> done = SetField(JobField(name), text, options);
    ASSERT_FALSE(done) << name << "=" << text;
    EXPECT_EQ(done.error().code, ErrorCode::kBadArgument);
    EXPECT_EQ(done.error().where, name);
  }
}

}  // namespace
}  // namespace hdrp
