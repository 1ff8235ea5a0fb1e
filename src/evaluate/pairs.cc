#include "evaluate/pairs.h"

#include <bit>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "base/formatted.h"

namespace hdrp {
namespace {

static_assert(std::endian::native == std::endian::little, "floats are written as they are");

template <typename T>
[[nodiscard]] Bytes Npy(PlaneView<const T> samples, std::string_view type) {
  const std::string shape =
      samples.channels == 1
          ? Formatted("({}, {})", samples.height, samples.width)
          : Formatted("({}, {}, {})", samples.height, samples.width, samples.channels);
  std::string header =
      Formatted("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  constexpr std::size_t kPreamble = 10;  // magic, version, length of the header
  constexpr std::size_t kAlignment = 64;
  while ((kPreamble + header.size() + 1) % kAlignment != 0) header += ' ';
  header += '\n';
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<std::uint8_t>(header.size() & 0xFF));
  file.push_back(static_cast<std::uint8_t>(header.size() >> 8));
  file.insert(file.end(), header.begin(), header.end());
  for (int y = 0; y < samples.height; ++y) {
    const auto row = std::as_bytes(samples.RowSpan(y));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(row.data());
    file.insert(file.end(), bytes, bytes + row.size());
  }
  return file;
}

}  // namespace

Bytes NpyOf(PlaneView<const std::uint8_t> samples) { return Npy(samples, "|u1"); }
Bytes NpyOf(PlaneView<const float> samples) { return Npy(samples, "<f4"); }

std::string PairsJson(const std::vector<PairRecord>& pairs) {
  nlohmann::ordered_json json;
  json["schema"] = "hdr-process/pairs/1";
  auto& rows = json["pairs"] = nlohmann::ordered_json::array();
  for (const PairRecord& pair : pairs) {
    rows.push_back({{"name", pair.name},
                    {"file", pair.file},
                    {"sha256", pair.sha256},
                    {"group", NameOf(pair.group)},
                    {"width", pair.width},
                    {"height", pair.height},
                    {"source", pair.source},
                    {"scene", pair.scene}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hdrp
