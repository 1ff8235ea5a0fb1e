// The item structure of any bytes; what it points at must lie in them.
#include "metadata/heif_structure.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto structure = hdrp::ReadHeifStructure({data, size});
  if (!structure) return 0;
  for (const hdrp::HeifItem& item : structure->items) {
    if (structure->Find(item.id) != &item) std::abort();
    for (const hdrp::HeifProperty& property : item.properties) {
      if (property.body.data() < data || property.body.size() > size) std::abort();
    }
  }
  return 0;
}
