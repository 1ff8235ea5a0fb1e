// What answers in JSON hold: components/schemas of the OpenAPI document.
#pragma once

#include <nlohmann/json.hpp>

namespace hdrp {

/// Result, Report, Inspection, Status and Error. What docs/formats.md says of them.
[[nodiscard]] nlohmann::ordered_json OpenApiSchemas();

}  // namespace hdrp
