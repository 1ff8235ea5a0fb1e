#include "verify/verify_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/band_rows.h"
#include "base/formatted.h"
#include "decode/codecs.h"
#include "gainmap/fine_gain.h"
#include "metadata/apple.h"
#include "verify/checks.h"
#include "verify/picture_structure.h"

namespace hdrp {
namespace {

/// The map is coded so that 99 % of it stay within kMapWarningStops at the default quality; beyond
/// kMapLimitStops it is another map.
constexpr double kMapWarningStops = 0.03;
constexpr double kMapLimitStops = 0.5;
/// Mean difference of the base's codes, whatever quality was asked for: beyond it is another
/// picture.
constexpr double kBaseLimitCodes = 16;
/// XMP carries six decimals.
constexpr double kAppleHeadroomTolerance = 1e-6;

struct PictureSubject {
  const HeifStructure& structure;
  GainMapFile& parsed;
  const ExpectedPicture* expected = nullptr;  ///< nullptr: a stranger's file
  const VerifyOptions& options;

  [[nodiscard]] bool wants_iso() const { return expected != nullptr && expected->iso; }
  [[nodiscard]] bool wants_apple() const {
    return expected != nullptr && expected->apple_headroom_linear.has_value();
  }
};

/// Failures of our own files are failures; a stranger's are warnings where readers may still cope.
class PictureFindings {
 public:
  explicit PictureFindings(const PictureSubject& subject) : ours_(subject.expected != nullptr) {}
  template <typename... Args>
  void Fail(FormatFor<Args...> format, const Args&... args) {
    (ours_ ? failures_ : warnings_).push_back(Formatted(format, args...));
  }
  template <typename... Args>
  void Warn(FormatFor<Args...> format, const Args&... args) {
    warnings_.push_back(Formatted(format, args...));
  }
  [[nodiscard]] Check Verdict(std::string_view id) && {
    if (!failures_.empty()) return {id, CheckResult::kFailed, Joined(failures_)};
    if (!warnings_.empty()) return {id, CheckResult::kWarning, Joined(warnings_)};
    return {id, CheckResult::kPassed, {}};
  }

