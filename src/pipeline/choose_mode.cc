#include "pipeline/choose_mode.h"

namespace hdrp {
namespace {

/// The edit's own gain map: its JPEG has been read already, where no other was made of it.
[[nodiscard]] Expected<std::optional<GainMapFile>> OwnMap(const InputFile& original,
                                                          const EditJpeg& edit,
                                                          const PictureOptions& options) {
  if (edit.file == &original) {
    if (!edit.parsed.map) return std::nullopt;
    return GainMapFileOf(edit.parsed, original, options);
  }
  if (!MayHoldGainMap(original.bytes)) return std::nullopt;
  HDRP_ASSIGN_OR_RETURN(GainMapFile own, OpenGainMapFile(original, options));
  if (!own.map) return std::nullopt;
  return own;
}

}  // namespace

Expected<ModeChoice> ChooseMode(const PreparedEdit& prepared, const EditJpeg& edit,
                                const InputFile* reference, const ModeOptions& options) {
  const InputFile& original = *prepared.original;
  const Mode mode = options.mode;
  HDRP_ASSIGN_OR_RETURN(std::optional<GainMapFile> own, OwnMap(original, edit, options.picture));
  const bool edit_has_map = own.has_value();
  ModeChoice choice;
  if (mode != Mode::kPredict && reference != nullptr && !MayHoldGainMap(reference->bytes)) {
    choice.derive = true;
  } else if (mode != Mode::kPredict && reference != nullptr) {
    HDRP_ASSIGN_OR_RETURN(GainMapFile file, OpenGainMapFile(*reference, options.picture));
    choice.derive = IsHdrRendition(file);
    if (!choice.derive) choice.reference = std::move(file);
  } else if (mode != Mode::kPredict && edit_has_map) {
    choice.reference = std::move(own);
    choice.reference_is_edit = true;
  } else if (options.keep_map) {
    return Fail(ErrorCode::kNoGainMap, original.name,
                "expected a file with a gain map to convert; `inspect` says what this one holds");
  } else if (mode == Mode::kReference) {
    return Fail(ErrorCode::kBadArgument, original.name,
                "Reference Mode needs the HDR original (--ref) or an edit that holds a gain map");
  }

  if ((choice.derive || choice.reference) && options.guards_chosen) {
    return Fail(ErrorCode::kBadArgument, "--guard",
                "guards judge predicted maps, but here the map comes from {} (--mode predict would "
                "predict one)",
                choice.reference_is_edit ? original.name : reference->name);
  }
  if (mode == Mode::kPredict && reference != nullptr) {
    choice.warnings.emplace_back("the reference was not used: Predictive Mode was asked for");
  }
  if (edit_has_map && !choice.reference_is_edit) {
    choice.warnings.emplace_back("the edit's own gain map was dropped");
  }
  if (!edit_has_map && !edit.parsed.claims.empty()) {
    choice.warnings.push_back("the edit claims a gain map it does not hold (" +
                              edit.parsed.claims.front() + "); the stale claim was removed");
  }
  return choice;
}

}  // namespace hdrp
