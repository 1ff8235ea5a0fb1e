#include "base/formatted.h"

#include <cstddef>
#include <format>

namespace hdrp {
namespace {

std::string Field(const FormatArgument& argument, std::string_view spec) {
  const std::string format = "{:" + std::string(spec) + "}";
  return std::visit(
      [&format](auto value) { return std::vformat(format, std::make_format_args(value)); },
      argument);
}

}  // namespace

std::string FormattedArguments(std::string_view format, std::span<const FormatArgument> arguments) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '{' || format[i] == '}') {
      if (format[i] == format[i + 1]) {  // FormatText saw that there is one
        ++i;
      } else {
        const FormatField field = FormatFieldAt(format, i);
        const std::size_t index =
            field.index.empty() ? next++ : static_cast<std::size_t>(field.index[0] - '0');
        std::string spec;  // with the numbers of the fields inside
        for (std::size_t j = 0; j < field.spec.size(); ++j) {
          if (field.spec[j] == '{') {
            spec += Field(arguments[next++], "");
            ++j;
          } else {
            spec += field.spec[j];
          }
        }
        out += Field(arguments[index], spec);
        i = field.end - 1;
        continue;
      }
    }
    out += format[i];
  }
  return out;
}

}  // namespace hdrp
