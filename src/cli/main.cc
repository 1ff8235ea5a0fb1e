// The command line: options into requests. Everything that decides anything lies below pipeline/.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <format>
#include <iostream>
#include <map>
#include <new>
#include <string>

#include "base/version.h"
#include "cli/commands.h"
#include "cli/interrupt.h"

namespace hdrp {
namespace {

const std::map<std::string, Mode> kModes = {
    {"auto", Mode::kAuto}, {"reference", Mode::kReference}, {"predict", Mode::kPredict}};
const std::map<std::string, ExifPolicy> kExifPolicies = {
    {"keep", ExifPolicy::kKeep}, {"allow", ExifPolicy::kAllow}, {"strip", ExifPolicy::kStrip}};
const std::map<std::string, AppleTransfer> kAppleTransfers = {{"gamma22", AppleTransfer::kGamma22},
                                                              {"srgb", AppleTransfer::kSrgb},
                                                              {"rec709", AppleTransfer::kRec709}};
const std::map<std::string, FloatFormat> kFloatFormats = {{"exr", FloatFormat::kExr},
                                                          {"tiff", FloatFormat::kTiff}};
const std::map<std::string, OutputFormat> kFormats = {{"jpeg", OutputFormat::kJpeg},
                                                      {"heic", OutputFormat::kHeic},
                                                      {"avif", OutputFormat::kAvif}};
const std::map<std::string, HeicForm> kHeicForms = {
    {"both", HeicForm::kBoth}, {"iso", HeicForm::kIso}, {"apple", HeicForm::kApple}};
const std::map<std::string, Exporter> kExporters = {{"native", Exporter::kNative},
                                                    {"libultrahdr", Exporter::kLibultrahdr}};
const std::map<std::string, VerifyLevel> kVerifyLevels = {{"structure", VerifyLevel::kStructure},
                                                          {"pixels", VerifyLevel::kPixels},
                                                          {"full", VerifyLevel::kFull}};

const std::map<std::string, Flatten> kFlattens = {
    {"refuse", Flatten::kRefuse}, {"black", Flatten::kBlack}, {"white", Flatten::kWhite}};
const std::map<std::string, bool> kChromas = {{"444", false}, {"420", true}};
const std::map<std::string, PredictStyle> kStyles = {{"phone", PredictStyle::kPhone},
                                                     {"acr", PredictStyle::kAcr}};
const std::map<std::string, int> kMapScales = {{"1", 1}, {"2", 2}, {"4", 4}};
const std::map<std::string, std::string> kGmnetPresets = {{"real", "real"}, {"synthetic", "synthetic"}};
const std::map<std::string, int> kModelEdges = {{"512", 512}, {"1024", 1024}, {"full", 0}};
const std::map<std::string, int> kMapChannels = {{"1", 1}, {"3", 3}};

constexpr const char* kExamples =
    "Examples\n"
    "  hdr-process --img edit.jpg --ref original.jpg            the original's HDR onto the edit\n"
    "  hdr-process --img edit.tif --ref render.exr              derive the map from an HDR rendition\n"
    "  hdr-process --img edit.jpg --boost 2.5 --out out/        predict, with 2.5 stops of headroom\n"
    "  hdr-process --img edit.jpg --ref IMG_1234.heic --out edit.heic   from an iPhone, as HEIC\n"
    "  hdr-process convert photo.jpg --format avif              the same picture in another container\n"
    "  hdr-process inspect photo.jpg                            who will show it as HDR, and why\n"
    "  hdr-process extract photo.jpg --out parts/ --hdr exr     base, gain map, numbers, HDR float\n"
    "  hdr-process evaluate photos/                             how well predictors do on your photos\n"
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

void AddCommonOptions(CLI::App& app, CommonOptions& common) {
  InRange(app.add_option("--max-pixels", common.max_megapixels,
                         "refuse larger pictures (megapixels; default 128)"),
          0.001, 4000.0, "MP");
  InRange(app.add_option("--timeout", common.timeout_seconds, "stop after this many seconds"), 0.0,
          86400.0, "S");
  InRange(app.add_option("-j,--jobs", common.threads, "threads (default: one per core)"), 0, 256,
          "N");
  app.add_flag("--json", common.json, "result (or error) as JSON on stdout");
  app.add_flag("-q,--quiet", common.quiet, "errors only");
  app.add_flag("-v,--verbose", common.verbose, "also what was done to the map, and stage timings");
}

/// What both `process` and `convert` let one choose of the output.
void AddContainerOptions(CLI::App& app, std::optional<OutputFormat>& format, Options& options) {
  OneOf(app.add_option("--format", format, "of the output (default: as --out is named, else jpeg)"),
        kFormats);
  OneOf(app.add_option("--heic-form", options.heic_form,
                       "what a HEIC says of its map: ISO 21496-1, Apple's (default both)"),
        kHeicForms);
  OneOf(app.add_option("--exif", options.exif,
                       "metadata policy; allow (default) drops places, serial numbers, MakerNote"),
        kExifPolicies);
  OneOf(app.add_option("--apple-transfer", options.apple_transfer,
                       "curve of Apple's legacy gain maps (default gamma22)"),
        kAppleTransfers);
  InRange(app.add_option("--map-quality", options.map_quality,
                         "of a map that is encoded anew (default: what fits)"),
          1, 100, "Q");
  InRange(app.add_option("--base-quality", options.base_quality,
                         "of a base that is encoded (default 95 in JPEG)"),
          1, 100, "Q");
  OneOf(app.add_option("--base-chroma", options.subsample_chroma,
                       "its chroma sampling (default in JPEG 444 from quality 90 on, else 420)"),
        kChromas);
}

/// How Predictive Mode predicts. Read by PredictOptionsOf.
void AddPredictOptions(CLI::App& app, PredictArguments& predict) {
  app.add_option("--model", predict.model,
                 "predictor: bright, a model file, or gmnet=FILE (default: the installed one, else bright)")
      ->type_name("bright|FILE");
  app.add_option("--model-dir", predict.model_folder,
                 "where models are installed (default ~/.local/share/hdr-process/models)")
      ->type_name("DIR");
  OneOf(app.add_option("--gmnet-preset", predict.gmnet_preset, "which GMNet (default real)"),
        kGmnetPresets);
  OneOf(app.add_option("--model-resolution", predict.max_edge,
                       "long edge of what a model sees of the picture (default 512)"),
        kModelEdges);
  OneOf(app.add_option("--style", predict.style,
                       "of bright: as phones write maps (default), or as Camera Raw does"),
        kStyles);
  app.add_option("--guard", predict.guards,
                 "of a predicted map, as often as needed: off, on or 0 to 1 (docs/prediction.md)")
      ->type_name("NAME[=STRENGTH]")
      ->allow_extra_args(false);
}

void AddProcessOptions(CLI::App& app, ProcessArguments& process, CommonOptions& common) {
  Options& options = process.options;
  app.add_option("--img", process.image, "the edited SDR picture (JPEG, PNG, TIFF, WebP, HEIC, AVIF, JXL)")->type_name("EDIT");
  app.add_option("--ref", process.reference, "its HDR original: gain-map JPEG, HEIC, AVIF; EXR, float TIFF, PQ, HLG ...")
      ->type_name("ORIGINAL");
  OneOf(app.add_option("--mode", options.mode, "where the gain map comes from (default auto)"),
        kModes);
  app.add_option("--boost", options.boost_stops, "headroom in stops, 0.1 to 6; rescales the map")
      ->type_name("STOPS");
  InRange(app.add_option("--strength", options.strength,
                         "share of the gain that is kept, after --boost (default 1)"),
          0.0, 1.0, "0..1");
  app.add_option("--out", process.out, "folder, or name of the HDR file (default: beside EDIT)")
      ->type_name("DIR|FILE");
  AddContainerOptions(app, process.format, options);
  AddPredictOptions(app, process.predict);
  app.add_option("--mask", process.mask, "edited regions in white: no gain there")->type_name("PNG");
  OneOf(app.add_option("--hdr", process.hdr, "also write the HDR rendition as float"),
        kFloatFormats);
  OneOf(app.add_option("--exporter", options.exporter, "who writes the container (default native)"),
        kExporters);
  OneOf(app.add_option("--verify", options.verify,
                       "how much is checked before delivery (default pixels)"),
        kVerifyLevels);
  InRange(app.add_option("--hdr-white", options.hdr_white_nits,
                         "luminance of SDR white in an HDR rendition (default 203)"),
          1.0, 10000.0, "NITS");
  InRange(app.add_option("--hdr-exposure", options.hdr_exposure_stops,
                         "added to an HDR rendition's exposure"),
          -20.0, 20.0, "STOPS");
  app.add_flag_callback(
      "--no-anchor", [&options] { options.anchor = false; },
      "never scale an HDR rendition to the edit's mid-tones");
  OneOf(app.add_option("--gain-map-scale", options.gain_map_scale,
                       "resolution of a derived map: 1, 1/2 or 1/4 (default: by what is lost)"),
        kMapScales);
  OneOf(app.add_option("--gain-map-channels", options.gain_map_channels,
                       "of a derived map: one gain, or one per colour (default 1)"),
        kMapChannels);
  OneOf(app.add_option("--flatten", options.flatten, "pixels that are not opaque (default refuse)"),
        kFlattens);
  app.add_flag("--keep-icc", options.keep_icc,
               "keep its profile where Display P3 would be written");
  app.add_flag("--convert-icc", options.convert_icc,
               "convert a JPEG's wide profile to Display P3 too: encodes the edit anew");
  app.add_flag("--force-reference", options.force_reference,
               "use ORIGINAL although the pictures do not seem to be the same");
  app.add_flag("--force", common.force, "overwrite existing outputs");
}

/// A parse error of CLI11 as ours. Help and version are no errors: they print and return 0.
[[nodiscard]] int HandleParseError(const CLI::App& app, const CLI::ParseError& error, bool json) {
  if (error.get_exit_code() == 0) return app.exit(error);
  CommonOptions common;
  common.json = json;
  return Refuse({ErrorCode::kBadArgument, error.what(), "command line",
                 {"hdr-process --help lists the options"}},
                common);
}

[[nodiscard]] int Main(int argc, char** argv) {
  CLI::App app{"Puts the HDR back into an edited SDR photograph: writes an Ultra HDR JPEG, HEIC or AVIF "
               "(SDR base plus ISO 21496-1 gain map) and verifies it.",
               "hdr-process"};
  app.footer(kExamples);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", std::format("hdr-process {}\n{}", kVersion, kLibraryVersions));

  CommonOptions common;
  ProcessArguments process;
  ConvertArguments convert;
  InspectArguments inspect;
  ExtractArguments extract;
  EvaluateArguments evaluate;
  AddProcessOptions(app, process, common);
  AddCommonOptions(app, common);

  CLI::App* convert_app =
      app.add_subcommand("convert", "the same picture and gain map in another container");
  convert_app->add_option("file", convert.file, "a gain-map JPEG, HEIC or AVIF")
      ->required()
      ->type_name("FILE");
  AddContainerOptions(*convert_app, convert.format, convert.options);
  convert_app->add_option("--out", convert.out, "folder, or the file's name (default: beside FILE)")
      ->type_name("DIR|FILE");
  convert_app->add_flag("--force", common.force, "overwrite an existing output");
  AddCommonOptions(*convert_app, common);

  CLI::App* inspect_app = app.add_subcommand("inspect", "what a file holds, and who shows it as HDR");
  inspect_app->add_option("file", inspect.file, "a JPEG, HEIC or AVIF")->required()->type_name("FILE");
  AddCommonOptions(*inspect_app, common);

  CLI::App* extract_app = app.add_subcommand("extract", "base, gain map and numbers of a file");
  extract_app->add_option("file", extract.file, "a gain-map JPEG, HEIC or AVIF")->required()->type_name("FILE");
  extract_app->add_option("--out", extract.out, "folder for the parts")->required()->type_name("DIR");
  OneOf(extract_app->add_option("--hdr", extract.hdr, "also the HDR rendition as float"),
        kFloatFormats);
  OneOf(extract_app->add_option("--apple-transfer", extract.apple_transfer,
                                "curve of Apple's legacy gain maps (default gamma22)"),
        kAppleTransfers);
  extract_app->add_flag("--force", common.force, "overwrite existing outputs");
  AddCommonOptions(*extract_app, common);

  CLI::App* evaluate_app = app.add_subcommand(
      "evaluate", "how far predictors are from the gain maps that files hold");
  evaluate_app->add_option("paths", evaluate.paths, "gain-map JPEGs, HEICs, AVIFs, or folders of them")
      ->required()
      ->type_name("FILE|DIR");
  evaluate_app
      ->add_option("--predictors", evaluate.predictors,
                   "identity, uniform, smoothstep, bilateral, bright, chosen (default all); chosen is "
                   "what the options below ask for")
      ->delimiter(',')
      ->allow_extra_args(false)  // what follows it is a file
      ->type_name("NAME,...");
  evaluate_app
      ->add_option("--write-pairs", evaluate.pairs,
                   "also write what tools/train reads into this new folder")
      ->type_name("DIR");
  AddPredictOptions(*evaluate_app, evaluate.predict);
  AddCommonOptions(*evaluate_app, common);
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty() && process.image.empty()) {
      throw CLI::RequiredError("--img");
    }
  } catch (const CLI::ParseError& error) {
    return HandleParseError(app, error, common.json);
  }

  // libultrahdr's XML parser reports to std::cout; stdout holds our results, which go through stdio.
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
  try {
    return hdrp::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    hdrp::SayError({hdrp::ErrorCode::kTooLarge, "out of memory", "", {}});
    return hdrp::KindOf(hdrp::ErrorCode::kTooLarge).exit_status;
  } catch (const std::exception& error) {
    hdrp::SayError({hdrp::ErrorCode::kInternal, error.what(), "", {}});
    return hdrp::KindOf(hdrp::ErrorCode::kInternal).exit_status;
  }
}
