// NEVER RUN ON A MAC. Written from Apple's documentation and other people's programs; here it is
// only type-checked, against declarations of our own. Until somebody has built it on macOS 15 or
// later, opened its files and compared their gains, it does not count as done, and no program
// calls it.
//
// The calls, in ImageIO's order: CGImageDestinationCreateWithData, AddImage (or, with XMP,
// AddImageAndMetadata), AddAuxiliaryDataInfo once per form of the map, Finalize, whose result is
// the only word about success; then the file is opened again and asked for each map.
#include "package/imageio.h"

#ifdef __APPLE__
#include <ImageIO/ImageIO.h>
#else
#include "base/formatted.h"
#include "package/imageio_declarations.h"
#endif

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "metadata/xmp.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "ImageIO";
/// kCVPixelFormatType_OneComponent8, 'L008', without CoreVideo for one number.
constexpr std::int64_t kOneComponent8 = 0x4C303038;

/// Owns what a Create or Copy function returned. CFRelease serves CoreGraphics' objects, too.
struct Release {
  void operator()(CFTypeRef object) const { CFRelease(object); }
};
template <typename Ref>
using Owned = std::unique_ptr<std::remove_pointer_t<Ref>, Release>;

[[nodiscard]] Owned<CFStringRef> String(const char* text) {
  return Owned<CFStringRef>(CFStringCreateWithCString(nullptr, text, kCFStringEncodingUTF8));
}

[[nodiscard]] Owned<CFDataRef> Data(ByteView bytes) {
  return Owned<CFDataRef>(CFDataCreate(nullptr, bytes.data(), static_cast<CFIndex>(bytes.size())));
}

/// A dictionary that retains its keys and values. What could not be created is left out; ImageIO
/// then refuses the whole, which Finalize and the second look at the file report.
class Dictionary {
 public:
  Dictionary()
      : dictionary_(CFDictionaryCreateMutable(nullptr, 0, &kCFTypeDictionaryKeyCallBacks,
                                              &kCFTypeDictionaryValueCallBacks)) {}

  void Set(CFStringRef key, CFTypeRef value) {
    if (dictionary_ && key != nullptr && value != nullptr) {
      CFDictionarySetValue(dictionary_.get(), key, value);
    }
  }
  void SetInteger(CFStringRef key, std::int64_t value) {
    Set(key, Owned<CFNumberRef>(CFNumberCreate(nullptr, kCFNumberSInt64Type, &value)).get());
  }
  void SetReal(CFStringRef key, double value) {
    Set(key, Owned<CFNumberRef>(CFNumberCreate(nullptr, kCFNumberFloat64Type, &value)).get());
  }
  [[nodiscard]] CFDictionaryRef get() const { return dictionary_.get(); }

 private:
  Owned<CFMutableDictionaryRef> dictionary_;
};

/// The rows without padding: both CGImage and the auxiliary data are given so.
[[nodiscard]] Bytes TightRows(PlaneView<const std::uint8_t> codes) {
  Bytes bytes;
  for (int y = 0; y < codes.height; ++y) {
    const auto row = codes.RowSpan(y);
    bytes.insert(bytes.end(), row.begin(), row.end());
  }
  return bytes;
}

[[nodiscard]] Owned<CGColorSpaceRef> ColorSpaceOf(const PictureBase& base) {
  if (!base.icc.empty()) {
    return Owned<CGColorSpaceRef>(CGColorSpaceCreateWithICCData(Data(base.icc).get()));
  }
  return Owned<CGColorSpaceRef>(CGColorSpaceCreateWithName(
      base.codes.channels == 1 ? kCGColorSpaceGenericGrayGamma2_2 : kCGColorSpaceSRGB));
}

[[nodiscard]] Expected<Owned<CGImageRef>> ImageOf(const PictureBase& base) {
  const auto channels = static_cast<std::size_t>(base.codes.channels);
  const auto width = static_cast<std::size_t>(base.codes.width);
  const auto height = static_cast<std::size_t>(base.codes.height);
  const Owned<CGColorSpaceRef> space = ColorSpaceOf(base);
  if (!space || CGColorSpaceGetNumberOfComponents(space.get()) != channels) {
    return Fail(ErrorCode::kExportFailed, kWhere,
                "expected a colour profile of {} components, found another or none", channels);
  }
  const Owned<CFDataRef> rows = Data(TightRows(base.codes));
  const Owned<CGDataProviderRef> provider(rows ? CGDataProviderCreateWithCFData(rows.get())
                                               : nullptr);
  if (!provider) return Fail(ErrorCode::kExportFailed, kWhere, "no memory for the base's pixels");
  constexpr auto kNoAlpha =
      static_cast<CGBitmapInfo>(0);  // kCGImageAlphaNone, bytes in their own order
  Owned<CGImageRef> image(CGImageCreate(width, height, 8, 8 * channels, width * channels,
                                        space.get(), kNoAlpha, provider.get(), nullptr, false,
                                        kCGRenderingIntentDefault));
  if (!image) return Fail(ErrorCode::kExportFailed, kWhere, "the base was refused as a CGImage");
  return image;
}

