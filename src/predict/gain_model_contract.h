// What a model file says about itself: the properties of "gain-map/1" (docs/models.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace hdrp {

struct GainModelContract {
  std::string name;              ///< a-z 0-9 . _ -, at most 64 of them; for reports
  double peak_stops = 0;         ///< what a gain of 1.0 stands for; (0, 10]
  int base_scale = 1;            ///< 1 or 2: the local input is the base reduced by this
  int multiple = 1;              ///< sides of the local input are multiples of this; 1..64
  std::optional<int> apron;      ///< px that tiles have to overlap by; absent: whole pictures only
  std::optional<int> thumbnail;  ///< side of the thumbnail input, 16..1024; absent: there is none
};

/// May a model be called so in reports: 1 to 64 of a-z, 0-9, ".", "_" and "-", and not "bright".
[[nodiscard]] bool IsModelName(std::string_view text);
inline constexpr std::string_view kModelNames =
    "a name of a-z, 0-9, \".\", \"_\" and \"-\", not \"bright\"";

/// The value of a property, or nullopt where the file has none of this name.
using PropertyLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// model_failed, naming the property, where one is missing or out of range.
[[nodiscard]] Expected<GainModelContract> ReadGainModelContract(const PropertyLookup& property);

}  // namespace hdrp