 private:
  bool ours_;
  std::vector<std::string> failures_, warnings_;
};

[[nodiscard]] Check NotRun(std::string_view id, std::string_view why) {
  return {id, CheckResult::kNotRun, std::string(why)};
}

/// H1: a file of the right brand with one picture to show.
[[nodiscard]] Check OnePicture(const PictureSubject& subject) {
  PictureFindings findings(subject);
  if (const int seen = VisiblePictures(subject.structure); seen != 1) {
    findings.Fail("expected one picture that viewers list, found {}", seen);
  }
  if (subject.expected != nullptr) {
    const std::string_view brand = InfoOf(subject.expected->format).brands.front();
    // HEVC's range extensions, of which 4:4:4 is one, have a brand of their own (ISO/IEC 23008-12).
    const bool has_other = brand == "heic" && HasBrand(subject.structure, "heix");
    if (!has_other && !HasBrand(subject.structure, brand)) {
      findings.Fail("the brand {} is missing", brand);
    }
  }
  return std::move(findings).Verdict("H1");
}

/// H2: the ISO 21496-1 description, whole or not at all.
[[nodiscard]] Check ToneMapIsWhole(const PictureSubject& subject) {
  const HeifStructure& structure = subject.structure;
  const auto tone_map = FindToneMap(structure);
  if (!tone_map && subject.expected == nullptr) return NotRun("H2", "there is no tmap item");
  PictureFindings findings(subject);
  if (tone_map.has_value() != subject.wants_iso() && subject.expected != nullptr) {
    findings.Fail("{} tmap item", tone_map ? "found a" : "expected a");
  }
  if (!tone_map) {
    if (HasBrand(structure, "tmap")) findings.Fail("the brand tmap stands without a tmap item");
    return std::move(findings).Verdict("H2");
  }
  if (tone_map->base == nullptr || tone_map->gain_map == nullptr ||
      tone_map->base->id != structure.primary) {
    findings.Fail("expected the tmap item to be derived from [primary image, gain map]");
  } else if (!tone_map->gain_map->hidden) {
    findings.Fail("the gain map (item {}) is not hidden", tone_map->gain_map->id);
  }
  if (tone_map->item->hidden) findings.Fail("the tmap item is hidden");
  if (!tone_map->in_altr_group) {
    findings.Fail("no altr group [tmap, primary image]: readers show the base alone");
  }
  if (!HasBrand(structure, "tmap")) {
    findings.Fail("the brand tmap is missing: readers ignore the tmap item");
  }
  return std::move(findings).Verdict("H2");
}

/// H3: Apple's description on the same map.
[[nodiscard]] Check AppleAuxiliary(const PictureSubject& subject) {
  const HeifItem* map = FindAuxiliary(subject.structure, kAppleGainMapType);
  if (map == nullptr && subject.expected == nullptr) {
    return NotRun("H3", "there is no auxiliary image of Apple's type");
  }
  PictureFindings findings(subject);
  if ((map != nullptr) != subject.wants_apple() && subject.expected != nullptr) {
    findings.Fail("{} auxiliary image {}", map == nullptr ? "expected an" : "found an",
                  kAppleGainMapType);
  }
  const auto tone_map = FindToneMap(subject.structure);
  if (map != nullptr && tone_map && tone_map->gain_map != nullptr &&
      tone_map->gain_map->id != map->id) {
    findings.Warn("Apple's map (item {}) and the tmap's (item {}) are two pictures", map->id,
                  tone_map->gain_map->id);
  }
  return std::move(findings).Verdict("H3");
}

[[nodiscard]] Orientation TurnOf(const PictureSubject& subject) {
  return Relative(subject.expected->orientation, subject.parsed.base.orientation);
}

/// H4: shown upright, at its size, base and map alike.
[[nodiscard]] Check ShownAsMeant(const PictureSubject& subject) {
  PictureFindings findings(subject);
  const ExpectedPicture& expected = *subject.expected;
  const auto compare = [&](std::string_view name, int width, int height, int found_width,
                           int found_height) {
    if (SwapsSides(TurnOf(subject))) std::swap(width, height);
    if (width == found_width && height == found_height) return;
    findings.Fail("the {} is {} x {}, expected {} x {}", name, found_width, found_height, width,
                  height);
  };
  compare("base image", expected.base.width, expected.base.height, subject.parsed.base.width,
          subject.parsed.base.height);
  if (subject.parsed.map) {
    compare("gain map", expected.map->codes.width(), expected.map->codes.height(),
            subject.parsed.map->width, subject.parsed.map->height);
  }
  return std::move(findings).Verdict("H4");
}

/// H5: the numbers are the map's, digit for digit.
[[nodiscard]] Check NumbersAgree(const PictureSubject& subject) {
  PictureFindings findings(subject);
  if (!subject.parsed.map) {
    findings.Fail("the file holds no usable gain map: {}", Joined(subject.parsed.problems));
    return std::move(findings).Verdict("H5");
  }
  const GainMapMetadata& found = subject.parsed.map->metadata;
  for (const std::string& broken : BrokenRules(found, MetadataUse::kRead)) {
    findings.Fail("{}", broken);
  }
  if (subject.expected == nullptr) return std::move(findings).Verdict("H5");
  const Tolerance tolerance{.absolute = subject.expected->iso ? 0 : kAppleHeadroomTolerance};
  const GainMapMetadata meant = MetadataFrom(FractionsOf(subject.expected->map->metadata),
                                             subject.expected->map->metadata.use_base_color_space);
  for (const std::string& difference : Differences(found, meant, tolerance)) {
    findings.Fail("{} was meant", difference);
  }
  return std::move(findings).Verdict("H5");
}

/// The value that this share of the samples does not exceed. Precondition: there are some.
[[nodiscard]] double Quantile(std::vector<float>& samples, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(samples.size() - 1));
  std::ranges::nth_element(samples, samples.begin() + rank);
  return static_cast<double>(samples[static_cast<std::size_t>(rank)]);
}

/// Gains in stops of all samples. (An Apple map's codes by ISO's formula: near enough to tell
/// whether anything is lifted, and how far two maps are apart.)
[[nodiscard]] std::vector<float> GainsOf(PlaneView<const std::uint8_t> codes,
                                         const GainMapMetadata& metadata) {
  const auto channels = static_cast<std::size_t>(codes.channels);
  std::array<std::array<float, 256>, 3> stops;
  for (std::size_t c = 0; c < 3; ++c) stops[c] = StopsOfCodes(metadata, static_cast<int>(c));
  std::vector<float> gains;
  gains.reserve(static_cast<std::size_t>(codes.width) * static_cast<std::size_t>(codes.height) *
                channels);
  for (int y = 0; y < codes.height; ++y) {
    const auto row = codes.RowSpan(y);
    for (std::size_t i = 0; i < row.size(); ++i) gains.push_back(stops[i % channels][row[i]]);
  }
  return gains;
}

/// H6: the map decodes, lifts something, and gives the gains that were written.
[[nodiscard]] Check MapDecodes(const PictureSubject& subject) {
  if (!subject.parsed.map) return NotRun("H6", "there is no gain map");
  if (subject.options.level == VerifyLevel::kStructure) {
    return NotRun("H6", "only the structure was to be checked");
  }
  PictureFindings findings(subject);
  const Expected<MapCodes> read = subject.parsed.read_map();
  if (!read) {
    findings.Fail("the gain map does not decode: {}", read.error().message);
    return std::move(findings).Verdict("H6");
  }
  const Plane<std::uint8_t>& codes = read->codes;
  std::vector<float> gains = GainsOf(codes.view(), subject.parsed.map->metadata);
  std::vector<float> sorted = gains;
  if (const double lift = Quantile(sorted, 0.999); !(lift > kLeastLiftStops)) {
    findings.Fail("the gain map lifts nothing: 99.9 % of it stay at or below {:.3f} stops", lift);
  }
  if (subject.expected == nullptr) return std::move(findings).Verdict("H6");
  const EncodedGainMap& written = *subject.expected->map;
  const Plane<std::uint8_t> turned = Oriented(written.codes.view(), TurnOf(subject));
  if (codes.width() != turned.width() || codes.height() != turned.height() ||
      codes.channels() != turned.channels()) {
    findings.Fail("the gain map is {} x {} of {} channels, written were {} x {} of {}",
                  codes.width(), codes.height(), codes.channels(), turned.width(), turned.height(),
                  turned.channels());
    return std::move(findings).Verdict("H6");
  }
  const std::vector<float> meant = GainsOf(turned.view(), written.metadata);
  std::ranges::transform(gains, meant, gains.begin(),
                         [](float a, float b) { return std::abs(a - b); });
  const double p99 = Quantile(gains, 0.99);
  if (p99 > kMapLimitStops) {
    findings.Fail("1 % of the decoded gains are {:.3f} stop or more from those written", p99);
  } else if (p99 > kMapWarningStops) {
    findings.Warn("1 % of the decoded gains are {:.3f} stop or more from those written", p99);
  }
  return std::move(findings).Verdict("H6");
}

/// Mean difference in codes between the decoded base and the one that was written.
[[nodiscard]] Expected<double> BaseDifference(PictureRows& picture,
                                              PlaneView<const std::uint8_t> written) {
  const PictureInfo& info = picture.info;
  Plane<float> band(info.width, kBandRows, info.channels);
  double sum = 0;
  for (int first = 0; first < info.height; first += kBandRows) {
    PlaneView<float> rows = band.view();
    rows.height = std::min(kBandRows, info.height - first);
    HDRP_RETURN_IF_ERROR(picture.read(rows));
    for (int y = 0; y < rows.height; ++y) {
      for (int x = 0; x < info.width; ++x) {
        for (int c = 0; c < info.channels; ++c) {
          const float meant = written.At(x, first + y, written.channels == 1 ? 0 : c);
          sum += static_cast<double>(std::abs(255 * rows.At(x, y, c) - meant));
        }
      }
    }
  }
  return sum / (static_cast<double>(info.width) * info.height * info.channels);
}

/// H7: the base decodes, to the picture that was written.
[[nodiscard]] Expected<Check> BaseDecodes(const PictureSubject& subject, ByteView file) {
  if (subject.options.level == VerifyLevel::kStructure) {
    return NotRun("H7", "only the structure was to be checked");
  }
  const VerifyOptions& options = subject.options;
  PictureFindings findings(subject);
  Expected<PictureRows> picture =
      OpenPicture(file, {.limits = options.limits, .stop = options.stop});
  // A copy only where it is turned: of 64 MP it would be 192 MB.
  const Orientation turn = TurnOf(subject);
  Plane<std::uint8_t> turned;
  if (turn != Orientation::kTopLeft) turned = Oriented(subject.expected->base, turn);
  const PlaneView<const std::uint8_t> written =
      turned.empty() ? subject.expected->base : std::as_const(turned).view();
  if (picture && (picture->info.width != written.width || picture->info.height != written.height)) {
    return NotRun("H7", "the base's size is not what was written");  // H4's finding
  }
  const Expected<double> difference =
      picture ? BaseDifference(*picture, written) : std::unexpected(picture.error());
  if (!difference) {
    HDRP_RETURN_IF_ERROR(options.stop.Check("verify"));
    findings.Fail("the base does not decode: {}", difference.error().message);
  } else if (!(*difference <= kBaseLimitCodes)) {
    findings.Fail("the decoded base is {:.1f} codes from the one written, on average", *difference);
  }
  return std::move(findings).Verdict("H7");
}

[[nodiscard]] Verification Unreadable(const Error& error) {
  return {{{"H1", CheckResult::kFailed, error.message}}, {}};
}

[[nodiscard]] std::string WhyNotLibultrahdr(FileFormat format) {
  return Formatted("libultrahdr reads JPEG only; the file is {}", NameOf(format));
}

}  // namespace

