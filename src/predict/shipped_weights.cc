#include <cstdint>

#include "predict/curve_grid.h"

asm(".section .rodata\nshipped_weights:\n.incbin \"" HDRP_WEIGHTS
    "\"\nshipped_weights_end:\n.byte 0\n.previous");
extern "C" const std::uint8_t shipped_weights[], shipped_weights_end[];

namespace hdrp {

ByteView ShippedWeights() { return {shipped_weights, shipped_weights_end}; }

}  // namespace hdrp
