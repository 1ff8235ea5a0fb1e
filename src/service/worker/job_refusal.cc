#include "service/worker/job_refusal.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/fields.h"

namespace hdrp {
namespace {

/// Files are called by their fields here, so that the outermost place of an error (base/error.h) is
/// the field it is about. Options are called by their fields or by their flags.
[[nodiscard]] std::string_view FieldOf(std::string_view place, const Job& job) {
  const auto file = std::ranges::find(job.files, place, &FormFile::name);
  if (file != job.files.end()) return file->name;
  const auto text = std::ranges::find_if(job.fields, [&](const FormText& field) {
    return field.name == place || FlagOf(JobField(field.name)) == place;
  });
  return text == job.fields.end() ? std::string_view() : text->name;
}

/// With an answer of its own for it; 499 is nobody's fault.
[[nodiscard]] bool IsTheClients(ErrorCode code) {
  const int status = KindOf(code).http_status;
  return status == 413 || status == 415 || status == 422;
}

}  // namespace

Refusal RefusalOf(Error error, const Job& job) {
  if (!IsTheClients(error.code)) return RefusalOf(std::move(error));
  const std::string where = std::move(error.where);
  const std::string_view outer = std::string_view(where).substr(0, where.find(": "));
  std::vector<std::string_view> fields;
  if (const std::string_view field = FieldOf(outer, job); !field.empty()) {
    fields.push_back(field);
    const bool has_more = outer.size() < where.size();
    error.where = has_more ? where.substr(outer.size() + 2) : std::string(field);
  } else {
    for (const FormFile& file : job.files) fields.push_back(file.name);
    error.where = where;
  }
  const std::vector<std::string> sentences = std::move(error.details);
  const std::vector<Cause> causes = std::move(error.causes);
  error.details = {};
  error.causes = {};
  Refusal refusal = RefusalOf(std::move(error));
  const auto add = [&](std::string_view field, std::string sentence) {
    refusal.detail.push_back(
        {{"body", std::string(field)}, std::move(sentence), std::string(refusal.id)});
  };
  for (const std::string_view field : fields) add(field, refusal.message);
  for (const std::string& sentence : sentences) add(fields.front(), sentence);
  for (const Cause& cause : causes) {
    // A worker that a file took over may say anything.
    const bool is_known = std::ranges::contains(JobFields(), cause.option, &Field::name);
    add(is_known ? cause.option : fields.front(), cause.sentence);
    if (is_known) refusal.detail.back().choice = cause.word;
  }
  return refusal;
}

}  // namespace hdrp
