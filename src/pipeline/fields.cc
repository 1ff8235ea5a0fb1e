#include "pipeline/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>

namespace hdrp {
namespace {

using Word = std::string_view;

// Words stand in the order of their enumerators.
constexpr std::array<Word, 3> kModes = {"auto", "reference", "predict"};
constexpr std::array<Word, 3> kAlignModes = {"auto", "none", "require"};
constexpr std::array<Word, 2> kKeeps = {"gain", "hdr"};
constexpr std::array<Word, 2> kFills = {"predict", "neutral"};
constexpr auto kFormats = kWordsWritten<Writes::kGainMap>;
constexpr std::array<Word, 3> kHeicForms = {"both", "iso", "apple"};
constexpr std::array<Word, 3> kStyles = {"phone", "highlights", "acr"};
constexpr std::array<Word, 3> kExifPolicies = {"keep", "allow", "strip"};
constexpr std::array<Word, 3> kAppleTransfers = {"gamma22", "srgb", "rec709"};
constexpr std::array<Word, 3> kFlattens = {"refuse", "black", "white"};
constexpr std::array<Word, 2> kChromas = {"444", "420"};
constexpr std::array<Word, 3> kMapScales = {"1", "2", "4"};
constexpr std::array<Word, 2> kMapChannels = {"1", "3"};
static_assert(static_cast<int>(Mode::kPredict) == 2);
static_assert(static_cast<int>(HeicForm::kApple) == 2);
static_assert(static_cast<int>(PredictStyle::kAcr) == 2);
static_assert(static_cast<int>(ExifPolicy::kStrip) == 2 &&
              static_cast<int>(ExifPolicy::kKeep) == 0);
static_assert(static_cast<int>(AppleTransfer::kGamma22) == 0 &&
              static_cast<int>(AppleTransfer::kRec709) == 2);
static_assert(static_cast<int>(Flatten::kRefuse) == 0 && static_cast<int>(Flatten::kWhite) == 2);

constexpr std::array kFields = {
    Field{FieldGroup::kGain, "mode", "where the gain map comes from", "auto", "",
          WordField{kModes, [](Options& o, std::size_t i) { o.mode = static_cast<Mode>(i); }}},
    Field{
        FieldGroup::kGain, "align",
        "an edit of another framing than ORIGINAL: look for it there, or refuse it", "auto", "",
        WordField{kAlignModes,
                  [](Options& o, std::size_t i) { o.framing.align = static_cast<AlignMode>(i); }}},
    Field{FieldGroup::kGain, "keep",
          "of ORIGINAL, where the edit's tone differs: its gain, or its HDR rendition", "gain", "",
          WordField{kKeeps, [](Options& o, std::size_t i) { o.keep = static_cast<Keep>(i); }}},
    Field{FieldGroup::kGain, "fill", "gain where the edit shows something else than ORIGINAL",
          "predict", "",
          WordField{kFills, [](Options& o, std::size_t i) { o.fill = static_cast<Fill>(i); }}},
    Field{FieldGroup::kGain, "boost", "headroom in stops, 0.1 to 6; rescales the map", "",
          "the map's own",
          NumberField{0.1, 6, false, "STOPS", [](Options& o, double v) { o.boost_stops = v; }}},
    Field{FieldGroup::kGain, "strength", "share of the gain that is kept, after boost", "1", "",
          NumberField{0, 1, false, "0..1", [](Options& o, double v) { o.strength = v; }}},
    Field{FieldGroup::kOutput, "format", "of the output", "jpeg", "as --out is named, else jpeg",
          WordField{kFormats,
                    [](Options& o, std::size_t i) {
                      o.output.format = kFormatsWritten<Writes::kGainMap>[i];
                    }}},
    Field{
        FieldGroup::kPrediction, "style",
        "of a predicted map: as phones make them, only what shines, or like Camera Raw's (little "
        "measured)",
        "phone", "",
        WordField{kStyles, [](Options& o,
                              std::size_t i) { o.predict.style = static_cast<PredictStyle>(i); }}},
    Field{FieldGroup::kPrediction, "guard",
          "of a predicted map, as often as needed: off, on or 0 to 1 (docs/prediction.md)", "", "",
          GuardField{}},
    Field{FieldGroup::kOutput, "exif",
          "metadata policy; allow drops places, serial numbers, MakerNote", "allow", "",
          WordField{kExifPolicies,
                    [](Options& o, std::size_t i) { o.output.exif = static_cast<ExifPolicy>(i); }}},
    Field{FieldGroup::kOutput, "map_quality", "of a map that is encoded anew", "", "what fits",
          NumberField{1, 100, true, "Q",
                      [](Options& o, double v) { o.output.map_quality = static_cast<int>(v); }}},
    Field{FieldGroup::kOutput, "base_quality", "of a base that is encoded", "", "95 in JPEG",
          NumberField{1, 100, true, "Q",
                      [](Options& o, double v) { o.output.base_quality = static_cast<int>(v); }}},
    Field{
        FieldGroup::kOutput, "base_chroma", "its chroma sampling", "",
        "in JPEG 444 from quality 90 on, else 420",
        WordField{kChromas, [](Options& o, std::size_t i) { o.output.subsample_chroma = i == 1; }}},
    Field{FieldGroup::kOutput, "heic_form", "what a HEIC says of its map: ISO 21496-1, Apple's",
          "both", "",
          WordField{
              kHeicForms,
              [](Options& o, std::size_t i) { o.output.heic_form = static_cast<HeicForm>(i); }}},
    Field{FieldGroup::kOutput, "apple_transfer", "curve of Apple's legacy gain maps", "gamma22", "",
          WordField{
              kAppleTransfers,
              [](Options& o, std::size_t i) { o.apple_transfer = static_cast<AppleTransfer>(i); }}},
    Field{FieldGroup::kPictures, "hdr_white", "luminance of SDR white in an HDR rendition", "",
          "203",
          NumberField{1, 10000, false, "NITS",
                      [](Options& o, double v) { o.derive.hdr_white_nits = v; }}},
    Field{FieldGroup::kPictures, "hdr_exposure", "added to an HDR rendition's exposure", "", "",
          NumberField{-20, 20, false, "STOPS",
                      [](Options& o, double v) { o.derive.hdr_exposure_stops = v; }}},
    Field{FieldGroup::kPictures, "anchor",
          "scale an HDR rendition to the edit's mid-tones where they clearly disagree", "true", "",
          SwitchField{true, [](Options& o, bool on) { o.derive.anchor = on; }}},
    Field{FieldGroup::kPictures, "gain_map_scale", "resolution of a derived map: 1, 1/2 or 1/4", "",
          "by what is lost",
          WordField{kMapScales, [](Options& o, std::size_t i) { o.derive.map_scale = 1 << i; }}},
    Field{FieldGroup::kPictures, "gain_map_channels",
          "of a derived map: one gain, or one per colour", "1", "",
          WordField{kMapChannels,
                    [](Options& o, std::size_t i) { o.derive.map_channels = i == 0 ? 1 : 3; }}},
    Field{FieldGroup::kPictures, "flatten", "pixels that are not opaque", "refuse", "",
          WordField{kFlattens,
                    [](Options& o, std::size_t i) { o.edit.flatten = static_cast<Flatten>(i); }}},
    Field{FieldGroup::kPictures, "keep_icc", "keep its profile where Display P3 would be written",
          "false", "", SwitchField{false, [](Options& o, bool on) { o.edit.keep_icc = on; }}},
    Field{FieldGroup::kPictures, "convert_icc",
          "convert a JPEG's wide profile to Display P3 too: encodes the edit anew", "false", "",
          SwitchField{false, [](Options& o, bool on) { o.edit.convert_icc = on; }}},
    Field{FieldGroup::kPictures, "force_reference",
          "use ORIGINAL although the pictures do not seem to be the same", "false", "",
          SwitchField{false, [](Options& o, bool on) { o.framing.force_reference = on; }}},
};

constexpr std::array kFiles = {
    FileField{"img", "EDIT", "the edited SDR picture (JPEG, PNG, TIFF, WebP, HEIC, AVIF, JXL)",
              true},
    FileField{"ref", "ORIGINAL",
              "its HDR original: gain-map JPEG, HEIC, AVIF; EXR, float TIFF, PQ, HLG ...", false},
    FileField{"mask", "PNG", "edited regions in white: none of ORIGINAL's gain there", false},
};

[[nodiscard]] std::optional<double> NumberOf(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

[[nodiscard]] Expected<void> Set(const NumberField& number, const Field& field,
                                 std::string_view text, Options& options) {
  const std::optional<double> value = NumberOf(text);
  // Written so that NaN is refused.
  const bool inside = value && *value >= number.low && *value <= number.high;
  if (!inside || (number.whole && std::trunc(*value) != *value)) {
    return Fail(ErrorCode::kBadArgument, field.name, "expected {} {} to {}, found \"{}\"",
                number.whole ? "a whole number from" : "a number from", number.low, number.high,
                text);
  }
  number.set(options, *value);
  return {};
}

[[nodiscard]] Expected<void> Set(const WordField& list, const Field& field, std::string_view text,
                                 Options& options) {
  const auto found = std::ranges::find(list.words, text);
  if (found == list.words.end()) {
    std::string words;
    for (const std::string_view word : list.words) (words += words.empty() ? "" : ", ") += word;
    return Fail(ErrorCode::kBadArgument, field.name, "expected one of {}; found \"{}\"", words,
                text);
  }
  list.set(options, static_cast<std::size_t>(found - list.words.begin()));
  return {};
}

[[nodiscard]] Expected<void> Set(const SwitchField& toggle, const Field& field,
                                 std::string_view text, Options& options) {
  const bool on = text == "true" || text == "on" || text == "1";
  if (!on && text != "false" && text != "off" && text != "0") {
    return Fail(ErrorCode::kBadArgument, field.name, "expected true or false, found \"{}\"", text);
  }
  toggle.set(options, on);
  return {};
}

[[nodiscard]] Expected<void> Set(const GuardField&, const Field& field, std::string_view text,
                                 Options& options) {
  Expected<GuardStrengths> guards = WithGuard(options.predict.guards, text);
  if (!guards) {
    guards.error().where = field.name;
    return std::unexpected(std::move(guards.error()));
  }
  options.predict.guards = *guards;
  return {};
}

}  // namespace

std::span<const Field> JobFields() { return kFields; }
std::span<const FileField> JobFiles() { return kFiles; }

std::span<const GuardInfo> JobGuards() { return kGuardInfos; }

const Field& JobField(std::string_view name) {
  return *std::ranges::find(kFields, name, &Field::name);
}

std::string FlagOf(const Field& field) {
  const auto* toggle = std::get_if<SwitchField>(&field.kind);
  std::string flag =
      (toggle != nullptr && toggle->initial ? "--no-" : "--") + std::string(field.name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

Expected<void> SetField(const Field& field, std::string_view text, Options& options) {
  return std::visit([&](const auto& kind) { return Set(kind, field, text, options); }, field.kind);
}

}  // namespace hdrp
