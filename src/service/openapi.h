// The OpenAPI 3.1 document of the service, made of the same tables that its code reads.
#pragma once

#include <string>

#include "service/config.h"

namespace hdrp {

[[nodiscard]] std::string OpenApiDocument(const ServiceConfig& config);

}  // namespace hdrp
