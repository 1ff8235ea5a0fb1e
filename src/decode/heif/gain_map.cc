// Gain maps of HEIF files. libheif has no interface for them: what an item is for is read from the
// item structure, its bytes and pixels through libheif.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/formatted.h"
#include "decode/gain_map_file.h"
#include "decode/heif/file.h"
#include "decode/heif/raster.h"
#include "decode/heif/tmap.h"
#include "decode/heif/transform.h"
#include "decode/map_raster.h"
#include "decode/stream_metadata.h"
#include "gainmap/gain.h"
#include "metadata/exif.h"
#include "metadata/iso21496.h"

namespace hdrp {
namespace {

/// The most that a thumbnail's aspect may differ from its picture's.
constexpr double kMaxThumbnailDifference = 0.02;

/// An image to decode, and how it lies.
struct HeifRaster {
  HeifHandle handle;
  Orientation turn = Orientation::kTopLeft;  ///< after its own properties
  HeifSamples samples = HeifSamples::kLuma;

  [[nodiscard]] int width() const {
    return SwapsSides(turn) ? heif_image_handle_get_height(handle.get())
                            : heif_image_handle_get_width(handle.get());
  }
  [[nodiscard]] int height() const {
    return SwapsSides(turn) ? heif_image_handle_get_width(handle.get())
                            : heif_image_handle_get_height(handle.get());
  }
  [[nodiscard]] Expected<Plane<std::uint8_t>> Read(ByteView file,
                                                   const PictureOptions& options) const {
    HDRP_ASSIGN_OR_RETURN(
        auto plane, ReadHeifSamples({file, handle.get(), options.limits, options.stop}, samples));
    if (turn == Orientation::kTopLeft) return plane;
    return Oriented(std::as_const(plane).view(), turn);
  }
};

/// An image that may be the map, and everything that is said of it.
struct Candidate {
  std::uint32_t id = 0;
  std::string name;  ///< "the auxiliary image 5"
  bool is_apple = false;
  bool is_auxiliary = false;
  Bytes iso_block;  ///< what stream's payload points into
  std::optional<ColorSpec> alternate;
  StreamMetadata stream;
  HeifRaster raster;
};

class Reader {
 public:
  Reader(ByteView file, const PictureOptions& options) : file_(file), options_(options) {}

  Expected<GainMapFile> Run() {
    HDRP_ASSIGN_OR_RETURN(context_, OpenHeifContext(file_, options_.limits));
    HDRP_ASSIGN_OR_RETURN(base_, PrimaryOf(context_.get()));
    HDRP_ASSIGN_OR_RETURN(result_.base, ReadHeifInfo(base_.get(), options_.limits));

    if (auto structure = ReadHeifStructure(file_)) {
      structure_ = std::move(*structure);
    } else {
      Report("the items cannot be listed: " + structure.error().message);
    }
    AddTmaps();
    AddAuxiliaries();
    HDRP_RETURN_IF_ERROR(ReadCandidates());
    GiveSmallLuma();
    return std::move(result_);
  }

 private:
  void Report(std::string problem) { result_.problems.push_back(std::move(problem)); }

  Candidate& CandidateOf(std::uint32_t id, std::string_view kind) {
    const auto known = std::ranges::find(candidates_, id, &Candidate::id);
    if (known != candidates_.end()) return *known;
    Candidate& added = candidates_.emplace_back();
    added.id = id;
    added.name = Formatted("{} {}", kind, id);
    return added;
  }

  void AddTmaps() {
    for (TmapItem& tmap : FindTmaps(structure_)) {
      result_.claims.push_back(Formatted("a tmap item ({})", tmap.id));
      for (std::string& problem : tmap.problems) Report(std::move(problem));
      if (tmap.map_id == 0) continue;
      auto block = ReadTmapBlock(context_.get(), tmap.id, options_.limits);
      if (!block) {
        Report(Formatted("the tmap item {} is passed over: {}", tmap.id, block.error().message));
        continue;
      }
      Candidate& candidate = CandidateOf(tmap.map_id, "the map image");
      if (!candidate.iso_block.empty()) continue;
      candidate.iso_block = std::move(*block);
      candidate.alternate = AlternateColorOf(structure_, tmap.id);
      candidate.stream.iso_payloads = {candidate.iso_block};
    }
  }

