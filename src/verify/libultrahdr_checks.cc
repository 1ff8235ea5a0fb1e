// U1 and U2: what an independent decoder makes of the file.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/formatted.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/apply.h"
#include "gainmap/gain.h"
#include "gainmap/gain_rows.h"
#include "gainmap/half.h"
#include "verify/checks.h"
#include "verify/libultrahdr.h"

namespace hdrp {
namespace {

constexpr int kMaxSide = 8192;  // a build-time constant of the Debian package
// The library's linear floats within 1e-5, here in stops; offsets within 1e-6.
constexpr Tolerance kProbe{1e-5, 1.5e-5};

// Differences are counted where half floats still resolve them and the library does not clip.
constexpr float kDarkest = 1.0F / 256;
constexpr float kBrightest = 48;
// Chart patches of 1:1 maps agree within 0.003 stop, photographs in the median within 0.022.
constexpr double kExactStops = 0.01;
constexpr double kMedianStops = 0.05;
constexpr double kGainTableEntries = 1024;  // the library's own quantisation of the log range

/// Horizontal and vertical samples of the first component for each one of the others.
bool HasKnownSampling(const JpegFrame& frame) {
  if (frame.components.size() != 3) return frame.components.size() == 1;
  const JpegComponent& luma = frame.components[0];
  for (std::size_t c = 1; c < 3; ++c) {
    const JpegComponent& chroma = frame.components[c];
    const bool full = luma.horizontal == chroma.horizontal && luma.vertical == chroma.vertical;
    const bool half_width =
        luma.horizontal == 2 * chroma.horizontal && luma.vertical == chroma.vertical;
    const bool half =
        luma.horizontal == 2 * chroma.horizontal && luma.vertical == 2 * chroma.vertical;
    if (!full && !half_width && !half) return false;
  }
  return true;
}

/// A distribution of differences in thousandths of a stop.
class Differing {
 public:
  void Add(double stops) {
    const double bin = std::min(std::abs(stops) * 1000, static_cast<double>(bins_.size() - 1));
    ++bins_[std::isnan(stops) ? bins_.size() - 1 : static_cast<std::size_t>(bin)];
    ++count_;
  }
  [[nodiscard]] double Percentile(double share) const {
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
      seen += bins_[bin];
      if (static_cast<double>(seen) >= share * static_cast<double>(count_)) {
        return static_cast<double>(bin) / 1000;
      }
    }
    return 0;  // nothing was counted
  }

 private:
  std::array<std::uint64_t, 10'001> bins_{};
  std::uint64_t count_ = 0;
};

/// Our own application of the map to the library's SDR rendition, against the library's.
class Comparison {
 public:
  Comparison(const Subject& subject, EncodedGainMap map, Plane<std::uint16_t> sdr)
      : subject_(subject), map_(std::move(map)), sdr_(std::move(sdr)) {}

  [[nodiscard]] Expected<void> At(double headroom_stops, Findings& findings) const {
    const auto theirs = DecodeWithLibultrahdr(subject_.file, headroom_stops);
    if (!theirs) {
      findings.Fail("libultrahdr does not decode: {}", theirs.error().message);
      return {};
    }
    HDRP_ASSIGN_OR_RETURN(const Differing differing, Compare(*theirs, headroom_stops));
    const JpegFrame& base = subject_.parsed.primary.frame;
    const bool same_size = map_.codes.width() == base.width && map_.codes.height() == base.height;
    const double median = differing.Percentile(0.5);
    if (median > kMedianStops) {
      findings.Fail(
          "at {:.2f} stops of headroom libultrahdr and our rendition differ by {:.3f} "
          "stops in the median",
          headroom_stops, median);
    } else if (same_size && differing.Percentile(0.99) > ExactStops()) {
      findings.Fail(
          "at {:.2f} stops of headroom 1 % of libultrahdr's pixels differ by more than "
          "{:.3f} stops",
          headroom_stops, differing.Percentile(0.99));
    }
    return {};
  }

 private:
  [[nodiscard]] double ExactStops() const {
    double range = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      range = std::max(range, map_.metadata.gain_map_max[c] - map_.metadata.gain_map_min[c]);
    }
    return kExactStops + range / kGainTableEntries;
  }

  [[nodiscard]] Expected<Differing> Compare(const Plane<std::uint16_t>& theirs,
                                            double headroom_stops) const {
    const GainMapMetadata& metadata = map_.metadata;
    const ApplyConstants constants = ApplyConstantsOf(metadata, WeightOf(metadata, headroom_stops));
    const GainRows gains(map_, sdr_.width(), sdr_.height());
    const std::size_t samples = static_cast<std::size_t>(sdr_.width()) * 3;
    std::vector<float> base(samples);
    std::vector<float> stops(samples);
    std::vector<float> ours(samples);
    Differing differing;
    for (int y = 0; y < sdr_.height(); ++y) {
      HDRP_RETURN_IF_ERROR(subject_.options.stop.Check("verify"));
      ReadBase(y, base);
      gains.Row(y, stops);
      ApplyGainRow(base, stops, constants, ours);
      const std::uint16_t* row = theirs.Row(y);
      for (std::size_t i = 0; i < samples; ++i) {
        const float other = FloatFromHalf(row[i / 3 * 4 + i % 3]);
        if (ours[i] < kDarkest || ours[i] > kBrightest) continue;
        differing.Add(std::log2(static_cast<double>(other) / static_cast<double>(ours[i])));
      }
    }
    return differing;
  }

