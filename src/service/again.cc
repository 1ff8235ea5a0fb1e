#include "service/again.h"

#include <fcntl.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace hdrp {
namespace {

/// What says how the map came about, which in a kept one is settled.
constexpr std::array<std::string_view, 12> kOfTheOriginal = {"mode",
                                                             "align",
                                                             "keep",
                                                             "fill",
                                                             "hdr_white",
                                                             "anchor",
                                                             "hdr_exposure",
                                                             "apple_transfer",
                                                             "gain_map_scale",
                                                             "style",
                                                             "gain_map_channels",
                                                             "force_reference"};

[[nodiscard]] Refusal NeedsUpload() {
  return Refuse(ServiceCode::kNeedsUpload, "result",
                "what is kept of this result is not enough; expected the files once more, to "
                "/process");
}

/// A part of the result as a file of a form; the bytes stay where they are.
[[nodiscard]] std::optional<FormFile> FileOf(const StoredResult& kept, std::string_view part,
                                             std::string_view field) {
  const std::optional<FileSlice> slice = kept.done.Part(part);
  if (!slice) return std::nullopt;
  Fd copy(fcntl(slice->file->get(), F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return std::nullopt;
  return FormFile{std::string(field), std::move(copy), slice->size, slice->offset};
}

}  // namespace

Reusable ReusableOf(const nlohmann::ordered_json& report, const std::vector<FormText>& fields) {
  try {
    if (report.at("format") != WordOf(FileFormat::kJpeg) || !report.at("base").at("steps").empty())
      return Reusable::kNothing;
    if (report.at("mode") == "predict") return Reusable::kBase;
  } catch (const nlohmann::json::exception&) {
    return Reusable::kNothing;
  }
  const bool changed = std::ranges::any_of(fields, [](const FormText& field) {
    return field.name == "strength" || field.name == "boost";
  });
  return changed ? Reusable::kNothing : Reusable::kBaseAndMap;
}

std::expected<Form, Refusal> FormOfAgain(const StoredResult& kept, std::vector<FormText> wishes) {
  if (kept.reusable == Reusable::kNothing) return std::unexpected(NeedsUpload());
  const bool has_map = kept.reusable == Reusable::kBaseAndMap;
  Form form;
  for (const FormText& field : kept.fields) {
    const bool settled =
        has_map ? std::ranges::contains(kOfTheOriginal, field.name) || field.name == "guard"
                : field.name == "mode";
    if (settled || std::ranges::contains(wishes, field.name, &FormText::name)) continue;
    form.texts.push_back(field);
  }
  form.texts.push_back({"mode", has_map ? "reference" : "predict"});
  std::ranges::move(wishes, std::back_inserter(form.texts));
  // The preview is the base without its gain map.
  std::optional<FormFile> base = FileOf(kept, "preview", "img");
  if (!base) return std::unexpected(NeedsUpload());
  form.files.push_back(*std::move(base));
  if (has_map) {
    std::optional<FormFile> map = FileOf(kept, "hdr", "ref");
    if (!map) return std::unexpected(NeedsUpload());
    form.files.push_back(*std::move(map));
  }
  return form;
}

}  // namespace hdrp
