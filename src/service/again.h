// Another result from a kept one, without another upload: its base is the edit's own bytes, and its
// map is predicted from them, or an original's.
#pragma once

#include <array>
#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "service/http/refusal.h"
#include "service/store.h"

namespace hdrp {

/// The fields that such a request may have.
inline constexpr std::array<std::string_view, 5> kFieldsOfAgain = {"format", "boost", "strength",
                                                                   "style", "guard"};

/// Of a result that was made with these fields: `report` says how.
[[nodiscard]] Reusable ReusableOf(const nlohmann::ordered_json& report,
                                  const std::vector<FormText>& fields);

/// The form that makes it anew; `wishes` go before the kept result's fields. needs_upload where
/// what is kept is not enough.
[[nodiscard]] std::expected<Form, Refusal> FormOfAgain(const StoredResult& kept,
                                                       std::vector<FormText> wishes);

}  // namespace hdrp
