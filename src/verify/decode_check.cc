// P1: both streams decode. The map is reduced to histograms on the way, so that the checks of its
// samples cost no memory.
#include <algorithm>

#include "base/band_rows.h"
#include "decode/jpeg_pixels.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

constexpr double kMaxAspectDifference = 0.01;  // libultrahdr's limit too
constexpr int kNeutralSpreadCodes = 2;         // JPEG's own noise between equal channels

/// What is wrong with a picture is a finding; being asked to stop is not.
Expected<void> NoteUnlessStopped(Error error, std::string_view name, Findings& findings) {
  if (error.code == ErrorCode::kInterrupted || error.code == ErrorCode::kTimeout) {
    return std::unexpected(std::move(error));
  }
  findings.Fail("{}: {}", name, error.message);
  return {};
}

/// Reads a whole stream in bands and hands them on; what libjpeg had to say goes to `findings`.
template <typename Body>
Expected<void> ReadBands(ByteView jpeg, const VerifyOptions& options, const Body& body,
                         Findings& findings, std::string_view name) {
  auto reader = JpegRowReader::Open(
      jpeg, {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop});
  if (!reader) return NoteUnlessStopped(std::move(reader.error()), name, findings);
  Plane<std::uint8_t> rows(reader->width(), std::min(kBandRows, reader->height()),
                           reader->channels());
  for (int y = 0; y < reader->height(); y += rows.height()) {
    HDRP_RETURN_IF_ERROR(options.stop.Check("verify"));
    PlaneView<std::uint8_t> band = rows.view();
    band.height = std::min(rows.height(), reader->height() - y);
    if (auto read = reader->Read(band); !read) {
      return NoteUnlessStopped(std::move(read.error()), name, findings);
    }
    body(PlaneView<const std::uint8_t>(band));
  }
  for (const std::string& warning : reader->warnings()) {
    findings.Deviates("{}: libjpeg warns: {}", name, warning);
  }
  return {};
}

void Count(PlaneView<const std::uint8_t> band, MapStatistics& statistics) {
  statistics.channels = band.channels;
  for (int y = 0; y < band.height; ++y) {
    const std::uint8_t* row = band.Row(y);
    for (int x = 0; x < band.width; ++x, row += band.channels) {
      for (int c = 0; c < band.channels; ++c) {
        ++statistics.histogram[static_cast<std::size_t>(c)][row[c]];
      }
      if (band.channels == 3) {
        const auto [low, high] = std::minmax({row[0], row[1], row[2]});
        if (high - low > kNeutralSpreadCodes) ++statistics.coloured_pixels;
      }
    }
    statistics.pixels += static_cast<std::uint64_t>(band.width);
  }
}

void CheckAspect(const JpegFrame& base, const JpegFrame& map, Findings& findings) {
  if (AspectDifference(base, map) <= kMaxAspectDifference) return;
  findings.Fail("the gain map is {}x{}, the base {}x{}: the aspects differ by more than 1 %",
                map.width, map.height, base.width, base.height);
}

/// A stranger's base is decoded always, ours where it is not the one handed in, or on demand.
bool MustDecodeBase(const Subject& subject) {
  return subject.expected == nullptr || subject.options.level == VerifyLevel::kFull ||
         !SamePicture(subject.parsed.primary, *subject.expected->base);
}

}  // namespace

Expected<Check> StreamsDecode(const Subject& subject, std::optional<MapStatistics>& statistics) {
  Findings findings(subject);
  const JpegStream& map = subject.map().stream;
  CheckAspect(subject.parsed.primary.frame, map.frame, findings);
  MapStatistics counted;
  const auto count = [&](PlaneView<const std::uint8_t> band) { Count(band, counted); };
  HDRP_RETURN_IF_ERROR(
      ReadBands(map.In(subject.file), subject.options, count, findings, "gain map"));
  if (counted.pixels > 0) statistics = counted;
  if (MustDecodeBase(subject)) {
    const auto ignore = [](PlaneView<const std::uint8_t>) {};
    HDRP_RETURN_IF_ERROR(ReadBands(subject.parsed.primary.In(subject.file), subject.options, ignore,
                                   findings, "primary"));
  }
  return std::move(findings).Verdict();
}

}  // namespace hdrp
