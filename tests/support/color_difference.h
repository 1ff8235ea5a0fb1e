// How different two colours look: CIEDE2000 for SDR pictures, Delta E ITP for HDR ones.
#pragma once

#include <array>

namespace hdrp::test {

/// L*, a*, b*.
using Lab = std::array<double, 3>;

/// CIE 142-2001 (CIEDE2000) with all weights 1. About 1 is just noticeable.
[[nodiscard]] double DeltaE2000(const Lab& a, const Lab& b);

/// CIE 1976 L*a*b* of an XYZ seen under `white`.
[[nodiscard]] Lab LabFromXyz(const std::array<double, 3>& xyz, const std::array<double, 3>& white);

/// I, Ct, Cp of ITU-R BT.2100 for linear Rec. 2020 in cd/m2 (display light).
[[nodiscard]] std::array<double, 3> IctcpFromRec2020(const std::array<double, 3>& nits);

/// ITU-R BT.2124-0: Delta E ITP of two displayed colours, linear Rec. 2020 in cd/m2. 1 is just
/// noticeable to the most critical eye.
[[nodiscard]] double DeltaEItp(const std::array<double, 3>& a_nits,
                               const std::array<double, 3>& b_nits);

}  // namespace hdrp::test
