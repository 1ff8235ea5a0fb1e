#include "predict/gain_model_contract.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/formatted.h"

namespace hdrp {
namespace {

constexpr std::string_view kContract = "gain-map/1";
constexpr std::string_view kAdvice = "; docs/models.md says what a model file has to hold";

/// A whole string as a number; nullopt where anything else is in it.
template <typename T>
[[nodiscard]] std::optional<T> Number(const std::string& text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

[[nodiscard]] std::string Shown(const std::optional<std::string>& text) {
  constexpr std::size_t kMostShown = 40;
  if (!text) return "nothing";
  std::string shown = text->substr(0, kMostShown);
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return '"' + shown + '"';
}

[[nodiscard]] std::unexpected<Error> Refuse(std::string_view name, std::string_view expected,
                                            const std::optional<std::string>& found) {
  return Fail(ErrorCode::kModelFailed, Formatted("property {}", name), "expected {}, found {}{}",
              expected, Shown(found), kAdvice);
}

/// A whole number of [low, high]; nullopt where the property is absent.
[[nodiscard]] Expected<std::optional<int>> OptionalWhole(const PropertyLookup& property,
                                                         std::string_view name, int low, int high) {
  const std::optional<std::string> text = property(name);
  if (!text) return std::nullopt;
  const std::optional<int> value = Number<int>(*text);
  if (!value || *value < low || *value > high) {
    return Refuse(name, Formatted("a whole number from {} to {}", low, high), text);
  }
  return value;
}

[[nodiscard]] Expected<int> Whole(const PropertyLookup& property, std::string_view name, int low,
                                  int high) {
  HDRP_ASSIGN_OR_RETURN(const std::optional<int> value, OptionalWhole(property, name, low, high));
  if (!value) {
    return Refuse(name, Formatted("a whole number from {} to {}", low, high), std::nullopt);
  }
  return *value;
}

}  // namespace

bool IsModelName(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(kLetters) == std::string_view::npos && text != "bright";
}

Expected<GainModelContract> ReadGainModelContract(const PropertyLookup& property) {
  constexpr std::string_view kContractKey = "hdr_process.contract";
  const std::optional<std::string> contract = property(kContractKey);
  if (contract != kContract) return Refuse(kContractKey, "\"gain-map/1\"", contract);

  GainModelContract read;
  const std::optional<std::string> name = property("hdr_process.name");
  if (!name || !IsModelName(*name)) {
    return Refuse("hdr_process.name", kModelNames, name);
  }
  read.name = *name;

  const std::optional<std::string> peak = property("hdr_process.peak_stops");
  const std::optional<double> stops = peak ? Number<double>(*peak) : std::nullopt;
  if (!stops || !std::isfinite(*stops) || *stops <= 0 || *stops > 10) {
    return Refuse("hdr_process.peak_stops", "stops above 0, at most 10", peak);
  }
  read.peak_stops = *stops;

  HDRP_ASSIGN_OR_RETURN(read.base_scale, Whole(property, "hdr_process.base_scale", 1, 2));
  HDRP_ASSIGN_OR_RETURN(read.multiple, Whole(property, "hdr_process.multiple", 1, 64));
  HDRP_ASSIGN_OR_RETURN(read.apron, OptionalWhole(property, "hdr_process.apron", 0, 256));
  HDRP_ASSIGN_OR_RETURN(read.thumbnail, OptionalWhole(property, "hdr_process.thumbnail", 16, 1024));
  if (read.apron && (*read.apron % 2 != 0 || *read.apron % read.multiple != 0)) {
    return Refuse("hdr_process.apron",
                  Formatted("an even multiple of hdr_process.multiple ({})", read.multiple),
                  std::to_string(*read.apron));
  }
  return read;
}

}  // namespace hdrp
