// What holds for every answer, and for every refusal.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "service/support/client.h"

namespace hdrp::test {

/// No sniffing, no referrer, no framing, no foreign scripts; an id; nothing but ours may keep it.
void ExpectSecurityHeaders(const Answer& answer);

/// The status, the one JSON shape with this code, and the headers above.
void ExpectRefusal(const Answer& answer, int status, std::string_view code);

}  // namespace hdrp::test
