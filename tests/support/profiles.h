// ICC profiles made by lcms2, for tests of what reads profiles. Only for programs that link lcms2.
#pragma once

#include <gtest/gtest.h>
#include <lcms2.h>

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "color/color_spec.h"

namespace hdrp::test {

/// Serialised and closed.
inline Bytes Saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  EXPECT_TRUE(cmsSaveProfileToMem(profile, nullptr, &size));
  Bytes bytes(size);
  EXPECT_TRUE(cmsSaveProfileToMem(profile, bytes.data(), &size));
  cmsCloseProfile(profile);
  return bytes;
}

inline cmsHPROFILE NewRgbProfile(const Chromaticities& space, cmsToneCurve* curve) {
  const auto xyy = [](const std::array<double, 2>& xy) { return cmsCIExyY{xy[0], xy[1], 1}; };
  const cmsCIExyY white = xyy(space.white);
  const cmsCIExyYTRIPLE primaries = {xyy(space.red), xyy(space.green), xyy(space.blue)};
  const std::array<cmsToneCurve*, 3> curves = {curve, curve, curve};
  return cmsCreateRGBProfile(&white, &primaries, curves.data());
}

inline Bytes RgbProfile(const Chromaticities& space, double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  Bytes bytes = Saved(NewRgbProfile(space, curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

inline Bytes GreyProfileOf(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  Bytes bytes = Saved(cmsCreateGrayProfile(cmsD50_xyY(), curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

/// Display P3, made without our own writer.
inline cmsHPROFILE NewDisplayP3() {
  const std::array<double, 5> srgb = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* curve = cmsBuildParametricToneCurve(nullptr, 4, srgb.data());
  cmsHPROFILE profile = NewRgbProfile(kDisplayP3Primaries, curve);
  cmsFreeToneCurve(curve);
  return profile;
}

/// An RGB profile of tables (A2B0 in Lab) that describes the space of `matrix_profile`.
inline Bytes LutProfileOf(ByteView matrix_profile) {
  const cmsHPROFILE from = cmsOpenProfileFromMem(
      matrix_profile.data(), static_cast<cmsUInt32Number>(matrix_profile.size()));
  const cmsHPROFILE lab = cmsCreateLab4Profile(nullptr);
  const cmsHTRANSFORM transform =
      cmsCreateTransform(from, TYPE_RGB_16, lab, TYPE_Lab_16, INTENT_RELATIVE_COLORIMETRIC, 0);
  EXPECT_NE(transform, nullptr);
  const cmsHPROFILE link =
      cmsTransform2DeviceLink(transform, 4.3, cmsFLAGS_GUESSDEVICECLASS | cmsFLAGS_HIGHRESPRECALC);
  EXPECT_NE(link, nullptr);
  cmsDeleteTransform(transform);
  cmsCloseProfile(from);
  cmsCloseProfile(lab);
  return Saved(link);
}

}  // namespace hdrp::test
