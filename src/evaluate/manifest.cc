#include "evaluate/manifest.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ranges>
#include <string_view>
#include <vector>

#include "base/formatted.h"

namespace hdrp {
namespace {

constexpr std::size_t kMaxColumns = 64;
constexpr std::size_t kMaxCellBytes = 255;  // of the cells that are kept: NAME_MAX

using Cells = std::vector<std::string_view>;

template <typename... Args>
[[nodiscard]] std::unexpected<Error> BadLine(std::size_t line, FormatFor<Args...> format,
                                             const Args&... args) {
  return Fail(ErrorCode::kBadInput, Formatted("line {}", line), format, args...);
}

struct Columns {
  std::size_t count = 0, file = 0, repo = 0;
  std::optional<std::size_t> use;
};

[[nodiscard]] Expected<Cells> CellsOf(std::string_view line, std::size_t number) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  // They would reach a terminal.
  const bool plain = std::ranges::all_of(line, [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
  if (!plain) return BadLine(number, "expected text, found a control character");
  const auto count = static_cast<std::size_t>(std::ranges::count(line, '\t')) + 1;
  if (count > kMaxColumns) {
    return BadLine(number, "expected at most {} columns, found {}", kMaxColumns, count);
  }
  Cells cells;
  for (const auto cell : std::views::split(line, '\t')) cells.emplace_back(cell);
  if (cells.empty()) cells.emplace_back();
  return cells;
}

/// Where a column stands; none where it is missing.
[[nodiscard]] Expected<std::optional<std::size_t>> ColumnOf(const Cells& names,
                                                            std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  if (std::ranges::count(names, name) > 1) {
    return BadLine(1, "expected one column named {}, found several", name);
  }
  return static_cast<std::size_t>(found - names.begin());
}

[[nodiscard]] Expected<std::size_t> NeededColumn(const Cells& names, std::string_view name) {
  HDRP_ASSIGN_OR_RETURN(const std::optional<std::size_t> column, ColumnOf(names, name));
  if (!column) {
    return BadLine(1, "expected a column named {}, found none of that name", name);
  }
  return *column;
}

[[nodiscard]] Expected<Columns> ColumnsOf(const Cells& names) {
  HDRP_ASSIGN_OR_RETURN(const std::size_t file, NeededColumn(names, "file"));
  HDRP_ASSIGN_OR_RETURN(const std::size_t repo, NeededColumn(names, "repo"));
  HDRP_ASSIGN_OR_RETURN(const std::optional<std::size_t> use, ColumnOf(names, "use"));
  return Columns{names.size(), file, repo, use};
}

[[nodiscard]] Expected<void> AddRow(const Cells& cells, const Columns& columns, std::size_t line,
                                    Manifest& manifest) {
  if (cells.size() != columns.count) {
    return BadLine(line, "expected {} cells, as in the first line, found {}", columns.count,
                   cells.size());
  }
  const std::string_view file = cells[columns.file];
  const std::string_view repo = cells[columns.repo];
  const std::string_view use = columns.use ? cells[*columns.use] : "";
  if (file.empty() || repo.empty()) {
    return BadLine(line, "expected a file and a repo, found an empty cell");
  }
  if (const std::size_t longest = std::max({file.size(), repo.size(), use.size()});
      longest > kMaxCellBytes) {
    return BadLine(line, "expected file, repo and use of at most {} bytes, found {}", kMaxCellBytes,
                   longest);
  }
  const bool is_new =
      manifest.rows.try_emplace(std::string(file), std::string(repo), std::string(use)).second;
  if (!is_new) return BadLine(line, "expected each file once, found {} again", file);
  return {};
}

}  // namespace

Expected<Manifest> ReadManifest(ByteView bytes) {
  std::string_view text = AsText(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  Manifest manifest;
  std::optional<Columns> columns;
  std::size_t number = 0;
  for (const auto line : std::views::split(text, '\n')) {
    HDRP_ASSIGN_OR_RETURN(const Cells cells, CellsOf(std::string_view(line), ++number));
    if (columns) {
      HDRP_RETURN_IF_ERROR(AddRow(cells, *columns, number, manifest));
      continue;
    }
    HDRP_ASSIGN_OR_RETURN(columns, ColumnsOf(cells));
  }
  if (!columns) return BadLine(1, "expected the columns' names, found an empty file");
  manifest.has_uses = columns->use.has_value();
  return manifest;
}

}  // namespace hdrp