  /// The library's SDR rendition is its linear base under weight 0, that is with both offsets in
  /// it.
  void ReadBase(int y, std::span<float> base) const {
    const std::uint16_t* row = sdr_.Row(y);
    for (std::size_t i = 0; i < base.size(); ++i) {
      const std::size_t c = i % 3;
      const double offsets = map_.metadata.alternate_offset[c] - map_.metadata.base_offset[c];
      base[i] = FloatFromHalf(row[i / 3 * 4 + c]) + static_cast<float>(offsets);
    }
  }

  const Subject& subject_;
  EncodedGainMap map_;
  Plane<std::uint16_t> sdr_;
};

}  // namespace

std::vector<std::string> LibultrahdrExceptions(const GainMapJpeg& file) {
  std::vector<std::string> exceptions;
  if (!file.map) return exceptions;
  const JpegFrame& base = file.primary.frame;
  if (std::max(base.width, base.height) > kMaxSide) {
    exceptions.push_back(Formatted("the base is {}x{} pixels; libultrahdr stops at {} on a side",
                                   base.width, base.height, kMaxSide));
  }
  if (base.components.size() == 1) {
    exceptions.push_back("the base is grey, which libultrahdr does not decode");
  } else if (IsRgbCoded(file.primary)) {
    exceptions.push_back("the base is coded as RGB, which libultrahdr does not decode");
  } else if (!HasKnownSampling(base)) {
    exceptions.push_back(
        "the base's chroma sampling is none of 4:4:4, 4:2:2 and 4:2:0, which libultrahdr expects");
  }
  if (!HasKnownSampling(file.map->stream.frame)) {
    exceptions.push_back("the gain map's sampling is none that libultrahdr expects");
  }
  if (file.map->source == MetadataSource::kXmp && !file.map->metadata.IsSingleChannel()) {
    exceptions.push_back(
        "the XMP is per channel without an ISO block, which libultrahdr cannot read");
  }
  if (file.map->source == MetadataSource::kApple) {
    exceptions.push_back("the metadata are Apple's alone, whose headroom libultrahdr misreads");
  }
  return exceptions;
}

Check ProbeAgrees(const Subject& subject) {
  Findings findings(subject);
  const auto probe = ProbeWithLibultrahdr(subject.file);
  if (!probe) {
    findings.Fail("libultrahdr refuses the file: {}", probe.error().message);
    return std::move(findings).Verdict();
  }
  const JpegFrame& base = subject.parsed.primary.frame;
  const JpegFrame& map = subject.map().stream.frame;
  if (probe->width != base.width || probe->height != base.height || probe->map_width != map.width ||
      probe->map_height != map.height) {
    findings.Fail("libultrahdr sees a {}x{} base with a {}x{} map, expected {}x{} with {}x{}",
                  probe->width, probe->height, probe->map_width, probe->map_height, base.width,
                  base.height, map.width, map.height);
  }
  for (const std::string& difference :
       Differences(probe->metadata, subject.map().metadata, kProbe)) {
    findings.Fail("libultrahdr against our reader: {}", difference);
  }
  return std::move(findings).Verdict();
}

Expected<Check> RenditionsAgree(const Subject& subject) {
  Findings findings(subject);
  const JpegStream& stream = subject.map().stream;
  auto decoded = DecodeJpeg(stream.In(subject.file), {.output = JpegOutput::kAsStored,
                                                      .limits = subject.options.limits,
                                                      .stop = subject.options.stop});
  auto sdr = DecodeWithLibultrahdr(subject.file, 0);
  if (!decoded) findings.Fail("the gain map does not decode: {}", decoded.error().message);
  if (!sdr) findings.Fail("libultrahdr does not decode: {}", sdr.error().message);
  if (!decoded || !sdr) return std::move(findings).Verdict();

  const GainMapMetadata& metadata = subject.map().metadata;
  const Comparison comparison(subject, {std::move(decoded->pixels), metadata}, std::move(*sdr));
  for (const double weight : {0.5, 1.0}) {
    const double headroom =
        std::lerp(metadata.base_hdr_headroom, metadata.alternate_hdr_headroom, weight);
    HDRP_RETURN_IF_ERROR(comparison.At(headroom, findings));
  }
  return std::move(findings).Verdict();
}

}  // namespace hdrp
