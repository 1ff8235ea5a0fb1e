// The verbs `serve` and `health`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/commands.h"
#include "service/config.h"

namespace hdrp {

/// Adds the verb, whose options set `config`. Each can be given by the environment too:
/// --max-image as HDR_PROCESS_MAX_IMAGE.
[[nodiscard]] CLI::App* AddServe(CLI::App& app, ServiceConfig& config);
[[nodiscard]] int RunServe(ServiceConfig config, const CommonOptions& common);

/// Asks a running service whether it is well, as container health checks do.
[[nodiscard]] CLI::App* AddHealth(CLI::App& app, std::string& address);
[[nodiscard]] int RunHealth(const std::string& address, const CommonOptions& common);

}  // namespace hdrp
