#include "decode/sniff.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<ModeChoice> ChooseMode(const Request& request, const ReadJpeg& base,
                                std::vector<std::string>& warnings) {
  const Mode mode = request.options.mode;
  const bool base_has_map = base.parsed.map.has_value();
  ModeChoice choice;
  if (mode != Mode::kPredict && request.reference &&
      Sniff(request.reference->bytes) != FileFormat::kJpeg) {
    choice.derive = true;
  } else if (mode != Mode::kPredict && request.reference) {
    Expected<ReadJpeg> reference = ReadInputJpeg(*request.reference, request.limits);
    if (!reference) return std::unexpected(std::move(reference.error()));
    choice.separate_reference = *std::move(reference);
  } else if (mode != Mode::kPredict && base_has_map) {
    choice.base_is_reference = true;
  } else if (mode == Mode::kReference) {
    return Fail(ErrorCode::kBadArgument, request.base.name,
                "Reference Mode needs the HDR original (--ref) or an edit that holds a gain map");
  }

  if (mode == Mode::kPredict && request.reference) {
    warnings.push_back("the reference was not used: Predictive Mode was asked for");
  }
  if (base_has_map && !choice.base_is_reference) {
    warnings.push_back("the edit's own gain map was dropped");
  }
  if (!base_has_map && !base.parsed.claims.empty()) {
    warnings.push_back("the edit claims a gain map it does not hold (" + base.parsed.claims.front() +
                       "); the stale claim was removed");
  }
  return choice;
}

}  // namespace hdrp
