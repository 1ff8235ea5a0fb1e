// M6 and P2..P6: what the gain map's samples say.
#include <algorithm>
#include <cmath>
#include <limits>

#include "gainmap/apply.h"
#include "gainmap/fine_gain.h"
#include "gainmap/gain.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

constexpr double kNeutralShare = 1e-4;       // of the pixels that may be coloured in a neutral map
constexpr int kComputedTopCode = 250;        // our range ends at the content's maximum
constexpr int kUsualTopCode = 200;           // real maps: 255 (Pixel), 218..249 (Apple)
constexpr double kVisibleShift = 0.5 / 255;  // half a code of linear light
constexpr double kRobustShare = 0.999;
constexpr double kHeadroomSlackStops = 0.05;
constexpr double kVeryHighHeadroomStops = 5;  // above what any camera or editor was seen to use
constexpr double kOrdinaryContentStops = 3;

std::size_t Channels(const Subject& subject) {
  return static_cast<std::size_t>(subject.statistics->channels);
}

int TopCode(const MapStatistics& statistics) {
  int top = 0;
  for (const auto& histogram : statistics.histogram) {
    for (int code = 0; code < 256; ++code) {
      if (histogram[static_cast<std::size_t>(code)] > 0) top = std::max(top, code);
    }
  }
  return top;
}

bool IsConstant(const Subject& subject) {
  for (std::size_t c = 0; c < Channels(subject); ++c) {
    const auto& histogram = subject.statistics->histogram[c];
    if (std::ranges::count_if(histogram, [](std::uint64_t n) { return n > 0; }) > 1) return false;
  }
  return true;
}

/// The gain that 99.9 % of the map's pixels do not exceed, of the channel that lifts most.
double RobustMaximumStops(const Subject& subject) {
  double maximum = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < Channels(subject); ++c) {
    const auto stops = StopsOfCodes(subject.map().metadata, static_cast<int>(c));
    const auto& histogram = subject.statistics->histogram[c];
    const double wanted = kRobustShare * static_cast<double>(subject.statistics->pixels);
    std::uint64_t seen = 0;
    for (std::size_t code = 0; code < 256; ++code) {  // stops grow with the code
      seen += histogram[code];
      if (static_cast<double>(seen) < wanted) continue;
      maximum = std::max(maximum, static_cast<double>(stops[code]));
      break;
    }
  }
  return maximum;
}

/// True where the range's top looks like a measured one, which belongs to one picture. Apple's
/// legacy headroom, and maps converted from it (min 0, no offsets), are the camera's; whole
/// multiples of white and round numbers of stops or nits are settings of a program.
bool RangeIsMeasured(const GainMapStream& map) {
  const GainMapMetadata& m = map.metadata;
  if (map.source == MetadataSource::kApple) return false;
  if (m.base_offset[0] == 0 && m.alternate_offset[0] == 0 && m.gain_map_min[0] == 0) return false;
  constexpr double kWhiteNits = 203;
  constexpr double kRoundNits = 100;
  const auto is_whole = [](double value) {
    return std::abs(value - std::round(value)) <= 1e-4 * std::max(1.0, std::abs(value));
  };
  const double top = *std::ranges::max_element(m.gain_map_max);
  const double times_white = std::exp2(top);
  return !is_whole(10 * top) && !is_whole(2 * times_white) &&
         !is_whole(times_white * kWhiteNits / kRoundNits);
}

/// P2: the map is a map, and uses its codes.
Check MapUsesItsRange(const Subject& subject) {
  Findings findings(subject);
  const int top = TopCode(*subject.statistics);
  const MapOrigin origin =
      subject.expected != nullptr ? subject.expected->map_origin : MapOrigin::kCopied;
  if (IsConstant(subject)) {
    // Phones lift whole frames, too; then the range says by how much, and every code is its top.
    const bool whole_frame = origin == MapOrigin::kPredicted && top >= kComputedTopCode;
    if (origin == MapOrigin::kDerived || (origin == MapOrigin::kPredicted && !whole_frame)) {
      findings.Fail("the gain map is constant (code {})", top);
    } else if (!whole_frame) {
      findings.Warn("the gain map is constant (code {})", top);
    }
  } else if (origin == MapOrigin::kPredicted && top < kComputedTopCode) {
    findings.Fail("the highest code of the gain map is {}, expected at least {}", top,
                  kComputedTopCode);
  } else if (origin == MapOrigin::kCopied && top < kUsualTopCode &&
             RangeIsMeasured(subject.map())) {
    findings.Warn("the highest code of the gain map is {}: its numbers may be another picture's",
                  top);
  }
  return std::move(findings).Verdict();
}

/// P3: something becomes brighter.
Check SomethingIsLifted(const Subject& subject) {
  Findings findings(subject);
  const double lift = RobustMaximumStops(subject);
  if (!(lift > kLeastLiftStops)) {
    findings.Fail("the gain map lifts nothing: 99.9 % of it stay at or below {:.3f} stops", lift);
  }
  return std::move(findings).Verdict();
}

