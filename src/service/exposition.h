// Prometheus' text format, version 0.0.4.
#pragma once

#include <string>
#include <string_view>

#include "base/formatted.h"

namespace hdrp {

inline void AddHead(std::string& text, std::string_view name, std::string_view type,
                    std::string_view help) {
  text += Formatted("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

template <typename Number>
void AddSingle(std::string& text, std::string_view name, std::string_view type,
               std::string_view help, Number value) {
  AddHead(text, name, type, help);
  text += Formatted("{} {}\n", name, value);
}

}  // namespace hdrp
