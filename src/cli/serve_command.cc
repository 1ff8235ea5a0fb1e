#include "cli/serve_command.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "service/http/listen.h"
#include "service/serve.h"

namespace hdrp {
namespace {

[[nodiscard]] std::string VariableOf(std::string_view flag) {
  std::string name = "HDR_PROCESS_" + std::string(flag.substr(2));
  for (char& c : name)
    c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

/// An option with a range, a unit and an environment variable.
struct Limit {
  std::string flag, help;
  double low, high;
  std::string unit;
};
/// `set` gets the number.
void AddLimit(CLI::App& app, const Limit& limit, std::function<void(double)> set) {
  CLI::Range range(limit.low, limit.high);
  range.description("");
  app.add_option_function<double>(limit.flag, std::move(set), limit.help)
      ->check(range)
      ->type_name(limit.unit)
      ->envname(VariableOf(limit.flag));
}

/// Of a service behind a proxy. Lists have commas between them in the environment.
void AddProxyOptions(CLI::App& serve, ServiceConfig& config) {
  serve
      .add_option("--root-path", config.root_path,
                  "below which it lies, /hdr, where a proxy puts it there")
      ->type_name("PATH")
      ->envname("HDR_PROCESS_ROOT_PATH");
  serve
      .add_option("--allow-origin", config.origins,
                  "another site whose pages may ask, https://example.org; repeatable")
      ->type_name("ORIGIN")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->envname("HDR_PROCESS_ALLOW_ORIGIN");
  serve
      .add_option("--proxy", config.proxies,
                  "a proxy that is believed for whom it asks (X-Forwarded-...); repeatable")
      ->type_name("ADDR[/BITS]")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->envname("HDR_PROCESS_PROXY");
}

[[nodiscard]] std::chrono::milliseconds Seconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}
[[nodiscard]] std::uint64_t Kilobytes(double kilobytes) {
  return static_cast<std::uint64_t>(kilobytes * 1e3);
}
[[nodiscard]] std::uint64_t Megabytes(double megabytes) {
  return static_cast<std::uint64_t>(megabytes * 1e6);
}

}  // namespace

CLI::App* AddServe(CLI::App& app, ServiceConfig& config) {
  CLI::App* serve =
      app.add_subcommand("serve", "the upload page and the HTTP API (docs/service.md)");
  serve->add_option("--bind", config.bind, "where to listen (default 127.0.0.1:8080; port 0: any)")
      ->type_name("ADDR:PORT")
      ->envname("HDR_PROCESS_BIND");
  serve
      ->add_option("--allow-host", config.hosts,
                   "a name under which it may be asked, besides addresses and localhost")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->envname("HDR_PROCESS_ALLOW_HOST");
  AddProxyOptions(*serve, config);
  serve
      ->add_option(
          "--folder", config.folder,
          "whose file system takes uploads and results (default: runtime or temporary folder)")
      ->type_name("DIR")
      ->envname("HDR_PROCESS_FOLDER");
  const auto add = [serve](const Limit& limit, std::function<void(double)> set) {
    AddLimit(*serve, limit, std::move(set));
  };
  config.pool.workers = 0;  // filled in by RunServe, unless given
  add({"--workers",
       "jobs at a time, one for short ones alone (default: half the cores, at least 2)", 1, 256,
       "N"},
      [&config](double n) { config.pool.workers = static_cast<int>(n); });
  add({"--queue", "jobs that may wait (default 1000, or what descriptors allow)", 1, 10000, "N"},
      [&config](double n) { config.pool.queue = static_cast<int>(n); });
  add({"--worker-memory", "of address space for each worker (default 2000)", 256, 1e6, "MB"},
      [&config](double mb) { config.pool.memory_bytes = Megabytes(mb); });
  add({"--deadline", "for a request, queue included, its body not (default 20)", 0.5, 3600, "S"},
      [&config](double s) { config.request_time = Seconds(s); });
  CLI::IsMember ends({"first-byte", "last-byte"});
  ends.description("");
  serve
      ->add_option_function<std::string>(
          "--deadline-from",
          [&config](const std::string& word) {
            config.deadline_from_first_byte = word == "first-byte";
          },
          "which byte of the request --deadline counts from (default last-byte)")
      ->check(ends)
      ->type_name("first-byte|last-byte")
      ->envname("HDR_PROCESS_DEADLINE_FROM");
  add({"--body-deadline", "for a request's body (default 120)", 0.1, 3600, "S"},
      [&config](double s) { config.body_time = Seconds(s); });
  add({"--min-rate", "at which bodies come and answers are read (default 64)", 0, 1e6, "KB/S"},
      [&config](double kb) { config.pace.bytes_per_second = Kilobytes(kb); });
  add({"--head-deadline", "for a request's head (default 5)", 0.1, 60, "S"},
      [&config](double s) { config.head_time = Seconds(s); });
  add({"--lifetime", "of a result (default 600)", 0.1, 86400, "S"},
      [&config](double s) { config.lifetime = Seconds(s); });
  add({"--grace", "for its jobs when it is stopped (default as --deadline)", 0, 3600, "S"},
      [&config](double s) { config.grace = Seconds(s); });
  add({"--max-image", "of an edit or a mask (default 40)", 0.001, 4000, "MB"},
      [&config](double mb) { config.max_image_bytes = Megabytes(mb); });
  add({"--max-reference", "of an original (default 80)", 0.001, 4000, "MB"},
      [&config](double mb) { config.max_reference_bytes = Megabytes(mb); });
  add({"--max-pixels", "refuse larger pictures (megapixels; default 64)", 0.001, 4000, "MP"},
      [&config](double mp) { config.job.max_pixels = Megabytes(mp); });
  add({"--upload-space", "for all uploads together (default 1000)", 0.001, 1e6, "MB"},
      [&config](double mb) { config.upload_bytes = Megabytes(mb); });
  add({"--store-space", "for all results together (default 512)", 0.001, 1e6, "MB"},
      [&config](double mb) { config.store_bytes = Megabytes(mb); });
  add({"--connections", "open at a time (default 512)", 1, 60000, "N"},
      [&config](double n) { config.connections = static_cast<int>(n); });
  serve->add_flag("--worker-stderr", config.pool.keep_stderr,
                  "let workers print what their libraries have to say");
  return serve;
}

int RunServe(ServiceConfig config, const CommonOptions& common) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (config.pool.workers == 0) config.pool.workers = std::max(2, cores / 2);
  config.pool.cores = cores;
  const Expected<void> done = Serve(std::move(config));
  return done ? 0 : Refuse(done.error(), common);
}

CLI::App* AddHealth(CLI::App& app, std::string& address) {
  CLI::App* health = app.add_subcommand("health", "whether a service runs and answers");
  health->add_option("--bind", address, "where it listens (default 127.0.0.1:8080)")
      ->type_name("ADDR:PORT")
      ->envname("HDR_PROCESS_BIND");
  return health;
}

int RunHealth(const std::string& address, const CommonOptions& common) {
  const Expected<void> well = CheckHealth(address);
  return well ? 0 : Refuse(well.error(), common);
}

}  // namespace hdrp
