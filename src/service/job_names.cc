#include "service/job_names.h"

#include <algorithm>

namespace hdrp {

bool IsJobName(std::string_view text) {
  constexpr std::size_t kLeast = 22, kLeastHexadecimal = 32, kMost = 128;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hexadecimal = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  const auto is_base64 = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  const std::size_t least = std::ranges::all_of(text, is_hexadecimal) ? kLeastHexadecimal : kLeast;
  return text.size() >= least && text.size() <= kMost && std::ranges::all_of(text, is_base64);
}

std::shared_ptr<NamedJob> JobNames::Take(std::string_view name) {
  std::erase_if(names_, [](const auto& each) { return each.second.expired(); });
  if (names_.contains(name)) return nullptr;
  auto job = std::make_shared<NamedJob>();
  names_.emplace(name, job);
  return job;
}

std::shared_ptr<const NamedJob> JobNames::Find(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second.lock();
}

}  // namespace hdrp
