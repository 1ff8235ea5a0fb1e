// What libhdrp_models.so gives to the program: learned predictors, and with them ONNX Runtime,
// which is loaded only when a model is used. Program and module are built together; the version
// keeps apart those that were not.
#pragma once

#include <string_view>

#include "predict/gain_model.h"

namespace hdrp {

struct ModelModule {
  std::string_view version;
  decltype(&OpenGainModel) open;
};
inline constexpr const char* kModelModuleFile = "libhdrp_models.so";
inline constexpr const char* kModelModuleName = "hdrp_model_module";

}  // namespace hdrp
