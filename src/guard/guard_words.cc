// Guards and strengths as people write them.
#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include "guard/guards.h"

namespace hdrp {
namespace {

[[nodiscard]] std::string AllNames() {
  std::string names;
  for (const Guard guard : kGuards) {
    if (!names.empty()) names += ", ";
    names += NameOf(guard);
  }
  return names;
}

[[nodiscard]] Expected<double> StrengthOf(std::string_view word) {
  if (word == "on") return 1.0;
  if (word == "off") return 0.0;
  double strength = 0;
  const char* const end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, strength);
  // Written so that NaN is refused.
  if (error != std::errc() || stopped != end || !(strength >= 0 && strength <= 1)) {
    return Fail(ErrorCode::kBadArgument, "--guard",
                "expected a strength on, off or 0 to 1, found \"{}\"", word);
  }
  return strength;
}

}  // namespace

Expected<GuardStrengths> WithGuard(GuardStrengths strengths, std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto* const guard =
      std::ranges::find_if(kGuards, [&](Guard each) { return NameOf(each) == name; });
  if (guard == kGuards.end()) {
    return Fail(ErrorCode::kBadArgument, "--guard", "expected one of {}; found \"{}\"", AllNames(),
                name);
  }
  HDRP_ASSIGN_OR_RETURN(const double strength, equals == std::string_view::npos
                                                   ? 1.0
                                                   : StrengthOf(text.substr(equals + 1)));
  strengths.Set(*guard, strength);
  return strengths;
}

}  // namespace hdrp
