// Files that are not what they seem: bombs, other formats, references that do not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "package/png_write.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/running_service.h"
#include "support/page.h"
#include "support/scene.h"
#include "support/tiff_maker.h"

namespace hdrp::test {
namespace {

using namespace std::string_literals;

/// A worker's memory after it refused a bomb: a picture of that size would take 200 MB and more.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kMaxResident = 900'000'000;
#else
constexpr std::uint64_t kMaxResident = 150'000'000;
#endif

std::string BigEndian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>((value >> (8 * i)) & 0xFF);
  return text;
}

std::uint32_t Crc(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string PngChunk(const std::string& name_and_data) {
  return BigEndian(static_cast<std::uint32_t>(name_and_data.size() - 4), 4) + name_and_data +
         BigEndian(Crc(name_and_data), 4);
}

/// 65 bytes that say 16384 x 16384.
std::string PngBomb() {
  return "\x89PNG\r\n\x1a\n"s +
         PngChunk("IHDR" + BigEndian(16384, 4) + BigEndian(16384, 4) + "\x08\x06\x00\x00\x00"s) +
         PngChunk("IDAT\x78\x9c\x03\x00\x00\x00\x00\x01"s) + PngChunk("IEND");
}

std::string JpegBomb() {
  std::string text = PairOf().edit;
  // The frame header: marker, length, precision, height, width.
  for (std::size_t i = 2; i + 9 < text.size(); ++i) {
    if (text[i] == '\xff' && (text[i + 1] == '\xc0' || text[i + 1] == '\xc2') && text[i + 2] == 0) {
      text.replace(i + 5, 4, BigEndian(65500, 2) + BigEndian(65500, 2));
      return text;
    }
  }
  return {};
}

std::string TiffBomb() {
  TiffMaker tiff(ByteOrder::kBigEndian);
  const auto number = [&](std::uint16_t id, unsigned value) {
    return Tag{id, kLong, 1, tiff.U32(value)};
  };
  const unsigned ifd = tiff.AddIfd({number(256, 60000), number(257, 60000), tiff.Short(258, 8),
                                    tiff.Short(259, 1), tiff.Short(262, 1), number(273, 8),
                                    tiff.Short(277, 1), number(278, 60000), number(279, 100)});
  return std::string(AsText(tiff.Finish(ifd)));
}

/// The header of an OpenEXR file whose windows say 60000 x 60000, and no pixels.
std::string ExrBomb() {
  const auto little = [](std::uint32_t value) {
    std::string text = BigEndian(value, 4);
    return std::string(text.rbegin(), text.rend());
  };
  const auto attribute = [&](const std::string& name, const std::string& type,
                             const std::string& value) {
    return name + '\0' + type + '\0' + little(static_cast<std::uint32_t>(value.size())) + value;
  };
  const std::string window = little(0) + little(0) + little(59999) + little(59999);
  std::string channels;
  for (const char* name : {"B", "G", "R"}) {
    channels += std::string(name) + '\0' + little(1) + little(0) + little(1) + little(1);
  }
  return "\x76\x2f\x31\x01"s + little(2) + attribute("channels", "chlist", channels + '\0') +
         attribute("compression", "compression", "\x00"s) +
         attribute("dataWindow", "box2i", window) + attribute("displayWindow", "box2i", window) +
         attribute("lineOrder", "lineOrder", "\x00"s) +
         attribute("pixelAspectRatio", "float", "\x00\x00\x80\x3f"s) +
         attribute("screenWindowCenter", "v2f", std::string(8, '\0')) +
         attribute("screenWindowWidth", "float", "\x00\x00\x80\x3f"s) + '\0' +
         std::string(4096, '\0');
}

void ExpectRefusedFile(const Answer& answer) {
  EXPECT_TRUE(answer.status == 413 || answer.status == 415 || answer.status == 422)
      << answer.status << answer.body;
  const std::string code = answer.Json().value("code", "");
  EXPECT_THAT(code, testing::AnyOf("too_large", "unsupported", "bad_input"));
  ExpectRefusal(answer, answer.status, code);
}

TEST(Content, BombsAreRefusedByTheirHeads) {
  const RunningService service({"--workers", "1"});
  ASSERT_EQ(Post(service.port(), "/process", Predicted()).status, 200);
  const pid_t worker = service.AnyWorker();
  const std::pair<const char*, std::string> bombs[] = {
      {"PNG", PngBomb()}, {"JPEG", JpegBomb()}, {"TIFF", TiffBomb()}, {"EXR", ExrBomb()}};
  EXPECT_EQ(bombs[0].second.size(), 65U);
  for (const auto& [what, bomb] : bombs) {
    SCOPED_TRACE(what);
    ASSERT_FALSE(bomb.empty());
    const int port = service.port();
    ExpectRefusedFile(Post(port, "/process", {{"img", bomb, "a.jpg"}}));
    ExpectRefusedFile(Post(port, "/process", {{"img", PairOf().edit, "a"}, {"ref", bomb, "b"}}));
    ExpectRefusedFile(Post(port, "/process", {{"img", PairOf().edit, "a"}, {"mask", bomb, "b"}}));
    ExpectRefusedFile(Post(port, "/inspect", {{"img", bomb, "a.jpg"}}));
  }
  EXPECT_EQ(service.AnyWorker(), worker) << "one of them ended it";
  EXPECT_LE(PeakResidentBytes(worker), kMaxResident);
}

/// Where the size is the fault, that is what is said.
TEST(Content, TooManyPixelsAreCalledThat) {
  const RunningService service;
  for (const std::string& bomb : {PngBomb(), JpegBomb(), TiffBomb()}) {
    ExpectRefusal(Post(service.port(), "/process", {{"img", bomb, "a.jpg"}}), 413, "too_large");
  }
  const std::vector<FormPart> reference = {{"img", PairOf().edit, "a"}, {"ref", ExrBomb(), "b"}};
  ExpectRefusal(Post(service.port(), "/process", reference), 413, "too_large");
}

TEST(Content, OtherThingsAreNoPictures) {
  const RunningService service;
  const std::string jpeg = PairOf().edit;
  for (const std::string& content : {"plain text"s, "<svg xmlns='http://www.w3.org/2000/svg'/>"s,
                                     "\xff\xd8\xff"s, jpeg.substr(0, jpeg.size() / 4),
                                     "\x7f"
                                     "ELF" +
                                         jpeg,
                                     std::string(100'000, '\0'), "%PDF-1.7\n"s,
                                     "GIF89a"s + std::string(40, '\1'), "\x89PNG\r\n\x1a\n"s}) {
    SCOPED_TRACE(content.substr(0, 8));
    ExpectRefusedFile(Post(service.port(), "/process", {{"img", content, "a.jpg"}}));
    // An inspection tells what is wrong where there is a file to speak of.
    const Answer inspected = Post(service.port(), "/inspect", {{"img", content, "a.jpg"}});
    if (inspected.status != 200) ExpectRefusedFile(inspected);
  }
}

/// [{"loc", ...}] without the sentences.
nlohmann::json FaultsOf(const Answer& answer) {
  nlohmann::json faults = answer.Json()["detail"];
  for (nlohmann::json& fault : faults) fault.erase("msg");
  return faults;
}
nlohmann::json NoGainMapIn(const char* field) {
  return {{"loc", {"body", field}}, {"type", "no_gain_map"}};
}

/// With the choice that makes it one nevertheless.
TEST(Content, GuardsThatTookTheGainAreNamed) {
  const RunningService service;
  const int port = service.port();
  const std::string page(AsText(SdrJpeg(MakePage({}).view(), {})));
  const Answer refused = Post(port, "/process", {{"img", page, "a"}});
  ExpectRefusal(refused, 422, "no_gain_map");
  nlohmann::json guard = NoGainMapIn("guard");
  guard["ctx"] = {{"guard", "text"}};
  EXPECT_EQ(FaultsOf(refused), nlohmann::json({NoGainMapIn("img"), guard})) << refused.body;
  const Answer anyway = Post(port, "/process", {{"img", page, "a"}, {"guard", "text=off"}});
  EXPECT_EQ(anyway.status, 200) << anyway.body;
}

TEST(Content, WhoeverLeavesNoGainIsNamed) {
  const RunningService service;
  const auto [edit, original] = PairOf();
  Plane<std::uint8_t> dark(96, 64, 3), white(96, 64);
  for (int y = 0; y < 64; ++y) {
    std::ranges::fill(dark.view().RowSpan(y), std::uint8_t{20});
    std::ranges::fill(white.view().RowSpan(y), std::uint8_t{255});
  }
  const std::string night(AsText(SdrJpeg(dark.view(), {})));
  const std::string mask(AsText(EncodePng(white.view()).value()));
  struct Row {
    const char* field;
    std::vector<FormPart> parts;
  };
  for (const auto& [field, parts] : {Row{"img", {{"img", night, "a"}, {"style", "highlights"}}},
                                     Row{"ref", {{"img", edit, "a"}, {"ref", edit, "b"}}},
                                     Row{"mask", Referenced({{"mask", mask, "c"}})},
                                     Row{"strength", Referenced({{"strength", "0"}})}}) {
    SCOPED_TRACE(field);
    const Answer answer = Post(service.port(), "/process", parts);
    ExpectRefusal(answer, 422, "no_gain_map");
    EXPECT_EQ(FaultsOf(answer), nlohmann::json({NoGainMapIn(field)})) << answer.body;
  }
}

TEST(Content, ReferencesThatDoNotFit) {
  const RunningService service;
  const int port = service.port();
  const std::string edit = PairOf().edit;
  const Answer plain =
      Post(port, "/process", {{"img", edit, "a"}, {"ref", edit, "b"}, {"mode", "reference"}});
  ExpectRefusal(plain, 422, "no_gain_map");
  const Answer other =
      Post(port, "/process", {{"img", edit, "a"}, {"ref", PairOf(96, 64, 9).original, "b"}});
  ExpectRefusal(other, 422, "mismatch");
  const Answer shape =
      Post(port, "/process", {{"img", edit, "a"}, {"ref", PairOf(64, 96, 9).original, "b"}});
  ExpectRefusal(shape, 422, "mismatch");
  const Answer missing = Post(port, "/process", {{"img", edit, "a"}, {"mode", "reference"}});
  EXPECT_EQ(missing.status, 422) << missing.body;
}

}  // namespace
}  // namespace hdrp::test
