#include "verify/verify.h"

#include <algorithm>

#include "verify/checks.h"

namespace hdrp {
namespace {

std::vector<std::string> Sentences(const std::vector<Check>& checks, CheckResult result) {
  std::vector<std::string> sentences;
  for (const Check& check : checks) {
    if (check.result == result) {
      sentences.push_back(std::format("{}: {}", check.id, check.sentence));
    }
  }
  return sentences;
}

void Run(std::span<const NamedCheck> list, const Subject& subject, std::vector<Check>& checks) {
  for (const NamedCheck& named : list) {
    const bool has_subject = named.scope != Scope::kMap || subject.parsed.map.has_value();
    Check check = has_subject ? named.run(subject) : Findings::NotRun("there is no gain map");
    check.id = named.id;
    checks.push_back(std::move(check));
  }
}

Expected<Verification> RunAll(const Subject& subject) {
  Verification result;
  Run(StructureChecks(), subject, result.checks);
  Run(MetadataChecks(), subject, result.checks);
  for (const auto list : {PixelChecks, LibultrahdrChecks}) {
    Expected<std::vector<Check>> checks = list(subject);
    if (!checks) return std::unexpected(std::move(checks.error()));
    std::ranges::move(*checks, std::back_inserter(result.checks));
  }
  result.not_verified_by_libultrahdr = LibultrahdrExceptions(subject.parsed);
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
  for (const auto list : {StructureChecks(), MetadataChecks()}) {
    for (const NamedCheck& check : list) {
      if (check.scope == Scope::kAnyFile) Run({&check, 1}, subject, result.checks);
    }
  }
  return result;
}

}  // namespace hdrp
