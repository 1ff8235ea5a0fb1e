#include "gainmap/metadata.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "base/formatted.h"

namespace hdrp {
namespace {

constexpr double kDegenerateHeadroomStops = 1e-5;
constexpr double kMinWrittenRangeStops = 1e-3;
/// What a signed numerator holds over the denominator 1,000,000.
constexpr double kLargestWritten = 2147;

/// Every number of the metadata with its name, for rules that hold for all of them.
struct Named {
  std::string_view name;
  const std::array<double, 3>* values;
};
[[nodiscard]] std::array<Named, 5> PerChannelFields(const GainMapMetadata& m) {
  return {{{"gain_map_min", &m.gain_map_min},
           {"gain_map_max", &m.gain_map_max},
           {"gamma", &m.gamma},
           {"base_offset", &m.base_offset},
           {"alternate_offset", &m.alternate_offset}}};
}

/// A genuinely black picture: a camera wrote max 0 and a headroom of practically nothing.
[[nodiscard]] bool IsBlackPicture(const GainMapMetadata& m) {
  return std::ranges::all_of(m.gain_map_max, [](double v) { return v == 0; }) &&
         std::ranges::all_of(m.gain_map_min, [](double v) { return v == 0; }) &&
         std::abs(m.alternate_hdr_headroom) <= kDegenerateHeadroomStops && m.base_hdr_headroom == 0;
}

/// Denominator 10^6, or more where the value needs it, as far as both parts fit their fields.
[[nodiscard]] Fraction FractionOf(double value, bool is_signed) {
  const double limit = is_signed ? static_cast<double>(std::numeric_limits<std::int32_t>::max())
                                 : static_cast<double>(std::numeric_limits<std::uint32_t>::max());
  Fraction best{0, 1'000'000};
  for (std::uint32_t denominator = 1'000'000; denominator <= 1'000'000'000; denominator *= 10) {
    const double scaled = std::round(value * denominator);
    if (!(std::abs(scaled) <= limit)) break;
    best = {static_cast<std::int64_t>(scaled), denominator};
    if (std::abs(best.value() - value) <= 1e-6 * std::abs(value)) return best;
  }
  return best;
}

}  // namespace

bool GainMapMetadata::IsSingleChannel() const {
  return std::ranges::all_of(PerChannelFields(*this), [](const Named& field) {
    const auto& v = *field.values;
    return v[0] == v[1] && v[0] == v[2];
  });
}

bool IsHdrBase(const GainMapMetadata& metadata) {
  return metadata.base_hdr_headroom > metadata.alternate_hdr_headroom;
}

std::vector<std::string> BrokenRules(const GainMapMetadata& m, MetadataUse use) {
  std::vector<std::string> broken;
  const auto demand = [&broken](bool kept, std::string sentence) {
    // Once, where all channels break it alike.
    if (!kept && !std::ranges::contains(broken, sentence)) broken.push_back(std::move(sentence));
  };
  const bool writing = use == MetadataUse::kWrite;
  const auto check_number = [&](std::string_view name, double value) {
    demand(std::isfinite(value), Formatted("{} is not a finite number", name));
    // Fractions that were read fit as they are.
    demand(!std::isfinite(value) || !writing || m.fractions || std::abs(value) <= kLargestWritten,
           Formatted("{} is {}, too large to be written as a fraction", name, value));
  };
  for (const Named& field : PerChannelFields(m)) {
    for (const double value : *field.values) check_number(field.name, value);
  }
  check_number("base_hdr_headroom", m.base_hdr_headroom);
  check_number("alternate_hdr_headroom", m.alternate_hdr_headroom);
  if (!broken.empty()) return broken;

  for (std::size_t c = 0; c < 3; ++c) {
    demand(m.gamma[c] > 0, Formatted("gamma is {}, expected more than 0", m.gamma[c]));
    const double range = m.gain_map_max[c] - m.gain_map_min[c];
    demand(range >= 0, Formatted("gain_map_max {} is below gain_map_min {}", m.gain_map_max[c],
                                 m.gain_map_min[c]));
    if (!writing) continue;
    demand(range < 0 || range >= kMinWrittenRangeStops,
           Formatted("gain_map_max {} equals gain_map_min {}: the map says nothing",
                     m.gain_map_max[c], m.gain_map_min[c]));
    demand(m.base_offset[c] >= 0, Formatted("base_offset is negative ({})", m.base_offset[c]));
    demand(m.alternate_offset[c] >= 0,
           Formatted("alternate_offset is negative ({})", m.alternate_offset[c]));
  }
  if (writing || !IsBlackPicture(m)) {
    const double least = writing ? kMinWrittenRangeStops : 0;
    const double difference = m.alternate_hdr_headroom - m.base_hdr_headroom;
    demand(difference > 0 && difference >= least,
           Formatted("alternate_hdr_headroom {} is not above base_hdr_headroom {}",
                     m.alternate_hdr_headroom, m.base_hdr_headroom));
  }
  if (writing) {
    demand(m.base_hdr_headroom >= 0,
           Formatted("base_hdr_headroom is negative ({})", m.base_hdr_headroom));
  }
  return broken;
}

GainMapFractions FractionsOf(const GainMapMetadata& m) {
  if (m.fractions) return *m.fractions;
  GainMapFractions f;
  for (std::size_t c = 0; c < 3; ++c) {
    f.gain_map_min[c] = FractionOf(m.gain_map_min[c], true);
    f.gain_map_max[c] = FractionOf(m.gain_map_max[c], true);
    f.gamma[c] = FractionOf(m.gamma[c], false);
    f.base_offset[c] = FractionOf(m.base_offset[c], true);
    f.alternate_offset[c] = FractionOf(m.alternate_offset[c], true);
  }
  f.base_hdr_headroom = FractionOf(m.base_hdr_headroom, false);
  f.alternate_hdr_headroom = FractionOf(m.alternate_hdr_headroom, false);
  return f;
}

GainMapMetadata MetadataFrom(const GainMapFractions& f, bool use_base_color_space) {
  GainMapMetadata m;
  for (std::size_t c = 0; c < 3; ++c) {
    m.gain_map_min[c] = f.gain_map_min[c].value();
    m.gain_map_max[c] = f.gain_map_max[c].value();
    m.gamma[c] = f.gamma[c].value();
    m.base_offset[c] = f.base_offset[c].value();
    m.alternate_offset[c] = f.alternate_offset[c].value();
  }
  m.base_hdr_headroom = f.base_hdr_headroom.value();
  m.alternate_hdr_headroom = f.alternate_hdr_headroom.value();
  m.use_base_color_space = use_base_color_space;
  m.fractions = f;
  return m;
}

namespace {

[[nodiscard]] GainMapMetadata Scaled(const GainMapMetadata& metadata, double factor) {
  GainMapMetadata result = metadata;
  for (std::size_t c = 0; c < 3; ++c) {
    result.gain_map_min[c] *= factor;
    result.gain_map_max[c] *= factor;
  }
  result.alternate_hdr_headroom *= factor;
  result.fractions.reset();
  return result;
}

}  // namespace

Expected<GainMapMetadata> WithBoost(const GainMapMetadata& metadata, double boost_stops) {
  constexpr double kMinBoost = 0.1;
  constexpr double kMaxBoost = 6;
  if (!(boost_stops >= kMinBoost && boost_stops <= kMaxBoost)) {
    return Fail(
        ErrorCode::kBadArgument, "boost", "expected a headroom of {} to {} stops, found {}{}",
        kMinBoost, kMaxBoost, boost_stops,
        boost_stops <= 0 ? " (a file without headroom is a plain JPEG, not an Ultra HDR one)" : "");
  }
  // A black picture has no headroom to scale by; BrokenRules says why it cannot be written.
  const double headroom = metadata.alternate_hdr_headroom;
  GainMapMetadata result = Scaled(metadata, headroom > 0 ? boost_stops / headroom : 1);
  result.alternate_hdr_headroom = boost_stops;  // whatever rounding made of the product
  return result;
}

Expected<GainMapMetadata> WithStrength(const GainMapMetadata& metadata, double strength) {
  if (!(strength >= 0 && strength <= 1)) {
    return Fail(ErrorCode::kBadArgument, "strength", "expected a share of 0 to 1, found {}",
                strength);
  }
  constexpr double kLeastHeadroomStops = 1e-3;  // BrokenRules' for writing
  if (metadata.alternate_hdr_headroom * strength < kLeastHeadroomStops) {
    return Fail(ErrorCode::kNoGainMap, "strength",
                "a strength of {} leaves no gain: the result would be the SDR picture", strength);
  }
  return Scaled(metadata, strength);
}

}  // namespace hdrp