Expected<Verification> VerifyPictureFile(ByteView file, const ExpectedPicture& expected,
                                         const VerifyOptions& options) {
  const Expected<HeifStructure> structure = ReadHeifStructure(file);
  if (!structure) return Unreadable(structure.error());
  Expected<GainMapFile> parsed =
      OpenGainMapWithCodec(expected.format, file, {.limits = options.limits, .stop = options.stop});
  if (!parsed) return Unreadable(parsed.error());
  const PictureSubject subject{*structure, *parsed, &expected, options};

  Verification result;
  result.checks = {OnePicture(subject),   ToneMapIsWhole(subject), AppleAuxiliary(subject),
                   ShownAsMeant(subject), NumbersAgree(subject),   MapDecodes(subject)};
  HDRP_ASSIGN_OR_RETURN(Check base, BaseDecodes(subject, file));
  result.checks.push_back(std::move(base));
  result.not_verified_by_libultrahdr.push_back(WhyNotLibultrahdr(expected.format));
  return result;
}

Verification CheckForeignPicture(ByteView file, GainMapFile& parsed) {
  if (InfoOf(parsed.base.format).brands.front().empty()) {
    return {{NotRun("H1", "its container is none of HEIF's")},
            {WhyNotLibultrahdr(parsed.base.format)}};
  }
  const Expected<HeifStructure> structure = ReadHeifStructure(file);
  if (!structure) return Unreadable(structure.error());
  const VerifyOptions options;
  const PictureSubject subject{*structure, parsed, nullptr, options};
  Verification result;
  result.checks = {OnePicture(subject), ToneMapIsWhole(subject), AppleAuxiliary(subject)};
  if (parsed.map) {
    result.checks.push_back(NumbersAgree(subject));
    result.checks.push_back(MapDecodes(subject));
  }
  result.not_verified_by_libultrahdr.push_back(WhyNotLibultrahdr(parsed.base.format));
  return result;
}

}  // namespace hdrp
