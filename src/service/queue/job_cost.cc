#include "service/queue/job_cost.h"

#include <algorithm>
#include <cmath>

#include "service/queue/picture_pixels.h"

namespace hdrp {
namespace {

/// Seconds of one core, about, where nothing is known yet; docs/benchmarks.md has measured ones.
[[nodiscard]] double RuleOfThumb(const JobSize& size) {
  constexpr double kStart = 0.03;
  if (size.kind == JobKind::kInspect) return kStart + 0.005 * size.megapixels;
  double each = size.has_reference ? 0.03 : 0.04;
  if (size.format != FileFormat::kJpeg) each += 0.35;
  return kStart + each * size.megapixels + 0.02 * size.reference_megapixels;
}

/// A file of noise, or a machine that swaps: not what the next job will cost.
constexpr double kLeastRatio = 0.1, kMostRatio = 20;

}  // namespace

JobSize SizeOf(const Job& job) {
  JobSize size{.kind = job.kind};
  for (const FormFile& file : job.files) {
    const double megapixels = std::min(1e-6 * static_cast<double>(GuessPixels(file)),
                                       1e-6 * static_cast<double>(job.limits.max_pixels));
    if (file.name == "img") size.megapixels = megapixels;
    if (file.name == "ref") {
      size.has_reference = true;
      size.reference_megapixels = megapixels;
    }
  }
  for (const FormText& field : job.fields) {
    if (field.name != "format") continue;
    for (const FormatInfo& info : kFileFormats) {
      if (info.word == field.text) size.format = info.format;
    }
  }
  return size;
}

double CostBook::Estimate(const JobSize& size) const {
  const auto found = seen_.find(KindOf(size));
  const Seen seen = found == seen_.end() ? Seen{} : found->second;
  return RuleOfThumb(size) * (seen.ratio + seen.deviation);
}

void CostBook::Learn(const JobSize& size, double seconds) {
  Seen& seen = seen_[KindOf(size)];
  const double ratio = std::clamp(seconds / RuleOfThumb(size), kLeastRatio, kMostRatio);
  seen.deviation += (std::abs(ratio - seen.ratio) - seen.deviation) / 4;
  seen.ratio += (ratio - seen.ratio) / 8;
}

}  // namespace hdrp
