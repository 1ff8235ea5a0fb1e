#include "color/hdr_profile.h"
#include "decode/sniff.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// The edit's own gain map: its JPEG has been read already, where no other was made of it.
[[nodiscard]] Expected<std::optional<GainMapFile>> OwnMap(const Request& request,
                                                          const ReadJpeg& base) {
  if (base.file == &request.base) {
    if (!base.parsed.map) return std::nullopt;
    return GainMapFile{base.file, base.parsed};
  }
  if (!MayHoldGainMap(request.base)) return std::nullopt;
  Expected<GainMapFile> edit = ReadGainMapFile(request.base, PictureOptionsOf(request));
  if (!edit) return std::unexpected(std::move(edit.error()));
  if (!edit->has_map()) return std::nullopt;
  return *std::move(edit);
}

}  // namespace

bool MayHoldGainMap(const InputFile& file) {
  const FileFormat format = Sniff(file.bytes);
  return format == FileFormat::kJpeg || format == FileFormat::kHeif || format == FileFormat::kAvif;
}

bool IsHdrRendition(const GainMapFile& file) {
  if (const auto* jpeg = std::get_if<GainMapJpeg>(&file.parsed)) {
    return !jpeg->map && HdrCodingOf(ColorSpecOf(*jpeg));
  }
  return HdrCodingOf(std::get<GainMapPicture>(file.parsed).base.color).has_value();
}

Expected<ModeChoice> ChooseMode(const Request& request, const ReadJpeg& base,
                                std::vector<std::string>& warnings) {
  const Mode mode = request.options.mode;
  Expected<std::optional<GainMapFile>> own = OwnMap(request, base);
  if (!own) return std::unexpected(std::move(own.error()));
  const bool edit_has_map = own->has_value();
  ModeChoice choice;
  if (mode != Mode::kPredict && request.reference && !MayHoldGainMap(*request.reference)) {
    choice.derive = true;
  } else if (mode != Mode::kPredict && request.reference) {
    Expected<GainMapFile> reference =
        ReadGainMapFile(*request.reference, PictureOptionsOf(request));
    if (!reference) return std::unexpected(std::move(reference.error()));
    choice.derive = IsHdrRendition(*reference);
    if (!choice.derive) choice.reference = *std::move(reference);
  } else if (mode != Mode::kPredict && edit_has_map) {
    choice.reference = *std::move(*own);
    choice.reference_is_edit = true;
  } else if (request.options.keep_map) {
    return Fail(ErrorCode::kNoGainMap, request.base.name,
                "expected a file with a gain map to convert; `inspect` says what this one holds");
  } else if (mode == Mode::kReference) {
    return Fail(ErrorCode::kBadArgument, request.base.name,
                "Reference Mode needs the HDR original (--ref) or an edit that holds a gain map");
  }

  if ((choice.derive || choice.reference) && request.options.predict.guards.chosen()) {
    return Fail(ErrorCode::kBadArgument, "--guard",
                "guards judge predicted maps, but here the map comes from {} (--mode predict would "
                "predict one)",
                choice.reference_is_edit ? request.base.name : request.reference->name);
  }
  if (mode == Mode::kPredict && request.reference) {
    warnings.push_back("the reference was not used: Predictive Mode was asked for");
  }
  if (edit_has_map && !choice.reference_is_edit) {
    warnings.push_back("the edit's own gain map was dropped");
  }
  if (!edit_has_map && !base.parsed.claims.empty()) {
    warnings.push_back("the edit claims a gain map it does not hold (" +
                       base.parsed.claims.front() + "); the stale claim was removed");
  }
  return choice;
}

}  // namespace hdrp
