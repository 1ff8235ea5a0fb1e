#include <cstdio>
#include <filesystem>

#include "base/formatted.h"
#include "cli/commands.h"
#include "cli/delivery.h"
#include "pipeline/extract.h"
#include "pipeline/json.h"
#include "pipeline/render.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] Expected<std::vector<DeliveredFile>> ExtractInto(const ExtractArguments& arguments,
                                                               const CommonOptions& common,
                                                               const StopCondition& stop) {
  const fs::path folder(arguments.out);
  const std::string stem = fs::path(arguments.file).stem().string();
  const auto in_folder = [&](std::string_view suffix) {
    return folder / (stem + std::string(suffix));
  };
  const fs::path base = in_folder("_base.jpg");
  const fs::path map = in_folder("_map.jpg");
  const fs::path as_stored = in_folder("_map_apple.jpg");
  const fs::path png = in_folder("_map.png");
  const fs::path json = in_folder("_gainmap.json");
  const FileFormat hdr_format = arguments.hdr.value_or(FileFormat::kTiff);
  const fs::path hdr = in_folder(Formatted("_hdr{}", ExtensionOf(hdr_format)));
  std::vector<fs::path> targets = {base, map, as_stored, png, json};
  if (arguments.hdr) targets.push_back(hdr);
  HDRP_RETURN_IF_ERROR(CheckTargets(targets, {arguments.file}, common.force));

  HDRP_ASSIGN_OR_RETURN(const InputFile file, ReadInput(arguments.file, common.limits()));
  HDRP_ASSIGN_OR_RETURN(const Extracted parts,
                        Extract(file, common.limits(), arguments.options.apple_transfer));
  HDRP_RETURN_IF_ERROR(MakeFolder(folder));

  std::vector<PendingFile> pending;
  std::vector<DeliveredFile> delivered;
  const auto add = [&](std::string_view role, const fs::path& path,
                       ByteView content) -> Expected<void> {
    HDRP_ASSIGN_OR_RETURN(PendingFile written, WriteVerified(path, content));
    delivered.push_back({role, path.string()});
    pending.push_back(std::move(written));
    return {};
  };
  HDRP_RETURN_IF_ERROR(add("base", base, parts.base_jpeg));
  if (!parts.map_jpeg.empty()) {
    HDRP_RETURN_IF_ERROR(add("gain_map", map, parts.map_jpeg));
  }
  if (!parts.map_apple_jpeg.empty()) {
    HDRP_RETURN_IF_ERROR(add("gain_map_apple", as_stored, parts.map_apple_jpeg));
  }
  HDRP_RETURN_IF_ERROR(add("gain_map_png", png, parts.map_png));
  HDRP_RETURN_IF_ERROR(add("metadata", json, AsBytes(parts.metadata_json)));
  if (arguments.hdr) {
    HDRP_RETURN_IF_ERROR(add("hdr", hdr, {}));
    HDRP_RETURN_IF_ERROR(
        RenderHdr(file, {*arguments.hdr, arguments.options.apple_transfer, common.limits(), stop},
                  pending.back().temporary_path()));
  }
  HDRP_RETURN_IF_ERROR(stop.Check("write"));
  HDRP_RETURN_IF_ERROR(CommitAll(pending, common.force));
  return delivered;
}

}  // namespace

int RunExtract(const ExtractArguments& arguments, const CommonOptions& common,
               const std::stop_token& stop) {
  const Expected<std::vector<DeliveredFile>> delivered =
      ExtractInto(arguments, common, common.StopAt(stop));
  if (!delivered) return Refuse(delivered.error(), common);
  for (const DeliveredFile& file : *delivered) {
    Say(common.verbosity(), Verbosity::kNormal, Formatted("{:<13} {}", file.role, file.path));
  }
  if (common.json) std::fputs(FilesJson(*delivered).c_str(), stdout);
  return 0;
}

}  // namespace hdrp
