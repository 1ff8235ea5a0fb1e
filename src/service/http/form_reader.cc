#include "service/http/form_reader.h"

#include <algorithm>
#include <utility>

#include "base/formatted.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

/// More than all fields, with room for the one that repeats.
constexpr std::size_t kMaxParts = 48;

[[nodiscard]] Refusal BadField(std::string_view name, std::string message, std::string_view type) {
  std::vector<std::string> place = {"body"};
  if (!name.empty()) place.emplace_back(name);
  Refusal refusal = RefusalAt(std::move(place), ErrorCode::kBadArgument, std::move(message));
  refusal.detail.front().type = type;
  return refusal;
}

/// Names are foreign and repeated in messages.
[[nodiscard]] std::string Shortened(std::string_view name) {
  constexpr std::size_t kMaxShown = 40;
  return name.size() <= kMaxShown ? std::string(name)
                                  : std::string(name.substr(0, kMaxShown)) + "...";
}

}  // namespace

bool UploadBudget::Take(std::string_view client, std::uint64_t bytes) {
  constexpr std::uint64_t kTimesTheRest = 2;
  if (bytes > limit_ - used_) return false;
  const auto found = of_clients_.find(client);
  const std::uint64_t had = found == of_clients_.end() ? 0 : found->second;
  if (had + bytes > kTimesTheRest * (limit_ - used_ - bytes)) return false;
  used_ += bytes;
  if (found == of_clients_.end()) {
    of_clients_.emplace(client, bytes);
  } else {
    found->second += bytes;
  }
  return true;
}

void UploadBudget::Give(std::string_view client, std::uint64_t bytes) {
  const auto found = of_clients_.find(client);
  if (found == of_clients_.end()) return;
  used_ -= bytes;
  found->second -= bytes;
  if (found->second == 0) of_clients_.erase(found);
}

FormReader::FormReader(std::vector<FormRule> rules, std::filesystem::path folder,
                       UploadBudget& budget, std::string client)
    : rules_(std::move(rules)),
      folder_(std::move(folder)),
      budget_(budget),
      client_(std::move(client)) {}

FormReader::~FormReader() { budget_.Give(client_, charged_); }

std::optional<Refusal> FormReader::Take(std::optional<std::string_view> name, std::uint64_t offset,
                                        ByteView piece) {
  if (!name || name->empty()) {
    return BadField("", "expected a name for every part, found one without", "missing");
  }
  // An empty piece may come before the data: offset 0 again is no new part while nothing was read.
  const bool goes_on =
      !parts_.empty() && rules_[parts_.back().rule].name == *name && parts_.back().bytes == offset;
  if (!goes_on) {
    if (std::optional<Refusal> refusal = Begin(*name)) return refusal;
  }
  return Append(piece);
}

std::optional<Refusal> FormReader::Begin(std::string_view name) {
  const auto rule = std::ranges::find(rules_, name, &FormRule::name);
  if (rule == rules_.end()) {
    std::string known;
    for (const FormRule& each : rules_) (known += known.empty() ? "" : ", ") += each.name;
    return BadField(Shortened(name), "no such field; expected some of " + known, "extra_forbidden");
  }
  const auto index = static_cast<std::size_t>(rule - rules_.begin());
  if (!rule->repeats && std::ranges::contains(parts_, index, &Part::rule)) {
    return BadField(name, "expected once, found again", "duplicate");
  }
  if (parts_.size() == kMaxParts) {
    return BadField(name, Formatted("expected at most {} parts", kMaxParts), "too_many");
  }
  if (rule->is_file) {
    Expected<Fd> file = MakeUnnamedFile(folder_);
    if (!file) return RefusalOf(std::move(file.error()));
    form_.files.push_back({std::string(name), *std::move(file)});
    parts_.push_back({index, 0, form_.files.size() - 1});
  } else {
    form_.texts.push_back({std::string(name), {}});
    parts_.push_back({index, 0, form_.texts.size() - 1});
  }
  return std::nullopt;
}

std::optional<Refusal> FormReader::Append(ByteView piece) {
  Part& part = parts_.back();
  const FormRule& rule = rules_[part.rule];
  if (part.bytes + piece.size() > rule.max_bytes) {
    if (!rule.is_file) {
      return BadField(rule.name, Formatted("expected at most {} bytes", rule.max_bytes),
                      "too_long");
    }
    return RefusalAt({"body", std::string(rule.name)}, ErrorCode::kTooLarge,
                     Formatted("expected at most {} bytes, found more", rule.max_bytes));
  }
  if (rule.is_file) {
    if (!budget_.Take(client_, piece.size())) {
      Refusal refusal = Because(kUploadSpace, Refuse(ServiceCode::kBusy, rule.name,
                                                     "other uploads take all the room there is"));
      refusal.retry_after_seconds = budget_.retry_after_seconds();
      return refusal;
    }
    charged_ += piece.size();
    FormFile& file = form_.files[part.index];
    if (Expected<void> ok = WriteAt(file.content.get(), part.bytes, piece, rule.name); !ok) {
      return RefusalOf(std::move(ok.error()));
    }
    file.bytes += piece.size();
  } else {
    form_.texts[part.index].text += AsText(piece);
  }
  part.bytes += piece.size();
  return std::nullopt;
}

std::expected<Form, Refusal> FormReader::Finish() {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].required && !std::ranges::contains(parts_, i, &Part::rule)) {
      return std::unexpected(
          BadField(rules_[i].name, "expected this field, found none", "missing"));
    }
  }
  return std::move(form_);
}

}  // namespace hdrp
