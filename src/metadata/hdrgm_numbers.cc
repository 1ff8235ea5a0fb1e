// hdrgm texts as the metadata's numbers, after the specification's defaults.
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "metadata/number_text.h"
#include "metadata/xmp.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "hdrgm XMP";

/// One attribute: its name, the default (none: it is required) and where its numbers go.
template <typename Texts, typename Fractions>
struct Field {
  std::string_view name;
  Texts HdrgmValues::* texts;
  Fractions GainMapFractions::* fractions;
  Numerators numerators;
  std::optional<Fraction> fallback;
  std::string_view apples_name = {};
  Texts HdrgmValues::* apples_texts = nullptr;  ///< read where `texts` are absent
};
using ChannelField = Field<HdrgmValues::PerChannel, std::array<Fraction, 3>>;
using ScalarField = Field<std::optional<std::string>, Fraction>;

constexpr Fraction kZero{0, 1'000'000};
constexpr Fraction kOne{1'000'000, 1'000'000};
constexpr Fraction kOffset{15'625, 1'000'000};  // 1/64

constexpr std::array<ChannelField, 5> kChannelFields = {{
    {"GainMapMin", &HdrgmValues::gain_map_min, &GainMapFractions::gain_map_min, Numerators::kSigned,
     kZero},
    {"GainMapMax", &HdrgmValues::gain_map_max, &GainMapFractions::gain_map_max, Numerators::kSigned,
     std::nullopt},
    {"Gamma", &HdrgmValues::gamma, &GainMapFractions::gamma, Numerators::kUnsigned, kOne},
    {"OffsetSDR", &HdrgmValues::offset_sdr, &GainMapFractions::base_offset, Numerators::kSigned,
     kOffset},
    {"OffsetHDR", &HdrgmValues::offset_hdr, &GainMapFractions::alternate_offset,
     Numerators::kSigned, kOffset},
}};
constexpr std::array<ScalarField, 2> kScalarFields = {{
    {"HDRCapacityMin", &HdrgmValues::capacity_min, &GainMapFractions::base_hdr_headroom,
     Numerators::kUnsigned, kZero, "BaseHeadroom", &HdrgmValues::base_headroom},
    {"HDRCapacityMax", &HdrgmValues::capacity_max, &GainMapFractions::alternate_hdr_headroom,
     Numerators::kUnsigned, std::nullopt, "AlternateHeadroom", &HdrgmValues::alternate_headroom},
}};

[[nodiscard]] std::unexpected<Error> Missing(std::string_view name) {
  return Fail(ErrorCode::kBadInput, kWhere, "hdrgm:{} is missing", name);
}

[[nodiscard]] Expected<Fraction> Parsed(std::string_view name, std::string_view text,
                                        Numerators numerators) {
  if (const auto fraction = FractionFrom(text, numerators)) return *fraction;
  const bool is_signed = numerators == Numerators::kSigned;
  return Fail(ErrorCode::kBadInput, kWhere, "hdrgm:{} is \"{}\", expected a number {}", name,
              text.substr(0, 40), is_signed ? "of at most 31 bits" : "from 0, of at most 32 bits");
}

[[nodiscard]] Expected<Fraction> Read(const HdrgmValues& values, const ScalarField& field) {
  const std::optional<std::string>& text = values.*field.texts;
  if (text) return Parsed(field.name, *text, field.numerators);
  if (const std::optional<std::string>& apples = values.*field.apples_texts) {
    return Parsed(field.apples_name, *apples, field.numerators);
  }
  if (!field.fallback) return Missing(field.name);
  return *field.fallback;
}

[[nodiscard]] Expected<std::array<Fraction, 3>> Read(const HdrgmValues& values,
                                                     const ChannelField& field) {
  std::array<Fraction, 3> fractions;
  const HdrgmValues::PerChannel& texts = values.*field.texts;
  if (!texts) {
    if (!field.fallback) return Missing(field.name);
    fractions.fill(*field.fallback);
    return fractions;
  }
  if (texts->size() != 1 && texts->size() != 3) {
    return Fail(ErrorCode::kBadInput, kWhere, "hdrgm:{} has {} values, expected 1 or 3", field.name,
                texts->size());
  }
  for (std::size_t c = 0; c < 3; ++c) {
    const std::string& text = (*texts)[texts->size() == 1 ? 0 : c];
    HDRP_ASSIGN_OR_RETURN(fractions[c], Parsed(field.name, text, field.numerators));
  }
  return fractions;
}

/// "True" is the specification's spelling; others write "true", Apple "1".
[[nodiscard]] bool SaysTrue(const std::optional<std::string>& text) {
  if (!text) return false;
  const std::string_view word = Stripped(*text);
  return word == "True" || word == "true" || word == "1";
}

}  // namespace

Expected<GainMapMetadata> MetadataFromHdrgm(const HdrgmValues& values) {
  GainMapFractions fractions;
  for (const ChannelField& field : kChannelFields) {
    HDRP_ASSIGN_OR_RETURN(fractions.*field.fractions, Read(values, field));
  }
  for (const ScalarField& field : kScalarFields) {
    HDRP_ASSIGN_OR_RETURN(fractions.*field.fractions, Read(values, field));
  }
  // Apple's names already say which headroom is whose, the specification's do not.
  Fraction& base = fractions.base_hdr_headroom;
  Fraction& alternate = fractions.alternate_hdr_headroom;
  if (SaysTrue(values.base_rendition_is_hdr) && base.value() < alternate.value()) {
    std::swap(base, alternate);
  }
  return MetadataFrom(fractions, true);
}

HdrgmValues WithoutApplesNames(HdrgmValues values) {
  values.base_headroom.reset();
  values.alternate_headroom.reset();
  return values;
}

}  // namespace hdrp
