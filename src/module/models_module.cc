// The only thing that libhdrp_models.so shows.
#include "module/models_module.h"

#include "base/version.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::ModelModule hdrp_model_module;
const hdrp::ModelModule hdrp_model_module = {hdrp::kVersion, &hdrp::OpenGainModel};
}
