#include "verify/verify.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "base/formatted.h"
#include "verify/checks.h"

namespace hdrp {
namespace {

std::vector<std::string> Sentences(const std::vector<Check>& checks, CheckResult result) {
  std::vector<std::string> sentences;
  for (const Check& check : checks) {
    if (check.result == result) {
      sentences.push_back(Formatted("{}: {}", check.id, check.sentence));
    }
  }
  return sentences;
}

void Add(std::string_view id, Check check, std::vector<Check>& checks) {
  check.id = id;
  checks.push_back(std::move(check));
}

void Run(std::span<const NamedCheck> list, const Subject& subject, std::vector<Check>& checks) {
  for (const NamedCheck& named : list) {
    const bool has_subject = named.scope != Scope::kMap || subject.parsed.map.has_value();
    Add(named.id, has_subject ? named.run(subject) : Findings::NotRun("there is no gain map"),
        checks);
  }
}

bool PeakIsAsked(const Subject& subject) {
  return subject.expected != nullptr && subject.expected->headroom_from_content &&
         subject.expected->linear_of_base != nullptr;
}

/// P1, and with the samples it finds M6 and P2..P6.
Expected<void> RunPixelChecks(const Subject& subject, std::vector<Check>& checks) {
  std::optional<MapStatistics> statistics;
  if (!subject.parsed.map) {
    Add("P1", Findings::NotRun("there is no gain map"), checks);
  } else if (subject.options.level == VerifyLevel::kStructure) {
    Add("P1", Findings::NotRun("only the structure was to be checked"), checks);
  } else {
    HDRP_ASSIGN_OR_RETURN(Check decoded, StreamsDecode(subject, statistics));
    const bool good = decoded.result != CheckResult::kFailed;
    Add("P1", std::move(decoded), checks);
    if (statistics && good && PeakIsAsked(subject)) {
      HDRP_ASSIGN_OR_RETURN(statistics->rendition_peak_stops, DeliveredPeakStops(subject));
    }
  }
  if (statistics) {
    Subject with_samples = subject;
    with_samples.statistics = &*statistics;
    Run(SampleChecks(), with_samples, checks);
    return {};
  }
  for (const NamedCheck& check : SampleChecks()) {
    Add(check.id, Findings::NotRun("the gain map was not decoded"), checks);
  }
  return {};
}

Expected<void> RunLibultrahdr(const Subject& subject, Verification& result) {
  result.not_verified_by_libultrahdr = LibultrahdrExceptions(subject.parsed);
  if (!subject.parsed.map || !result.not_verified_by_libultrahdr.empty()) {
    const std::string_view why =
        subject.parsed.map ? "libultrahdr cannot judge this file" : "there is no gain map";
    Add("U1", Findings::NotRun(why), result.checks);
    Add("U2", Findings::NotRun(why), result.checks);
    return {};
  }
  Add("U1", ProbeAgrees(subject), result.checks);
  if (subject.options.level != VerifyLevel::kFull) {
    Add("U2", Findings::NotRun("only --verify full asks for it"), result.checks);
    return {};
  }
  HDRP_ASSIGN_OR_RETURN(Check renditions, RenditionsAgree(subject));
  Add("U2", std::move(renditions), result.checks);
  return {};
}

/// S1..S10, M1..M7, P1..P6, U1, U2: where a reader of the report looks for them.
void SortById(std::vector<Check>& checks) {
  const auto key = [](const Check& check) {
    constexpr std::string_view kLetters = "SMPU";
    return std::tuple(kLetters.find(check.id.front()), check.id.size(), check.id);
  };
  std::ranges::sort(checks, {}, key);
}

Expected<Verification> RunAll(const Subject& subject) {
  Verification result;
  for (const auto list : {ContainerChecks(), StreamChecks(), MetadataChecks()}) {
    Run(list, subject, result.checks);
  }
  HDRP_RETURN_IF_ERROR(RunPixelChecks(subject, result.checks));
  HDRP_RETURN_IF_ERROR(RunLibultrahdr(subject, result));
  SortById(result.checks);
  return result;
}

/// Our own file, and not even its primary can be walked: that is S1's finding, not an input error.
Verification Unreadable(const Error& error) {
  return {{{"S1", CheckResult::kFailed, error.message}}, {}};
}

}  // namespace

bool Verification::passed() const {
  return std::ranges::none_of(
      checks, [](const Check& check) { return check.result == CheckResult::kFailed; });
}

std::vector<std::string> Verification::failures() const {
  return Sentences(checks, CheckResult::kFailed);
}
std::vector<std::string> Verification::warnings() const {
  return Sentences(checks, CheckResult::kWarning);
}

Expected<Verification> VerifyJpegR(ByteView file, const ExpectedFile& expected,
                                   const VerifyOptions& options) {
  const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file, options.limits);
  if (!parsed) return Unreadable(parsed.error());
  return RunAll({file, *parsed, &expected, options});
}

Expected<Verification> CheckForeignJpeg(ByteView file, const GainMapJpeg& parsed,
                                        const VerifyOptions& options) {
  return RunAll({file, parsed, nullptr, options});
}

Expected<Verification> VerifyPreview(ByteView preview, const ExpectedFile& expected,
                                     const VerifyOptions& options) {
  const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(preview, options.limits);
  if (!parsed) return Unreadable(parsed.error());
  // The preview comes from our own writer whatever the exporter of the Ultra HDR file is.
  ExpectedFile plain = expected;
  plain.iso_only_container = false;
  const Subject subject{preview, *parsed, &plain, options};
  Verification result;
  Run(PreviewChecks(), subject, result.checks);
  for (const auto list : {StreamChecks(), MetadataChecks()}) {
    for (const NamedCheck& check : list) {
      if (check.scope == Scope::kAnyFile) Run({&check, 1}, subject, result.checks);
    }
  }
  SortById(result.checks);
  return result;
}

}  // namespace hdrp
