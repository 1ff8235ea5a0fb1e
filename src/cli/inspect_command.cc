#include <array>
#include <cstdio>
#include <string>

#include "base/formatted.h"
#include "cli/commands.h"
#include "pipeline/inspect.h"
#include "pipeline/json.h"

namespace hdrp {
namespace {

[[nodiscard]] std::string Channels(const std::array<double, 3>& values, bool single) {
  if (single) return Formatted("{:.6g}", values[0]);
  return Formatted("{:.6g} {:.6g} {:.6g}", values[0], values[1], values[2]);
}

void Print(const std::string& name, const Inspection& seen) {
  std::string out = Formatted("{}: {} {} x {}, orientation {}, ICC {}\n", Printable(name),
                              seen.format, seen.width, seen.height, seen.orientation,
                              seen.icc.empty() ? "none" : Printable(seen.icc));
  if (seen.gain_map) {
    out += Formatted("gain map: {} x {}, {} component{}{}\n", seen.gain_map->width,
                     seen.gain_map->height, seen.gain_map->components,
                     seen.gain_map->components == 1 ? "" : "s",
                     seen.gain_map->components == 3 && seen.gain_map->neutral ? ", neutral" : "");
  } else {
    out += "gain map: none\n";
  }
  if (seen.hdr_rendition) {
    out += Formatted("HDR by itself: {}, {} bits\n", seen.hdr_rendition->transfer,
                     seen.hdr_rendition->bits);
  }
  if (seen.metadata) {
    const GainMapMetadata& m = *seen.metadata;
    const bool single = m.IsSingleChannel();
    out += Formatted(
        "metadata ({}), stops unless said otherwise\n"
        "  gain_map_min            {}\n  gain_map_max            {}\n  gamma                   {} "
        "(no unit)\n"
        "  base_offset             {} (linear)\n  alternate_offset        {} (linear)\n"
        "  base_hdr_headroom       {:.6g}\n  alternate_hdr_headroom  {:.6g}\n"
        "  use_base_color_space    {}\n",
        seen.source, Channels(m.gain_map_min, single), Channels(m.gain_map_max, single),
        Channels(m.gamma, single), Channels(m.base_offset, single),
        Channels(m.alternate_offset, single), m.base_hdr_headroom, m.alternate_hdr_headroom,
        m.use_base_color_space);
  }
  for (const std::string& claim : seen.claims) out += "claims:  " + Printable(claim) + "\n";
  for (const std::string& problem : seen.problems) out += "problem: " + Printable(problem) + "\n";
  for (const std::string& failure : seen.verification.failures()) {
    out += "check failed: " + Printable(failure) + "\n";
  }
  for (const std::string& warning : seen.verification.warnings()) {
    out += "check warns:  " + Printable(warning) + "\n";
  }
  out += "who shows it as HDR\n";
  for (const ReaderVerdict& reader : seen.readers) {
    out += Formatted("  {:<12} {:<8} {}\n", reader.reader,
                     reader.hdr ? (*reader.hdr ? "yes" : "no") : "unknown", Printable(reader.why));
  }
  if (seen.refusal && seen.gain_map) {
    out += Formatted("refused as a reference ({}): {}\n", KindOf(seen.refusal->code).id,
                     Printable(seen.refusal->message));
  }
  std::fputs(out.c_str(), stdout);
}

}  // namespace

int RunInspect(const InspectArguments& arguments, const CommonOptions& common,
               const std::stop_token& stop) {
  const Expected<InputFile> file = ReadInput(arguments.file, common.limits());
  if (!file) return Refuse(file.error(), common);
  const Expected<Inspection> seen = Inspect(*file, common.limits(), common.StopAt(stop));
  if (!seen) return Refuse(seen.error(), common);
  if (common.json) {
    std::fputs(InspectJson(*seen).c_str(), stdout);
  } else {
    Print(file->name, *seen);
  }
  if (seen->gain_map || !seen->refusal) return 0;
  SayError(*seen->refusal);
  return KindOf(seen->refusal->code).exit_status;
}

}  // namespace hdrp
