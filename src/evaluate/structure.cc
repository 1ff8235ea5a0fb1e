#include "evaluate/structure.h"

#include <utility>

namespace hdrp {

std::string_view NameOf(Structure structure) {
  switch (structure) {
    case Structure::kPlain:
      return "< 0.3";
    case Structure::kSlight:
      return "0.3 to 0.75";
    case Structure::kMarked:
      return "0.75 to 1.5";
    case Structure::kStrong:
      return "> 1.5";
  }
  std::unreachable();
}

Structure StructureOf(double top_less_median_stops) {
  if (top_less_median_stops < 0.3) return Structure::kPlain;
  if (top_less_median_stops < 0.75) return Structure::kSlight;
  return top_less_median_stops <= 1.5 ? Structure::kMarked : Structure::kStrong;
}

}  // namespace hdrp
