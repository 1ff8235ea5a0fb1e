// The only thing that libhdrp_models.so shows.
#include "base/version.h"
#include "module/model_module.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::ModelModule hdrp_model_module;
const hdrp::ModelModule hdrp_model_module = {hdrp::kVersion, &hdrp::OpenGainModel};
}