/// One linear value under one gain, by the formula that applies maps.
float AppliedTo(float base, float gain_stops, const ApplyConstants& constants,
                std::size_t channel) {
  const std::array<float, 3> bases{base, base, base};
  const std::array<float, 3> gains{gain_stops, gain_stops, gain_stops};
  std::array<float, 3> hdr{};
  ApplyGainRowScalar(bases, gains, constants, hdr);
  return hdr[channel];
}

/// P4: no pixel exceeds what the numbers allow: white under the highest code present.
Check PeakIsBounded(const Subject& subject) {
  Findings findings(subject);
  const GainMapMetadata& metadata = subject.map().metadata;
  const ApplyConstants full = ApplyConstantsOf(metadata, 1);
  for (std::size_t c = 0; c < Channels(subject); ++c) {
    const auto stops = StopsOfCodes(metadata, static_cast<int>(c));
    const auto& histogram = subject.statistics->histogram[c];
    float peak = 0;
    for (std::size_t code = 0; code < 256; ++code) {
      if (histogram[code] > 0) peak = std::max(peak, AppliedTo(1, stops[code], full, c));
    }
    const double max = metadata.gain_map_max[c];
    const double code_step = (max - metadata.gain_map_min[c]) / 255;
    const double bound =
        (1 + metadata.base_offset[c]) * std::exp2(max + code_step) - metadata.alternate_offset[c];
    if (!(peak <= bound)) {
      findings.Fail("channel {} reaches {:.4f} times SDR white, its numbers allow {:.4f}", c, peak,
                    bound);
    }
  }
  return std::move(findings).Verdict();
}

/// P5: without headroom the base is shown as it is.
Check SdrViewIsUntouched(const Subject& subject) {
  Findings findings(subject);
  const GainMapMetadata& metadata = subject.map().metadata;
  const double weight = WeightOf(metadata, 0);
  if (weight != 0) {
    findings.Deviates("an SDR display would apply {:.3f} of the gain", weight);
    return std::move(findings).Verdict();
  }
  const ApplyConstants none = ApplyConstantsOf(metadata, weight);
  const float strongest = static_cast<float>(*std::ranges::max_element(metadata.gain_map_max));
  for (std::size_t c = 0; c < Channels(subject); ++c) {
    // Different offsets shift every value alike; readers do not apply the map at weight 0 at all.
    const double shift = metadata.base_offset[c] - metadata.alternate_offset[c];
    const double rounding = 1e-6 * (1 + std::abs(metadata.base_offset[c]));
    for (int code = 0; code < 256; ++code) {
      const float base = static_cast<float>(code) / 255;
      const double shown = AppliedTo(base, strongest, none, c);
      if (std::abs(shown - shift - base) <= rounding) continue;
      findings.Fail("channel {}: at weight 0 linear {} becomes {}", c, base, shown);
      return std::move(findings).Verdict();
    }
    if (std::abs(shift) > kVisibleShift) {
      findings.Warn(
          "channel {}: the offsets differ by {}; a reader that applies them at weight 0 "
          "would shift the picture",
          c, shift);
    }
  }
  return std::move(findings).Verdict();
}

/// P6: colour in the map is meant. A grey map stored as colour is no error, but we write none.
Check ColourIsMeant(const Subject& subject) {
  Findings findings(subject);
  const MapStatistics& statistics = *subject.statistics;
  const bool neutral = static_cast<double>(statistics.coloured_pixels) <=
                       kNeutralShare * static_cast<double>(statistics.pixels);
  if (statistics.channels == 3 && neutral && subject.expected != nullptr &&
      subject.expected->map_origin != MapOrigin::kCopied) {
    findings.Fail("the gain map is neutral, but stored with three components");
  }
  return std::move(findings).Verdict();
}

/// M6: the headroom is the content's, not a generic one: what the rendition reaches, where it was
/// rendered; else the highest gain, which white under it reaches.
Check HeadroomFitsContent(const Subject& subject) {
  Findings findings(subject);
  const double headroom = subject.map().metadata.alternate_hdr_headroom;
  const double gain = RobustMaximumStops(subject);
  const double content = subject.statistics->rendition_peak_stops.value_or(gain);
  if (subject.expected != nullptr && subject.expected->headroom_from_content &&
      std::abs(headroom - content) > kHeadroomSlackStops) {
    findings.Fail("the alternate headroom is {:.3f} stops, the content's maximum {:.3f}", headroom,
                  content);
  } else if (headroom >= kVeryHighHeadroomStops && content < kOrdinaryContentStops) {
    findings.Warn(
        "the alternate headroom is {:.2f} stops, the content needs {:.2f}: real displays "
        "will show it too dark",
        headroom, content);
  }
  return std::move(findings).Verdict();
}

constexpr auto kSampleChecks = std::to_array<NamedCheck>({
    {"M6", Scope::kMap, HeadroomFitsContent},
    {"P2", Scope::kMap, MapUsesItsRange},
    {"P3", Scope::kMap, SomethingIsLifted},
    {"P4", Scope::kMap, PeakIsBounded},
    {"P5", Scope::kMap, SdrViewIsUntouched},
    {"P6", Scope::kMap, ColourIsMeant},
});

}  // namespace

std::span<const NamedCheck> SampleChecks() { return kSampleChecks; }

}  // namespace hdrp
