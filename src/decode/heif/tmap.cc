#include "decode/heif/tmap.h"

#include <libheif/heif_items.h>

#include <algorithm>

#include "base/byte_reader.h"
#include "base/formatted.h"
#include "color/h273.h"
#include "decode/embedded_metadata.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "tmap item";

/// What is wrong with the group of alternatives; the preferred one comes first in it (ISO/IEC
/// 14496-12, 8.18.3.1).
std::string AlternativesProblem(const HeifStructure& structure, std::uint32_t tmap,
                                std::uint32_t base) {
  for (const HeifGroup& group : structure.groups) {
    if (group.type != "altr") continue;
    const auto of_tmap = std::ranges::find(group.entities, tmap);
    const auto of_base = std::ranges::find(group.entities, base);
    if (of_tmap == group.entities.end() || of_base == group.entities.end()) continue;
    if (of_tmap < of_base) return {};
    return Formatted("the altr group lists the primary image {} before the tmap item {}", base,
                     tmap);
  }
  return Formatted("the tmap item {} and the primary image {} stand in no altr group", tmap, base);
}

}  // namespace

std::vector<TmapItem> FindTmaps(const HeifStructure& structure) {
  std::vector<TmapItem> found;
  for (const HeifItem& item : structure.items) {
    if (item.type != "tmap") continue;
    TmapItem tmap{.id = item.id, .problems = {}};
    const std::vector<std::uint32_t> inputs = structure.Targets(item.id, "dimg");
    if (inputs.size() != 2 || structure.primary != inputs[0]) {
      std::string list;
      for (const std::uint32_t input : inputs) list += Formatted(" {}", input);
      tmap.problems.push_back(Formatted(
          "the tmap item {} should be made of the primary image {} and a map, found {} inputs:{}",
          item.id, structure.primary.value_or(0), inputs.size(), list));
    } else {
      tmap.map_id = inputs[1];
      if (std::string problem = AlternativesProblem(structure, item.id, inputs[0]);
          !problem.empty()) {
        tmap.problems.push_back(std::move(problem));
      }
    }
    if (!std::ranges::contains(structure.brands, "tmap")) {
      tmap.problems.emplace_back("the file has a tmap item and not the brand tmap");
    }
    found.push_back(std::move(tmap));
  }
  return found;
}

// ISO/IEC 14496-12, 12.1.5 (ColourInformationBox).
std::optional<ColorSpec> AlternateColorOf(const HeifStructure& structure, std::uint32_t tmap) {
  const HeifItem* item = structure.Find(tmap);
  if (item == nullptr) return std::nullopt;
  std::optional<ColorSpec> named;
  for (const HeifProperty& property : item->properties) {
    if (property.type != "colr") continue;
    ByteReader reader(property.body);
    const auto kind = reader.Read(4);
    if (!kind) continue;
    if (AsText(*kind) == "prof" || AsText(*kind) == "rICC") {
      return ColorSpec{.icc = Bytes(reader.rest().begin(), reader.rest().end())};
    }
    const auto primaries = AsText(*kind) == "nclx" ? reader.U16() : std::nullopt;
    const auto known = primaries ? PrimariesFromH273(*primaries) : std::nullopt;
    if (known) named = ColorSpec{.primaries = *known};
  }
  return named;
}

Expected<Bytes> ReadTmapBlock(const heif_context* context, std::uint32_t id, const Limits& limits) {
  std::uint8_t* data = nullptr;
  std::size_t size = 0;
  auto read = CheckHeif(heif_item_get_item_data(context, id, nullptr, &data, &size));
  Bytes payload;
  if (read) {
    read = CheckMetadataSize(size, limits, kWhere);
    if (read && data != nullptr) payload.assign(data, data + size);
  }
  if (data != nullptr) heif_release_item_data(context, &data);
  HDRP_RETURN_IF_ERROR(read);

  ByteReader reader(payload);
  const auto version = reader.U8();
  if (!version) return Fail(ErrorCode::kBadInput, kWhere, "the tmap item {} is empty", id);
  if (*version != 0) {
    return Fail(ErrorCode::kUnsupported, kWhere, "expected a tmap item of version 0, found {}",
                *version);
  }
  return Bytes(reader.rest().begin(), reader.rest().end());
}

}  // namespace hdrp
