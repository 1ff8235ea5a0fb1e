// S1 and S9 of an SDR preview: one stream, and nothing that announces a map.
#include "verify/checks.h"

namespace hdrp {
namespace {

Check PreviewIsOneStream(const Subject& subject) {
  Findings findings(subject);
  const JpegStream& primary = subject.parsed.primary;
  if (!primary.complete) findings.Fail("the picture has no EOI marker");
  if (primary.end < subject.file.size()) {
    findings.Fail("{} bytes follow the picture", subject.file.size() - primary.end);
  }
  return std::move(findings).Verdict();
}

Check PreviewAnnouncesNothing(const Subject& subject) {
  Findings findings(subject);
  if (!subject.parsed.claims.empty()) {
    findings.Fail("a gain map is announced: {}", Joined(subject.parsed.claims));
  }
  return std::move(findings).Verdict();
}

constexpr auto kPreviewChecks = std::to_array<NamedCheck>({
    {"S1", Scope::kAnyFile, PreviewIsOneStream},
    {"S9", Scope::kAnyFile, PreviewAnnouncesNothing},
});

}  // namespace

std::span<const NamedCheck> PreviewChecks() { return kPreviewChecks; }

}  // namespace hdrp
