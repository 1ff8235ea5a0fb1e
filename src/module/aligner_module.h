// What libhdrp_aligner.so gives to the program: the search for an edit in its original, and with it
// OpenCV. Program and module are built together; the version keeps apart those that were not.
#pragma once

#include <string_view>

#include "align/find/register.h"

namespace hdrp {

struct AlignModule {
  std::string_view version;
  decltype(&Register) find;
};
inline constexpr const char* kAlignModuleFile = "libhdrp_aligner.so";
inline constexpr const char* kAlignModuleName = "hdrp_align_module";

}  // namespace hdrp
