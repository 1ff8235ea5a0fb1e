// What a job is expected to cost: a rule of thumb from what is asked and how large the pictures
// are, set right by what such jobs have cost on this machine.
#pragma once

#include <compare>
#include <cstdint>
#include <map>

#include "base/file_format.h"
#include "service/worker/job.h"

namespace hdrp {

/// What the cost depends on.
struct JobSize {
  JobKind kind = JobKind::kProcess;
  FileFormat format = FileFormat::kJpeg;  ///< that is delivered
  bool has_reference = false;
  double megapixels = 0, reference_megapixels = 0;
};

/// Of a job whose fields were checked. Reads a few bytes of its files (picture_pixels.h).
[[nodiscard]] JobSize SizeOf(const Job& job);

class CostBook {
 public:
  /// Seconds that one worker needs; rather too many than too few.
  [[nodiscard]] double Estimate(const JobSize& size) const;
  /// It took so long.
  void Learn(const JobSize& size, double seconds);

 private:
  struct Kind {
    JobKind kind;
    FileFormat format;
    bool has_reference;
    auto operator<=>(const Kind&) const = default;
  };
  /// How jobs of a kind compare with the rule: means that forget, as TCP estimates round trips
  /// (RFC 6298).
  struct Seen {
    double ratio = 1, deviation = 0.25;
  };
  [[nodiscard]] static Kind KindOf(const JobSize& size) {
    return {size.kind, size.format, size.has_reference};
  }
  std::map<Kind, Seen> seen_;
};

}  // namespace hdrp
