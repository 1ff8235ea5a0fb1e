// Owners for lcms2's objects. lcms2 reports errors to a handler that nobody has set: it says
// nothing, and its functions return null.
#pragma once

#include <lcms2.h>

#include <memory>

#include "base/bytes.h"

namespace hdrp {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using LcmsProfile = std::unique_ptr<void, CloseProfile>;

struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using LcmsTransform = std::unique_ptr<void, DeleteTransform>;

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using LcmsCurve = std::unique_ptr<cmsToneCurve, FreeCurve>;

/// Null when the header or the tag table cannot be read. `bytes` must outlive it.
[[nodiscard]] inline LcmsProfile OpenProfile(ByteView bytes) {
  return LcmsProfile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
}

}  // namespace hdrp