/// An XMP packet with one description in one of Apple's namespaces.
[[nodiscard]] std::string Packet(std::string_view prefix, std::string_view uri,
                                 std::string_view properties) {
  return Formatted(
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/">)"
      R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
      R"(<rdf:Description rdf:about="" xmlns:{}="{}">{}</rdf:Description></rdf:RDF></x:xmpmeta>)",
      prefix, uri, properties);
}

/// ISO 21496-1's numbers under the names that ImageIO gives them (headrooms and gains in stops).
/// As a packet rather than path by path: other programs do so, and it can be read.
[[nodiscard]] std::string IsoPacket(const GainMapMetadata& metadata) {
  const GainMapFractions numbers = FractionsOf(metadata);
  const auto element = [](std::string_view name, std::string_view value) {
    return Formatted("<HDRToneMap:{0}>{1}</HDRToneMap:{0}>", name, value);
  };
  const auto number = [&element](std::string_view name, const Fraction& value) {
    return element(name, FixedWidthDecimal(value));
  };
  const std::string channel = number("GainMapMin", numbers.gain_map_min[0]) +
                              number("GainMapMax", numbers.gain_map_max[0]) +
                              number("Gamma", numbers.gamma[0]) +
                              number("BaseOffset", numbers.base_offset[0]) +
                              number("AlternateOffset", numbers.alternate_offset[0]);
  return Packet(
      "HDRToneMap", "http://ns.apple.com/HDRToneMap/1.0/",
      element("Version", "1") + number("BaseHeadroom", numbers.base_hdr_headroom) +
          number("AlternateHeadroom", numbers.alternate_hdr_headroom) +
          element("BaseColorIsWorkingColor", metadata.use_base_color_space ? "True" : "False") +
          element("ChannelMetadata", Formatted(R"(<rdf:Seq><rdf:li rdf:parseType="Resource">{})"
                                               "</rdf:li></rdf:Seq>",
                                               channel)));
}

[[nodiscard]] std::string LegacyPacket(double headroom_linear) {
  return Packet("HDRGainMap", kAppleUri,
                Formatted("<HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>"
                          "<HDRGainMap:HDRGainMapHeadroom>{:.6f}</HDRGainMap:HDRGainMapHeadroom>",
                          headroom_linear));
}

/// One form of the map: its type and the numbers that belong to it.
struct MapForm {
  CFStringRef type;
  std::string packet;
};

[[nodiscard]] std::vector<MapForm> FormsOf(const PictureGainMap& map) {
  std::vector<MapForm> forms;
  if (map.iso) {
    forms.push_back({kCGImageAuxiliaryDataTypeISOGainMap, IsoPacket(map.map->metadata)});
  }
  if (map.apple_headroom_linear) {
    forms.push_back(
        {kCGImageAuxiliaryDataTypeHDRGainMap, LegacyPacket(*map.apple_headroom_linear)});
  }
  return forms;
}

[[nodiscard]] Expected<void> AddMap(CGImageDestinationRef destination, const EncodedGainMap& map,
                                    Orientation orientation, const MapForm& form) {
  Dictionary description;
  description.SetInteger(String("Width").get(), map.codes.width());
  description.SetInteger(String("Height").get(), map.codes.height());
  description.SetInteger(String("BytesPerRow").get(), map.codes.width());
  description.SetInteger(String("PixelFormat").get(), kOneComponent8);
  // ImageIO's own readers return it, so what they return can be given back.
  description.SetInteger(String("Orientation").get(), static_cast<std::int64_t>(orientation));

  const Owned<CFDataRef> rows = Data(TightRows(map.codes.view()));
  const Owned<CFDataRef> packet = Data(AsBytes(form.packet));
  const Owned<CGImageMetadataRef> metadata(packet ? CGImageMetadataCreateFromXMPData(packet.get())
                                                  : nullptr);
  if (!rows || !metadata) {
    return Fail(ErrorCode::kExportFailed, kWhere, "the gain map's metadata were refused");
  }
  Dictionary info;
  info.Set(kCGImageAuxiliaryDataInfoData, rows.get());
  info.Set(kCGImageAuxiliaryDataInfoDataDescription, description.get());
  info.Set(kCGImageAuxiliaryDataInfoMetadata, metadata.get());
  CGImageDestinationAddAuxiliaryDataInfo(destination, form.type, info.get());
  return {};
}

/// Tags 33 and 48 of the MakerNote that Apple's formula turns into this headroom again (the inverse
/// of HeadroomLinearFrom, metadata/apple.h). More than 3 stops cannot be said.
[[nodiscard]] Dictionary MakerAppleOf(double headroom_linear) {
  const double stops = std::min(std::log2(headroom_linear), 3.0);
  const bool high = stops >= 1.8;
  const double tag48 = stops >= 2.3   ? (3 - stops) / 70
                       : stops >= 1.8 ? (2.303 - stops) / 0.303
                       : stops >= 1.6 ? (1.8 - stops) / 20
                                      : (1.601 - stops) / 0.101;
  Dictionary tags;
  tags.SetReal(String("33").get(), high ? 1.01 : 0.5);
  tags.SetReal(String("48").get(), tag48);
  return tags;
}

