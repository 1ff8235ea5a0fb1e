// The same-picture check on photographs: the distribution that its limit was chosen from.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "align/framing.h"
#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "support/corpus.h"
#include "support/luma_edits.h"

namespace hdrp {
namespace {

struct Photo {
  std::string name;
  Plane<std::uint8_t> luma;  ///< 1/8 scale
};

Photo ReadPhoto(const std::filesystem::path& relative) {
  auto decoded =
      DecodeJpeg(test::ReadCorpus(relative),
                 {.output = JpegOutput::kGray, .scale_denominator = 8, .limits = {}, .stop = {}});
  EXPECT_TRUE(decoded) << decoded.error().message;
  return {relative.filename(), std::move(decoded->pixels)};
}

/// Phone photographs of many subjects, none of which shares its scene with another.
std::vector<Photo> Photos() {
  std::vector<Photo> photos;
  for (const test::CorpusFile& file : test::CorpusFiles("phone")) {
    photos.push_back(ReadPhoto(std::filesystem::path("phone") / file.name));
  }
  for (const std::string name :
       {"pixel6pro_mishaal_01.jpg", "pixel_lamps.jpg", "pixel_night_highrise.jpg",
        "pixel_desert_palms.jpg", "huawei_HdrVivid.jpg", "vearutop_old_acr.orig.jpg"}) {
    photos.push_back(ReadPhoto("uhdr/" + name));
  }
  return photos;
}

double Agreement(PlaneView<const std::uint8_t> edit, PlaneView<const std::uint8_t> reference) {
  return StructureAgreement(edit, Orientation::kTopLeft, reference, Orientation::kTopLeft);
}

/// "0.12 0.50 0.98": least, middle and largest, for the log.
std::string Spread(std::vector<double> scores) {
  std::ranges::sort(scores);
  return Formatted("{:.2f} {:.2f} {:.2f}", scores.front(), scores[scores.size() / 2],
                   scores.back());
}

TEST(FramingCorpusTest, EditedPhotographsAgree) {
  HDRP_NEEDS_CORPUS();
  const std::vector<Photo> photos = Photos();
  for (const test::LumaEdit& edit : test::SamePictureEdits()) {
    std::vector<double> scores;
    for (const Photo& photo : photos) {
      scores.push_back(Agreement(edit.apply(photo.luma.view()).view(), photo.luma.view()));
      EXPECT_GE(scores.back(), kMinStructureAgreement) << edit.name << ": " << photo.name;
    }
    RecordProperty(edit.name, Spread(scores));
  }
}

TEST(FramingCorpusTest, OtherFramingsOfPhotographsDoNot) {
  HDRP_NEEDS_CORPUS();
  const std::vector<Photo> photos = Photos();
  for (const test::LumaEdit& edit : test::OtherFramings()) {
    std::vector<double> scores;
    for (const Photo& photo : photos) {
      scores.push_back(Agreement(edit.apply(photo.luma.view()).view(), photo.luma.view()));
      EXPECT_LT(scores.back(), kMinStructureAgreement) << edit.name << ": " << photo.name;
    }
    RecordProperty(edit.name, Spread(scores));
  }
}

TEST(FramingCorpusTest, UnrelatedPhotographsDoNot) {
  HDRP_NEEDS_CORPUS();
  const std::vector<Photo> photos = Photos();
  for (const Photo& a : photos) {
    for (const Photo& b : photos) {
      if (&a == &b) continue;
      EXPECT_LT(Agreement(a.luma.view(), b.luma.view()), kMinStructureAgreement)
          << a.name << " and " << b.name;
    }
  }
}

TEST(FramingCorpusTest, ARealEditAgreesWithItsOriginal) {
  HDRP_NEEDS_CORPUS();
  const Photo edit = ReadPhoto("uhdr/photoshop25_fake_mishaal_01_base.jpg");
  const Photo original = ReadPhoto("uhdr/pixel6pro_mishaal_01.jpg");
  EXPECT_GE(Agreement(edit.luma.view(), original.luma.view()), 0.9);
}

}  // namespace
}  // namespace hdrp