  void AddAuxiliaries() {
    constexpr int kFilter =
        LIBHEIF_AUX_IMAGE_FILTER_OMIT_ALPHA | LIBHEIF_AUX_IMAGE_FILTER_OMIT_DEPTH;
    const int count = heif_image_handle_get_number_of_auxiliary_images(base_.get(), kFilter);
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
    heif_image_handle_get_list_of_auxiliary_image_IDs(base_.get(), kFilter, ids.data(), count);
    for (const heif_item_id id : ids) {
      heif_image_handle* found = nullptr;
      const heif_error error =
          heif_image_handle_get_auxiliary_image_handle(base_.get(), id, &found);
      const HeifHandle handle(found);
      if (error.code != heif_error_Ok) continue;
      const std::string type = AuxiliaryType(handle.get());
      if (!type.ends_with(kGainMapAuxSuffix)) continue;
      result_.claims.push_back("an auxiliary image " + type);
      Candidate& candidate = CandidateOf(id, "the auxiliary image");
      candidate.is_auxiliary = true;
      candidate.is_apple = candidate.is_apple || type == kAppleGainMapType;
    }
  }

  static std::string AuxiliaryType(const heif_image_handle* handle) {
    const char* text = nullptr;
    if (heif_image_handle_get_auxiliary_type(handle, &text).code != heif_error_Ok) return {};
    std::string type = text == nullptr ? "" : text;
    heif_image_handle_release_auxiliary_type(handle, &text);
    return type;
  }

  /// Takes the best of the candidates: by the kind of metadata, then by their order.
  Expected<void> ReadCandidates() {
    const Candidate* best = nullptr;
    MapNumbers best_numbers;
    std::vector<std::string> rejections;
    for (Candidate& candidate : candidates_) {
      HDRP_ASSIGN_OR_RETURN(const bool opened, OpenImage(candidate));
      if (!opened) continue;
      MapNumbers numbers = NumbersOf(candidate);
      if (!numbers.source) {
        rejections.push_back(candidate.name + " has no usable gain-map metadata");
        for (const std::string& problem : numbers.problems) {
          rejections.push_back(candidate.name + ": " + problem);
        }
      } else if (best == nullptr || *numbers.source < *best_numbers.source) {
        best = &candidate;
        best_numbers = std::move(numbers);
      }
    }
    if (best == nullptr) {
      for (std::string& rejection : rejections) Report(std::move(rejection));
      return {};
    }
    for (std::string& problem : best_numbers.problems) {
      Report("gain map: " + std::move(problem));
    }
    return GiveMap(candidates_[static_cast<std::size_t>(best - candidates_.data())],
                   std::move(best_numbers));
  }

  /// False, with a sentence, where there is no such image. Only a size beyond the limits is an
  /// error: it is not the file that is wrong.
  Expected<bool> OpenImage(Candidate& candidate) {
    heif_image_handle* found = nullptr;
    auto opened = CheckHeif(heif_context_get_image_handle(context_.get(), candidate.id, &found));
    candidate.raster.handle.reset(found);
    if (opened) opened = CheckHeifSize(found, options_.limits);
    if (opened) return true;
    if (opened.error().code == ErrorCode::kTooLarge) {
      return Within("gain map", std::move(opened.error()));
    }
    Report(Formatted("{} cannot be opened: {}", candidate.name, opened.error().message));
    return false;
  }

  MapNumbers NumbersOf(Candidate& candidate) {
    const auto xmp =
        HeifMetadata(candidate.raster.handle.get(), "mime", kHeifXmpType, options_.limits);
    if (!xmp) {
      Report(Formatted("the XMP of {} cannot be read: {}", candidate.name, xmp.error().message));
    } else if (!xmp->empty()) {
      auto facts = ReadXmp(AsText(*xmp));
      if (facts) {
        // Other makers' maps are not to be read by Apple's rule.
        if (!candidate.is_apple) facts->apple_version.reset();
        candidate.stream.xmp.push_back(std::move(*facts));
      } else {
        Report(
            Formatted("the XMP of {} cannot be read: {}", candidate.name, facts.error().message));
      }
    }
    AppleMakerNote note;
    if (candidate.is_apple && !result_.base.exif.empty()) {
      if (const auto exif = ReadExif(result_.base.exif)) note = exif->apple;
    }
    return ReadMapNumbers(candidate.stream, note);
  }

