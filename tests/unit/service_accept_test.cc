// Headers that choose among answers, right ones and such as no client writes.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "service/http/accept.h"
#include "service/http/entity_tag.h"

namespace hdrp {
namespace {

constexpr std::array<std::string_view, 4> kOffers = {"application/json", "image/jpeg", "image/heic",
                                                     "image/avif"};

[[nodiscard]] std::string_view Chosen(std::string_view header) {
  const std::optional<std::size_t> index = Accept(header).Preferred(kOffers);
  return index ? kOffers[*index] : "none";
}

struct Row {
  std::string_view header, chosen;
};

void Expect(std::initializer_list<Row> rows) {
  for (const auto& [header, chosen] : rows) EXPECT_EQ(Chosen(header), chosen) << header;
}

TEST(Accept, TheHighestQCounts) {
  Expect({{"image/jpeg", "image/jpeg"},
          {"image/jpeg;q=0.5, image/avif", "image/avif"},
          {"image/avif;q=0.2, image/heic;q=0.9, application/json;q=0.8", "image/heic"},
          {"image/avif;q=0.001, application/json;q=0", "image/avif"},
          {"*/*;q=0.1, image/heic;q=0.2", "image/heic"},
          {"*/*, image/heic;q=0.9", "application/json"},
          {"*/*, application/json;q=0.9", "image/jpeg"}});
}

TEST(Accept, OfEqualOnesTheFirst) {
  Expect({{"*/*, image/avif", "application/json"},
          {"image/avif, */*", "image/avif"},
          {"image/*, application/json", "image/jpeg"},
          {"application/json, image/*", "application/json"},
          {"image/avif, image/jpeg", "image/avif"},
          {"image/jpeg, application/json", "image/jpeg"},
          {"application/json, image/jpeg", "application/json"},
          {"image/*", "image/jpeg"},
          {"*/*", "application/json"}});
}

TEST(Accept, ThePreciseRangeSpeaksForItsType) {
  Expect({{"image/*, image/jpeg;q=0", "image/heic"},
          {"image/*;q=0, image/jpeg;q=0.1", "image/jpeg"},
          {"*/*, application/json;q=0", "image/jpeg"},
          {"*/*;q=0, image/*;q=0.3", "image/jpeg"}});
}

TEST(Accept, NothingIsAcceptable) {
  Expect({{"text/html", "none"},
          {"image/jpg", "none"},
          {"image/jpeg;q=0", "none"},
          {"*/*;q=0", "none"},
          {"*/*;q=0.000", "none"},
          {"text/*, image/webp", "none"}});
}

TEST(Accept, WhatBrowsersSend) {
  Expect({{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"},
          {"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "image/avif"},
          {"image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", "image/jpeg"}});
}

TEST(Accept, CaseWhiteSpaceAndParameters) {
  Expect({{"IMAGE/JPEG", "image/jpeg"},
          {" image/jpeg ;  Q=0.5 ,\timage/avif ; q=0.6 ", "image/avif"},
          {"image/jpeg;level=\"1,2;q=0\";q=0.5, image/avif;q=0.4", "image/jpeg"},
          {"image/jpeg;level=\"a\\\",image/avif", "image/jpeg"},
          {"application/json;charset=utf-8", "application/json"},
          {"image/jpeg;q=0.5;q=0, image/avif;q=0.4", "image/jpeg"},
          {"image/avif;q=1.000, image/jpeg;q=0.999", "image/avif"},
          {"image/avif;q=1.", "image/avif"}});
}

TEST(Accept, WhatIsNotWrittenRightIsNotThere) {
  for (const std::string_view q : {"abc", "", "2", "1.001", "-1", "0.1234", "0,5", ".5", "1e0",
                                   "0.5.5", "\"0.5\"", "nan", "0x1", "01", "+1"}) {
    const std::string header = "image/avif;q=" + std::string(q) + ", image/heic;q=0.1";
    EXPECT_EQ(Chosen(header), "image/heic") << header;
  }
  Expect({{"", "application/json"},
          {" ", "application/json"},
          {",,,", "application/json"},
          {";", "application/json"},
          {"/", "application/json"},
          {"image", "application/json"},
          {"image/", "application/json"},
          {"/jpeg", "application/json"},
          {"*/jpeg", "application/json"},
          {"image/jpeg/x", "application/json"},
          {"ima ge/jpeg", "application/json"},
          {"image/jpeg\x7f", "application/json"},
          {"\xff\xfe/\x80", "application/json"},
          {",, image/avif ,,", "image/avif"},
          {"\"image/avif", "application/json"},
          {"image/avif;x=\"\\", "image/avif"}});
}

TEST(Accept, LongOnesAreReadToALimit) {
  std::string header;
  for (std::size_t i = 0; i < Accept::kMaxRanges; ++i) header += "text/html,";
  EXPECT_EQ(Chosen(header + "image/avif"), "none");
  EXPECT_EQ(Chosen("image/avif," + header), "image/avif");
  EXPECT_EQ(Chosen(std::string(1 << 20, ',')), "application/json");
  EXPECT_EQ(Chosen(std::string(1 << 20, '"')), "application/json");
  EXPECT_EQ(Chosen("image/avif" + std::string(1 << 20, ';')), "image/avif");
}

TEST(EntityTag, IsTheClientsOrNot) {
  EXPECT_EQ(EntityTag("0a", ""), "\"0a\"");
  EXPECT_EQ(EntityTag("0a", "hdr"), "\"0a-hdr\"");
  const std::string tag = EntityTag("0a", "hdr");
  for (const std::string_view header :
       {"\"0a-hdr\"", "W/\"0a-hdr\"", "*", " \"x\" , \"0a-hdr\"", "\"a,b\", \"0a-hdr\""}) {
    EXPECT_TRUE(HasAlready(header, tag)) << header;
  }
  for (const std::string_view header : {"", "0a-hdr", "\"0a\"", "\"0A-HDR\"", "\"x\"", "\"*\"",
                                        "\"0a-hdr", "w/\"0a-hdr\"", "\"a, \"0a-hdr\""}) {
    EXPECT_FALSE(HasAlready(header, tag)) << header;
  }
  EXPECT_FALSE(HasAlready(std::string(1 << 20, ',') + tag, tag));
}

}  // namespace
}  // namespace hdrp
