#include "metadata/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/formatted.h"
#include "metadata/xmp.h"

namespace hdrp {
namespace {

/// Six decimals at least, as our own numbers have.
constexpr std::uint32_t kMinDenominator = 1'000'000;
constexpr std::uint32_t kMaxDenominator = 1'000'000'000;

}  // namespace

std::optional<Fraction> FractionFrom(std::string_view text, Numerators numerators) {
  const std::optional<double> value = NumberFrom<double>(text);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  const bool is_signed = numerators == Numerators::kSigned;
  if (!is_signed && *value < 0) return std::nullopt;
  const double limit = is_signed ? static_cast<double>(std::numeric_limits<std::int32_t>::max())
                                 : static_cast<double>(std::numeric_limits<std::uint32_t>::max());
  std::optional<Fraction> best;
  for (std::uint64_t denominator = 1; denominator <= kMaxDenominator; denominator *= 10) {
    const double scaled = std::round(*value * static_cast<double>(denominator));
    if (std::abs(scaled) > limit) break;
    best = Fraction{static_cast<std::int64_t>(scaled), static_cast<std::uint32_t>(denominator)};
    if (denominator >= kMinDenominator && best->value() == *value) break;
  }
  return best;
}

std::string FixedWidthDecimal(const Fraction& value) {
  constexpr std::size_t kWidth = 16;
  const bool negative = value.numerator < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -value.numerator : value.numerator);
  const std::uint64_t denominator = value.denominator;
  const std::string whole = Formatted("{}{}.", negative ? "-" : "", magnitude / denominator);
  const std::size_t decimals = kWidth - std::min(whole.size(), kWidth);

  // Long division digit by digit is exact: a remainder is below 2^32. The last digit is rounded
  // half up, which never carries into the whole part: a fraction of 32 bits that has w whole digits
  // is at least 10^(w-1) / 2^32 away from the next whole number, more than half of the last digit.
  std::uint64_t digits = 0;
  std::uint64_t rest = magnitude % denominator;
  for (std::size_t i = 0; i < decimals; ++i) {
    rest *= 10;
    digits = digits * 10 + rest / denominator;
    rest %= denominator;
  }
  if (2 * rest >= denominator) ++digits;
  return Formatted("{}{:0{}}", whole, digits, decimals);
}

}  // namespace hdrp
