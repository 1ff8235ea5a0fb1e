// Which public readers show a HEIC or AVIF file as HDR.
#include <array>

#include "base/formatted.h"
#include "verify/picture_structure.h"
#include "verify/verify_picture.h"

namespace hdrp {
namespace {

/// As libavif and with it Chromium have it: numbers, group and brand, or no gain map.
[[nodiscard]] std::string WhyAvifIsSdr(ByteView file, const GainMapFile& parsed) {
  const Expected<HeifStructure> structure = ReadHeifStructure(file);
  if (!structure) return structure.error().message;
  const auto tone_map = FindToneMap(*structure);
  if (!tone_map) return "there is no tmap item";
  if (!tone_map->in_altr_group) return "the tmap item is in no altr group with the base";
  if (!HasBrand(*structure, "tmap")) return "the brand tmap is missing";
  if (!parsed.map) return "the tmap item cannot be used";
  if (IsHdrBase(parsed.map->metadata)) return "the base is the HDR rendition already";
  return {};
}

}  // namespace

std::vector<ReaderVerdict> PredictPictureReaders(ByteView file, const GainMapFile& parsed) {
  constexpr std::string_view kJpegOnly = "it reads gain maps of JPEG only";
  constexpr std::string_view kNeverTried = "never tried on a device";
  std::vector<ReaderVerdict> verdicts;
  if (parsed.base.format == FileFormat::kAvif) {
    const std::string why = WhyAvifIsSdr(file, parsed);
    const ReaderVerdict libavif{"libavif", why.empty(),
                                why.empty() ? "a tmap item in an altr group" : why};
    verdicts.push_back({"chrome", libavif.hdr, libavif.why});
    verdicts.push_back({"android14", std::nullopt, std::string(kNeverTried)});
    verdicts.push_back({"android15", std::nullopt, std::string(kNeverTried)});
    verdicts.push_back({"apple", std::nullopt, std::string(kNeverTried)});
    verdicts.push_back(libavif);
  } else if (parsed.base.format == FileFormat::kHeif) {
    verdicts.push_back({"chrome", false, "it does not decode HEVC pictures"});
    verdicts.push_back({"android14", std::nullopt, std::string(kNeverTried)});
    verdicts.push_back({"android15", std::nullopt, std::string(kNeverTried)});
    verdicts.push_back({"apple", parsed.map ? std::nullopt : std::optional(false),
                        parsed.map ? std::string(kNeverTried) : "there is no gain map"});
    verdicts.push_back({"libavif", false, "it reads AVIF"});
  } else {
    for (const std::string_view reader : {"chrome", "android14", "android15", "apple"}) {
      verdicts.push_back({reader, std::nullopt, std::string(kNeverTried)});
    }
    verdicts.push_back({"libavif", false, "it reads AVIF"});
  }
  verdicts.push_back({"libultrahdr", false, std::string(kJpegOnly)});
  return verdicts;
}

std::vector<ReaderVerdict> PredictStillReaders(const PictureInfo& info, bool is_hdr) {
  constexpr auto kReaders = std::to_array<std::string_view>(
      {"chrome", "android14", "android15", "apple", "libavif", "libultrahdr"});
  std::vector<ReaderVerdict> verdicts;
  if (!is_hdr) {
    for (const std::string_view reader : kReaders) {
      verdicts.push_back({reader, false, "there is no gain map, and the picture itself is SDR"});
    }
    return verdicts;
  }
  const bool is_coded =
      info.color.transfer == Transfer::kPq || info.color.transfer == Transfer::kHlg;
  const bool avif = info.format == FileFormat::kAvif;
  const bool shown_by_browsers = is_coded && (avif || info.format == FileFormat::kPng);
  const std::string what =
      !is_coded ? "linear light" : (info.color.transfer == Transfer::kPq ? "PQ" : "HLG");
  const std::string untried =
      Formatted("{} in {}: not tried on a device", what, NameOf(info.format));
  verdicts.push_back({"chrome", shown_by_browsers,
                      shown_by_browsers
                          ? Formatted("{} by itself, without a gain map", what)
                          : Formatted("it does not show {} of {}", NameOf(info.format), what)});
  verdicts.push_back({"android14", std::nullopt, untried});
  verdicts.push_back({"android15", std::nullopt, untried});
  verdicts.push_back({"apple", std::nullopt, untried});
  verdicts.push_back({"libavif", avif, avif ? Formatted("{} by itself", what) : "it reads AVIF"});
  verdicts.push_back({"libultrahdr", false, "it reads gain maps of JPEG only"});
  return verdicts;
}

}  // namespace hdrp