[[nodiscard]] Dictionary PropertiesOf(const PictureBase& base, const PictureGainMap& map,
                                      const PictureFileOptions& options) {
  Dictionary properties;
  properties.SetInteger(kCGImagePropertyOrientation, static_cast<std::int64_t>(base.orientation));
  if (options.base_quality > 0) {
    properties.SetReal(kCGImageDestinationLossyCompressionQuality, options.base_quality / 100.0);
  }
  if (map.apple_headroom_linear) {
    properties.Set(kCGImagePropertyMakerAppleDictionary,
                   MakerAppleOf(*map.apple_headroom_linear).get());
  }
  return properties;
}

/// What ImageIO's interface has no word for is refused, so that nothing is lost in silence.
[[nodiscard]] Expected<void> CheckCanBeSaid(const PictureBase& base, const PictureGainMap& map,
                                            const PictureFileOptions& options) {
  const auto refuse = [](std::string_view what) {
    return Fail(ErrorCode::kUnsupported, kWhere, "{}", what);
  };
  if (map.map == nullptr || map.map->codes.empty()) return refuse("there is no gain map");
  if (map.map->codes.channels() != 1) return refuse("expected a gain map of one channel");
  if (!map.iso && !map.apple_headroom_linear)
    return refuse("no form of the gain map was asked for");
  if (map.apple_headroom_linear && !(*map.apple_headroom_linear > 1)) {
    return refuse("Apple's metadata need a headroom above 1");
  }
  if (!base.exif_tiff.empty()) return refuse("EXIF cannot be handed over as it is");
  if (options.map_quality != 0 || options.lossless_map) {
    return refuse("the gain map's quality cannot be chosen");
  }
  if (!options.subsample_chroma) return refuse("the chroma sampling cannot be chosen");
  const auto broken = BrokenRules(map.map->metadata, MetadataUse::kWrite);
  if (!broken.empty()) return refuse(broken.front());
  return {};
}

/// Finalize says that a file was written, not that the maps are in it.
[[nodiscard]] Expected<void> CheckHasMaps(CFDataRef file, const std::vector<MapForm>& forms) {
  const Owned<CGImageSourceRef> source(CGImageSourceCreateWithData(file, nullptr));
  if (!source) return Fail(ErrorCode::kExportFailed, kWhere, "the written file cannot be opened");
  for (const MapForm& form : forms) {
    const Owned<CFDictionaryRef> info(
        CGImageSourceCopyAuxiliaryDataInfoAtIndex(source.get(), 0, form.type));
    if (!info) return Fail(ErrorCode::kExportFailed, kWhere, "the written file lacks a gain map");
  }
  return {};
}

[[nodiscard]] const char* TypeOf(ImageIoFormat format) {
  switch (format) {
    case ImageIoFormat::kHeic:
      return "public.heic";
    case ImageIoFormat::kJpeg:
      return "public.jpeg";
  }
  std::unreachable();
}

}  // namespace

Expected<Bytes> WriteWithImageIo(ImageIoFormat format, const PictureBase& base,
                                 const PictureGainMap& map, const PictureFileOptions& options) {
  HDRP_RETURN_IF_ERROR(CheckCanBeSaid(base, map, options));
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  HDRP_ASSIGN_OR_RETURN(const auto image, ImageOf(base));

  const Owned<CFMutableDataRef> file(CFDataCreateMutable(nullptr, 0));
  const Owned<CFStringRef> type = String(TypeOf(format));
  const Owned<CGImageDestinationRef> destination(
      file && type ? CGImageDestinationCreateWithData(file.get(), type.get(), 1, nullptr)
                   : nullptr);
  if (!destination) {
    return Fail(ErrorCode::kUnsupported, kWhere, "this system does not write {}", TypeOf(format));
  }
  const Dictionary properties = PropertiesOf(base, map, options);
  if (base.xmp.empty()) {
    CGImageDestinationAddImage(destination.get(), image.get(), properties.get());
  } else {
    const Owned<CFDataRef> packet = Data(base.xmp);
    const Owned<CGImageMetadataRef> metadata(packet ? CGImageMetadataCreateFromXMPData(packet.get())
                                                    : nullptr);
    if (!metadata) return Fail(ErrorCode::kExportFailed, kWhere, "the XMP packet was refused");
    CGImageDestinationAddImageAndMetadata(destination.get(), image.get(), metadata.get(),
                                          properties.get());
  }
  const std::vector<MapForm> forms = FormsOf(map);
  for (const MapForm& form : forms) {
    HDRP_RETURN_IF_ERROR(AddMap(destination.get(), *map.map, base.orientation, form));
  }
  if (!CGImageDestinationFinalize(destination.get())) {
    return Fail(ErrorCode::kExportFailed, kWhere, "the file could not be written");
  }
  HDRP_RETURN_IF_ERROR(CheckHasMaps(file.get(), forms));
  HDRP_RETURN_IF_ERROR(options.stop.Check(kWhere));
  const std::uint8_t* bytes = CFDataGetBytePtr(file.get());
  return Bytes(bytes, bytes + CFDataGetLength(file.get()));
}

}  // namespace hdrp