  /// A map of one-channel metadata that is coded as 4:2:0 has neutral chroma, which libheif will
  /// not drop: Y is taken.
  Expected<void> GiveMap(Candidate& candidate, MapNumbers numbers) {
    HeifRaster& raster = candidate.raster;
    const auto stored = StoredAs(raster.handle.get());
    if (!stored) {
      Report(Formatted("{} cannot be decoded: {}", candidate.name, stored.error().message));
      return {};
    }
    constexpr std::size_t kFlagsAt = 4;
    constexpr unsigned kThreeChannels = 0x80;  // ISO 21496-1, see WriteIsoBlock
    const bool says_three = numbers.source == MetadataSource::kIso
                                ? candidate.iso_block.size() > kFlagsAt &&
                                      (candidate.iso_block[kFlagsAt] & kThreeChannels) != 0
                                : !numbers.metadata.IsSingleChannel();
    const bool has_one = stored->colorspace == heif_colorspace_monochrome ||
                         (stored->chroma == heif_chroma_420 && !says_three);
    raster.samples = has_one ? HeifSamples::kLuma : HeifSamples::kRgb;
    const HeifItem* primary = structure_.primary ? structure_.Find(*structure_.primary) : nullptr;
    if (primary != nullptr) {
      raster.turn = MissingTransform(structure_, primary->id, candidate.id);
      if (raster.turn != Orientation::kTopLeft) {
        Report(candidate.name + " has no irot and no imir: it is turned by the base's");
      }
    }
    for (const auto& [id, name] :
         {std::pair(candidate.id, std::string_view(candidate.name)),
          std::pair(primary != nullptr ? primary->id : 0, std::string_view("the base image"))}) {
      if (std::string problem = SurplusProblem(structure_.Find(id), name); !problem.empty()) {
        Report(std::move(problem));
      }
    }
    const int bits = heif_image_handle_get_luma_bits_per_pixel(raster.handle.get());
    if (bits > 8) {
      Report(Formatted("{} has {} bits per sample: they are rounded to 8", candidate.name, bits));
    }
    result_.map = GainMapInfo{.width = raster.width(),
                              .height = raster.height(),
                              .channels = has_one ? 1 : 3,
                              .source = *numbers.source,
                              .metadata = std::move(numbers.metadata),
                              .apple_headroom_linear = numbers.apple_headroom_linear,
                              .alternate = candidate.alternate};
    result_.read_map = [context = context_, raster = std::move(raster), file = file_,
                        options = options_] {
      return raster.Read(file, options).transform([](auto codes) {
        return MapCodes{std::move(codes)};
      });
    };
    return {};
  }

  /// Thumbnails that show what the base shows, as the file lists them, and the base.
  std::vector<HeifRaster> SmallLumaImages() {
    std::vector<HeifRaster> images;
    const int count = heif_image_handle_get_number_of_thumbnails(base_.get());
    std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
    heif_image_handle_get_list_of_thumbnail_IDs(base_.get(), ids.data(), count);
    for (const heif_item_id id : ids) {
      heif_image_handle* found = nullptr;
      const heif_error error = heif_image_handle_get_thumbnail(base_.get(), id, &found);
      HeifRaster thumbnail{.handle = HeifHandle(found)};
      if (error.code != heif_error_Ok || !CheckHeifSize(found, options_.limits)) continue;
      thumbnail.turn = MissingTransform(structure_, heif_image_handle_get_item_id(base_.get()), id);
      const double aspect = static_cast<double>(thumbnail.width()) / thumbnail.height() *
                            result_.base.height / result_.base.width;
      if (std::abs(aspect - 1) <= kMaxThumbnailDifference) images.push_back(std::move(thumbnail));
    }
    images.push_back({.handle = std::move(base_)});
    return images;
  }

  void GiveSmallLuma() {
    result_.read_small_luma = [context = context_, images = SmallLumaImages(), file = file_,
                               options = options_](int least_side) -> Expected<SmallLuma> {
      const auto large_enough = [least_side](const HeifRaster& image) {
        return std::max(image.width(), image.height()) >= least_side;
      };
      const auto found = std::ranges::find_if(images, large_enough);
      HDRP_ASSIGN_OR_RETURN(Plane<std::uint8_t> luma,
                            (found == images.end() ? images.back() : *found).Read(file, options));
      return Filling(BoxReduced(std::move(luma), std::max(kSmallLumaSide, least_side)));
    };
  }

  ByteView file_;
  const PictureOptions& options_;
  std::shared_ptr<heif_context> context_;
  HeifHandle base_;
  HeifStructure structure_;
  std::vector<Candidate> candidates_;
  GainMapFile result_;
};

}  // namespace

Expected<GainMapFile> OpenHeifGainMap(ByteView file, const PictureOptions& options) {
  return Reader(file, options).Run();
}

}  // namespace hdrp
