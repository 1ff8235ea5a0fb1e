// The item structure of a HEIF or AVIF file: items, their properties, references and groups,
// brands. Libraries hide part of it (the properties of a tmap item), and checks of our own files
// should not ask the library that wrote them. Sources: ISO/IEC 14496-12 (meta, iinf, iref, grpl),
// ISO/IEC 23008-12 (iprp, properties).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

/// Type of the auxiliary image that is Apple's gain map.
inline constexpr std::string_view kAppleGainMapType = "urn:com:apple:photo:2020:aux:hdrgainmap";

struct HeifProperty {
  std::string_view type;  ///< four characters, in the file's bytes, as all views here
  ByteView body;          ///< after size and type
  bool essential = false;
};

struct HeifItem {
  std::uint32_t id = 0;
  std::string_view type = {};
  bool hidden = false;
  std::vector<HeifProperty> properties = {};  ///< in the order of association
};

struct HeifReference {
  std::string_view type = {};
  std::uint32_t from = 0;
  std::vector<std::uint32_t> to = {};
};

struct HeifGroup {
  std::string_view type = {};
  std::uint32_t id = 0;
  std::vector<std::uint32_t> entities = {};
};

struct HeifStructure {
  std::vector<std::string_view> brands;  ///< the major one first
  std::optional<std::uint32_t> primary;
  std::vector<HeifItem> items;
  std::vector<HeifReference> references;
  std::vector<HeifGroup> groups;

  [[nodiscard]] const HeifItem* Find(std::uint32_t id) const;
  /// Targets of the first reference of this type from this item; empty where there is none.
  [[nodiscard]] std::vector<std::uint32_t> Targets(std::uint32_t from, std::string_view type) const;
};

/// The item's first property of this type, or nullptr.
[[nodiscard]] const HeifProperty* PropertyOf(const HeifItem& item, std::string_view type);

/// bad_input where the boxes do not parse, or where counts exceed their caps (10,000 items, 100,000
/// of anything else). The file's bytes must outlive the result.
[[nodiscard]] Expected<HeifStructure> ReadHeifStructure(ByteView file);

}  // namespace hdrp
