// The command line: options into requests. Everything that decides anything lies below pipeline/.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/formatted.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/serve_command.h"
#include "pipeline/fields.h"
#include "service/worker/worker.h"

namespace hdrp {
namespace {

const std::map<std::string, FileFormat> kFloatFormats = [] {
  std::map<std::string, FileFormat> words;
  for (const FileFormat format : kFormatsWritten<Writes::kFloatLight>) {
    words.emplace(WordOf(format), format);
  }
  return words;
}();
const std::map<std::string, Exporter> kExporters = {{"native", Exporter::kNative},
                                                    {"libultrahdr", Exporter::kLibultrahdr}};
const std::map<std::string, VerifyLevel> kVerifyLevels = {{"structure", VerifyLevel::kStructure},
                                                          {"pixels", VerifyLevel::kPixels},
                                                          {"full", VerifyLevel::kFull}};

const std::map<std::string, std::string> kGmnetPresets = {{"real", "real"},
                                                          {"synthetic", "synthetic"}};
const std::map<std::string, int> kModelEdges = {{"512", 512}, {"1024", 1024}, {"full", 0}};

constexpr const char* kExamples =
    "Examples\n"
    "  hdr-process --img edit.jpg --ref original.jpg            the original's HDR onto the edit\n"
    "  hdr-process --img edit.tif --ref render.exr              derive the map from an HDR "
    "rendition\n"
    "  hdr-process --img edit.jpg --boost 2.5 --out out/        predict, with 2.5 stops of "
    "headroom\n"
    "  hdr-process --img edit.jpg --ref IMG_1234.heic --out edit.heic   from an iPhone, as HEIC\n"
    "  hdr-process convert photo.jpg --format avif              the same picture in another "
    "container\n"
    "  hdr-process inspect photo.jpg                            who will show it as HDR, and why\n"
    "  hdr-process extract photo.jpg --out parts/ --hdr exr     base, gain map, numbers, HDR "
    "float\n"
    "  hdr-process evaluate photos/                             how well predictors do on your "
    "photos\n"
    "  hdr-process serve                                        the page and the HTTP API on this "
    "machine\n"
    "\n"
    "Exit status: 0 done; 2 bad_argument, 3 too_large, 4 unsupported, 5 bad_input, 6 mismatch,\n"
    "7 no_gain_map, 8 model_failed, 9 export_failed, 10 timeout, 70 internal, 74 io_failed,\n"
    "130 interrupted.";

/// The option takes one word of a fixed list; the help names them.
template <typename T>
void OneOf(CLI::Option* option, const std::map<std::string, T>& words) {
  CLI::CheckedTransformer check(words);
  check.description("");
  std::string names;
  for (const auto& [name, value] : words) names += (names.empty() ? "" : "|") + name;
  option->transform(check)->type_name(names);
}

/// The option takes a number of this range, shown in the help under `unit`.
template <typename T>
void InRange(CLI::Option* option, T low, T high, const std::string& unit) {
  CLI::Range range(low, high);
  range.description("");
  option->check(range)->type_name(unit);
}

/// "one|two", or the unit of a number.
[[nodiscard]] std::string TypeNameOf(const Field& field) {
  if (const auto* number = std::get_if<NumberField>(&field.kind)) return std::string(number->unit);
  if (std::holds_alternative<GuardField>(field.kind)) return "NAME[=STRENGTH]";
  std::string names;
  if (const auto* list = std::get_if<WordField>(&field.kind)) {
    for (const std::string_view word : list->words) {
      names += (names.empty() ? "" : "|") + std::string(word);
    }
  }
  return names;
}

[[nodiscard]] std::string HelpOf(const Field& field) {
  const std::string help(field.help);
  if (!field.automatic.empty()) return Formatted("{} (default: {})", help, field.automatic);
  return field.initial.empty() ? help : Formatted("{} (default {})", help, field.initial);
}

/// The options that fields of a job set, and the first value that one of them refused.
struct FieldTarget {
  Options& options;
  std::optional<Error>& refused;
};

/// A field of a job (pipeline/fields.h) as an option of the command line.
void AddField(CLI::App& app, const Field& field, const FieldTarget& target) {
  const std::string flag = FlagOf(field);
  const auto set = [&field, flag, target](std::string_view text) {
    Expected<void> done = SetField(field, text, target.options);
    if (done || target.refused) return;
    target.refused = std::move(done.error());
    target.refused->where = flag;
  };
  if (const auto* toggle = std::get_if<SwitchField>(&field.kind)) {
    const std::string_view turned = toggle->initial ? "false" : "true";
    const std::string help = (toggle->initial ? "do not " : "") + std::string(field.help);
    app.add_flag_callback(flag, [set, turned] { set(turned); }, help);
    return;
  }
  const auto each = [set](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) set(text);
  };
  CLI::Option* option = app.add_option_function<std::vector<std::string>>(flag, each, HelpOf(field))
                            ->type_name(TypeNameOf(field))
                            ->allow_extra_args(false);
  if (!std::holds_alternative<GuardField>(field.kind)) option->expected(1);
}

void AddFields(CLI::App& app, FieldGroup group, const FieldTarget& target) {
  for (const Field& field : JobFields()) {
    if (field.group == group) AddField(app, field, target);
  }
}

void AddCommonOptions(CLI::App& app, CommonOptions& common) {
  InRange(app.add_option("--max-pixels", common.max_megapixels,
                         "refuse larger pictures (megapixels; default 256)"),
          0.001, 4000.0, "MP");
  InRange(app.add_option("--max-memory", common.max_megabytes,
                         "of a picture that has to be decoded whole (default 512)"),
          1.0, 4000.0, "MB");
  InRange(app.add_option("--timeout", common.timeout_seconds, "stop after this many seconds"), 0.0,
          86400.0, "S");
  InRange(app.add_option("-j,--jobs", common.threads, "threads (default: one per core)"), 0, 256,
          "N");
  app.add_flag("--json", common.json, "result (or error) as JSON on stdout");
  app.add_flag("-q,--quiet", common.quiet, "errors only");
  app.add_flag("-v,--verbose", common.verbose, "also what was done to the map, and stage timings");
}

/// How Predictive Mode predicts. Read by PredictOptionsOf.
void AddPredictOptions(CLI::App& app, PredictArguments& predict, const FieldTarget& target) {
  app.add_option(
         "--model", predict.model,
         "predictor: bright, a file, or gmnet=FILE (default: the installed one, else --style's)")
      ->type_name("bright|FILE");
  app.add_option("--model-dir", predict.model_folder,
                 "where models are installed (default ~/.local/share/hdr-process/models)")
      ->type_name("DIR");
  OneOf(app.add_option("--gmnet-preset", predict.gmnet_preset, "which GMNet (default real)"),
        kGmnetPresets);
  OneOf(app.add_option("--model-resolution", predict.max_edge,
                       "long edge of what a model sees of the picture (default 512)"),
        kModelEdges);
  AddFields(app, FieldGroup::kPrediction, target);
}

void AddProcessOptions(CLI::App& app, ProcessArguments& process, CommonOptions& common,
                       const FieldTarget& target) {
  const auto add_file = [&app](const FileField& file, std::string& path) {
    app.add_option("--" + std::string(file.name), path, std::string(file.help))
        ->type_name(std::string(file.type));
  };
  add_file(JobFiles()[0], process.image);
  add_file(JobFiles()[1], process.reference);
  add_file(JobFiles()[2], process.mask);
  AddFields(app, FieldGroup::kGain, target);
  app.add_option("--out", process.out, "folder, or name of the HDR file (default: beside EDIT)")
      ->type_name("DIR|FILE");
  AddFields(app, FieldGroup::kOutput, target);
  AddPredictOptions(app, process.predict, target);
  app.add_option("--debug-dir", process.debug_folder,
                 "also write there, as PNG, how edit and original were put together")
      ->type_name("DIR");
  OneOf(app.add_option("--hdr", process.hdr, "also write the HDR rendition as float"),
        kFloatFormats);
  OneOf(app.add_option("--exporter", process.options.output.exporter,
                       "who writes the container (default native)"),
        kExporters);
  OneOf(app.add_option("--verify", process.options.output.verify,
                       "how much is checked before delivery (default pixels)"),
        kVerifyLevels);
  AddFields(app, FieldGroup::kPictures, target);
  app.add_option("--exr-layer", process.options.derive.exr_layer,
                 "layer of an OpenEXR ORIGINAL (default: R, G, B, else the only one)")
      ->type_name("NAME");
  app.add_flag("--force", common.force, "overwrite existing outputs");
}

[[nodiscard]] CLI::App* AddConvert(CLI::App& app, ConvertArguments& arguments,
                                   CommonOptions& common, std::optional<Error>& refused) {
  CLI::App* verb =
      app.add_subcommand("convert", "the same picture and gain map in another container");
  verb->add_option("file", arguments.file, "a gain-map JPEG, HEIC or AVIF")
      ->required()
      ->type_name("FILE");
  AddFields(*verb, FieldGroup::kOutput, {arguments.options, refused});
  verb->add_option("--out", arguments.out, "folder, or the file's name (default: beside FILE)")
      ->type_name("DIR|FILE");
  verb->add_flag("--force", common.force, "overwrite an existing output");
  AddCommonOptions(*verb, common);
  return verb;
}

[[nodiscard]] CLI::App* AddInspect(CLI::App& app, InspectArguments& arguments,
                                   CommonOptions& common) {
  CLI::App* verb = app.add_subcommand("inspect", "what a file holds, and who shows it as HDR");
  verb->add_option("file", arguments.file, "a JPEG, HEIC or AVIF")->required()->type_name("FILE");
  AddCommonOptions(*verb, common);
  return verb;
}

[[nodiscard]] CLI::App* AddExtract(CLI::App& app, ExtractArguments& arguments,
                                   CommonOptions& common, std::optional<Error>& refused) {
  CLI::App* verb = app.add_subcommand("extract", "base, gain map and numbers of a file");
  verb->add_option("file", arguments.file, "a gain-map JPEG, HEIC or AVIF")
      ->required()
      ->type_name("FILE");
  verb->add_option("--out", arguments.out, "folder for the parts")->required()->type_name("DIR");
  OneOf(verb->add_option("--hdr", arguments.hdr, "also the HDR rendition as float"), kFloatFormats);
  AddField(*verb, JobField("apple_transfer"), {arguments.options, refused});
  verb->add_flag("--force", common.force, "overwrite existing outputs");
  AddCommonOptions(*verb, common);
  return verb;
}

[[nodiscard]] CLI::App* AddEvaluate(CLI::App& app, EvaluateArguments& arguments,
                                    CommonOptions& common, std::optional<Error>& refused) {
  CLI::App* verb =
      app.add_subcommand("evaluate", "how far predictors are from the gain maps that files hold");
  verb->add_option("paths", arguments.paths, "gain-map JPEGs, HEICs, AVIFs, or folders of them")
      ->required()
      ->type_name("FILE|DIR");
  verb->add_option(
          "--predictors", arguments.predictors,
          "identity, uniform, smoothstep, bilateral, bright, chosen (default all); chosen is "
          "what the options below ask for")
      ->delimiter(',')
      ->allow_extra_args(false)  // what follows it is a file
      ->type_name("NAME,...");
  CLI::Option* manifest =
      verb->add_option("--manifest", arguments.manifest,
                       "where pictures come from: a tab-separated table with the columns file and "
                       "repo (default: their folders)")
          ->type_name("FILE.tsv");
  verb->add_option("--use", arguments.use, "only files with this word in its column use")
      ->needs(manifest)
      ->type_name("NAME");
  verb->add_option("--write-pairs", arguments.pairs,
                   "also write what tools/train reads into this new folder")
      ->type_name("DIR");
  AddPredictOptions(*verb, arguments.predict, {arguments.options, refused});
  AddCommonOptions(*verb, common);
  return verb;
}

/// The format that was asked for in so many words; without one the output's name decides.
[[nodiscard]] std::optional<FileFormat> FormatGiven(const CLI::App& app, const Options& options) {
  if (app.count("--format") == 0) return std::nullopt;
  return options.output.format;
}

/// A parse error of CLI11 as ours. Help and version are no errors: they print and return 0.
[[nodiscard]] int HandleParseError(const CLI::App& app, const CLI::ParseError& error, bool json) {
  if (error.get_exit_code() == 0) return app.exit(error);
  CommonOptions common;
  common.json = json;
  return Refuse({ErrorCode::kBadArgument,
                 error.what(),
                 "command line",
                 {"hdr-process --help lists the options"}},
                common);
}

[[nodiscard]] int Main(int argc, char** argv) {
  CLI::App app{
      "Puts the HDR back into an edited SDR photograph: writes an Ultra HDR JPEG, HEIC or AVIF "
      "(SDR base plus ISO 21496-1 gain map) and verifies it.",
      "hdr-process"};
  app.footer(kExamples);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", Formatted("hdr-process {}\n{}", kVersion, kLibraryVersions));

  CommonOptions common;
  ProcessArguments process;
  ConvertArguments convert;
  InspectArguments inspect;
  ExtractArguments extract;
  EvaluateArguments evaluate;
  std::optional<Error> refused;
  AddProcessOptions(app, process, common, {process.options, refused});
  AddCommonOptions(app, common);

  CLI::App* const convert_app = AddConvert(app, convert, common, refused);
  CLI::App* const inspect_app = AddInspect(app, inspect, common);
  CLI::App* const extract_app = AddExtract(app, extract, common, refused);
  CLI::App* const evaluate_app = AddEvaluate(app, evaluate, common, refused);
  ServiceConfig service;
  CLI::App* serve_app = AddServe(app, service);
  std::string health_address = service.bind;
  CLI::App* health_app = AddHealth(app, health_address);
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty() && process.image.empty()) {
      throw CLI::RequiredError("--img");
    }
  } catch (const CLI::ParseError& error) {
    return HandleParseError(app, error, common.json);
  }

  if (refused) return Refuse(*refused, common);
  process.format = FormatGiven(app, process.options);
  convert.format = FormatGiven(*convert_app, convert.options);

  if (serve_app->parsed()) return RunServe(std::move(service), common);
  if (health_app->parsed()) return RunHealth(health_address, common);

  // libultrahdr's XML parser reports to std::cout; stdout holds our results, which go through
  // stdio.
  std::cout.rdbuf(nullptr);
  const InterruptWatch interrupt;
  if (convert_app->parsed()) return RunConvert(convert, common, interrupt.token());
  if (inspect_app->parsed()) return RunInspect(inspect, common, interrupt.token());
  if (evaluate_app->parsed()) return RunEvaluate(evaluate, common, interrupt.token());
  if (extract_app->parsed()) return RunExtract(extract, common, interrupt.token());
  return RunProcess(process, common, interrupt.token());
}

}  // namespace
}  // namespace hdrp

int main(int argc, char** argv) {
  // Small planes come and go by the dozen. What one gives back the next one gets, instead of pages
  // that the system has to clear again: a tenth of the time of a job on 12.5 MP. Large ones, and
  // more than a few at once, go back to the system as before.
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  try {
    // Started by `serve` alone (service/worker/worker_pool.cc), so it is in no help text.
    if (argc == 3 && std::string_view(argv[1]) == "worker") return hdrp::RunWorker(argv[2]);
    return hdrp::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    hdrp::SayError({hdrp::ErrorCode::kTooLarge, "out of memory", "", {}});
    return hdrp::KindOf(hdrp::ErrorCode::kTooLarge).exit_status;
  } catch (const std::exception& error) {
    hdrp::SayError({hdrp::ErrorCode::kInternal, error.what(), "", {}});
    return hdrp::KindOf(hdrp::ErrorCode::kInternal).exit_status;
  }
}
