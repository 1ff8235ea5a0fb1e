#include "service/store.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/formatted.h"

namespace hdrp {

std::string ResultStore::NewId() {
  std::array<std::uint8_t, 16> random{};
  // Never fails for so few bytes once the system is up.
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) return {};
  std::string id;
  for (const std::uint8_t byte : random) id += Formatted("{:02x}", byte);
  return id;
}

void ResultStore::DropOldest() {
  bytes_ -= results_.front().bytes;
  results_.pop_front();
}

void ResultStore::Add(StoredResult result, std::chrono::steady_clock::time_point now) {
  result.expires = now + lifetime_;
  result.bytes = result.json.size();
  for (const JobPart& part : result.done.parts) result.bytes += part.size;
  bytes_ += result.bytes;
  results_.push_back(std::move(result));
  // The newest stays even where it alone is too much: its client is about to ask for it.
  while (results_.size() > 1 && (bytes_ > max_bytes_ || results_.size() > kMaxResults))
    DropOldest();
}

const StoredResult* ResultStore::Find(std::string_view id,
                                      std::chrono::steady_clock::time_point now) const {
  const auto found = std::ranges::find(results_, id, &StoredResult::id);
  return found == results_.end() || found->expires <= now ? nullptr : &*found;
}

bool ResultStore::Remove(std::string_view id) {
  const auto found = std::ranges::find(results_, id, &StoredResult::id);
  if (found == results_.end()) return false;
  bytes_ -= found->bytes;
  results_.erase(found);
  return true;
}

void ResultStore::Expire(std::chrono::steady_clock::time_point now) {
  while (!results_.empty() && results_.front().expires <= now) DropOldest();
}

}  // namespace hdrp
